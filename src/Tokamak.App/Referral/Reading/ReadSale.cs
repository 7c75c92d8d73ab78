using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>A sale with what is posted of it, and the books of the facts it rests on, from which its trace is written.</summary>
/// <param name="Fact">As it came in.</param>
/// <param name="Row">As it stands.</param>
/// <param name="Figures">Null for a sale that was voided.</param>
/// <param name="Around">Everything of its member up to its last change; null where there is no trace to write.</param>
/// <param name="Commissions">Of those whose pay the scope shows.</param>
/// <param name="VoidedBy">The fact that took it back.</param>
/// <param name="Waits">It waits to be derived anew, so that what is posted is not yet what the trace says.</param>
/// <param name="IsTooLong">Its member has so many facts that the trace is left to <c>tokamak explain</c>.</param>
public sealed record SaleStory(
    SaleFact Fact, SaleRow Row, SaleFigures? Figures, Books? Around, VoidFact? VoidedBy, IReadOnlyList<PostedCredit> Credits, IReadOnlyList<PostedCommission> Commissions,
    bool Waits, bool IsTooLong);

/// <summary>Reads a sale: its postings by its own index, and of its member's facts those that it can rest on.</summary>
public static class ReadSale
{
    /// <summary>Of a member with more facts up to the sale than this, no trace is written: it would keep the reader waiting.</summary>
    public const int MostFacts = 20_000;

    /// <returns>Null where there is no such sale, or the scope does not show it.</returns>
    public static async Task<SaleStory?> OfAsync(Turn turn, KnownBooks known, Scope scope, FactId id, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Sales.SingleOrDefaultAsync(row => row.Id == id.Value, stop) is not { } sale) return null;
        var own = (await books.Facts.Where(fact => fact.Sale == sale.Id).OrderBy(fact => fact.Seq).ToListAsync(stop)).ConvertAll(StoredFact.Of);
        var fact = own.Select(stored => stored.Fact).OfType<SaleFact>().Single();
        var rules = known.Rules;
        var credits = await turn.ReadAsync(
            $"select {PostedRows.CreditColumns} from credit p left join fact f on f.id = p.cause where p.sale = @sale order by p.day, p.seq", row => PostedRows.CreditOf(row, rules), stop, ("sale", sale.Id));
        if (!scope.SeesAll && !await HasPartAsync(books, rules.Roster, scope, own, credits, stop)) return null;

        var paid = await turn.ReadAsync(
            $"select {PostedRows.CommissionColumns} from commission p left join fact f on f.id = p.cause where p.sale = @sale order by p.day, p.seq", row => PostedRows.CommissionOf(row, rules), stop, ("sale", sale.Id));
        List<PostedCommission> commissions = [.. paid.Where(entry => scope.MaySeePayOf(entry.Posting.Party))];
        var (around, waits, tooLong) = await AroundAsync(books, known, sale, own, stop);
        var voided = own.Select(stored => stored.Fact).OfType<VoidFact>().FirstOrDefault(voiding => voiding.Voided == id);
        var figures = around.Sale(id) is { } book ? SaleFigures.Of(book, around.ChangesOf(id), credits, commissions) : null;
        return new SaleStory(fact, sale, figures, tooLong || figures is null ? null : around, voided, credits, commissions, waits, tooLong);
    }

    /// <summary>Whoever the sale or a fact about it names, whose code it was, and whoever was ever credited.</summary>
    private static async Task<bool> HasPartAsync(BrandContext books, Roster roster, Scope scope, List<StoredFact> own, List<PostedCredit> credits, CancellationToken stop)
    {
        var sale = own.Select(stored => stored.Fact).OfType<SaleFact>().Single();
        if (scope.Store is { } store)
            return sale.Store == store || credits.Any(credit => credit.Posting.Party.Store == store)
                || await books.SaleParties.AnyAsync(party => party.Sale == sale.Id.Value && party.Store == store.Value, stop);
        return credits.Any(credit => credit.Posting.Party.Staff == scope.Staff) || (sale.Code is { } code && roster.EverHolderOf(code) == scope.Staff)
            || own.Any(stored => stored.Fact switch
            {
                SaleFact sold => sold.Staff == scope.Staff || sold.Lines.Any(line => line.Staff == scope.Staff),
                HandoverFact handed => handed.Staff == scope.Staff,
                _ => false,
            });
    }

    private static async Task<(Books Around, bool Waits, bool IsTooLong)> AroundAsync(BrandContext books, KnownBooks known, SaleRow sale, List<StoredFact> own, CancellationToken stop)
    {
        if (sale.Member is null)
            return (BooksOf(known, own), await books.Work.AnyAsync(work => work.Kind == WorkKind.Sale && work.Name == sale.Id, stop), false);
        var members = await books.Members.Where(m => books.Members.Where(named => named.Id == sale.Member).Select(named => named.Root).Contains(m.Root)).Select(m => m.Id).ToListAsync(stop);
        if (members.Count == 0) members.Add(sale.Member);
        var waits = await books.Work.AnyAsync(work => work.Kind == WorkKind.Member && members.Contains(work.Name), stop);
        var end = EndOf(known.Rules.Policy, sale, own);
        // What comes after a sale has changed and vested changes nothing of it, but for voids and merges.
        var facts = await books.Facts
            .Where(fact => members.Contains(fact.Member!) && (fact.AtTicks < end || fact.Type == (short)FactOrder.Void || fact.Type == (short)FactOrder.Merge))
            .Take(MostFacts + 1).ToListAsync(stop);
        return facts.Count > MostFacts ? (BooksOf(known, own), waits, true) : (BooksOf(known, facts.ConvertAll(StoredFact.Of)), waits, false);
    }

    /// <summary>The moment after which no fact bears on a sale: its last change, and the day on which its last line can vest, are over (R13, R15).</summary>
    private static long EndOf(Policy policy, SaleRow sale, List<StoredFact> own)
    {
        var holdDays = policy.Versions.SingleOrDefault(version => version.Version == sale.Policy)?.HoldDays((Channel)sale.Channel) ?? 0;
        var last = BindingRules.After(policy.Zone.DayOf(own.Max(stored => stored.Fact.At)), holdDays);
        return last == DateOnly.MaxValue ? long.MaxValue : policy.Zone.InstantOf(last.AddDays(1).ToDateTime(TimeOnly.MinValue)).Ticks;
    }

    private static Books BooksOf(KnownBooks known, List<StoredFact> facts)
    {
        var faults = new List<Fault>();
        var log = FactLog.Build([.. facts.OrderBy(stored => stored.Seq).Select(stored => stored.Fact)], known.Rules.Policy.Zone, null, faults, known.Roster);
        return Books.Of(known.Names, known.Rules.Policy, log, known.Mark.Horizon ?? DateOnly.MinValue).Books;
    }
}
