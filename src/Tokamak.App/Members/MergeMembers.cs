using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>What became of a merge, or of taking one back.</summary>
public enum MergeOutcome
{
    Done,

    /// <summary>They are one person already; or, taking back, this id is merged into nobody.</summary>
    NothingToDo,

    /// <summary>Nobody has heard of one of them.</summary>
    Unknown,

    /// <summary>One of them was erased, or has asked to be: whoever is erased takes all their ids along, and nobody is made part of that.</summary>
    Erasing,

    /// <summary>The books cannot take it now: the reason says why.</summary>
    Refused,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Member">Who they are now.</param>
/// <param name="Reason">Of a refusal.</param>
public sealed record Merged(MergeOutcome Outcome, MemberId? Member = null, string? Reason = null);

/// <summary>
/// Two ids become one person, by a fact (R6) that another fact can take back: purchases, keys and consents stay with the id that
/// they came with, and are read together as long as the merge stands. So nothing is lost by either.
/// </summary>
public static class MergeMembers
{
    /// <summary>An id has 100; some are left for what makes it another.</summary>
    private const int MostLettersOfName = 90;

    public const int MostLettersOfReason = 200;

    /// <summary>Merges two people; the one who was a member first stays.</summary>
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="one">One id.</param>
    /// <param name="other">The other.</param>
    /// <param name="by">The account or key that decided it.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Merged> RunAsync(Turn turn, MemberId one, MemberId other, string by, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, one, stop) is not { } first || await KeyHolders.RootOfAsync(turn, other, stop) is not { } second) return new Merged(MergeOutcome.Unknown);
        if (first == second) return new Merged(MergeOutcome.NothingToDo, first);
        if (await Erasures.AnyGoneAsync(turn, [first, second], stop)) return new Merged(MergeOutcome.Erasing);
        var families = await KeyHolders.FamiliesAsync(turn, [first, second], stop);
        foreach (var family in families.Values)
            if (await Erasures.OfAsync(turn, family, stop) is not null) return new Merged(MergeOutcome.Erasing);
        var (into, from) = await IsOlderAsync(turn, second, first, stop) ? (second, first) : (first, second);
        var merge = new MergeFact(await FreeIdAsync(turn, $"merge-{from}-{into}", stop), now, 0, from, into);
        var answer = (await OfficeFacts.PostAsync(turn, [merge], by, now, stop))[0];
        if (answer.Status != FactStatus.Accepted) return new Merged(MergeOutcome.Refused, Reason: answer.Reason);
        await turn.ExecuteAsync("delete from two_people where (one = @a and other = @b) or (one = @b and other = @a)", stop, ("a", from.Value), ("b", into.Value));
        return new Merged(MergeOutcome.Done, into);
    }

    /// <summary>Takes back the merge that made an id part of somebody else: what followed from it is put right by postings.</summary>
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="from">The id that is to be a person of its own again.</param>
    /// <param name="by">The account or key that decided it.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Merged> TakeBackAsync(Turn turn, MemberId from, string by, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, from, stop) is not { } root) return new Merged(MergeOutcome.Unknown);
        if ((await StandingAsync(turn, [from], stop)).LastOrDefault() is not { } merge) return new Merged(MergeOutcome.NothingToDo, root);
        var answer = (await OfficeFacts.PostAsync(turn, [new VoidFact(await FreeIdAsync(turn, $"void-{merge.Id}", stop), now, 0, merge.Id)], by, now, stop))[0];
        return answer.Status == FactStatus.Accepted ? new Merged(MergeOutcome.Done, from) : new Merged(MergeOutcome.Refused, Reason: answer.Reason);
    }

    /// <summary>The merges that made any of these ids part of another and still stand, the oldest first.</summary>
    public static async Task<List<MergeFact>> StandingAsync(Turn turn, IReadOnlyCollection<MemberId> from, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = from.Select(id => id.Value).ToList();
        var rows = await books.Facts.Where(fact => fact.Member != null && ids.Contains(fact.Member) && (fact.Type == (short)FactOrder.Merge || fact.Type == (short)FactOrder.Void)).OrderBy(fact => fact.AtTicks).ToListAsync(stop);
        var facts = rows.ConvertAll(StoredForms.FactOf);
        var voided = facts.OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        return [.. facts.OfType<MergeFact>().Where(merge => !voided.Contains(merge.Id))];
    }

    /// <summary>Somebody has decided that two members are two people: they are not suggested again.</summary>
    /// <returns>False: nobody has heard of one of them, they were erased, or they are one person by now; nothing was kept.</returns>
    public static async Task<bool> AreTwoAsync(Turn turn, MemberId one, MemberId other, string by, string reason, Instant now, CancellationToken stop)
    {
        // Who they are now: suggestions are about that.
        if (await KeyHolders.LivingAsync(turn, one, stop) is not { } oneNow || await KeyHolders.LivingAsync(turn, other, stop) is not { } otherNow || oneNow == otherNow) return false;
        var (first, second) = oneNow.CompareTo(otherNow) < 0 ? (oneNow, otherNow) : (otherNow, oneNow);
        await turn.UpsertAsync<TwoPeopleRow>([new TwoPeopleRow { One = first.Value, Other = second.Value, AtTicks = now.Ticks, DecidedBy = by, Reason = reason }], stop);
        return true;
    }

    private static async Task<bool> IsOlderAsync(Turn turn, MemberId one, MemberId other, CancellationToken stop)
    {
        await using var books = turn.Books();
        async Task<long> SinceAsync(MemberId id) => await books.People.Where(person => person.Member == id.Value).Select(person => (long?)person.JoinedAtTicks).SingleOrDefaultAsync(stop) ?? long.MaxValue;
        return (await SinceAsync(one)).CompareTo(await SinceAsync(other)) is var order && (order < 0 || (order == 0 && one.CompareTo(other) < 0));
    }

    /// <summary>The same two may be merged, parted and merged again: each time is a fact of its own.</summary>
    private static async Task<FactId> FreeIdAsync(Turn turn, string name, CancellationToken stop)
    {
        await using var books = turn.Books();
        // Ids may be long themselves, and an id of both too long.
        var begins = name.Length <= MostLettersOfName ? name : $"{name.Split('-')[0]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 20))}";
        for (var number = 1; ; number++)
        {
            var id = number == 1 ? begins : string.Create(CultureInfo.InvariantCulture, $"{begins}~{number}");
            if (!await books.Facts.AnyAsync(fact => fact.Id == id, stop) && !await books.Parked.AnyAsync(row => row.Id == id, stop)) return new FactId(id);
        }
    }
}
