namespace Tokamak.Core.Referral.Simulation;

/// <summary>What is asked of a comparison beside its rows.</summary>
/// <param name="LosersBeyondPercent">Who loses more than this is listed, 0 to 100.</param>
/// <param name="Budget">What commission may come to with the draft, whole units; null for no limit.</param>
/// <param name="MostMovers">How many of the largest movers are listed.</param>
public sealed record Questions(int LosersBeyondPercent = 10, Int128? Budget = null, int MostMovers = 20);

/// <summary>Puts two simulated books side by side.</summary>
public static class Comparing
{
    public const string OnlineShop = "online", AllStores = "stores", Everything = "total";

    public static SimulationReport Compare(SimulationScope scope, SimulatedBooks before, SimulatedBooks after, Questions questions)
    {
        var clerks = Clerks(scope, before, after);
        List<ChangeOf<StoreId>> stores =
        [
            .. before.Stores.Keys.Union(after.Stores.Keys).Order()
                .Select(id => new ChangeOf<StoreId>(id, before.Stores.GetValueOrDefault(id), after.Stores.GetValueOrDefault(id))),
        ];
        return new SimulationReport(
            scope.Stretch, scope.AsOf, after.Sold,
            new ChangeOf<string>(Everything, before.Total, after.Total),
            Ratio.BpsHalfUp(before.Total.Commission, before.Sold.Net), Ratio.BpsHalfUp(after.Total.Commission, after.Sold.Net),
            [Department(OnlineShop, stores.Where(s => s.Key == StoreId.Online)), Department(AllStores, stores.Where(s => s.Key != StoreId.Online))],
            stores, clerks,
            [.. after.Segments.OrderBy(s => s.Key).Select(s => new SegmentChange(s.Key.Channel, s.Key.Group, s.Value.Sold, before.Segments[s.Key].Figures, s.Value.Figures))],
            Spread.Of(clerks.Select(c => c.Before.TakeHome)), Spread.Of(clerks.Select(c => c.After.TakeHome)),
            new Losers(questions.LosersBeyondPercent, [.. clerks.Where(c => LosesBeyond(c, questions.LosersBeyondPercent)).OrderBy(c => c.ChangeOfTakeHome).ThenBy(c => c.Staff)]),
            [.. clerks.Where(c => c.ChangeOfTakeHome != 0).OrderByDescending(c => Int128.Abs(c.ChangeOfTakeHome)).ThenBy(c => c.Staff).Take(questions.MostMovers)],
            questions.Budget is { } allowed ? new Budget(allowed, after.Total.Commission) : null);
    }

    /// <summary>What one value of a varied number comes to, beside the same books before.</summary>
    public static CurvePoint Point(SimulationScope scope, SimulatedBooks before, SimulatedBooks after, Questions questions, long value)
    {
        var report = Compare(scope, before, after, questions);
        return new CurvePoint(
            value, after.Total.Commission, report.ShareAfterBps, after.Total.StaffPay, after.Total.StorePool, after.Total.Bounties,
            report.SpreadAfter.GiniBps, report.Losers.Clerks.Count, report.Budget?.IsKept);
    }

    private static List<ClerkChange> Clerks(SimulationScope scope, SimulatedBooks before, SimulatedBooks after)
    {
        var clerks = new List<ClerkChange>();
        foreach (var clerk in scope.Roster.All.OrderBy(c => c.Id))
        {
            var (was, will) = (before.Clerks[clerk.Id], after.Clerks[clerk.Id]);
            if (was == default && will == default) continue;
            var extremes = after.Tally.Extremes[clerk.Number];
            clerks.Add(new ClerkChange(clerk.Id, was, will, will.TakeHome < was.TakeHome ? extremes.Loss : extremes.Gain));
        }
        return clerks;
    }

    private static ChangeOf<string> Department(string name, IEnumerable<ChangeOf<StoreId>> stores) =>
        stores.Aggregate(new ChangeOf<string>(name, default, default), (sum, store) => new ChangeOf<string>(name, sum.Before + store.Before, sum.After + store.After));

    private static bool LosesBeyond(ClerkChange clerk, int percent) =>
        clerk.Before.TakeHome > 0 && -clerk.ChangeOfTakeHome * 100 > clerk.Before.TakeHome * percent;
}
