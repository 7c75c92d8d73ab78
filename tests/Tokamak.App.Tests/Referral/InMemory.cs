using System.Runtime.CompilerServices;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral;

/// <summary>
/// The figures of pages worked out over books in memory, plainly and from every posting: what reads of a database are held against.
/// </summary>
internal static class InMemory
{
    private static readonly ConditionalWeakTable<Books, Settlement> Settled = [];

    extension(Books books)
    {
        public IReadOnlyList<StatementRow> Statements => SettlementOf(books).Statements;

        public IReadOnlyList<EarningsRow> Earnings => SettlementOf(books).Earnings;
    }

    public static MonthlyFigures Figures(Books books)
    {
        var credits = books.Credits.GroupBy(row => Month.Of(row.Day)).ToDictionary(month => month.Key, month => month
            .GroupBy(row => (books.Sale(row.Sale)!.Fact.Channel, row.Role, row.Party))
            .Select(sums => new CreditSum(sums.Key.Channel, sums.Key.Role, sums.Key.Party, Sum(sums, row => row.Amount))).ToList());
        var stores = books.Log.Roster.All.SelectMany(clerk => clerk.Employments, (_, employment) => employment.Store).Concat(books.Sales.Select(sale => sale.Host.Store));
        return new MonthlyFigures(
            credits, books.Statements, books.Earnings, books.Sales.Select(sale => Month.Of(sale.Day)), stores,
            books.Sales.Count == 0 ? null : books.Sales.Max(sale => sale.Day));
    }

    public static ClerkStatement Statement(Books books, StaffId staff, Month period)
    {
        StatementRow? row = books.Statements.Where(r => r.Staff == staff && r.Period == period).Select(r => (StatementRow?)r).SingleOrDefault();
        var carriedIn = books.Statements.Where(r => r.Staff == staff && r.Period < period).Select(r => r.Carried).LastOrDefault();
        List<PostedCommission> entries =
        [
            .. books.Commissions.Where(e => e.Party.Staff == staff && Month.Of(e.Day) == period).OrderBy(e => e.SaleMonth).ThenBy(e => e.Day).Select(e => new PostedCommission(e, e.Day, CauseOf(books, e))),
        ];
        List<PostedCredit> credits = [.. books.Credits.Where(c => c.Party.Staff == staff && Month.Of(c.Day) == period).Select(c => new PostedCredit(c, c.Day, CauseOf(books, c.Sale, c.Cause)))];
        return new ClerkStatement(
            staff, period, row, carriedIn, ClerkStatement.SaleMonthsOf(books.Earnings.Where(e => e.Staff == staff), period, books.Policy),
            [
                .. books.Journal.Bounties.Where(b => b.Staff == staff && b.EarnedOn is { } day && Month.Of(day) == period).OrderBy(b => b.EarnedOn)
                    .Select(b => new PostedBounty(b.EarnedOn!.Value, b.EarnedOn.Value, b.Service.Kind, b.Service.Id, b.EarnedBy, b.Bounty.Amount)),
            ],
            new(entries, entries.Count), [.. entries.GroupBy(e => e.Posting.SaleMonth).Select(m => new EntrySum(m.Key, Sum(m, e => e.Posting.AmountE4)))], new(credits, credits.Count));
    }

    /// <summary>Sales that a search finds, the newest first.</summary>
    public static IReadOnlyList<FactId> Find(Books books, SaleSearch search) =>
    [
        .. books.Sales
            .Where(sale => search.Id is { } id ? sale.Fact.Id.Value.StartsWith(id, StringComparison.Ordinal) : !(sale.Fact.At < search.From) && !(sale.Fact.At >= search.Before))
            .Where(sale => search.Channel is null || sale.Fact.Channel == search.Channel)
            .Where(sale => search.Store is not { } store || HasPart(books, sale, party => party.Store == store))
            .Where(sale => search.Staff is not { } staff || sale.Fact.Staff == staff || HasPart(books, sale, party => party.Staff == staff))
            .OrderByDescending(sale => sale.Fact.At).ThenByDescending(sale => sale.Fact.Id.Value, StringComparer.Ordinal).Select(sale => sale.Fact.Id),
    ];

    private static bool HasPart(Books books, SaleBook sale, Func<Party, bool> fits) =>
        fits(sale.Host) || books.CreditsOf(sale.Fact.Id).Any(credit => fits(credit.Party))
        || (sale.Fact.Staff is { } staff && books.Log.Roster.Find(staff) is { } clerk && fits(new Party(clerk, clerk.StoreAt(sale.Fact.At) ?? sale.Host.Store)));

    private static Settlement SettlementOf(Books books) => Settled.GetValue(books, _ =>
    {
        var settlement = new Settlement(books.Policy, books.Log.Roster);
        var bounties = books.Journal.Bounties.Where(b => b.EarnedOn is not null).ToLookup(b => Month.Of(b.EarnedOn!.Value));
        var credits = books.Credits.ToLookup(row => Month.Of(row.Day));
        var commissions = books.Commissions.ToLookup(row => Month.Of(row.Day));
        foreach (var month in credits.Select(g => g.Key).Concat(commissions.Select(g => g.Key)).Concat(bounties.Select(g => g.Key)).Distinct().Order())
        {
            settlement.Open(month);
            foreach (var row in credits[month]) settlement.Credit(row.Party, row.Amount);
            foreach (var row in commissions[month]) settlement.Commission(row.Party, row.SaleMonth, row.AmountE4, row.VestedCredit);
            foreach (var bounty in bounties[month]) settlement.Bounty(books.Log.Roster.Find(bounty.Staff!.Value)!, bounty.Bounty.Amount);
        }
        settlement.Close();
        return settlement;
    });

    private static PostedCause CauseOf(Books books, CommissionPosting entry) =>
        entry.Cause == CommissionPosting.Vest ? PostedCause.Vest : entry.Line is null ? PostedCause.PerHandover : CauseOf(books, entry.Sale, entry.Cause);

    private static PostedCause CauseOf(Books books, FactId sale, FactId cause) => cause == sale ? PostedCause.Sale : books.ChangesOf(sale).First(change => change.Id == cause) switch
    {
        HandoverFact { Store: null } => PostedCause.Delivery,
        HandoverFact => PostedCause.Handover,
        CancelFact => PostedCause.Cancel,
        RefundFact => PostedCause.Refund,
        _ => PostedCause.Return,
    };

    private static Int128 Sum<T>(IEnumerable<T> items, Func<T, Int128> of) => items.Aggregate((Int128)0, (sum, item) => sum + of(item));
}
