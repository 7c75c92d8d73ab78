using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.MyDay;

/// <summary>
/// What a clerk may know of her store in a month: never a name or an amount of somebody else. Credit leads to pay, and from a sum over
/// few people each of them works out the others': there is nothing to show where few have credit.
/// </summary>
/// <param name="Store">Where she works now.</param>
/// <param name="Target">What the store is to reach; null without one.</param>
/// <param name="Credit">Of the store.</param>
/// <param name="Own">Hers at the store.</param>
/// <param name="Average">Of all who have credit there, hers included; whole units, rounded down.</param>
public sealed record StoreComparison(StoreId Store, long? Target, Int128 Credit, Int128 Own, Int128 Average)
{
    /// <summary>So many colleagues at least, with credit in the month: of fewer an average tells what one of them has.</summary>
    public const int FewestOthers = 4;

    /// <param name="figures">Of the brand.</param>
    /// <param name="store">Where she works.</param>
    /// <param name="clerk">She.</param>
    /// <param name="month">Which.</param>
    /// <param name="target">Of the store.</param>
    /// <returns>Null where too few others have credit.</returns>
    public static StoreComparison? Of(MonthlyFigures figures, StoreId store, StaffId clerk, Month month, long? target)
    {
        var sums = figures.CreditsOf(month, store).ToList();
        var byClerk = sums.Where(sum => sum.Party.Staff is not null).GroupBy(sum => sum.Party.Staff!.Value)
            .ToDictionary(of => of.Key, of => of.Aggregate((Int128)0, (all, sum) => all + sum.Amount));
        var own = byClerk.GetValueOrDefault(clerk);
        // Whoever has none, being new or away, hides nobody.
        var others = byClerk.Where(of => of.Key != clerk && of.Value != 0).ToList();
        if (others.Count < FewestOthers) return null;
        var all = others.Aggregate(own, (sum, of) => sum + of.Value);
        return new StoreComparison(store, target, sums.Aggregate((Int128)0, (sum, of) => sum + of.Amount), own, all / (others.Count + 1));
    }
}
