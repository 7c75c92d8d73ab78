using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>
/// The books added up by month, once, for all pages. Credits of a sale add up to what it brought in (R11), so their sum
/// by the sale's channel is net sales; by party it is whose sales they were. The two are views of one amount.
/// </summary>
public sealed class MonthlyFigures
{
    /// <summary>As many months as a chart can carry.</summary>
    private const int MostMonthsDrawn = 24;

    private readonly IReadOnlyDictionary<Month, List<CreditSum>> _credits;
    private readonly ILookup<Month, StatementRow> _statements;
    private readonly ConcurrentDictionary<Month, MonthIndex> _indexes = new();
    private readonly ILookup<StaffId, StatementRow> _statementsOf;
    private readonly ILookup<StaffId, EarningsRow> _earningsOf;

    /// <param name="credits">By month.</param>
    /// <param name="statements">Of all periods.</param>
    /// <param name="earnings">Of all periods, rising.</param>
    /// <param name="saleMonths">Months with a sale.</param>
    /// <param name="stores">Stores that clerks and sales name, in any order, repeated or not.</param>
    /// <param name="lastDay">The day of the last sale; null without any.</param>
    public MonthlyFigures(
        IReadOnlyDictionary<Month, List<CreditSum>> credits, IReadOnlyList<StatementRow> statements, IReadOnlyList<EarningsRow> earnings,
        IEnumerable<Month> saleMonths, IEnumerable<StoreId> stores, DateOnly? lastDay)
    {
        (_credits, Statements, Earnings) = (credits, statements, earnings);
        _statements = statements.ToLookup(row => row.Period);
        _statementsOf = statements.Where(row => row.Staff is not null).OrderBy(row => row.Period).ToLookup(row => row.Staff!.Value);
        _earningsOf = earnings.ToLookup(row => row.Staff);
        Months = [.. credits.Keys.Concat(statements.Select(row => row.Period)).Concat(saleMonths).Distinct().Order()];
        if (lastDay is { } day)
        {
            Last = Month.Of(day);
            var full = day == Last.LastDay || Last.Index == 0 ? Last : new Month(Last.Index - 1);
            LastFull = TradeMonths.LastOrDefault(month => month <= full, TradeMonths.FirstOrDefault(Last));
        }
        Stores = [.. stores.Concat(credits.Values.SelectMany(sums => sums).Select(sum => sum.Party.Store)).Distinct().OrderBy(store => store == StoreId.Online).ThenBy(store => store)];
    }

    public IReadOnlyList<StatementRow> Statements { get; }
    public IReadOnlyList<EarningsRow> Earnings { get; }

    /// <summary>Months with a sale, a credit or a statement, rising. Lines of the last sales vest after the last of them.</summary>
    public IReadOnlyList<Month> Months { get; }

    /// <summary>The month of the last sale.</summary>
    public Month Last { get; }

    /// <summary>The last month that sales cover to its end; the first there is where none is covered so.</summary>
    public Month LastFull { get; }

    /// <summary>Months up to the last sale.</summary>
    public IEnumerable<Month> TradeMonths => Months.Where(month => month <= Last);

    /// <summary>The months of a chart: without gaps, the last ones.</summary>
    public IReadOnlyList<Month> DrawnMonths
    {
        get
        {
            if (!TradeMonths.Any()) return [];
            var first = Math.Max(TradeMonths.First().Index, Last.Index - MostMonthsDrawn + 1);
            return [.. Enumerable.Range(first, Last.Index - first + 1).Select(index => new Month(index))];
        }
    }

    /// <summary>Every store that clerks, sales or credits name, by id; the web shop last.</summary>
    public IReadOnlyList<StoreId> Stores { get; }

    /// <summary>A month looked up in its ways, worked out when first asked for: the figures never change, and many pages share them.</summary>
    private sealed record MonthIndex(
        IReadOnlyDictionary<(Channel, Role), Int128> BySale, ILookup<StoreId, CreditSum> ByStore, IReadOnlyDictionary<StoreId, StatementRow> OfStores,
        IReadOnlyList<StatementRow> OfStaff);

    public IReadOnlyList<CreditSum> Credits(Month month) => _credits.TryGetValue(month, out var sums) ? sums : [];

    /// <summary>Net sales of a month: what was sold less what was cancelled, refunded and returned in it.</summary>
    public Int128 Net(Month month, Channel channel) => Enum.GetValues<Role>().Aggregate((Int128)0, (sum, role) => sum + Credit(month, channel, role));

    /// <summary>Credit on sales of a channel to a role.</summary>
    public Int128 Credit(Month month, Channel channel, Role role) => Of(month).BySale.GetValueOrDefault((channel, role));

    /// <summary>Credit of a store, and of whoever earned it there.</summary>
    public IEnumerable<CreditSum> CreditsOf(Month month, StoreId store) => Of(month).ByStore[store];

    public Int128 PoolOf(Month month, StoreId store) => Of(month).OfStores.GetValueOrDefault(store).StorePool;

    public IEnumerable<StatementRow> StaffStatements(Month month) => Of(month).OfStaff;

    public IEnumerable<StatementRow> StoreStatements(Month month) => Of(month).OfStores.Values;

    /// <summary>The month a person asked for, if there is such a month here; otherwise the last full one.</summary>
    public Month Choose(string? asked, bool afterTheSalesToo = false) =>
        Month.TryParse(asked, out var month) && (afterTheSalesToo ? Months : TradeMonths).Contains(month) ? month : LastFull;

    /// <summary>A clerk's statements, by period, rising.</summary>
    public IEnumerable<StatementRow> StatementsOf(StaffId staff) => _statementsOf[staff];

    /// <summary>A clerk's sale months as they were settled, by period, rising.</summary>
    public IEnumerable<EarningsRow> EarningsOf(StaffId staff) => _earningsOf[staff];

    /// <summary>Months in which the clerk has a statement or anything on one, rising.</summary>
    public IReadOnlyList<Month> MonthsOf(StaffId staff) =>
        [.. StatementsOf(staff).Select(row => row.Period).Concat(EarningsOf(staff).Select(row => row.Period)).Distinct().Order()];

    private MonthIndex Of(Month month) => _indexes.GetOrAdd(month, asked =>
    {
        Dictionary<(Channel, Role), Int128> bySale = [];
        foreach (var sum in Credits(asked)) CollectionsMarshal.GetValueRefOrAddDefault(bySale, (sum.Channel, sum.Role), out _) += sum.Amount;
        return new MonthIndex(
            bySale, Credits(asked).ToLookup(sum => sum.Party.Store), _statements[asked].Where(row => row.Store is not null).ToDictionary(row => row.Store!.Value),
            [.. _statements[asked].Where(row => row.Staff is not null)]);
    });
}
