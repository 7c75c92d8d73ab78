using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>What a month brought in, by channel, and what it cost in commission and bounties.</summary>
public sealed record OverviewMonth(Month Month, Int128 NetInStores, Int128 NetOnline, Int128 StaffPay, Int128 Pools, Int128 Bounties)
{
    public Int128 Net => NetInStores + NetOnline;
    public long? OnlineShareBps => Share.Bps(NetOnline, Net);

    /// <summary>Everything the period's statements pay: clerks, stores' pools and bounties.</summary>
    public Int128 Cost => StaffPay + Pools + Bounties;

    public long? CostShareBps => Share.Bps(Cost, Net);
}

/// <summary>The figures of the overview page.</summary>
public sealed record OverviewFigures(
    OverviewMonth Chosen, OverviewMonth Before, IReadOnlyList<OverviewMonth> Drawn, IReadOnlyList<(StoreId Store, Int128 Credit)> CreditByStore)
{
    public static OverviewFigures Of(MonthlyFigures figures, Month month) => new(
        MonthOf(figures, month),
        MonthOf(figures, new Month(Math.Max(0, month.Index - 1))),
        [.. figures.DrawnMonths.Select(drawn => MonthOf(figures, drawn))],
        [.. figures.Credits(month).GroupBy(sum => sum.Party.Store, (store, sums) => (store, sums.Aggregate((Int128)0, (all, sum) => all + sum.Amount)))
            .OrderByDescending(store => store.Item2).ThenBy(store => store.store)]);

    /// <summary>Credit on online sales by role: who brought them in, and what the web shop keeps.</summary>
    public static Int128 OnlineBy(MonthlyFigures figures, Month month, Role role) =>
        figures.Credit(month, Channel.Online, role);

    private static OverviewMonth MonthOf(MonthlyFigures figures, Month month)
    {
        Int128 pay = 0, bounties = 0, pools = 0;
        foreach (var row in figures.StaffStatements(month)) (pay, bounties) = (pay + row.StaffPay, bounties + row.Bounty);
        foreach (var row in figures.StoreStatements(month)) pools += row.StorePool;
        return new OverviewMonth(month, figures.Net(month, Channel.Store), figures.Net(month, Channel.Online), pay, pools, bounties);
    }
}
