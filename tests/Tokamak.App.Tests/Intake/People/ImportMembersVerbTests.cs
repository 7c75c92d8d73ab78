using Tokamak.App.Cli;
using Tokamak.App.Tests.Data;
using Xunit;

namespace Tokamak.App.Tests.Intake.People;

public sealed class ImportMembersVerbTests
{
    [Fact]
    public async Task What_it_prints_names_nobody_and_the_rejects_are_their_owner_s_alone()
    {
        using var folder = new BrandFolder().Write("mapping.json", WithoutOwner(MemberFiles.Mapping)).Write("crm.csv", MemberFiles.Header + "M1,王小明,1990-04-01,,,,0912-34,Y,ming@example.tw,,,,\n,nobody,,,,,,,,,,,\n").Write("shop.csv", MemberFiles.ShopHeader);
        await Programs.DoneAsync("brand", "add", "shop", "--db", folder.In("shop.db"));
        string[] import = ["import", "--members", "--mapping", folder.In("mapping.json"), "--data", folder.Path, "--db", folder.In("shop.db"), "--rejects", folder.In("rejects.csv")];

        var dry = await Programs.DoneAsync([.. import, "--dry-run"]);
        var done = await Programs.DoneAsync(import);

        Assert.Contains("dry run", dry, StringComparison.Ordinal);
        Assert.Contains("1 mobile: left out: '…' is no phone number of a person", done, StringComparison.Ordinal);
        foreach (var personal in (string[])["王小明", "0912", "ming@", "M1", "nobody"]) Assert.DoesNotContain(personal, dry + done, StringComparison.Ordinal);
        Assert.Contains("0912-34", await File.ReadAllTextAsync(folder.In("rejects.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.In("rejects.csv")));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".writing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_goes_with_a_mapping_and_writes_over_no_input()
    {
        using var folder = new BrandFolder().Write("mapping.json", WithoutOwner(MemberFiles.Mapping)).Write("crm.csv", MemberFiles.Header).Write("shop.csv", MemberFiles.ShopHeader);
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--members", "--facts", folder.In("crm.csv"), "--db", folder.In("shop.db")]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--members", "--mapping", folder.In("mapping.json"), "--data", folder.Path, "--db", folder.In("shop.db"), "--rejects", folder.In("crm.csv")]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--members", "--mapping", folder.In("mapping.json"), "--data", folder.Path, "--db", folder.In("none.db"), "--dry-run"]));
        Assert.False(File.Exists(folder.In("none.db")));
        Assert.Equal(MemberFiles.Header, await File.ReadAllTextAsync(folder.In("crm.csv"), TestContext.Current.CancellationToken));
    }

    /// <summary>Owners are facts, and these books have no policy yet.</summary>
    private static string WithoutOwner(string mapping)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(mapping)!;
        json["members"]![0]!.AsObject().Remove("owner");
        return json.ToJsonString();
    }
}
