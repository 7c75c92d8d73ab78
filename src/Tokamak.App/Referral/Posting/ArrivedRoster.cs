using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>The roster as it is with staff facts that have just been stored.</summary>
internal static class ArrivedRoster
{
    /// <summary>The roster with what is new in it, whom that reaches, and what of it cannot be.</summary>
    /// <param name="turn">The writer's.</param>
    /// <param name="policy">All versions.</param>
    /// <param name="before">Facts up to here were stored before.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<(BookRules Rules, List<WorkRow> Reached, List<RefusedFact> Refused)> ReadAsync(Turn turn, Policy policy, long before, CancellationToken stop)
    {
        await using var books = turn.Books();
        var stored = (await BookRules.RosterFactsAsync(books, long.MaxValue, stop)).Select(StoredFact.Of).ToList();
        var faults = new List<Fault>();
        var roster = FactLog.Build([.. stored.Select((s, place) => s.Fact with { SourceLine = place + 1 })], policy.Zone, null, faults).Roster;
        var refused = faults.Select(fault => new RefusedFact(stored[fault.Line!.Value - 1], fault.Message, fault.MayFitLater)).ToList();
        var rules = await BookRules.WithAsync(turn, policy, roster, stop);
        if (refused.Count > 0) return (rules, [], refused);

        var staff = stored.Where(s => s.Fact is StaffFact).ToDictionary(s => s.Fact.Id, s => (StaffFact)s.Fact);
        List<(StaffFact, FactId)> changes =
        [
            .. stored.Where(s => s.Seq > before).Select(s => s.Fact is VoidFact voiding ? (staff[voiding.Voided], voiding.Id) : ((StaffFact)s.Fact, s.Fact.Id)),
        ];
        foreach (var (fact, cause) in changes)
            if (cause != fact.Id && roster.Find(fact.Staff) is null && await IsNamedAsync(books, fact.Staff, stop))
                refused.Add(new RefusedFact(stored.Single(s => s.Fact.Id == cause), $"facts name {fact.Staff}, whom then no staff fact would; void those first", MayFitLater: true));
        return (rules, await RosterReach.OfAsync(turn, changes, policy, roster, before, stop), refused);
    }

    /// <summary>Does any fact that counts name a clerk? One that was voided, or is about a sale that was, does not.</summary>
    private static async Task<bool> IsNamedAsync(BrandContext books, StaffId staff, CancellationToken stop)
    {
        var naming = await books.Mentions.Where(m => m.Kind == MentionKind.Staff && m.Name == staff.Value)
            .Join(books.Facts, mention => mention.Seq, fact => fact.Seq, (mention, fact) => new { fact.Id, fact.Sale, fact.Member }).ToListAsync(stop);
        var (sales, members) = (naming.Select(fact => fact.Sale).OfType<string>().Distinct().ToList(), naming.Select(fact => fact.Member).OfType<string>().Distinct().ToList());
        var voids = await books.Facts.Where(fact => fact.Type == (short)FactOrder.Void && (sales.Contains(fact.Sale!) || members.Contains(fact.Member!))).ToListAsync(stop);
        var voided = voids.Select(row => ((VoidFact)StoredForms.FactOf(row)).Voided.Value).ToHashSet();
        return naming.Any(fact => !voided.Contains(fact.Id) && (fact.Sale is null || !voided.Contains(fact.Sale)));
    }
}

/// <summary>Voids that have just been stored.</summary>
internal static class ArrivedVoids
{
    /// <summary>New voids that cannot be (R1), but those about sales and the roster, which are seen when these are derived.</summary>
    public static async Task<List<RefusedFact>> RefusedAsync(Turn turn, long before, CancellationToken stop)
    {
        await using var books = turn.Books();
        var rows = await books.Facts.Where(fact => fact.Seq > before && fact.Type == (short)FactOrder.Void && fact.Member != null && fact.Sale == null).ToListAsync(stop);
        if (rows.Count == 0) return [];
        var members = rows.Select(row => row.Member!).Distinct().ToList();
        var facts = (await books.Facts.Where(fact => members.Contains(fact.Member!) && fact.Sale == null).OrderBy(fact => fact.Seq).ToListAsync(stop)).Select(StoredFact.Of).ToList();
        var byId = facts.ToDictionary(stored => stored.Fact.Id);
        var voided = new HashSet<FactId>();
        var refused = new List<RefusedFact>();
        foreach (var stored in facts)
        {
            if (stored.Fact is not VoidFact voiding) continue;
            var target = byId[voiding.Voided].Fact;
            var refusal = target is VoidFact ? $"{target.Id} is a void itself and cannot be voided; enter the fact anew under another id"
                : target.At > voiding.At ? $"{target.Id} comes later than its void; date the void at or after it"
                : !voided.Add(target.Id) ? $"{target.Id} is voided already; leave this void out"
                : null;
            if (refusal is not null && stored.Seq > before) refused.Add(new RefusedFact(stored, refusal));
        }
        return refused;
    }
}

/// <summary>Merges that have just been stored.</summary>
internal static class ArrivedMerges
{
    /// <summary>New merges that name somebody who was erased: what they bought is nobody's, and becomes nobody's again (docs/adr/0013).</summary>
    public static async Task<List<RefusedFact>> RefusedAsync(Turn turn, long before, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (!await books.Erasures.AnyAsync(row => row.ErasedOn != null, stop)) return [];
        var merges = (await books.Facts.Where(fact => fact.Seq > before && fact.Type == (short)FactOrder.Merge).ToListAsync(stop)).ConvertAll(StoredFact.Of);
        var named = merges.SelectMany(NamedBy).ToList();
        if (named.Count == 0) return [];
        var erased = (await books.Erasures.Where(row => named.Contains(row.Member) && row.ErasedOn != null).Select(row => row.Member).ToListAsync(stop)).ToHashSet();
        return
        [
            .. from stored in merges
               let gone = NamedBy(stored).FirstOrDefault(erased.Contains)
               where gone is not null
               select new RefusedFact(stored, $"the member {gone} was erased and is nobody's other id any more; leave this merge out"),
        ];
    }

    private static string[] NamedBy(StoredFact stored) => stored.Fact is MergeFact merge ? [merge.From.Value, merge.Into.Value] : [];
}
