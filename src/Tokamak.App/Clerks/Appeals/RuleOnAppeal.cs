using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What the office decides.</summary>
/// <param name="State">Upheld, partly or rejected.</param>
/// <param name="Reason">For the clerk.</param>
/// <param name="Remedy">What puts it right; null exactly where it is rejected.</param>
public sealed record Ruling(AppealState State, string Reason, Remedy? Remedy);

/// <summary>Who rules, and the day's moment.</summary>
/// <param name="Account">The account.</param>
/// <param name="Staff">Who they are on the roster, if they are on it.</param>
/// <param name="Now">When.</param>
public sealed record Ruler(string Account, StaffId? Staff, Instant Now);

public enum RulingOutcome
{
    /// <summary>It is ruled; the turn is to be committed.</summary>
    Ruled,

    /// <summary>It could be ruled so, and this is what changes; nothing is to be committed.</summary>
    Shown,

    /// <summary>The books have changed since it was shown: this is what changes now; nothing is to be committed.</summary>
    ShownAnew,

    Unknown,

    /// <summary>Somebody else has ruled on it, the clerk has withdrawn it, or it is late and not taken up.</summary>
    NotOpen,

    /// <summary>Nobody rules on their own appeal.</summary>
    Own,

    /// <summary>What is to put it right cannot be: the fault says why.</summary>
    NoSuchRemedy,

    /// <summary>The books refuse the facts, or would keep them waiting: the reason says why.</summary>
    Refused,

    /// <summary>So many wait to be derived anew that the effect cannot be seen yet.</summary>
    Busy,
}

/// <summary>What became of a ruling.</summary>
public sealed record Ruled(RulingOutcome Outcome, RulingEffect? Effect = null, RemedyFault? Fault = null, string? Reason = null, FactId? Corrected = null);

/// <param name="Books">As they were known then.</param>
/// <param name="Months">Of the same roster and policy.</param>
public sealed record SettledBefore(KnownBooks Books, SettledMonths Months);

/// <summary>
/// Rules on an appeal by posting the facts that put it right, in the same turn. It is shown first by doing it in a turn that is not
/// committed, so that what is shown is what will be, to the last row (docs/adr/0015).
/// </summary>
public static class RuleOnAppeal
{
    /// <summary>What a ruling changes.</summary>
    /// <param name="turn">A write turn, never to be committed.</param>
    /// <param name="number">The appeal.</param>
    /// <param name="ruling">What the office would decide.</param>
    /// <param name="ruler">Who asks.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="settled">Months settled before the turn, so that it need not settle them while others wait; null to do so.</param>
    public static Task<Ruled> ShowAsync(Turn turn, long number, Ruling ruling, Ruler ruler, CancellationToken stop, SettledBefore? settled = null) =>
        DecideAsync(turn, number, ruling, ruler, null, settled, stop);

    /// <param name="turn">A write turn; to be committed where the outcome says so, and else not.</param>
    /// <param name="number">The appeal.</param>
    /// <param name="ruling">What the office decides.</param>
    /// <param name="ruler">Who rules.</param>
    /// <param name="shown">The digest of the effect that they were shown.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="settled">As for <see cref="ShowAsync"/>.</param>
    public static Task<Ruled> RunAsync(Turn turn, long number, Ruling ruling, Ruler ruler, string shown, CancellationToken stop, SettledBefore? settled = null) =>
        DecideAsync(turn, number, ruling, ruler, shown, settled, stop);

