using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Cli;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Simulating;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.App.Tests.Referral.Simulating;

/// <summary><c>tokamak simulate</c> on files: what it writes agrees with a replay, and what it refuses a replay refuses in the same words.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    private const string Staff = """{"type":"staff","id":"j","at":"2026-01-01T00:00:00Z","staff":"S","event":"joined","store":"A"}""";
    private const string Sale = """{"type":"sale","id":"s","at":"2026-01-02T00:00:00Z","channel":"store","store":"A","staff":"S","lines":[{"line":1,"category":"c","quantity":2,"net":100000,"fulfil":"taken"}]}""";
    private const string TooMany = """{"type":"return","id":"b","at":"2026-01-03T00:00:00Z","sale":"s","lines":[{"line":1,"quantity":3}]}""";

    private static readonly string[] Files =
        ["clerks.csv", "departments.csv", "groups.csv", "losers.csv", "movers.csv", "simulation.json", "stores.csv", "summary.txt"];

    private readonly string _folder = Directory.CreateTempSubdirectory("simulate").FullName;
    private static readonly string Policy = new CaseFolder(Path.Combine(CaseFolder.OurOwn, CaseFolder.NamesIn(CaseFolder.OurOwn).First())).Policy;

    public SimulateCommandTests() => File.WriteAllText(Draft, LastVersion(Policy));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Cases => [.. CaseFolder.NamesIn(CaseFolder.OurOwn)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_worked_case_is_simulated_to_what_its_replay_pays(string name)
    {
        var folder = new CaseFolder(Path.Combine(CaseFolder.OurOwn, name));
        File.WriteAllText(Draft, LastVersion(folder.Policy));
        var stretch = new Stretch(Month.Of(new DateOnly(2020, 1, 1)), Month.Of(new DateOnly(2035, 12, 1)));
        var (result, wrong) = SimulateFiles.Run(new SimulationFiles(folder.Facts, folder.Policy, Draft, stretch, folder.AsOf, new Questions(), null, []), stop: TestContext.Current.CancellationToken);
        Assert.Empty(wrong);
        var statements = File.ReadLines(Path.Combine(CaseFolder.OurOwn, name, "statements.csv")).Skip(1).Select(row => row.Split(',')).ToList();
        var known = result!.Report.Clerks.ToDictionary(c => c.Staff.Value, c => c.Before);
        foreach (var rows in statements.Where(row => row[1].Length > 0).GroupBy(row => row[1]))
            Assert.Equal(new Figures(Sum(rows, 3), Sum(rows, 4), Sum(rows, 5), Sum(rows, 6), Sum(rows, 7)), known.GetValueOrDefault(rows.Key));
        foreach (var rows in statements.Where(row => row[2].Length > 0).GroupBy(row => row[2]))
        {
            var store = result.Report.Stores.SingleOrDefault(s => s.Key.Value == rows.Key)?.Before ?? default;
            Assert.Equal((Sum(rows, 3), Sum(rows, 6)), (store.Credit, store.StorePool));
        }

        static Int128 Sum(IEnumerable<string[]> rows, int column) =>
            rows.Aggregate(Int128.Zero, (sum, row) => sum + Int128.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_figures_are_written_and_nothing_else()
    {
        Assert.Equal(ExitCodes.Done, await Simulate([Staff, Sale], "--budget", "0", "--losers-beyond", "0"));
        Assert.Equal(Files, Directory.GetFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Output, "simulation.json"), TestContext.Current.CancellationToken));
        var report = json.RootElement.GetProperty("report");
        Assert.Equal("2026-01", report.GetProperty("stretch").GetProperty("from").GetString());
        Assert.Equal("S", report.GetProperty("clerks")[0].GetProperty("staff").GetString());
        Assert.Equal(100_000, report.GetProperty("sold").GetProperty("net").GetInt64());
        var clerk = (await File.ReadAllLinesAsync(Path.Combine(Output, "clerks.csv"), TestContext.Current.CancellationToken))[1];
        Assert.StartsWith("S,100000,100000,", clerk, StringComparison.Ordinal);
        Assert.Contains("2026-01 to 2026-02: 1 sales, net 100,000\n", await File.ReadAllTextAsync(Path.Combine(Output, "summary.txt"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_is_varied_gives_a_curve_with_the_draft_itself_on_it()
    {
        var draft = JsonNode.Parse(LastVersion(Policy))!;
        var days = (long)draft["holdDays"]!["store"]!;
        Assert.Equal(ExitCodes.Done, await Simulate([Staff, Sale], "--vary", "holdDays.store", "--values", $"{days},10000"));
        var curve = await File.ReadAllLinesAsync(Path.Combine(Output, "curve.csv"), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Output, "simulation.json"), TestContext.Current.CancellationToken));
        var total = json.RootElement.GetProperty("report").GetProperty("total").GetProperty("after").GetProperty("commission").GetInt64();
        Assert.Equal(3, curve.Length);
        Assert.StartsWith($"{days},{total},", curve[1], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await Simulate([Staff, Sale]));
        Assert.False(File.Exists(Path.Combine(Output, "curve.csv")));
    }

    public static TheoryData<string> Wrong => new()
    {
        { string.Join('\n', Staff, Sale, TooMany) },
        { string.Join('\n', TooMany, Staff, Sale) },
        { string.Join('\n', Staff, Sale, Sale) },
        { string.Join('\n', Staff, Sale, Sale, "{") },
        { string.Join('\n', Staff, "{", Sale, Sale) },
        { string.Join('\n', Staff, Staff.Replace("\"j\"", "\"j2\"", StringComparison.Ordinal)) },
        { string.Join('\n', Staff, Sale, """{"type":"void","id":"v","at":"2026-01-03T00:00:00Z","fact":"none"}""") },
        { Sale },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_file_that_a_replay_refuses_is_refused_in_the_same_words(string facts)
    {
        Assert.Equal(ExitCodes.WrongInput, await Simulate([facts]));
        Assert.False(Directory.Exists(Output));
        var replay = Assert.Single(ReplayFiles.Run(Facts, Policy, Path.Combine(_folder, "replay"), null));
        var (result, wrong) = SimulateFiles.Run(Asked(), stop: TestContext.Current.CancellationToken);
        Assert.Null(result);
        Assert.Equal(replay, Assert.Single(wrong));
    }

    [Theory]
    [InlineData("--from", "2026-03")]
    [InlineData("--budget", "-1")]
    [InlineData("--budget", "much")]
    [InlineData("--losers-beyond", "101")]
    [InlineData("--vary", "linkDays")]
    [InlineData("--values", "1,2")]
    [InlineData("--vary", "linkDays", "--values", "1,x")]
    [InlineData("--vary", "linkDays", "--values", "-1")]
    [InlineData("--vary", "takeover", "--values", "1")]
    [InlineData("--as-of", "2026-02-30")]
    public async Task A_wrong_argument_is_refused(params string[] arguments)
    {
        Assert.Equal(ExitCodes.WrongInput, await Simulate([Staff, Sale], arguments));
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task A_draft_of_two_versions_or_none_is_refused()
    {
        foreach (var draft in new[] { $"[{LastVersion(Policy)},{LastVersion(Policy).Replace("2026", "2027", StringComparison.Ordinal)}]", "[]", "{" })
        {
            await File.WriteAllTextAsync(Draft, draft, TestContext.Current.CancellationToken);
            Assert.Equal(ExitCodes.WrongInput, await Simulate([Staff, Sale]));
        }
        File.Delete(Draft);
        Assert.Equal(ExitCodes.WrongInput, await Simulate([Staff, Sale]));
    }

    [Fact]
    public async Task Facts_after_the_day_are_as_if_they_were_not_there()
    {
        Assert.Equal(ExitCodes.Done, await Simulate([Staff, Sale, TooMany], "--as-of", "2026-01-02"));
        Assert.Equal(ExitCodes.WrongInput, await Simulate([Staff, Sale, TooMany], "--as-of", "2026-01-03"));
    }

    [Fact]
    public void It_can_be_stopped_between_two_partitions_and_says_how_far_it_is()
    {
        var snapshot = new FactSnapshot(aimedRows: 8);
        var reader = new FactReader();
        for (var i = 0; i < 1000; i++)
            snapshot.Add(reader.TryRead(Encoding.UTF8.GetBytes(Sale.Replace("\"s\"", $"\"s{i}\"", StringComparison.Ordinal).Replace("\"staff\":\"S\",", "", StringComparison.Ordinal)), i, out var fact, out _) ? fact : throw new InvalidOperationException());
        snapshot.Regroup();
        var policy = PolicyFile.Read(Policy, [])!;
        var scope = new SimulationScope(snapshot, policy.Zone, Asked().Stretch);
        using var stop = new CancellationTokenSource();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Threads.Run(
            new SimulationRun(scope, policy),
            (done, all) =>
            {
                seen = done;
                Assert.True(all >= 100);
                if (done == 3) stop.Cancel();
            },
            cores: 1, stop.Token));
        Assert.Equal(3, seen);
    }

    private string Facts => Path.Combine(_folder, "facts.jsonl");
    private string Draft => Path.Combine(_folder, "draft.json");
    private string Output => Path.Combine(_folder, "out");

    private SimulationFiles Asked() => new(
        Facts, Policy, Draft, new Stretch(Month.Of(new DateOnly(2026, 1, 1)), Month.Of(new DateOnly(2026, 2, 1))), null, new Questions(), null, []);

    private async Task<int> Simulate(string[] facts, params string[] more)
    {
        await File.WriteAllTextAsync(Facts, string.Join('\n', facts));
        string[] from = more is ["--from", ..] ? [] : ["--from", "2026-01"];
        return await Verbs.RunAsync(["simulate", "--facts", Facts, "--policy", Policy, "--draft", Draft, .. from, "--to", "2026-02", "--out", Output, .. more]);
    }

    private static string LastVersion(string policy)
    {
        var json = JsonNode.Parse(File.ReadAllText(policy))!;
        return (json is JsonArray versions ? versions.MaxBy(v => (string)v!["effectiveFrom"]!)! : json).ToJsonString();
    }
}
