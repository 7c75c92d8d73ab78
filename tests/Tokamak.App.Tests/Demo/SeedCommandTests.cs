using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Demo;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.App.Tests.Demo;

public sealed class SeedCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_writes_facts_policy_and_names()
    {
        Assert.Equal(ExitCodes.Done, await Seed("--percent", "1"));

        var (names, faults) = BrandNames.Parse(await ReadAsync(DemoFiles.Names));
        Assert.Empty(faults);
        Assert.Equal(DemoBrand.Name, names!.Brand);
        foreach (var store in DemoRoster.Stores) Assert.Equal(store.Name, names.StoreName(store.Id));
        Assert.Matches(@"^\p{IsCJKUnifiedIdeographs}{2,4}$", names.StaffName(DemoStories.LeaverWithManyMembers));

        using var policy = JsonDocument.Parse(await ReadAsync(DemoFiles.Policy));
        Assert.Equal([1, 2], policy.RootElement.EnumerateArray().Select(version => version.GetProperty("version").GetInt32()));
        Assert.StartsWith("{\"type\":\"staff\"", (await File.ReadAllLinesAsync(Path.Combine(_folder, DemoFiles.Facts), TestContext.Current.CancellationToken))[9], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_there_stay_unless_asked()
    {
        var mine = Path.Combine(_folder, DemoFiles.Policy);
        await File.WriteAllTextAsync(mine, "mine", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.WrongInput, await Seed("--percent", "1"));
        Assert.Equal("mine", await File.ReadAllTextAsync(mine, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Done, await Seed("--percent", "1", "--overwrite"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("much")]
    public async Task A_wrong_size_is_refused(string percent) => Assert.Equal(ExitCodes.WrongInput, await Seed("--percent", percent));

    private async Task<int> Seed(params string[] more) => await Verbs.RunAsync(["seed", "--out", _folder, .. more]);

    private async Task<byte[]> ReadAsync(string name) =>
        await File.ReadAllBytesAsync(Path.Combine(_folder, name), TestContext.Current.CancellationToken);
}
