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
/// clerk's statement pays, for whichever store it was earned; null where it is not for the viewer's eyes, and for nobody.
/// </summary>
public sealed record StoreClerk(StaffId? Staff, IReadOnlyDictionary<Role, Int128> CreditByRole, Int128? Pay)
{
    public Int128 Credit => CreditByRole.Values.Aggregate((Int128)0, (all, one) => all + one);
}

/// <summary>The figures of a store's page.</summary>
public sealed record StoreFigures(StoreMonth Chosen, StoreMonth Before, IReadOnlyList<StoreMonth> Drawn, IReadOnlyList<StoreClerk> Clerks)
{
    /// <param name="figures">Of the brand.</param>
    /// <param name="store">Which store.</param>
    /// <param name="month">Which month.</param>
    /// <param name="maySee">Whether the viewer may see a clerk's statement: a clerk of another store may have credit here.</param>
    public static StoreFigures Of(MonthlyFigures figures, StoreId store, Month month, Func<StaffId, bool> maySee) => new(
        StoreMonth.Of(figures, store, month),
        StoreMonth.Of(figures, store, new Month(Math.Max(0, month.Index - 1))),
        [.. figures.DrawnMonths.Select(drawn => StoreMonth.Of(figures, store, drawn))],
        ClerksOf(figures, store, month, maySee));

    /// <summary>What the clerks are paid whose pay is shown.</summary>
    public Int128 Pay => Clerks.Aggregate((Int128)0, (sum, clerk) => sum + (clerk.Pay ?? 0));

    public bool HidesPay => Clerks.Any(clerk => clerk is { Staff: not null, Pay: null });

    private static IReadOnlyList<StoreClerk> ClerksOf(MonthlyFigures figures, StoreId store, Month month, Func<StaffId, bool> maySee)
    {
        var pay = figures.StaffStatements(month).ToDictionary(row => row.Staff!.Value, row => row.Paid);
        return
        [
            .. figures.CreditsOf(month, store).GroupBy(sum => sum.Party.Staff)
                .Select(clerk => new StoreClerk(
                    clerk.Key,
                    clerk.GroupBy(sum => sum.Role).ToDictionary(role => role.Key, role => role.Aggregate((Int128)0, (all, sum) => all + sum.Amount)),
                    clerk.Key is { } staff && maySee(staff) ? pay.GetValueOrDefault(staff) : null))
                .OrderBy(clerk => clerk.Staff is null).ThenByDescending(clerk => clerk.Credit).ThenBy(clerk => clerk.Staff),
        ];
    }
}
