using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>What became of asking to be erased, or of taking that back.</summary>
public enum EraseOutcome
{
    Asked,

    /// <summary>They had asked already, and keep the day they have.</summary>
    AskedBefore,

    TakenBack,

    /// <summary>There is nothing to take back.</summary>
    NotAsked,

    /// <summary>They are erased already, since the day that is given.</summary>
    Gone,

    /// <summary>Nobody has heard of them.</summary>
    Unknown,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Member">Who they are.</param>
/// <param name="Day">On which what is known of them goes, or went.</param>
public sealed record Erasing(EraseOutcome Outcome, MemberId? Member = null, DateOnly? Day = null);

/// <summary>
/// Erases people: name, birthday, keys, consents, what was decided of whom they may be and what appeals tell of them, under all their ids. Facts and books,
/// which know them by an opaque id, stay as they are, so that sums and proofs stay (docs/adr/0013).
/// </summary>
public static class EraseMember
{
    /// <summary>Somebody asks; it is done some days later, in which it can be taken back.</summary>
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="member">Any id of theirs, also one that only facts name.</param>
    /// <param name="by">The account or key that asks for them; null for the member.</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Erasing> AskAsync(Turn turn, MemberId member, string? by, DateOnly today, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, member, stop) is not { } root) return new Erasing(EraseOutcome.Unknown);
        var family = (await KeyHolders.FamiliesAsync(turn, [root], stop))[root];
        if (await Erasures.OfAsync(turn, family, stop) is { } before)
            return before.ErasedOn is { } gone ? new Erasing(EraseOutcome.Gone, root, gone) : new Erasing(EraseOutcome.AskedBefore, root, before.DueOn);
        var day = today.AddDays(await Erasures.CoolingOffDaysAsync(turn, stop));
        await turn.InsertAsync<ErasureRow>([new ErasureRow { Member = member.Value, AskedAtTicks = now.Ticks, AskedBy = by, DueOn = day }], stop);
        return new Erasing(EraseOutcome.Asked, root, day);
    }

    /// <summary>They want to stay after all: as long as they are there, also where the day has come and nobody has worked it off.</summary>
    public static async Task<Erasing> TakeBackAsync(Turn turn, MemberId member, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, member, stop) is not { } root) return new Erasing(EraseOutcome.Unknown);
        var family = (await KeyHolders.FamiliesAsync(turn, [root], stop))[root];
        if (await Erasures.OfAsync(turn, family, stop) is not { } asked) return new Erasing(EraseOutcome.NotAsked, root);
        if (asked.ErasedOn is { } gone) return new Erasing(EraseOutcome.Gone, root, gone);
        await turn.DeleteAsync<ErasureRow>("member", [.. family.Select(id => id.Value)], stop);
        return new Erasing(EraseOutcome.TakenBack, root);
    }

    /// <summary>Erases those whose day has come, or came while nobody worked it off: all ids that are one person now.</summary>
    /// <param name="turn">A write turn; to be committed. The log is to be emptied after it (<see cref="BrandDatabase.ForgetLogAsync"/>).</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="most">Of whoever asked.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How many of those who asked; as many as there may be: there may be more.</returns>
    public static async Task<int> RunDueAsync(Turn turn, DateOnly today, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        var due = await books.Erasures.Where(row => row.ErasedOn == null && row.DueOn <= today).OrderBy(row => row.DueOn).ThenBy(row => row.Member).Take(most).ToListAsync(stop);
        if (due.Count == 0) return 0;
        var asked = due.Select(row => row.Member).ToList();
        var roots = await books.Members.Where(member => asked.Contains(member.Id)).ToDictionaryAsync(member => member.Id, member => member.Root, stop);
        MemberId RootOf(ErasureRow row) => new(roots.GetValueOrDefault(row.Member, row.Member));
        var families = await KeyHolders.FamiliesAsync(turn, [.. due.Select(RootOf).Distinct()], stop);
        await EraseAsync(turn, [.. due.SelectMany(row => families[RootOf(row)].Select(id => row with { Member = id.Value, ErasedOn = today })).DistinctBy(row => row.Member)], stop);
        return due.Count;
    }

    /// <summary>Erases ids once more that were erased before, after a backup has brought them back: each as it stands in the list, whose they were then.</summary>
    /// <returns>How many were not erased.</returns>
    public static async Task<int> AgainAsync(Turn turn, IReadOnlyCollection<MemberId> members, string? by, DateOnly today, Instant now, CancellationToken stop)
    {
        return await EraseAsync(turn, [.. members.Distinct().Select(id => new ErasureRow { Member = id.Value, AskedAtTicks = now.Ticks, AskedBy = by, DueOn = today, ErasedOn = today })], stop);
    }

    private static async Task<int> EraseAsync(Turn turn, IReadOnlyList<ErasureRow> rows, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = rows.Select(row => row.Member).ToList();
        var gone = (await books.Erasures.Where(row => ids.Contains(row.Member) && row.ErasedOn != null).Select(row => row.Member).ToListAsync(stop)).ToHashSet();
        rows = [.. rows.Where(row => !gone.Contains(row.Member))];
        await ToldElsewhere.EraseAsync(turn, ids, rows.Select(row => row.ErasedOn).Max() ?? DateOnly.MinValue, stop);
        await turn.DeleteAsync<PersonRow>("member", ids, stop);
        await turn.DeleteAsync<MemberKeyRow>("member", ids, stop);
        await turn.DeleteAsync<ConsentRow>("member", ids, stop);
        await turn.DeleteAsync<HandingNoticeRow>("member", ids, stop);
        await turn.DeleteAsync<TwoPeopleRow>("one", ids, stop);
        await turn.DeleteAsync<TwoPeopleRow>("other", ids, stop);
        await turn.UpsertAsync(rows, stop);
        return rows.Count;
    }
}
