using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class ImportCommandTests
{
    private const string Rows = "1,2026-01-05,S1,M1,1,bag,2,500\n2,2026-01-05,S1,M1,1,bag,x,500\n";

    [Fact]
    public void A_dry_run_reports_with_samples_and_writes_nothing()
    {
        using var folder = Folder(Rows);
        var before = Directory.GetFiles(folder.Path);

        var (code, report, errors) = Run(folder, dryRun: true);

        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Equal(before, Directory.GetFiles(folder.Path));
        Assert.Contains("1 facts of type sale", report, StringComparison.Ordinal);
        Assert.Contains("""{"type":"sale","id":"O1",""", report, StringComparison.Ordinal);
        Assert.Contains("data.csv line 3, qty: 'x' is no whole number", report, StringComparison.Ordinal);
        Assert.Contains("nothing was written", report, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_writes_facts_rejects_and_names_and_twice_the_same_bytes()
    {
        using var folder = Folder(Rows);
        var mapping = File.ReadAllText(folder.In("mapping.json")).TrimEnd().TrimEnd('}')
            + ", \"names\": { \"stores\": { \"source\": \"orders\", \"id\": \"store\", \"name\": { \"template\": \"{store} 信義店\" } } } }";
        folder.Write("mapping.json", mapping);

        Assert.Equal(ExitCodes.Done, Run(folder, names: true).Code);
        var first = Outputs(folder);
        Assert.Equal(ExitCodes.Done, Run(folder, names: true).Code);

        Assert.Equal(first, Outputs(folder));
        Assert.Equal("file,line,column,reason\ndata.csv,3,qty,'x' is no whole number for quantity\n", first[1]);
        var (names, faults) = BrandNames.Parse(System.Text.Encoding.UTF8.GetBytes(first[2]));
        Assert.Empty(faults);
        Assert.Equal(("Test", "S1 信義店"), (names!.Brand, names.StoreName(new("S1"))));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".writing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mapping.json", "{ }")]
    [InlineData("data.csv", "order\n1\n")]
    [InlineData("data.csv", BrandFolder.OrdersHeader)]
    [InlineData("data.csv", BrandFolder.OrdersHeader + "1,2026-01-05,S1,eve@example.com,1,bag,2,500\n")]
    public void Wrong_input_leaves_no_file_behind_and_keeps_what_was_there(string file, string text)
    {
        using var folder = Folder(Rows).Write(file, text).Write("facts.jsonl", "earlier");

        var (code, report, errors) = Run(folder);

        Assert.Equal((ExitCodes.WrongInput, ""), (code, report));
        Assert.Contains("Nothing was written.", errors, StringComparison.Ordinal);
        Assert.Equal("earlier", File.ReadAllText(folder.In("facts.jsonl")));
        Assert.Equal(["data.csv", "facts.jsonl", "mapping.json"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void An_output_never_writes_over_an_input()
    {
        using var folder = Folder(Rows);
        var paths = Paths(folder) with { Out = folder.In("data.csv") };
        var errors = new StringWriter();
        Assert.Equal(ExitCodes.WrongInput, ImportCommand.Run(paths, false, TextWriter.Null, errors));
        Assert.Contains("would write over an input", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongInput, ImportCommand.Run(Paths(folder) with { Rejects = folder.In("facts.jsonl") }, false, TextWriter.Null, TextWriter.Null));
        Assert.StartsWith("order,", File.ReadAllText(folder.In("data.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_too_short_is_refused()
    {
        using var folder = Folder(Rows).Write("key", "secret\n");
        var errors = new StringWriter();
        Assert.Equal(ExitCodes.WrongInput, ImportCommand.Run(Paths(folder) with { KeyFile = folder.In("key") }, false, TextWriter.Null, errors));
        Assert.Contains("at least 16", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_takes_its_options_and_names_what_is_missing()
    {
        using var folder = Folder(Rows);
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--mapping", folder.In("mapping.json")]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--mapping", folder.In("mapping.json"), "--data", folder.Path]));
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["import", "--mapping", folder.In("none.json"), "--data", folder.Path, "--out", folder.In("facts.jsonl")]));
        Assert.Equal(ExitCodes.Done, await Verbs.RunAsync(["import", "--mapping", folder.In("mapping.json"), "--data", folder.Path, "--out", folder.In("facts.jsonl")]));
        Assert.True(File.Exists(folder.In("facts.jsonl.rejects.csv")));
    }

    private static BrandFolder Folder(string rows) => new BrandFolder()
        .Write("mapping.json", BrandFolder.Orders.Replace("orders.csv", "data.csv", StringComparison.Ordinal))
        .Write("data.csv", BrandFolder.OrdersHeader + rows);

    private static ImportPaths Paths(BrandFolder folder) =>
        new(folder.In("mapping.json"), folder.Path, folder.In("facts.jsonl"), folder.In("rejects.csv"), null, null);

    private static (int Code, string Report, string Errors) Run(BrandFolder folder, bool dryRun = false, bool names = false)
    {
        var (report, errors) = (new StringWriter(), new StringWriter());
        var code = ImportCommand.Run(Paths(folder) with { Names = names ? folder.In("names.json") : null }, dryRun, report, errors);
        return (code, report.ToString(), errors.ToString());
    }

    private static string[] Outputs(BrandFolder folder) =>
        [File.ReadAllText(folder.In("facts.jsonl")), File.ReadAllText(folder.In("rejects.csv")), File.ReadAllText(folder.In("names.json"))];
}
