using System.Collections.Concurrent;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>How far a simulation is.</summary>
/// <param name="Waits">Another one runs before it.</param>
/// <param name="Facts">So many were read into memory.</param>
/// <param name="DoneBps">Of the replaying, basis points.</param>
public readonly record struct SimulationProgress(bool Waits, long Facts, int DoneBps);

/// <summary>
/// Runs simulations beside everything else, one at a time, on the node that took them; one core is left to callers. What a restart
/// broke off begins anew: a node says every minute what it has, and takes up what nobody has said so of for some minutes.
/// </summary>
public sealed partial class SimulationRunner(Databases databases, SnapshotShelf shelf, TimeProvider time, ILogger<SimulationRunner> log) : BackgroundService
{
    private static readonly TimeSpan LooksForStop = TimeSpan.FromSeconds(1), KeepsFor = TimeSpan.FromMinutes(20), SaysAlive = TimeSpan.FromMinutes(1);

    /// <summary>Clocks of nodes differ, and a database may be away for a while.</summary>
    internal static readonly TimeSpan BrokenOffAfter = TimeSpan.FromMinutes(4);

    private const int MostTriesToFinish = 30;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2), MostBetweenTries = TimeSpan.FromSeconds(30);

    internal static readonly int Cores = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly System.Threading.Channels.Channel<(string Brand, string Id)> _asked = System.Threading.Channels.Channel.CreateUnbounded<(string Brand, string Id)>();
    private readonly ConcurrentDictionary<string, SimulationProgress> _progress = [];
    private readonly ConcurrentDictionary<string, string> _brandOf = [];

    /// <summary>So many wait or run here; whoever can wait should not add to very many.</summary>
    public int Begun => _progress.Count;

    /// <summary>After the commit that keeps it.</summary>
    public void Begin(string brand, string id)
    {
        if (!_brandOf.TryAdd(id, brand)) return;
        _progress[id] = new SimulationProgress(Waits: true, 0, 0);
        _asked.Writer.TryWrite((brand, id));
    }

    /// <returns>Null: it does not run here, or not any more.</returns>
    public SimulationProgress? ProgressOf(string id) => _progress.TryGetValue(id, out var progress) ? progress : null;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RunAllAsync(stoppingToken), KeepAllAsync(stoppingToken));

    /// <summary>Says what is here, and takes up what was broken off.</summary>
    private async Task KeepAllAsync(CancellationToken stoppingToken)
    {
        // A SQLite file has one process: what it did not begin itself was broken off, however short ago.
        var began = new Instant(time.GetUtcNow().UtcTicks);
        for (var first = true; ; first = false)
        {
            try
            {
                foreach (var brand in await databases.BrandsAsync(stoppingToken))
                {
                    var now = new Instant(time.GetUtcNow().UtcTicks);
                    var place = await databases.BrandAsync(brand.Name, stoppingToken);
                    await KeepAsync(place, first && place.Provider == Provider.Sqlite ? began : new Instant(now.Ticks - BrokenOffAfter.Ticks), now, stoppingToken);
                }
                await Task.Delay(SaysAlive, time, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseTrouble.Is(e) || e is WrongDatabaseException)
            {
                NotKept(log, e);
                await Task.Delay(SaysAlive, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task KeepAsync(BrandDatabase place, Instant since, Instant now, CancellationToken stop)
    {
        List<string> here = [.. _brandOf.Where(one => one.Value == place.Name).Select(one => one.Key)];
        IReadOnlyList<string> brokenOff;
        await using (var turn = await place.BeginReadAsync(stop)) brokenOff = await Simulations.BrokenOffAsync(turn, since, here, stop);
        if (here.Count == 0 && brokenOff.Count == 0) return;
        List<string> taken = [];
        await using (var turn = await place.BeginWriteAsync(stop))
        {
            await Simulations.KeepAsync(turn, here, now, stop);
            foreach (var id in brokenOff)
                if (await Simulations.TakeUpAsync(turn, id, since, now, stop)) taken.Add(id);
            await turn.CommitAsync(stop);
        }
        foreach (var id in taken)
        {
            BegunAnew(log, id, place.Name);
            Begin(place.Name, id);
        }
    }

    private async Task RunAllAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            idle.CancelAfter(KeepsFor);
            (string Brand, string Id) next;
            try
            {
                next = await _asked.Reader.ReadAsync(idle.Token);
            }
            catch (OperationCanceledException)
            {
                shelf.Clear();
                continue;
            }
            try
            {
                await RunAsync(next.Brand, next.Id, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database is away; once it is back, it is found broken off and begins anew.
                Failed(log, next.Id, next.Brand, e);
            }
            finally
            {
                _progress.TryRemove(next.Id, out _);
                _brandOf.TryRemove(next.Id, out _);
            }
        }
    }

    private async Task RunAsync(string brand, string id, CancellationToken stoppingToken)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var place = await databases.BrandAsync(brand, stoppingToken);
        var watch = WatchAsync(place, id, stopped);
        try
        {
            var (state, facts, version, result, fault) = await SimulateAsync(place, id, stopped.Token);
            await FinishAsync(place, id, state, facts, version, result, fault, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped by somebody, who has noted it; or the program ends, and the next start begins it anew.
        }
        catch (Exception e) when (!DatabaseTrouble.Is(e))
        {
            Failed(log, id, brand, e);
            await FinishAsync(place, id, SimulationState.Failed, null, null, null, null, stoppingToken);
        }
        finally
        {
            await stopped.CancelAsync();
            await watch;
        }
    }

    private async Task<(SimulationState State, long Facts, int Version, string? Result, string? Fault)> SimulateAsync(BrandDatabase place, string id, CancellationToken stop)
    {
        SimulationAsked asked;
        Policy stored;
        await using (var turn = await place.BeginReadAsync(stop))
        {
            asked = Simulations.AskedOf((await Simulations.FindAsync(turn, id, stop))!);
            stored = await BookRules.PolicyAsync(turn, stop) ?? throw new WrongBooksException(BookRules.NoPolicy);
        }
        var snapshot = await shelf.OfAsync(place, read => _progress[id] = new SimulationProgress(false, read, 0), stop);
        var scope = new SimulationScope(snapshot, stored.Zone, asked.Stretch);
        var (facts, version) = (scope.Snapshot.FactCount, stored.Versions[^1].Version);
        var faults = new List<Fault>();
        if (Simulations.PoliciesOf(asked, stored, faults) is not { } policies) return (SimulationState.Failed, facts, version, null, string.Join("; ", faults.Select(fault => fault.ToString())));
        var (done, runs) = (0, policies.Count + 1);
        (scope, var before) = shelf.Before(scope, stored, Run);
        done = 1;
        var report = Comparing.Compare(scope, before, Run(new SimulationRun(scope, policies[0], before: before)), asked.Questions);
        List<CurvePoint> curve = [];
        foreach (var (number, value) in asked.Values.Index())
        {
            done = number + 2;
            curve.Add(Comparing.Point(scope, before, Run(new SimulationRun(scope, policies[number + 1])), asked.Questions, value));
        }
        return (SimulationState.Done, facts, version, SimulationOutput.ToJson(new SimulationResult(report, asked.Vary, curve)), null);

        SimulatedBooks Run(SimulationRun run) => Threads.Run(
            run, (part, of) => _progress[id] = new SimulationProgress(false, facts, (int)(((done * 10_000L) + (10_000L * part / of)) / runs)), Cores, stop);
    }

    /// <summary>Whoever stops it says so in the database, on whichever node they are.</summary>
    private async Task WatchAsync(BrandDatabase place, string id, CancellationTokenSource stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LooksForStop, time, stopped.Token);
                await using var turn = await place.BeginReadAsync(stopped.Token);
                if (await turn.CountAsync("select count(*) from simulation where id = @id and state = @runs", stopped.Token, ("id", id), ("runs", (short)SimulationState.Runs)) == 0) await stopped.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException || DatabaseTrouble.Is(e))
            {
                // It is over; or the database is away for a moment.
            }
        }
    }

    private async Task FinishAsync(BrandDatabase place, string id, SimulationState state, long? facts, int? version, string? result, string? fault, CancellationToken stop)
    {
        var pause = BetweenTries;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var turn = await place.BeginWriteAsync(stop);
                await Simulations.FinishAsync(turn, id, state, facts, version, result, fault, new Instant(time.GetUtcNow().UtcTicks), stop);
                await turn.CommitAsync(CancellationToken.None);
                return;
            }
            catch (Exception e) when (tries < MostTriesToFinish && DatabaseTrouble.Is(e))
            {
                // What took minutes to work out is not given up because the database is away for one.
                await Task.Delay(pause, time, stop);
                pause = pause * 2 < MostBetweenTries ? pause * 2 : MostBetweenTries;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Simulation {Id} of {Brand} was broken off and begins anew.")]
    private static partial void BegunAnew(ILogger log, string id, string brand);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether simulations were broken off cannot be seen; it is looked again in a minute.")]
    private static partial void NotKept(ILogger log, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "Simulation {Id} of {Brand} failed.")]
    private static partial void Failed(ILogger log, string id, string brand, Exception e);
}
