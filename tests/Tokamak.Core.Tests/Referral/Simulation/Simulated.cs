using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.Core.Tests.Referral.Simulation;

/// <summary>Runs of a simulation as a shell does them, on one thread.</summary>
internal static class Simulated
{
    public static FactSnapshot Snapshot(IEnumerable<Fact> facts, int aimedRows = FactSnapshot.AimedRows)
    {
        var snapshot = new FactSnapshot(aimedRows);
        foreach (var fact in facts) snapshot.Add(fact);
        snapshot.Regroup();
        return snapshot;
    }

    public static SimulatedBooks Books(SimulationScope scope, Policy policy, bool whole = false, SimulatedBooks? before = null)
    {
        var run = new SimulationRun(scope, policy, kept: before is null, whole, before);
        SimulationRun.Worker[] workers = [run.NewWorker(), run.NewWorker()];
        for (var place = 0; place < run.PartitionCount; place++) workers[place % 2].Take(place);
        var books = run.Finish(workers);
        Assert.False(books.HasFaults);
        return books;
    }

    public static Stretch All(IReadOnlyList<Fact> facts, Zone zone) =>
        new(Month.Of(zone.DayOf(facts.Min(f => f.At))), Month.Of(zone.DayOf(facts.Max(f => f.At))));

    public static Int128 Sum<T>(this IEnumerable<T> rows, Func<T, Int128> amount) => rows.Aggregate(Int128.Zero, (sum, row) => sum + amount(row));
}

/// <summary>All rows of a plain replay and its settlement.</summary>
internal sealed record PlainBooks(
    List<CreditPosting> Credits, List<CommissionPosting> Commissions, List<BountyPosting> Bounties, IReadOnlyList<EarningsRow> Earnings,
    IReadOnlyList<StatementRow> Statements, Dictionary<FactId, SaleBook> Sales)
{
    public static PlainBooks Of(IReadOnlyList<Fact> facts, Policy policy, DateOnly? asOf)
    {
        List<Fault> faults = [];
        var log = FactLog.Build([.. facts], policy.Zone, asOf, faults);
        var replay = new Replay(log, policy, asOf);
        var settlement = new Settlement(policy, log.Roster);
        var books = new PlainBooks([], [], [], settlement.Earnings, settlement.Statements, []);
        foreach (var day in replay.Days())
        {
            settlement.Take(day);
            books.Credits.AddRange(day.Credits);
            books.Commissions.AddRange(day.Commissions);
            books.Bounties.AddRange(day.Bounties);
        }
        settlement.Close();
        Assert.Empty(faults.Concat(replay.Faults));
        foreach (var sale in replay.Sales) books.Sales.Add(sale.Fact.Id, sale);
        return books;
    }
}
