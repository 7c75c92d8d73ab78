using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>A store's month: its credit by role and by the channel of the sales, and what its pool received.</summary>
public sealed record StoreMonth(Month Month, IReadOnlyDictionary<Role, Int128> CreditByRole, Int128 FromStoreSales, Int128 FromOnlineSales, Int128 Pool)
{
    public Int128 Credit => FromStoreSales + FromOnlineSales;

    public static StoreMonth Of(MonthlyFigures figures, StoreId store, Month month)
    {
        Dictionary<Role, Int128> byRole = [];
        Int128 inStores = 0, online = 0;
        foreach (var sum in figures.CreditsOf(month, store))
        {
            byRole[sum.Role] = byRole.GetValueOrDefault(sum.Role) + sum.Amount;
            if (sum.Channel == Channel.Online) online += sum.Amount; else inStores += sum.Amount;
        }
        return new StoreMonth(month, byRole, inStores, online, figures.PoolOf(month, store));
    }
}

/// <summary>
/// What a clerk, or nobody in particular (<see cref="Staff"/> is null), brought a store in a month. Pay is what the
/// clerk's statement pays, for whichever store it was earned.
/// </summary>
public sealed record StoreClerk(StaffId? Staff, IReadOnlyDictionary<Role, Int128> CreditByRole, Int128 Pay)
{
    public Int128 Credit => CreditByRole.Values.Aggregate((Int128)0, (all, one) => all + one);
}

/// <summary>The figures of a store's page.</summary>
public sealed record StoreFigures(StoreMonth Chosen, StoreMonth Before, IReadOnlyList<StoreMonth> Drawn, IReadOnlyList<StoreClerk> Clerks)
{
    public static StoreFigures Of(MonthlyFigures figures, StoreId store, Month month) => new(
        StoreMonth.Of(figures, store, month),
        StoreMonth.Of(figures, store, new Month(Math.Max(0, month.Index - 1))),
        [.. figures.DrawnMonths.Select(drawn => StoreMonth.Of(figures, store, drawn))],
        ClerksOf(figures, store, month));

    private static IReadOnlyList<StoreClerk> ClerksOf(MonthlyFigures figures, StoreId store, Month month)
    {
        var pay = figures.StaffStatements(month).ToDictionary(row => row.Staff!.Value, row => row.Paid);
        return
        [
            .. figures.CreditsOf(month, store).GroupBy(sum => sum.Party.Staff)
                .Select(clerk => new StoreClerk(
                    clerk.Key,
                    clerk.GroupBy(sum => sum.Role).ToDictionary(role => role.Key, role => role.Aggregate((Int128)0, (all, sum) => all + sum.Amount)),
                    clerk.Key is { } staff ? pay.GetValueOrDefault(staff) : 0))
                .OrderBy(clerk => clerk.Staff is null).ThenByDescending(clerk => clerk.Credit).ThenBy(clerk => clerk.Staff),
        ];
    }
}
