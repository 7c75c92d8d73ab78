using System.Globalization;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Live;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Serving;

/// <summary>
/// The real server is killed again and again while clients send it facts, and so is its PostgreSQL: what was acknowledged is there
/// afterwards, once, with everything that follows from it. More of it: bench/soak crash.
/// </summary>
public sealed class CrashTests
{
    private const int FactsPerCycle = 90, OnSqlite = 8, OnPostgres = 6;

    [Fact]
    public async Task Whatever_is_acknowledged_survives_the_death_of_the_server_on_SQLite()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, null!);
        var run = await CrashRun.BeginAsync(database.Address, null);
        await using (run) await run.GoAsync(Soak.Count(OnSqlite));
    }

    [Fact]
    public async Task Whatever_is_acknowledged_survives_the_death_of_the_server_and_of_PostgreSQL()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        var run = await CrashRun.BeginAsync(new(Provider.Postgres, await cluster.NewDatabaseAsync("crashed")), cluster);
        await using (run) await run.GoAsync(Soak.Count(OnPostgres));
    }

    /// <summary>One server, its clients, and what happens to it.</summary>
    private sealed class CrashRun : IAsyncDisposable
    {
        private readonly int _seed = Soak.Seed;
        private readonly DatabaseAddress _database;
        private readonly PostgresCluster? _cluster;
        private readonly Uri _address = ServedNode.FreeAddress();
        private readonly Random _dice;
        private readonly DrawnWorlds _worlds;
        private FactLoad _load = null!;
        private ServedNode _node = null!;

        private CrashRun(DatabaseAddress database, PostgresCluster? cluster)
        {
            (_database, _cluster, _dice) = (database, cluster, new Random(_seed));
            _worlds = new DrawnWorlds(_seed, DateTimeOffset.UtcNow);
        }

        public static async Task<CrashRun> BeginAsync(DatabaseAddress database, PostgresCluster? cluster)
        {
            var run = new CrashRun(database, cluster);
            run._load = new FactLoad(await ProvenBooks.MakeAsync(database, run._worlds), run._seed, run._address);
            run._node = ServedNode.Start(database.Text, run._address);
            return run;
        }

        public async Task GoAsync(int cycles)
        {
            try
            {
                await CrashAsync(cycles);
            }
            catch (Exception e) when (e is Xunit.Sdk.IAssertionException)
            {
                throw new InvalidOperationException($"TOKAMAK_SEED={_seed}: {e.Message}{Environment.NewLine}The server said:{Environment.NewLine}{Tail(_node.Said)}", e);
            }
        }

        /// <summary>The end, and where the server met what nobody foresaw.</summary>
        private static string Tail(string said) =>
            (said.LastIndexOf("unhandled exception", StringComparison.Ordinal) is var at and >= 0 ? said[at..Math.Min(at + 3_000, said.Length)] + Environment.NewLine : "") + said[^Math.Min(said.Length, 3_000)..];

        private async Task CrashAsync(int cycles)
        {
            for (var cycle = 1; cycle <= cycles; cycle++)
            {
                var when = string.Create(CultureInfo.InvariantCulture, $"TOKAMAK_SEED={_seed}, cycle {cycle} of {cycles}");
                _load.Add(_worlds.Next(FactsPerCycle));
                Soak.Say(when);
                // The first are one of each kind, so that few are enough for all; then the dice fall.
                if (_cluster is null) await CrashServerAsync(when, isStarting: cycle <= OnSqlite ? cycle % 4 == 2 : _dice.Chance(20));
                else if (cycle <= OnPostgres ? cycle % 2 == 0 : _dice.Chance(50)) await CrashPostgresAsync(when, cycle <= OnPostgres ? cycle / 2 : _dice.Next(3));
                else await CrashServerAsync(when, isStarting: cycle <= OnPostgres ? cycle == 3 : _dice.Chance(20));
            }
            await _node.ListensAsync();
            await _load.AllAnsweredAsync();
            // Whoever does not know what became of something sends it again: nothing changes by that.
            _load.Add([.. _load.Sent.Values]);
            await _load.AllAnsweredAsync();
            await _node.StopAsync();
            await ProvenBooks.AssertWholeAsync(_database, _worlds, _load, $"TOKAMAK_SEED={_seed}, in the end");
        }

        private async Task CrashServerAsync(string when, bool isStarting)
        {
            await UnderLoadAsync(isStarting);
            await _node.KillAsync();
            await _node.DisposeAsync();
            await ProvenBooks.AssertKeptAsync(_database, _load, when);
            _node = ServedNode.Start(_database.Text, _address);
        }

        private async Task CrashPostgresAsync(string when, int kind)
        {
            await _node.ListensAsync();
            await _load.ReachAsync(_dice.Next(1, 20));
            await Task.Delay(_dice.Next(20));
            switch (kind % 3)
            {
                case 0: await _cluster!.CrashAsync(); break;
                case 1: await _cluster!.KillAsync(); break;
                default:
                    await _cluster!.KillConnectionAsync();
                    await ProvenBooks.AssertKeptAsync(_database, _load, when);
                    return;
            }
            await Task.Delay(_dice.Next(300));
            await _cluster!.StartAgainAsync();
            await ProvenBooks.AssertKeptAsync(_database, _load, when);
            // The server is the same as before: it finds its way back by itself.
            await _load.ReachAsync(1);
        }

        /// <summary>In the middle of commits, or while it starts.</summary>
        private async Task UnderLoadAsync(bool isStarting)
        {
            if (isStarting)
            {
                await Task.Delay(_dice.Next(1500));
                return;
            }
            await _node.ListensAsync();
            await _load.ReachAsync(_dice.Next(1, 40));
            await Task.Delay(_dice.Next(20));
        }

        public async ValueTask DisposeAsync()
        {
            await _load.DisposeAsync();
            await _node.DisposeAsync();
        }
    }
}
