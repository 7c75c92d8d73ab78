using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Live;

namespace Tokamak.App.Tests.Serving;

/// <summary>
/// Two servers on one PostgreSQL, facts sent to either: whoever writes is killed, paused for longer than its lease, and asked to
/// end, while clients send. The other takes over, and in the end the books are those of a replay. More of it: bench/soak nodes.
/// </summary>
[Collection(nameof(MeasuresTime))]
public sealed class TwoNodesTests
{
    private const int Worlds = 30, FactsPerWorld = 90;
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_writes_may_die_stand_still_or_end_and_the_other_goes_on()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        for (var round = 0; round < Soak.Count(1); round++)
        {
            var address = new DatabaseAddress(Provider.Postgres, await cluster.NewDatabaseAsync(string.Create(CultureInfo.InvariantCulture, $"nodes_{round}")));
            Soak.Say($"TOKAMAK_SEED={Soak.Seed + round}");
            await RunAsync(address, Soak.Seed + round);
        }
    }

    private static async Task RunAsync(DatabaseAddress database, int seed)
    {
        var worlds = new DrawnWorlds(seed, DateTimeOffset.UtcNow);
        var key = await ProvenBooks.MakeAsync(database, worlds);
        await using var pair = new Pair(database);
        await using var load = new FactLoad(key, seed, [.. pair.Addresses]) { IsUp = pair.IsUp };
        var took = new List<string>();

        await pair.StartAsync();
        for (var world = 0; world < Worlds; world++) load.Add(worlds.Next(FactsPerWorld));
        await load.ReachAsync(50);
        foreach (var what in (What[])[What.Killed, What.Paused, What.Stopped, What.Killed])
        {
            load.Add(worlds.Next(FactsPerWorld));
            var (writer, epoch) = await LeaseAsync(database);
            Assert.NotNull(writer);
            var began = Stopwatch.GetTimestamp();
            var happening = pair.HappensAsync(what, writer);
            while ((await LeaseAsync(database)).Epoch == epoch && Stopwatch.GetElapsedTime(began) < 2 * TakeOver) await Task.Delay(20, Stop);
            await load.AnswersAsync(pair.Addresses.Single(address => address != writer));
            var elapsed = Stopwatch.GetElapsedTime(began);
            await happening;
            if (what == What.Paused)
            {
                // Who stood still finds out that another writes, leaves it at that, and sends on what comes.
                await pair.ContinueAsync(writer);
                await load.AnswersAsync(writer);
            }
            var (next, after) = await LeaseAsync(database);
            took.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {elapsed.TotalSeconds:0.00} s"));
            Assert.True(elapsed < TakeOver, $"TOKAMAK_SEED={seed}: {string.Join(", ", took)}");
            Assert.True(after == epoch + 1 && next is not null && next != writer, $"TOKAMAK_SEED={seed}: {what} {writer} of epoch {epoch}, and then {next} of epoch {after}");
            await ProvenBooks.AssertKeptAsync(database, load, $"TOKAMAK_SEED={seed}, {what}");
            await pair.StartAsync();
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", took));

        await load.AllAnsweredAsync();
        load.Add([.. load.Sent.Values]);
        await load.AllAnsweredAsync();
        await pair.EndAsync();
        await ProvenBooks.AssertWholeAsync(database, worlds, load, $"TOKAMAK_SEED={seed}, in the end");
        await AssertExportedAsync(database, worlds);
    }

    private enum What { Killed, Paused, Stopped }

    /// <summary>Who holds the lease now.</summary>
    private static async Task<(Uri? Writer, long Epoch)> LeaseAsync(DatabaseAddress database)
    {
        await using var connection = new NpgsqlConnection(database.Text);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand("select address, epoch from brand_main.lease", connection);
        await using var row = await command.ExecuteReaderAsync(Stop);
        await row.ReadAsync(Stop);
        return (Uri.TryCreate(row.GetString(0), UriKind.Absolute, out var at) ? at : null, row.GetInt64(1));
    }

    /// <summary>What the verbs export is what a replay of the exported facts gives, as sums.</summary>
    private static async Task AssertExportedAsync(DatabaseAddress database, DrawnWorlds worlds)
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-nodes-").FullName;
        try
        {
            string At(string name) => Path.Combine(folder, name);
            await File.WriteAllBytesAsync(At("policy.json"), worlds.PolicyJson, Stop);
            foreach (var what in (string[])["facts", "credits", "commission"]) await Programs.DoneAsync("export", what, "--db", database.Text, "--out", At(what));
            await Programs.DoneAsync(
                "replay", "--facts", At("facts"), "--policy", At("policy.json"), "--out", At("replayed"), "--as-of", worlds.Policy.Zone.DayOf(new(DateTime.UtcNow.Ticks)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            foreach (var what in (string[])["credits", "commission"]) Assert.Equal(Sums(At($"replayed/{what}.csv")), Sums(At(what)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By day, sale, line, role, staff and store; the cause may differ (R10).</summary>
    private static SortedDictionary<string, long> Sums(string csv)
    {
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var cells in File.ReadLines(csv).Skip(1).Select(line => line.Split(',')))
        {
            var key = string.Join(' ', cells[0], cells[2], cells[3], cells[4], cells[5], cells[6]);
            sums[key] = sums.GetValueOrDefault(key) + long.Parse(cells[7], CultureInfo.InvariantCulture);
        }
        foreach (var (nothing, _) in sums.Where(sum => sum.Value == 0).ToList()) sums.Remove(nothing);
        return sums;
    }

    /// <summary>The two servers, by their addresses.</summary>
    private sealed class Pair(DatabaseAddress database) : IAsyncDisposable
    {
        private readonly Dictionary<Uri, ServedNode?> _nodes = new() { [ServedNode.FreeAddress()] = null, [ServedNode.FreeAddress()] = null };
        private volatile Uri? _down;

        public IEnumerable<Uri> Addresses => _nodes.Keys;

        /// <summary>As the health check of a load balancer would find out.</summary>
        public bool IsUp(Uri node) => node != _down;

        /// <summary>Starts whoever does not run, and waits until both listen.</summary>
        public async Task StartAsync()
        {
            foreach (var address in _nodes.Keys.ToList())
            {
                _nodes[address] ??= ServedNode.Start(database.Text, address);
                await _nodes[address]!.ListensAsync();
            }
            _down = null;
        }

        public async Task HappensAsync(What what, Uri address)
        {
            _down = address;
            switch (what)
            {
                case What.Killed: await _nodes[address]!.KillAsync(); break;
                case What.Stopped: await _nodes[address]!.StopAsync(); break;
                default: await _nodes[address]!.PauseAsync(); return;
            }
            await ForgetAsync(address);
        }

        public Task ContinueAsync(Uri address) => _nodes[address]!.ContinueAsync();

        public async Task EndAsync()
        {
            foreach (var address in _nodes.Keys.ToList()) await HappensAsync(What.Stopped, address);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var address in _nodes.Keys.ToList())
                if (_nodes[address] is not null) await ForgetAsync(address);
        }

        private async Task ForgetAsync(Uri address)
        {
            await _nodes[address]!.DisposeAsync();
            _nodes[address] = null;
        }
    }
}

/// <summary>Tests that measure how long something takes: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(MeasuresTime), DisableParallelization = true)]
public sealed class MeasuresTime;
