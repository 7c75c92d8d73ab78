using Microsoft.EntityFrameworkCore;
using Tokamak.App.Clerks.Shifts;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Pools;

/// <summary>A division of a pool as it was recorded, with who received what, by staff id.</summary>
public sealed record PoolRecord(PoolDivisionRow Row, IReadOnlyList<PoolShareRow> Shares);

/// <summary>Somebody who may have a part in a pool.</summary>
/// <param name="Staff">Who.</param>
/// <param name="Minutes">Of their shifts at the store in the month.</param>
/// <param name="WasThere">Employed at the store on a day of the month; others have shifts there, or had a part in an earlier division.</param>
public sealed record PoolCandidate(StaffId Staff, long Minutes, bool WasThere);

/// <summary>門市獎金池: a store's pool of a period, who may have a part in it, and how it was divided so far.</summary>
/// <param name="Amount">As it is frozen, or as it stands while the period is open.</param>
/// <param name="IsClosed">Only what is closed is divided.</param>
/// <param name="Candidates">By id.</param>
/// <param name="Records">The latest first: it alone counts.</param>
public sealed record StorePool(StoreId Store, Month Period, Int128 Amount, bool IsClosed, IReadOnlyList<PoolCandidate> Candidates, IReadOnlyList<PoolRecord> Records)
{
    public PoolRecord? Latest => Records.Count > 0 ? Records[0] : null;

    public static async Task<StorePool> ReadAsync(OpenBooks books, StoreId store, Month period, CancellationToken stop)
    {
        var months = await books.MonthsAsync(stop);
        var minutes = await StoreShifts.MinutesAsync(books.Turn, store, period, stop);
        var records = await RecordsAsync(books.Turn, period, store, stop);
        var (from, before) = (books.Zone.InstantOf(period.FirstDay.ToDateTime(TimeOnly.MinValue)), books.Zone.InstantOf(period.Next.FirstDay.ToDateTime(TimeOnly.MinValue)));
        var there = books.Roster.All.Where(clerk => clerk.WorkedAt(store, from, before)).Select(clerk => clerk.Id).ToHashSet();
        var all = there.Concat(minutes.Keys).Concat(records.SelectMany(record => record.Shares).Select(share => new StaffId(share.Staff))).Distinct().Order();
        return new StorePool(
            store, period, months.Figures.PoolOf(period, store), period <= months.LastClosed,
            [.. all.Select(staff => new PoolCandidate(staff, minutes.GetValueOrDefault(staff), there.Contains(staff)))], records);
    }

    private static async Task<IReadOnlyList<PoolRecord>> RecordsAsync(Turn turn, Month period, StoreId store, CancellationToken stop)
    {
        var name = period.ToString();
        await using var books = turn.Books();
        var rows = await books.PoolDivisions.Where(row => row.Period == name && row.Store == store.Value).OrderByDescending(row => row.Number).ToListAsync(stop);
        var shares = (await books.PoolShares.Where(row => row.Period == name && row.Store == store.Value).ToListAsync(stop)).ToLookup(row => row.Number);
        return [.. rows.Select(row => new PoolRecord(row, [.. shares[row.Number].OrderBy(share => share.Staff, StringComparer.Ordinal)]))];
    }
}
