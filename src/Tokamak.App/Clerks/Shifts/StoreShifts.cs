using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Shifts;

/// <summary>Somebody's day in a store's shifts.</summary>
public readonly record struct ShiftPlace(StaffId Staff, DateOnly Day);

/// <summary>What somebody wants a day to be, and what they saw there when they decided it.</summary>
public readonly record struct ShiftChange(int Shown, int Wanted);

/// <summary>What became of a week that was sent.</summary>
/// <param name="Changed">How many days are another than before; none where there is a conflict.</param>
/// <param name="Conflicts">Days that somebody else has changed to something else meanwhile, and what they are now.</param>
/// <param name="Closed">How many days were left as they are, for their month is closed.</param>
public sealed record SavedShifts(int Changed, IReadOnlyDictionary<ShiftPlace, int> Conflicts, int Closed);

/// <summary>班表: minutes by clerk and day of a store. What a closed month's pool is divided by is not changed afterwards.</summary>
public static class StoreShifts
{
    public static async Task<IReadOnlyDictionary<ShiftPlace, int>> OfAsync(Turn turn, StoreId store, DateOnly from, DateOnly to, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Shifts.Where(row => row.Store == store.Value && row.Day >= from && row.Day <= to)
            .ToDictionaryAsync(row => new ShiftPlace(new StaffId(row.Staff), row.Day), row => row.Minutes, stop);
    }

    /// <summary>Minutes of a month by clerk.</summary>
    public static async Task<IReadOnlyDictionary<StaffId, long>> MinutesAsync(Turn turn, StoreId store, Month month, CancellationToken stop)
    {
        var (first, last) = (month.FirstDay, month.LastDay);
        await using var books = turn.Books();
        var sums = await books.Shifts.Where(row => row.Store == store.Value && row.Day >= first && row.Day <= last)
            .GroupBy(row => row.Staff).Select(clerk => new { clerk.Key, Minutes = clerk.Sum(row => (long)row.Minutes) }).ToListAsync(stop);
        return sums.ToDictionary(sum => new StaffId(sum.Key), sum => sum.Minutes);
    }

    /// <summary>Sets days: all that are wanted, or none where somebody else has been there meanwhile. A day that was shown as it is wanted is left alone.</summary>
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="store">Whose.</param>
    /// <param name="changes">0 to <see cref="ShiftHours.MostMinutes"/> minutes each.</param>
    /// <param name="lastClosed">The month up to which days stay as they are.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<SavedShifts> SaveAsync(Turn turn, StoreId store, IReadOnlyDictionary<ShiftPlace, ShiftChange> changes, Month? lastClosed, CancellationToken stop)
    {
        var meant = changes.Where(one => Checked(one.Value.Wanted) != one.Value.Shown).ToList();
        var open = meant.Where(one => !IsClosed(one.Key.Day, lastClosed)).ToList();
        if (open.Count == 0) return new SavedShifts(0, new Dictionary<ShiftPlace, int>(), meant.Count);
        var standing = await OfAsync(turn, store, open.Min(one => one.Key.Day), open.Max(one => one.Key.Day), stop);
        var conflicts = open.Select(one => (one.Key, Now: standing.GetValueOrDefault(one.Key), one.Value)).Where(one => one.Now != one.Value.Shown && one.Now != one.Value.Wanted)
            .ToDictionary(one => one.Key, one => one.Now);
        if (conflicts.Count > 0) return new SavedShifts(0, conflicts, meant.Count - open.Count);

        var changed = open.Where(one => standing.GetValueOrDefault(one.Key) != one.Value.Wanted).ToList();
        await turn.UpsertAsync<ShiftRow>(
            [.. changed.Where(one => one.Value.Wanted > 0).Select(one => new ShiftRow { Store = store.Value, Staff = one.Key.Staff.Value, Day = one.Key.Day, Minutes = one.Value.Wanted })], stop);
        foreach (var (gone, _) in changed.Where(one => one.Value.Wanted == 0))
            await turn.ExecuteAsync("delete from shift where store = @store and staff = @staff and day = @day", stop, ("store", store.Value), ("staff", gone.Staff.Value), ("day", gone.Day));
        return new SavedShifts(changed.Count, conflicts, meant.Count - open.Count);
    }

    public static bool IsClosed(DateOnly day, Month? lastClosed) => lastClosed is { } closed && day <= closed.LastDay;

    private static int Checked(int minutes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minutes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minutes, ShiftHours.MostMinutes);
        return minutes;
    }
}
