using System.Collections.Concurrent;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>How far a simulation is.</summary>
/// <param name="Waits">Another one runs before it.</param>
/// <param name="Facts">So many were read into memory.</param>
/// <param name="DoneBps">Of the replaying, basis points.</param>
public readonly record struct SimulationProgress(bool Waits, long Facts, int DoneBps);

/// <summary>Runs simulations beside everything else, one at a time, on the node that took them; one core is left to callers.</summary>
public sealed partial class SimulationRunner(Databases databases, SnapshotShelf shelf, TimeProvider time, ILogger<SimulationRunner> log) : BackgroundService
{
    private static readonly TimeSpan LooksForStop = TimeSpan.FromSeconds(1), KeepsFor = TimeSpan.FromMinutes(20);

    internal static readonly int Cores = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly System.Threading.Channels.Channel<(string Brand, string Id)> _asked = System.Threading.Channels.Channel.CreateUnbounded<(string Brand, string Id)>();
    private readonly ConcurrentDictionary<string, SimulationProgress> _progress = [];

    /// <summary>So many wait or run here; whoever can wait should not add to very many.</summary>
    public int Begun => _progress.Count;

    /// <summary>After the commit that keeps it.</summary>
    public void Begin(string brand, string id)
    {
        _progress[id] = new SimulationProgress(Waits: true, 0, 0);
        _asked.Writer.TryWrite((brand, id));
    }

    /// <returns>Null: it does not run here, or not any more.</returns>
    public SimulationProgress? ProgressOf(string id) => _progress.TryGetValue(id, out var progress) ? progress : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
                // The database is away; whoever asked sees that it was broken off. The next one may have more luck.
                Failed(log, next.Id, next.Brand, e);
                _progress.TryRemove(next.Id, out _);
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
            // Stopped by somebody, who has noted it; or the program ends, and whoever asked sees that it was broken off.
        }
        catch (Exception e)
        {
            Failed(log, id, brand, e);
            await FinishAsync(place, id, SimulationState.Failed, null, null, null, null, stoppingToken);
        }
        finally
        {
            await stopped.CancelAsync();
            await watch;
            _progress.TryRemove(id, out _);
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
            catch (Exception e) when (e is OperationCanceledException or System.Data.Common.DbException or IOException or TimeoutException or ObjectDisposedException)
            {
                // It is over; or the database is away for a moment.
            }
        }
    }

    private async Task FinishAsync(BrandDatabase place, string id, SimulationState state, long? facts, int? version, string? result, string? fault, CancellationToken stop)
    {
        await using var turn = await place.BeginWriteAsync(stop);
        await Simulations.FinishAsync(turn, id, state, facts, version, result, fault, new Instant(time.GetUtcNow().UtcTicks), stop);
        await turn.CommitAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Simulation {Id} of {Brand} failed.")]
    private static partial void Failed(ILogger log, string id, string brand, Exception e);
}
