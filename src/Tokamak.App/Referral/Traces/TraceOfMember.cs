using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary>
/// Those who might have expected the owner's share of a sale: who served the member and was refused, and who once had
/// the member and no longer did at the sale.
/// </summary>
internal sealed class TraceOfMember(Books books, TraceWords say)
{
    /// <summary>How far back somebody may still think of the member as theirs.</summary>
    private const int LookBackDays = 365;

    public IEnumerable<TraceEntry> MightHaveExpected(SaleDecision decision)
    {
        if (decision.Sale.Fact.Member is not { } member) return [];
        var sale = decision.Sale;
        var before = books.Journal.BindingsOf(books.Log.FinalMember(member))
            .TakeWhile(e => !ReferenceEquals(e.Cause, sale.Fact) && e.Cause.At <= sale.Fact.At)
            .Where(e => sale.Day.DayNumber - e.Day.DayNumber <= LookBackDays)
            .ToList();
        // One sentence a person: the latest thing that happened to their claim.
        return before.Select(e => Lost(e, decision) ?? Refused(e, decision)).OfType<TraceEntry>().Reverse().DistinctBy(e => e.Who).Reverse();
    }

    private TraceEntry? Refused(BindingEvent refused, SaleDecision decision)
    {
        if (refused.Staff == decision.Owner.Party?.Staff && refused.Store == decision.Owner.Party?.Store) return null;
        var holder = refused.Before is { } held ? say.Party(held.Staff, held.Store) : "";
        (string Sentence, string Rule, string? Next)? reason = refused.Verdict switch
        {
            BindingVerdict.RefusedLocked => (
                say["trace.other.locked", holder, say.Day(refused.Before!.LockUntil)], "R4.4", say["trace.other.locked.next", say.Day(refused.Before.LockUntil)]),
            BindingVerdict.RefusedTooWeak => (say["trace.other.tooWeak", holder], "R4.5", say["trace.other.tooWeak.next"]),
            BindingVerdict.RefusedNever => (say["trace.other.never", holder], "R4.5", say["trace.other.chosen.next"]),
            BindingVerdict.RefusedDeclined => (say["trace.other.declined"], "R6", say["trace.other.chosen.next"]),
            BindingVerdict.NotListed => (say["trace.other.notListed", say.Kind(refused.Kind)], "R2", null),
            _ => null,
        };
        if (reason is not var (sentence, rule, next) || refused.Store is not { } store) return null;
        var who = say.Party(refused.Staff, store);
        return new TraceEntry(
            who, TraceOutcome.NotGiven, say["trace.other.served", who, say.Day(refused.Day), say.Kind(refused.Kind)] + sentence,
            rule, next, null, Role.Owner, refused.Cause.Id, refused.Day);
    }

    private TraceEntry? Lost(BindingEvent changed, SaleDecision decision)
    {
        if (changed.Before is not { } had || (changed.After?.Staff == had.Staff && changed.After?.Store == had.Store)) return null;
        if (had.Staff is { } clerk && clerk == decision.Owner.Party?.Staff) return null;
        var (sentence, rule, next) = changed.Verdict switch
        {
            BindingVerdict.TakenOver => (say["trace.other.takenOver", say.Party(changed.Staff, changed.Store!.Value), say.Kind(changed.Kind)], "R4.5", say["trace.other.serveAgain.next"]),
            BindingVerdict.Bound => (say["trace.other.lapsed", say.Day(had.ExpiresOn)], "R3 R4.1", say["trace.other.serveAgain.next"]),
            BindingVerdict.TakenOn => (say["trace.other.takenOn", say.Party(changed.Staff, had.Store)], "R4.3", null),
            BindingVerdict.Chosen => (say["trace.other.chose", say.Party(changed.Staff, changed.Store!.Value)], "R6", null),
            BindingVerdict.Declined => (say["trace.other.memberDeclined"], "R6", say["trace.other.chosen.next"]),
            BindingVerdict.LeftToStore => (IsLeft(changed) ? say["trace.other.leaverToStore", say.Store(had.Store)] : say["trace.other.moverToStore", say.Store(had.Store)], "R5", null),
            BindingVerdict.Released => (say["trace.other.released"], "R5", null),
            BindingVerdict.Merged => (say["trace.other.merged"], "R6", null),
            _ => ("", "", (string?)null),
        };
        if (rule.Length == 0) return null;
        var who = say.Party(had.Staff, had.Store);
        return new TraceEntry(
            who, TraceOutcome.NotGiven, say["trace.other.had", who, say.Day(changed.Day)] + sentence, rule, next, null, Role.Owner, changed.Cause.Id, changed.Day);
    }

    private static bool IsLeft(BindingEvent changed) => changed.Cause is StaffFact { Event: StaffEvent.Left };
}
