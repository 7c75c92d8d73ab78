using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Derives waiting members, and sales without one, anew from all their facts, and posts the differences (R10). A batch is
/// a transaction of its own: what is done is off the queue in the same commit.
/// </summary>
internal static class RederiveMembers
{
    /// <summary>The next members of the queue, but those set aside. Whoever of them cannot be derived is set aside now.</summary>
    /// <returns>The books, and how many these were.</returns>
    public static async Task<(BookRules Rules, int Done)> RunAsync(Turn turn, BookRules rules, int most, CancellationToken stop)
    {
        var work = await WorkQueue.NextAsync(turn, most, stop);
        return (await DeriveOrSetAsideAsync(turn, rules, work, stop), work.Count);
    }

    /// <summary>All together; where that goes wrong, by halves, until whose fault it is stands alone.</summary>
    private static async Task<BookRules> DeriveOrSetAsideAsync(Turn turn, BookRules rules, List<WorkRow> work, CancellationToken stop)
    {
        if (work.Count == 0) return rules;
        var savepoint = $"derive_{work.Count}";
        await turn.Transaction.SaveAsync(savepoint, stop);
        try
        {
            var derived = await DeriveAsync(turn, rules, work, stop);
            await turn.Transaction.ReleaseAsync(savepoint, stop);
            return derived;
        }
        catch (Exception e) when (Failures.AreAboutTheFacts(e))
        {
            await turn.Transaction.RollbackAsync(savepoint, stop);
            if (work.Count == 1)
            {
                await WorkQueue.SetAsideAsync(turn, work[0], e is WrongBooksException ? e.Message : $"{e.GetType().Name}: {e.Message}", stop);
                return rules;
            }
        }
        var half = work.Count / 2;
        rules = await DeriveOrSetAsideAsync(turn, rules, work[..half], stop);
        return await DeriveOrSetAsideAsync(turn, rules, work[half..], stop);
    }

    private static async Task<BookRules> DeriveAsync(Turn turn, BookRules rules, List<WorkRow> work, CancellationToken stop)
    {
        var slice = await ComponentSlice.LoadAsync(turn, work, stop);
        var refused = new List<RefusedFact>();
        var outcome = Outcome.Of(slice.Facts, rules, rules.Horizon, null, refused);
        // What was let in cannot be refused afterwards: it was checked with all that was known then.
        if (refused.Count > 0) throw new WrongBooksException($"The fact {refused[0].Stored.Fact.Id} no longer fits: {refused[0].Reason}. Run 'tokamak verify'.");

        var writer = new BookWriter(turn, rules);
        await SaveAsync(turn, rules, slice, outcome, writer, stop);
        await writer.WriteAsync(rules.Facts, rules.Horizon, stop);
        await WorkQueue.DoneAsync(turn, work, stop);
        return rules with { Postings = writer.Postings };
    }

    private static async Task SaveAsync(Turn turn, BookRules rules, ComponentSlice slice, Outcome outcome, BookWriter writer, CancellationToken stop)
    {
        var posting = new SalePosting(rules, writer);
        var given = outcome.Replay.Sales.ToDictionary(sale => sale.Fact.Id.Value);
        foreach (var sale in given.Values) posting.Post(sale, outcome, slice.Sales, slice.CauseOf(sale.Fact.Member?.Value, sale.Fact.Id.Value));
        foreach (var row in slice.VoidedSales(given.ContainsKey, rules)) posting.Reverse(row, slice.Sales, slice.CauseOf(row.Member, row.Id));
        foreach (var row in Differences.OfBounties(outcome.Bounties, [.. slice.Bounties.Select(row => StoredForms.PostingOf(row, rules))]))
            writer.Post(row, slice.CauseOf(slice.MemberOfService(row.Service), ""));

        await turn.DeleteAsync<SalePartyRow>("sale", [.. slice.Sales.Rows.Keys], stop);
        await turn.DeleteAsync<BindingRow>("member", slice.Members, stop);
        await turn.DeleteAsync<BountyDecisionRow>("member", slice.Members, stop);
        foreach (var row in DerivedMembers.Of(slice, outcome)) writer.Stand(row);
        foreach (var (member, events) in outcome.Journal.Bindings)
            foreach (var happened in events.Where(BindingTimeline.Changes)) writer.Happened(happened, member.Value);
        foreach (var decision in outcome.Journal.Bounties) writer.Decided(decision, rules.Policy.InForceOn(decision.Day)!);
    }
}

/// <summary>Whole components as stored: all facts of some members' groups and of some sales without a member, with their postings.</summary>
internal sealed class ComponentSlice
{
    private readonly Dictionary<string, string> _causes = [];
    private readonly Dictionary<string, string> _services = [];

