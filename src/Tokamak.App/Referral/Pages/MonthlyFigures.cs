using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>Credit posted in a month, by the channel of the sale, role and party.</summary>
public readonly record struct CreditSum(Channel Channel, Role Role, Party Party, Int128 Amount);

/// <summary>
/// The books added up by month, once, for all pages. Credits of a sale add up to what it brought in (R11), so their sum
/// by the sale's channel is net sales; by party it is whose sales they were. The two are views of one amount.
/// </summary>
public sealed class MonthlyFigures
{
    /// <summary>As many months as a chart can carry.</summary>
    private const int MostMonthsDrawn = 24;

    private readonly Dictionary<Month, List<CreditSum>> _credits = [];
    private readonly ILookup<Month, StatementRow> _statements;

    public MonthlyFigures(Books books)
    {
        var log = books.Log;
        AddCredits(books);
        _statements = books.Statements.ToLookup(row => row.Period);
        var sales = books.Sales.Select(sale => Month.Of(sale.Day)).Distinct();
        Months = [.. _credits.Keys.Concat(books.Statements.Select(row => row.Period)).Concat(sales).Distinct().Order()];
        if (log.Facts.Count > 0)
        {
            var lastDay = books.Policy.Zone.DayOf(log.Facts[^1].At);
            Last = Month.Of(lastDay);
            var full = lastDay == Last.LastDay || Last.Index == 0 ? Last : new Month(Last.Index - 1);
            LastFull = TradeMonths.LastOrDefault(month => month <= full, TradeMonths.FirstOrDefault(Last));
        }
        Stores = [.. StoresOf(books).Distinct().OrderBy(store => store == StoreId.Online).ThenBy(store => store)];
    }

    /// <summary>Months with a sale, a credit or a statement, rising. Lines of the last sales vest after the last fact.</summary>
    public IReadOnlyList<Month> Months { get; }

    /// <summary>The month of the last fact.</summary>
    public Month Last { get; }

    /// <summary>The last month that the facts cover to its end; the first there is where none is covered so.</summary>
    public Month LastFull { get; }

    /// <summary>Months up to the last fact.</summary>
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

    public IReadOnlyList<CreditSum> Credits(Month month) => _credits.TryGetValue(month, out var sums) ? sums : [];

    /// <summary>Net sales of a month: what was sold less what was cancelled, refunded and returned in it.</summary>
    public Int128 Net(Month month, Channel channel) => Sum(month, sum => sum.Channel == channel);

    public Int128 Sum(Month month, Func<CreditSum, bool> counts)
    {
        Int128 total = 0;
        foreach (var sum in Credits(month))
            if (counts(sum)) total += sum.Amount;
        return total;
    }

    public IEnumerable<StatementRow> StaffStatements(Month month) => _statements[month].Where(row => row.Staff is not null);

    public IEnumerable<StatementRow> StoreStatements(Month month) => _statements[month].Where(row => row.Store is not null);

    /// <summary>The month a person asked for, if there is such a month here; otherwise the last full one.</summary>
    public Month Choose(string? asked, bool afterTheFactsToo = false) =>
        Month.TryParse(asked, out var month) && (afterTheFactsToo ? Months : TradeMonths).Contains(month) ? month : LastFull;

    private void AddCredits(Books books)
    {
        Dictionary<(Month, Channel, Role, Party), Int128> sums = [];
        FactId? last = null;
        var channel = Channel.Store;
        foreach (var posting in books.Credits)
        {
            // Postings of a sale come together: most need no look-up.
            if (posting.Sale != last) (last, channel) = (posting.Sale, books.Sale(posting.Sale)!.Fact.Channel);
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (Month.Of(posting.Day), channel, posting.Role, posting.Party), out _);
            sum += posting.Amount;
        }
        foreach (var ((month, of, role, party), amount) in sums)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_credits, month, out _);
            (list ??= []).Add(new CreditSum(of, role, party, amount));
        }
    }

    private IEnumerable<StoreId> StoresOf(Books books) =>
        books.Log.Roster.All.SelectMany(clerk => clerk.Employments, (_, employment) => employment.Store)
            .Concat(books.Sales.Select(sale => sale.Host.Store))
            .Concat(_credits.Values.SelectMany(sums => sums).Select(sum => sum.Party.Store));
}
