using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Targets;

/// <summary>Whose target: a store's, or a clerk's.</summary>
public readonly record struct TargetOf(TargetKind Kind, string Id)
{
    public static TargetOf Store(StoreId store) => new(TargetKind.Store, store.Value);

    public static TargetOf Clerk(StaffId staff) => new(TargetKind.Staff, staff.Value);
}

/// <summary>業績目標: what credit a store or clerk is to reach in a month. Only somebody's last word counts.</summary>
public static class MonthlyTargets
{
    /// <summary>Above any month's credit, and small enough that all stores' targets add up.</summary>
    public const long Most = 1_000_000_000_000;

    /// <param name="turn">Reads.</param>
    /// <param name="month">Which.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IReadOnlyDictionary<TargetOf, long>> OfAsync(Turn turn, Month month, CancellationToken stop)
    {
        await using var books = turn.Books();
        var name = month.ToString();
        return await books.Targets.Where(row => row.Month == name).ToDictionaryAsync(row => new TargetOf(row.Kind, row.Id), row => row.Amount, stop);
    }

    /// <summary>Sets targets of a month; null takes one away.</summary>
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="month">Which.</param>
    /// <param name="amounts">Whole units, 1 to <see cref="Most"/>.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How many are another than before.</returns>
    public static async Task<int> SetAsync(Turn turn, Month month, IReadOnlyDictionary<TargetOf, long?> amounts, string by, Instant now, CancellationToken stop)
    {
        var before = await OfAsync(turn, month, stop);
        var changed = amounts.Where(one => one.Value != (before.TryGetValue(one.Key, out var was) ? was : null)).ToList();
        await turn.UpsertAsync<TargetRow>(
            [
                .. changed.Where(one => one.Value is not null).Select(one => new TargetRow
                {
                    Month = month.ToString(), Kind = one.Key.Kind, Id = one.Key.Id, Amount = Checked(one.Value!.Value), SetBy = by, SetAtTicks = now.Ticks,
                }),
            ], stop);
        foreach (var gone in changed.Where(one => one.Value is null))
            await turn.ExecuteAsync("delete from target where month = @month and kind = @kind and id = @id", stop, ("month", month.ToString()), ("kind", (short)gone.Key.Kind), ("id", gone.Key.Id));
        return changed.Count;
    }

    private static long Checked(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Most);
        return amount;
    }
}
