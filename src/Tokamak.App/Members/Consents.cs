using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>How a purpose stands with a member: their last word.</summary>
public sealed record ConsentState(string Purpose, bool Given, Instant Since, string Wording, MemberChannel Channel);

/// <summary>What members agree to. Nothing said is not agreed.</summary>
public static class Consents
{
    public const string Marketing = "marketing";

    public const int MostLettersOfName = 60;

    /// <summary>A member agrees or refuses.</summary>
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="member">The id of theirs to which it is said.</param>
    /// <param name="said">What. Two words in one moment about one purpose are one: the refusal, if one of them is.</param>
    /// <param name="channel">Where.</param>
    /// <param name="by">The account or key that says so; null for the member.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False: nobody has heard of such a member, or they were erased, and nothing was kept.</returns>
    public static async Task<bool> SayAsync(Turn turn, MemberId member, IReadOnlyList<SaidConsent> said, MemberChannel channel, string? by, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.LivingAsync(turn, member, stop) is null) return false;
        await KeepAsync(turn, member, said, channel, by, now, stop);
        return true;
    }

    /// <summary>As <see cref="SayAsync"/>, of somebody who is known to be there.</summary>
    internal static async Task KeepAsync(Turn turn, MemberId member, IReadOnlyList<SaidConsent> said, MemberChannel channel, string? by, Instant now, CancellationToken stop)
    {
        if (said.Count == 0) return;
        await using var books = turn.Books();
        var last = await books.Consents.Where(row => row.Member == member.Value).MaxAsync(row => (long?)row.AtTicks, stop) ?? 0;
        // A clock that stands still or went back does not change what was said last.
        var at = Math.Max(now.Ticks, last + 1);
        await turn.InsertAsync(
            [
                .. said.GroupBy(one => one.Purpose).Select(same => same.FirstOrDefault(one => !one.Given) ?? same.First())
                    .Select(one => new ConsentRow { Member = member.Value, Purpose = one.Purpose, AtTicks = at, Given = one.Given, Wording = one.Wording, Channel = channel, SaidBy = by }),
            ], stop);
    }

    /// <summary>How every purpose stands that any of somebody's ids has said something about.</summary>
    public static async Task<IReadOnlyList<ConsentState>> OfAsync(Turn turn, IReadOnlyList<MemberId> family, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var rows = await books.Consents.Where(row => ids.Contains(row.Member)).ToListAsync(stop);
        return [.. rows.GroupBy(row => row.Purpose).Select(Last).OrderBy(state => state.Purpose, StringComparer.Ordinal)];
    }

    /// <summary>Which of these members may be spoken to for a purpose: asked of every list and message at the moment it goes out.</summary>
    public static async Task<HashSet<MemberId>> GivenByAsync(Turn turn, string purpose, IReadOnlyCollection<MemberId> members, CancellationToken stop)
    {
        var families = await KeyHolders.FamiliesAsync(turn, members, stop);
        var rootOf = families.SelectMany(family => family.Value.Select(id => (Id: id.Value, Root: family.Key))).ToDictionary(pair => pair.Id, pair => pair.Root);
        await using var books = turn.Books();
        var ids = rootOf.Keys.ToList();
        var rows = await books.Consents.Where(row => row.Purpose == purpose && ids.Contains(row.Member)).ToListAsync(stop);
        return [.. rows.GroupBy(row => rootOf[row.Member]).Where(said => Last(said).Given).Select(said => said.Key)];
    }

    // Of two ids that said two things in one moment, the refusal counts.
    private static ConsentState Last(IEnumerable<ConsentRow> said)
    {
        var last = said.OrderByDescending(row => row.AtTicks).ThenBy(row => row.Given).First();
        return new ConsentState(last.Purpose, last.Given, new Instant(last.AtTicks), last.Wording, last.Channel);
    }
}
