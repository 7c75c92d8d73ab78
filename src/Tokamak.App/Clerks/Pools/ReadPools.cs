using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Pools;

/// <summary>Somebody's part of a pool, of the division that counts.</summary>
public sealed record PoolShare(Month Period, StoreId Store, StaffId Staff, long Amount, PoolWay Way, Instant DecidedAt);

/// <summary>A store's pool of a period and the division that counts; null where nobody has divided it.</summary>
public sealed record PoolOfStore(StoreId Store, Int128 Amount, PoolDivisionRow? Division);

/// <summary>Reads what was divided: of a period for payroll, or the last of one person.</summary>
public static class ReadPools
{
    private const string Sql =
        """
        select d.period, d.store, s.staff, s.amount, d.way, d.decided_at_ticks
        from pool_share s join pool_division d on d.period = s.period and d.store = s.store and d.number = s.number
        where not exists (select 1 from pool_division later where later.period = d.period and later.store = d.store and later.number > d.number) and
        """;

    /// <summary>Of all stores, by store and staff; only for those who see all: it is everybody's pay.</summary>
    public static async Task<IReadOnlyList<PoolShare>> OfPeriodAsync(Turn turn, Scope scope, Month period, CancellationToken stop) =>
        scope.SeesAll && !scope.HidesPay ? await turn.ReadAsync(Sql + " s.period = @period order by d.store, s.staff", Read, stop, ("period", period.ToString())) : [];

    /// <summary>What somebody received of the latest period of which they received anything; of several stores where they were at several.</summary>
    public static async Task<IReadOnlyList<PoolShare>> LastOfAsync(Turn turn, StaffId staff, CancellationToken stop)
    {
        var rows = await turn.ReadAsync(Sql + " s.staff = @staff order by s.period desc, d.store limit 10", Read, stop, ("staff", staff.Value));
        return [.. rows.Where(row => row.Period == rows[0].Period)];
    }

    /// <summary>Every store that has a pool in a period, or a division of it, by id.</summary>
    public static async Task<IReadOnlyList<PoolOfStore>> StoresAsync(OpenBooks books, Month period, CancellationToken stop)
    {
        if (!books.Scope.SeesAll) return [];
        var name = period.ToString();
        await using var context = books.Turn.Books();
        var divided = (await context.PoolDivisions.Where(row => row.Period == name).ToListAsync(stop)).GroupBy(row => new StoreId(row.Store)).ToDictionary(store => store.Key, store => store.MaxBy(row => row.Number));
        var pools = (await books.MonthsAsync(stop)).Figures.StoreStatements(period).Where(row => row.Store is { } store && store != StoreId.Online).ToDictionary(row => row.Store!.Value, row => row.StorePool);
        return [.. pools.Where(one => one.Value != 0).Select(one => one.Key).Union(divided.Keys).Order().Select(store => new PoolOfStore(store, pools.GetValueOrDefault(store), divided.GetValueOrDefault(store)))];
    }

    private static PoolShare Read(System.Data.Common.DbDataReader row) => new(
        StoredForms.MonthOf(row.GetString(0)), new StoreId(row.GetString(1)), new StaffId(row.GetString(2)), row.GetInt64(3), (PoolWay)row.GetInt16(4), new Instant(row.GetInt64(5)));
}
