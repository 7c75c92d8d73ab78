using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>
/// A brand's months as of some number of postings: totals, and the statements that follow. Those of closed periods are the rows that
/// were frozen, those of open ones are settled from the totals.
/// </summary>
public sealed record SettledMonths(long Postings, Month? LastClosed, MonthTotals Totals, Settlement Settlement, MonthlyFigures Figures)
{
    private readonly ConcurrentDictionary<Month, FrozenPeriod> _toFreeze = new();

    /// <summary>What closing a month would freeze: worked out once.</summary>
    public FrozenPeriod ToFreeze(Month month) => _toFreeze.GetOrAdd(month, asked => FrozenPeriod.Of(Settlement, asked));

    /// <param name="before">Of the same roster and policy; null for none.</param>
    public static async Task<SettledMonths> ReadAsync(Turn turn, BookRules rules, SettledMonths? before, CancellationToken stop)
    {
        var totals = await MonthTotals.ReadAsync(turn, rules, before is null ? null : (before.Totals, before.Postings), stop);
        var settlement = totals.Settle(rules);
        var (statements, earnings) = rules.LastClosed is { } closed
            ? await FrozenAsync(turn, before?.LastClosed == closed ? before.Figures : null, closed, stop) : ([], []);
        statements.AddRange(settlement.Statements.Where(row => !(row.Period <= rules.LastClosed)));
        earnings.AddRange(settlement.Earnings.Where(row => !(row.Period <= rules.LastClosed)));
        var (first, last) = await SpanAsync(turn, stop);
        var months = first is { } from && last is { } to ? await SaleMonthsAsync(turn, rules.Policy.Zone, Month.Of(from), Month.Of(to), stop) : [];
        var stores = rules.Roster.All.SelectMany(clerk => clerk.Employments, (_, employment) => employment.Store).Concat(await StoresAsync(turn, stop));
        return new SettledMonths(rules.Postings, rules.LastClosed, totals, settlement, new MonthlyFigures(totals.Credits, statements, earnings, months, stores, last));
    }

    private static async Task<(List<StatementRow>, List<EarningsRow>)> FrozenAsync(Turn turn, MonthlyFigures? before, Month closed, CancellationToken stop)
    {
        if (before is not null) return ([.. before.Statements.Where(row => row.Period <= closed)], [.. before.Earnings.Where(row => row.Period <= closed)]);
        await using var books = turn.Books();
        var statements = await books.Statements.ToListAsync(stop);
        var earnings = await books.Earnings.OrderBy(row => row.Period).ToListAsync(stop);
        return (
            [
                .. statements.Select(row => new StatementRow(
                    StoredForms.MonthOf(row.Period), row.Staff.Length == 0 ? null : new StaffId(row.Staff), row.Store.Length == 0 ? null : new StoreId(row.Store),
                    row.Credit, row.Commission, row.StaffPay, row.StorePool, row.Bounty, row.Paid, row.Carried)),
            ],
            [
                .. earnings.Select(row => new EarningsRow(
                    StoredForms.MonthOf(row.Period), new StaffId(row.Staff), StoredForms.MonthOf(row.Month), row.Credit, row.GrossE4, row.Earned, row.Change)),
            ]);
    }

    private static async Task<(DateOnly? First, DateOnly? Last)> SpanAsync(Turn turn, CancellationToken stop) => (await turn.ReadAsync(
        """
        select (select day from sale where not voided order by at_ticks, id limit 1), (select day from sale where not voided order by at_ticks desc, id desc limit 1)
        """,
        row => (row.IsDBNull(0) ? (DateOnly?)null : row.GetFieldValue<DateOnly>(0), row.IsDBNull(1) ? (DateOnly?)null : row.GetFieldValue<DateOnly>(1)), stop))[0];

    /// <summary>The months that have a sale: one look into the index each.</summary>
    private static async Task<IReadOnlyList<Month>> SaleMonthsAsync(Turn turn, Zone zone, Month first, Month last, CancellationToken stop)
    {
        // The ticks of every first day: a month lasts from one to the next.
        var starts = Enumerable.Range(first.Index, last.Index - first.Index + 2).Select(month => zone.InstantOf(new Month(month).FirstDay.ToDateTime(TimeOnly.MinValue)).Ticks).ToArray();
        var found = turn.Provider == Provider.Postgres
            ? await turn.ReadAsync(
                "select m.number from unnest(@from, @before) with ordinality m(first, end_, number) where exists (select 1 from sale where at_ticks >= m.first and at_ticks < m.end_ and not voided)",
                row => row.GetInt64(0) - 1, stop, ("from", starts[..^1]), ("before", starts[1..]))
            : await turn.ReadAsync(
                """
                select m.key from json_each(@from) m join json_each(@before) e on e.key = m.key
                where exists (select 1 from sale where at_ticks >= m.value and at_ticks < e.value and not voided)
                """,
                row => row.GetInt64(0), stop, ("from", JsonSerializer.Serialize(starts[..^1])), ("before", JsonSerializer.Serialize(starts[1..])));
        return [.. found.Select(number => new Month(first.Index + (int)number)).Order()];
    }

    /// <summary>Every store that has a part in a sale, by hops along the index.</summary>
    private static Task<List<StoreId>> StoresAsync(Turn turn, CancellationToken stop) => turn.ReadAsync(
        """
        with recursive hop(store) as (
          select min(store) from sale_party
          union all
          select (select min(p.store) from sale_party p where p.store > hop.store) from hop where hop.store is not null
        )
        select store from hop where store is not null
        """,
        row => new StoreId(row.GetString(0)), stop);
}
