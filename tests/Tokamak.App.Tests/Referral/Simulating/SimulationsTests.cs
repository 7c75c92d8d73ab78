using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Tokamak.App.Data;
using Tokamak.App.Referral.Simulating;
using Tokamak.App.Tests.Browser;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Tests.Referral.Simulating;

/// <summary>Simulations over a brand's database: they say what a simulation of the same facts from files says.</summary>
public sealed class SimulationsTests(PostgresServer server) : IDisposable
{
    private static readonly string Draft = World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("\"owner\": 40", "\"owner\": 20", StringComparison.Ordinal);
    private static readonly Stretch Both = new(Month.Of(new DateOnly(2026, 1, 1)), Month.Of(new DateOnly(2026, 2, 1)));

    private readonly string _folder = Directory.CreateTempSubdirectory("simulations").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, EveryDatabase]
    public async Task It_says_what_files_say_and_goes_on_doing_so_as_facts_come_in(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        using var runner = Runner(world);
        await runner.StartAsync(Stop);
        var asked = new SimulationAsked("spring", null, Draft, Both, new Questions(5, 1_000), "split[online].shares.owner", [0, 40]);
        var done = await RunAsync(world, runner, asked);
        Assert.Equal(FromFiles(World.SmallFacts, asked), done.Result);
        Assert.Equal((World.SmallFacts.Split('\n').Length, 1), ((int)done.Facts!, done.PolicyVersion));
        // What was written is what is read again.
        Assert.Equal(done.Result, SimulationOutput.ToJson(SimulationOutput.OfJson(done.Result!)));
        Assert.Equal(SimulationOutput.OfJson(done.Result!).Report.Departments, SimulationOutput.DepartmentsOf(done.Result!));

        const string More = """
            {"type":"sale","id":"W3","at":"2026-02-26T21:00:00+08:00","channel":"online","member":"M1","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":5000,"fulfil":"ship"}]}
            {"type":"handover","id":"H3","at":"2026-02-27T15:00:00+08:00","sale":"W3","lines":[{"line":1,"quantity":1}]}
            {"type":"void","id":"X1","at":"2026-02-28T15:00:00+08:00","fact":"P1"}
            """;
        await world.PostAsync(More);
        var later = await RunAsync(world, runner, asked);
        Assert.NotEqual(done.Result, later.Result);
        Assert.Equal(FromFiles(World.SmallFacts + "\n" + More, asked), later.Result);
        await runner.StopAsync(Stop);
    }

    [Theory, EveryDatabase]
    public async Task A_draft_over_the_demo_brand_is_the_same_from_files(Provider provider)
    {
        var (facts, policy, names) = DemoHost.Files(2);
        await using var world = await WorldBooks.ImportAsync(provider, server, facts, policy, names);
        using var runner = Runner(world);
        await runner.StartAsync(Stop);
        var draft = Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(System.Text.Json.Nodes.JsonNode.Parse(policy)![1])).Replace("\"linkDays\":3", "\"linkDays\":0", StringComparison.Ordinal);
        var asked = new SimulationAsked("summer", null, draft, new Stretch(Month.Of(new DateOnly(2026, 5, 1)), Month.Of(new DateOnly(2026, 7, 1))), new Questions(), null, []);
        Assert.Equal(FromFiles(facts, asked, policy), (await RunAsync(world, runner, asked)).Result);
        await runner.StopAsync(Stop);
    }

    [Theory, EveryDatabase]
    public async Task What_was_stopped_stays_stopped_and_the_next_one_runs(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        using var runner = Runner(world);
        var asked = new SimulationAsked("spring", null, Draft, Both, new Questions(), null, []);
        var id = await AskAsync(world, asked);
        runner.Begin("one", id);
        Assert.Equal(new SimulationProgress(true, 0, 0), runner.ProgressOf(id));
        await using (var turn = await world.Database.BeginWriteAsync(Stop))
        {
            Assert.True(await App.Referral.Simulating.Simulations.StopAsync(turn, id, new Instant(2), Stop));
            Assert.False(await App.Referral.Simulating.Simulations.StopAsync(turn, id, new Instant(3), Stop));
            await turn.CommitAsync(Stop);
        }
        await runner.StartAsync(Stop);
        Assert.Equal(SimulationState.Done, (await RunAsync(world, runner, asked)).State);
        Assert.Equal((SimulationState.Stopped, null), (await FindAsync(world, id)) is var row ? (row.State, row.Result) : default);
        await runner.StopAsync(Stop);
    }

    [Theory, EveryDatabase]
    public async Task What_a_restart_broke_off_begins_anew_and_what_another_node_runs_is_left_to_it(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        var asked = new SimulationAsked("spring", null, Draft, Both, new Questions(), null, []);
        var id = await AskAsync(world, asked);
        using var runner = Runner(world);
        var (now, since) = (new Instant(1_000), new Instant(900));
        // Another node has said a moment ago that it runs there.
        await WriteAsync(world, turn => App.Referral.Simulating.Simulations.KeepAsync(turn, [id], new Instant(950), Stop));
        await runner.KeepAsync(world.Database, since, now, Stop);
        Assert.Null(runner.ProgressOf(id));
        // It says no more, and two nodes see it: the one that comes first takes it.
        using var other = Runner(world);
        await runner.KeepAsync(world.Database, new Instant(960), now, Stop);
        await other.KeepAsync(world.Database, new Instant(960), now, Stop);
        Assert.Equal((new SimulationProgress(true, 0, 0), null), (runner.ProgressOf(id), other.ProgressOf(id)));
        await runner.StartAsync(Stop);
        Assert.Equal((SimulationState.Done, 1), (await EndAsync(world, id)) is var row ? (row.State, row.BegunAnew) : default);
        await runner.StopAsync(Stop);
    }

    [Fact]
    public async Task One_process_alone_begins_what_was_broken_off_as_soon_as_it_starts()
    {
        await using var world = await WorldBooks.ImportAsync(Provider.Sqlite, server, World.SmallFacts);
        var id = await AskAsync(world, new SimulationAsked("spring", null, Draft, Both, new Questions(), null, []));
        await WriteAsync(world, turn => App.Referral.Simulating.Simulations.KeepAsync(turn, [id], new Instant(TimeProvider.System.GetUtcNow().UtcTicks), Stop));
        using var runner = Runner(world);
        await runner.StartAsync(Stop);
        Assert.Equal(SimulationState.Done, (await EndAsync(world, id)).State);
        await runner.StopAsync(Stop);
    }

    [Theory, EveryDatabase]
    public async Task What_was_broken_off_again_and_again_has_failed(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        var id = await AskAsync(world, new SimulationAsked("spring", null, Draft, Both, new Questions(), null, []));
        for (var start = 1; start <= 4; start++)
        {
            Assert.Equal(SimulationState.Runs, (await FindAsync(world, id)).State);
            // Each is ended before it runs.
            using var runner = Runner(world);
            await runner.KeepAsync(world.Database, new Instant(100 * start), new Instant(100 * start), Stop);
        }
        Assert.Equal((SimulationState.Failed, null), (await FindAsync(world, id)) is var row ? (row.State, row.Fault) : default);
    }

    [Fact]
    public async Task A_draft_that_cannot_be_tried_says_why()
    {
        await using var world = await WorldBooks.ImportAsync(Provider.Sqlite, server, World.SmallFacts);
        using var runner = Runner(world);
        await runner.StartAsync(Stop);
        var row = await RunAsync(world, runner, new SimulationAsked("spring", null, Draft.Replace("TWD", "JPY", StringComparison.Ordinal), Both, new Questions(), null, []));
        Assert.Equal(SimulationState.Failed, row.State);
        Assert.Contains("must be TWD", row.Fault, StringComparison.Ordinal);
        await runner.StopAsync(Stop);
    }

    private static SimulationRunner Runner(WorldBooks world) => new(world.Databases, new SnapshotShelf(), TimeProvider.System, NullLogger<SimulationRunner>.Instance);

    private static async Task<SimulationRow> RunAsync(WorldBooks world, SimulationRunner runner, SimulationAsked asked)
    {
        var id = await AskAsync(world, asked);
        runner.Begin("one", id);
        return await EndAsync(world, id);
    }

    private static async Task<SimulationRow> EndAsync(WorldBooks world, string id)
    {
        for (var tries = 0; ; tries++)
        {
            if (await FindAsync(world, id) is { State: not SimulationState.Runs } row) return row;
            Assert.True(tries < 600, "it does not end");
            await Task.Delay(50, Stop);
        }
    }

    private static async Task<string> AskAsync(WorldBooks world, SimulationAsked asked)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        var id = await App.Referral.Simulating.Simulations.AskAsync(turn, asked, "test", new Instant(1), Stop);
        await turn.CommitAsync(Stop);
        return id;
    }

    private static async Task WriteAsync(WorldBooks world, Func<Turn, Task> write)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        await write(turn);
        await turn.CommitAsync(Stop);
    }

    private static async Task<SimulationRow> FindAsync(WorldBooks world, string id)
    {
        await using var turn = await world.Database.BeginReadAsync(Stop);
        return (await App.Referral.Simulating.Simulations.FindAsync(turn, id, Stop))!;
    }

    private string FromFiles(string facts, SimulationAsked asked, string policy = World.Policy)
    {
        string Keep(string name, string text)
        {
            var file = Path.Combine(_folder, name);
            File.WriteAllText(file, text);
            return file;
        }
        var (result, wrong) = SimulateFiles.Run(new SimulationFiles(
            Keep("facts.jsonl", facts), Keep("policy.json", policy), Keep("draft.json", asked.Body), asked.Stretch, null, asked.Questions, asked.Vary, asked.Values));
        Assert.Empty(wrong);
        return SimulationOutput.ToJson(result!);
    }
}
