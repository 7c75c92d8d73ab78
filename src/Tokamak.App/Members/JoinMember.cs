using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>What a member has agreed to or refused.</summary>
/// <param name="Purpose">What for, such as <c>marketing</c>.</param>
/// <param name="Given">Whether they agree.</param>
/// <param name="Wording">The version of the text they were shown.</param>
public sealed record SaidConsent(string Purpose, bool Given, string Wording);

/// <summary>Somebody who joins, or whom another channel makes known again.</summary>
/// <param name="Keys">What they come with; at least one.</param>
/// <param name="Channel">Where.</param>
/// <param name="Name">What they are called, if they say.</param>
/// <param name="Birthday">When they were born, if they say.</param>
/// <param name="Language">In which language they want to be spoken to.</param>
/// <param name="Store">The store that brought them.</param>
/// <param name="Staff">The clerk who did.</param>
/// <param name="Consents">What they agree to.</param>
/// <param name="EvenSo">At a counter: they were asked, and are none of those who have the same keys.</param>
public sealed record Joining(
    IReadOnlyList<ClaimedKey> Keys, MemberChannel Channel, string? Name = null, DateOnly? Birthday = null, string? Language = null, StoreId? Store = null, StaffId? Staff = null,
    IReadOnlyList<SaidConsent>? Consents = null, bool EvenSo = false);

/// <summary>What became of somebody who joined.</summary>
/// <param name="Outcome">New, known, or new and perhaps known; erased: the id they were to have is an erased member's.</param>
/// <param name="Member">Who they are; null where a clerk has to ask first or the id was erased, and nothing was done.</param>
/// <param name="MayBe">Whom they may be.</param>
public sealed record Joined(JoinOutcome Outcome, MemberId? Member, IReadOnlyList<MemberId> MayBe)
{
    /// <summary>Of their ids the one that has the key they proved: what they say goes there, and stays theirs if a merge is taken back.</summary>
    public MemberId? Own { get; init; }
}

/// <summary>Makes somebody a member, unless they are one: then what they come with is added to what is known of them.</summary>
public static class JoinMember
{
    /// <summary>The kind of the service that joining is to those who brought a member (R2).</summary>
    public const string SignUp = "sign-up";

    /// <param name="turn">A write turn; to be committed if there is a member.</param>
    /// <param name="joining">Who comes.</param>
    /// <param name="fresh">The id of a new member.</param>
    /// <param name="by">The account or key that says so; null for the member.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Joined> RunAsync(Turn turn, Joining joining, MemberId fresh, string? by, Instant now, CancellationToken stop)
    {
        var holders = await KeyHolders.OfAsync(turn, [.. joining.Keys.Select(claim => claim.Key)], stop);
        var decided = JoinRules.Decide(joining.Keys, joining.Birthday, holders);
        // Who stands at a counter can be asked; who is not seen is not told who else has the number.
        if (decided.Outcome == JoinOutcome.NewMaybeKnown && joining is { EvenSo: false, Channel: MemberChannel.Store or MemberChannel.Clerk })
            return new Joined(decided.Outcome, null, decided.MayBe);
        if (decided.Member is null && await Erasures.AnyGoneAsync(turn, [fresh], stop)) return new Joined(JoinOutcome.Erased, null, []);
        var member = decided.Member ?? fresh;
        var family = (await KeyHolders.FamiliesAsync(turn, [member], stop))[member];
        // A key that somebody else has proved as well is theirs: that both came together is for people to look at.
        List<ClaimedKey> claims = [.. joining.Keys.Select(claim => claim with { IsVerified = claim.IsVerified && !holders.Exists(holder => holder.IsVerified && holder.Key == claim.Key && holder.Member != member) })];
        var own = await OwnAsync(turn, family, claims, stop);
        await AddKeysAsync(turn, own, family, claims, now, stop);
        await KeepAsync(turn, own, joining, now, stop);
        await Consents.KeepAsync(turn, own, joining.Consents ?? [], joining.Channel, by, now, stop);
        // To have brought somebody is a service, once there are rules of what services are.
        if (decided.Outcome != JoinOutcome.Known && joining.Store is { } store && await turn.CountAsync("select count(*) from policy_version", stop) > 0)
            await OfficeFacts.PostAsync(turn, [new ServiceFact(new FactId($"join-{member}"), now, 0, member, SignUp, store, joining.Staff)], by, now, stop);
        return new Joined(decided.Outcome, member, decided.MayBe) { Own = own };
    }

    private static async Task<MemberId> OwnAsync(Turn turn, List<MemberId> family, List<ClaimedKey> claims, CancellationToken stop)
    {
        if (family.Count == 1) return family[0];
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var keys = await books.MemberKeys.Where(key => ids.Contains(key.Member)).ToListAsync(stop);
        var theirs = claims.OrderByDescending(claim => claim.IsVerified)
            .Select(claim => keys.Where(key => key.Kind == (short)claim.Key.Kind && key.Value == claim.Key.Value).OrderByDescending(key => key.ProvedAtTicks is not null).FirstOrDefault()).FirstOrDefault(key => key is not null);
        return theirs is null ? family[0] : new MemberId(theirs.Member);
    }

    /// <summary>Adds what is new, and notes what they have proved now; what one of their ids has already stays there.</summary>
    internal static async Task AddKeysAsync(Turn turn, MemberId member, IReadOnlyList<MemberId> family, IReadOnlyList<ClaimedKey> claims, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var has = await books.MemberKeys.Where(key => ids.Contains(key.Member)).ToListAsync(stop);
        List<MemberKeyRow> rows = [];
        foreach (var claim in claims.DistinctBy(claim => claim.Key))
        {
            var proves = claims.Any(same => same.Key == claim.Key && same.IsVerified);
            var theirs = has.Where(key => key.Kind == (short)claim.Key.Kind && key.Value == claim.Key.Value).ToList();
            if (theirs.Count == 0) rows.Add(new MemberKeyRow { Kind = (short)claim.Key.Kind, Value = claim.Key.Value, Member = member.Value, AddedAtTicks = now.Ticks, ProvedAtTicks = proves ? now.Ticks : null });
            else if (proves && theirs.All(key => key.ProvedAtTicks is null)) rows.Add(theirs[0] with { ProvedAtTicks = now.Ticks });
        }
        await turn.UpsertAsync(rows, stop);
    }

    /// <summary>What is known already is not overwritten by whoever joins again.</summary>
    private static async Task KeepAsync(Turn turn, MemberId member, Joining joining, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var row = await books.People.SingleOrDefaultAsync(person => person.Member == member.Value, stop)
            ?? new PersonRow { Member = member.Value, JoinedAtTicks = now.Ticks, Channel = joining.Channel, Store = joining.Store?.Value, Staff = joining.Staff?.Value };
        await turn.UpsertAsync<PersonRow>([row with { Name = row.Name ?? joining.Name, Birthday = row.Birthday ?? joining.Birthday, Language = row.Language ?? joining.Language }], stop);
    }
}