    private static async Task<Ruled> DecideAsync(Turn turn, long number, Ruling ruling, Ruler ruler, string? shown, SettledBefore? settled, CancellationToken stop)
    {
        if (ruling.State is not (AppealState.Upheld or AppealState.Partly or AppealState.Rejected) || (ruling.Remedy is null) != (ruling.State == AppealState.Rejected))
            throw new ArgumentException("An appeal is upheld by what puts it right, and rejected without.", nameof(ruling));
        await using var books = turn.Books();
        if (await books.Appeals.SingleOrDefaultAsync(row => row.Number == number, stop) is not { } appeal) return new Ruled(RulingOutcome.Unknown);
        if (appeal.State != AppealState.Open) return new Ruled(RulingOutcome.NotOpen);
        if (appeal.OpenedBy == ruler.Account || appeal.Staff == ruler.Staff?.Value) return new Ruled(RulingOutcome.Own);

        var remedy = ruling.Remedy is null ? new RemedyFacts([]) : await RemedyFacts.OfAsync(turn, number, new FactId(appeal.Sale), ruling.Remedy, ruler.Now, stop);
        if (remedy.Fault is { } fault) return new Ruled(RulingOutcome.NoSuchRemedy, Fault: fault);
        // The void wakes what waited for more of the old sale: the writer is to see that another takes its place.
        if (remedy.Corrected is { } corrected) await turn.ExecuteAsync("update appeal set corrected = @corrected where number = @number", stop, ("corrected", corrected.Value), ("number", number));
        var (effect, reason) = remedy.Facts.Count == 0 ? (RulingEffect.None, null) : await PostAsync(turn, remedy.Facts, ruler, settled, stop);
        if (reason is not null) return new Ruled(RulingOutcome.Refused, Reason: reason);
        if (effect is null) return new Ruled(RulingOutcome.Busy);
        if (shown is null) return new Ruled(RulingOutcome.Shown, effect, Corrected: remedy.Corrected);
        if (shown != effect.Digest) return new Ruled(RulingOutcome.ShownAnew, effect, Corrected: remedy.Corrected);

        var facts = ruling.Remedy is RightAlready right ? right.Fact.Value : string.Join(' ', remedy.Facts.Select(fact => fact.Id.Value));
        var member = ruling.Remedy switch { ServiceToAdd service => service.Member.Value, CorrectSale { Member: { } other } => other.Value, _ => null };
        await turn.ExecuteAsync(
            "update appeal set state = @state, settled_at_ticks = @now, settled_by = @by, ruling = @ruling, facts = @facts, member = @member where number = @number", stop,
            ("state", (short)ruling.State), ("now", ruler.Now.Ticks), ("by", ruler.Account), ("ruling", ruling.Reason), ("facts", facts), ("member", member), ("number", number));
        return new Ruled(RulingOutcome.Ruled, effect, Corrected: remedy.Corrected);
    }

    /// <summary>Posts the facts, all or none of which are to stay.</summary>
    /// <returns>What they change, or null where that cannot be seen yet; or why they cannot be.</returns>
    private static async Task<(RulingEffect? Effect, string? Refusal)> PostAsync(Turn turn, IReadOnlyList<Fact> facts, Ruler ruler, SettledBefore? settled, CancellationToken stop)
    {
        var (mark, rules, totals, before) = await BeforeAsync(turn, settled, stop);
        var answers = await OfficeFacts.PostAsync(turn, facts, ruler.Account, ruler.Now, stop);
        if (answers.FirstOrDefault(answer => answer.Status is not FactStatus.Accepted) is { } not) return (null, not.Reason ?? not.Status.ToString());
        if (await WorkQueue.CountAsync(turn, 1, stop) > 0) return (null, null);
        var now = await BookMark.ReadAsync(turn, stop);
        // A void may have woken what waited for somebody of the roster: then totals are of another one.
        var isSame = now.RosterSeq == mark.RosterSeq;
        var after = isSame ? AsOf(rules, now) : await BookRules.LoadAsync(turn, stop);
        var anew = await MonthTotals.ReadAsync(turn, after, isSame ? (totals, rules.Postings) : null, stop);
        return (await RulingEffect.OfAsync(turn, after, rules.Postings, before, anew.Settle(after), stop), null);
    }

    private static async Task<(BookMark Mark, BookRules Rules, MonthTotals Totals, Settlement Settlement)> BeforeAsync(Turn turn, SettledBefore? settled, CancellationToken stop)
    {
        var mark = await BookMark.ReadAsync(turn, stop);
        if (settled is var (books, months) && (books.Mark.RosterSeq, books.Mark.Versions) == (mark.RosterSeq, mark.Versions) && months.Postings <= mark.Postings)
        {
            var known = AsOf(books.Rules, mark);
            if (months.Postings == mark.Postings) return (mark, known, months.Totals, months.Settlement);
            var since = await MonthTotals.ReadAsync(turn, known, (months.Totals, months.Postings), stop);
            return (mark, known, since, since.Settle(known));
        }
        var rules = await BookRules.LoadAsync(turn, stop);
        var totals = await MonthTotals.ReadAsync(turn, rules, null, stop);
        return (mark, rules, totals, totals.Settle(rules));
    }

    private static BookRules AsOf(BookRules rules, BookMark mark) => rules with { Facts = mark.Facts, Postings = mark.Postings, Horizon = mark.Horizon, LastClosed = mark.LastClosed };

    /// <summary>The address of an appeal's page.</summary>
    public static string LinkTo(long number) => string.Create(CultureInfo.InvariantCulture, $"/appeals/{number}");
}