    public required IReadOnlyList<StoredFact> Facts { get; init; }
    public required IReadOnlyList<string> Members { get; init; }
    public required IReadOnlyList<MemberRow> MemberRows { get; init; }
    public required StoredSales Sales { get; init; }
    public required IReadOnlyList<BountyRow> Bounties { get; init; }

    /// <summary>Sales that a void took back, as their rows are to be.</summary>
    public IEnumerable<SaleRow> VoidedSales(Func<string, bool> counts, BookRules rules) =>
        Facts.Select(stored => stored.Fact).OfType<SaleFact>().Where(sale => !counts(sale.Id.Value))
            .Select(sale => BookWriter.VoidedRowOf(BookWriter.RowOf(SaleBook.Undecided(sale), rules)));

    public string? MemberOfService(FactId service) => _services.GetValueOrDefault(service.Value);

    /// <summary>The later fact that made a member, or a sale without one, wait.</summary>
    public FactId CauseOf(string? member, string sale) => new(_causes[member ?? sale]);

    public static async Task<ComponentSlice> LoadAsync(Turn turn, IReadOnlyList<WorkRow> work, CancellationToken stop)
    {
        await using var books = turn.Books();
        var named = work.Where(w => w.Kind == WorkKind.Member).Select(w => w.Name).ToList();
        var alone = work.Where(w => w.Kind == WorkKind.Sale).Select(w => w.Name).ToList();
        var members = await books.Members.Where(m => books.Members.Where(of => named.Contains(of.Id)).Select(of => of.Root).Contains(m.Root)).ToListAsync(stop);
        var ids = members.Select(member => member.Id).ToList();
        var facts = await books.Facts.Where(fact => ids.Contains(fact.Member!) || (fact.Member == null && alone.Contains(fact.Sale!))).OrderBy(fact => fact.Seq).ToListAsync(stop);
        var sales = facts.Select(fact => fact.Sale).OfType<string>().Distinct().ToList();
        var services = facts.Where(fact => fact.Type == (short)FactOrder.Service).Select(fact => fact.Id).ToList();
        var slice = new ComponentSlice
        {
            Facts = [.. facts.Select(StoredFact.Of)],
            Members = ids,
            MemberRows = members,
            Sales = await StoredSales.PostedAsync(turn, sales, stop),
            Bounties = await books.Bounties.Where(row => services.Contains(row.Fact)).ToListAsync(stop),
        };
        var (rootOf, ofRoot) = (members.ToDictionary(member => member.Id, member => member.Root), members.ToLookup(member => member.Root));
        foreach (var w in work.Where(w => w.Kind == WorkKind.Member && rootOf.ContainsKey(w.Name)))
            foreach (var member in ofRoot[rootOf[w.Name]]) slice._causes[member.Id] = w.Cause;
        foreach (var w in work.Where(w => w.Kind == WorkKind.Sale)) slice._causes[w.Name] = w.Cause;
        foreach (var fact in facts.Where(fact => fact.Type == (short)FactOrder.Service)) slice._services[fact.Id] = fact.Member!;
        return slice;
    }
}

/// <summary>Members' rows as a derivation from all their facts gives them.</summary>
internal static class DerivedMembers
{
    public static IEnumerable<MemberRow> Of(ComponentSlice slice, Outcome outcome)
    {
        var standings = outcome.Replay.Members.ToDictionary(member => member.Id, member => member.Book.Standing);
        var last = new Dictionary<MemberId, Fact>();
        foreach (var fact in outcome.Log.Facts)
            foreach (var member in NamedBy(fact)) last[outcome.Log.FinalMember(member)] = fact;
        foreach (var id in slice.Members.Select(id => new MemberId(id)))
        {
            // Whom only voided facts name has a row that says nothing, so that those facts are found.
            var root = outcome.Log.FinalMember(id);
            yield return StoredForms.RowOf(id, root, last.GetValueOrDefault(root), id == root && standings.TryGetValue(root, out var standing) ? standing : MemberStanding.None);
        }
    }

    /// <summary>Whom any fact names, a voided one too.</summary>
    public static HashSet<string> NamedIn(ComponentSlice slice) => [.. slice.Facts.SelectMany(stored => NamedBy(stored.Fact)).Select(member => member.Value)];

    private static IEnumerable<MemberId> NamedBy(Fact fact) => fact switch
    {
        ServiceFact service => [service.Member],
        SaleFact { Member: { } buyer } => [buyer],
        MergeFact merge => [merge.From, merge.Into],
        _ => [],
    };
}
