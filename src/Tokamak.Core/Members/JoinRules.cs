namespace Tokamak.Core.Members;

/// <summary>A key that somebody comes with, and whether they have proved that it is theirs.</summary>
public readonly record struct ClaimedKey(MemberKey Key, bool IsVerified);

/// <summary>Somebody who has one of the keys already.</summary>
/// <param name="Member">Where all their merges lead.</param>
/// <param name="Key">The key they have in common with the newcomer.</param>
/// <param name="IsVerified">Whether they have proved that it is theirs.</param>
/// <param name="HasProved">Whether they have proved any key at all: then nobody else becomes them by a key they did not prove.</param>
/// <param name="Birthday">Theirs, if known.</param>
public sealed record KeyHolder(MemberId Member, MemberKey Key, bool IsVerified, bool HasProved, DateOnly? Birthday);

/// <summary>What becomes of somebody who joins.</summary>
public enum JoinOutcome
{
    /// <summary>Nobody has any of the keys: a new member.</summary>
    New,

    /// <summary>They are a member already.</summary>
    Known,

    /// <summary>A new member, who may be one of those there are: people decide.</summary>
    NewMaybeKnown,

    /// <summary>The id that a new member was to have was somebody's who was erased: nobody has it again, and nothing was done.</summary>
    Erased,
}

/// <param name="Outcome">What becomes of them.</param>
/// <param name="Member">Who they are, if known.</param>
/// <param name="MayBe">Whom they may be as well, for people to decide.</param>
public sealed record JoinDecision(JoinOutcome Outcome, MemberId? Member, IReadOnlyList<MemberId> MayBe);

/// <summary>
/// Who somebody is that joins or signs in. A member is found before a second is made; but nobody becomes another by what they did
/// not prove: a number typed at a counter may be a family's, a friend's or a slip of the finger.
/// </summary>
public static class JoinRules
{
    /// <param name="claims">What they come with.</param>
    /// <param name="birthday">Theirs, if they say.</param>
    /// <param name="holders">Whoever has one of the keys.</param>
    /// <returns>
    /// Known: who proved a key that the newcomer proves too, by the first such key they come with; else the one member who has a key
    /// that the newcomer proves, if that member has proved nothing yet and no birthday speaks against it. Everybody else who has one
    /// of the keys they may be.
    /// </returns>
    public static JoinDecision Decide(IReadOnlyList<ClaimedKey> claims, DateOnly? birthday, IReadOnlyList<KeyHolder> holders)
    {
        var proved = claims.Where(claim => claim.IsVerified).Select(claim => claim.Key).ToHashSet();
        var everybody = holders.Select(holder => holder.Member).Distinct().Order().ToList();
        foreach (var claim in claims)
            if (claim.IsVerified && holders.FirstOrDefault(holder => holder.IsVerified && holder.Key == claim.Key) is { } same) return Known(same.Member, everybody);
        var byNewcomer = holders.Where(holder => proved.Contains(holder.Key)).ToList();
        if (byNewcomer.Select(holder => holder.Member).Distinct().Count() == 1 && byNewcomer[0] is { HasProved: false } one && (birthday is null || one.Birthday is null || birthday == one.Birthday))
            return Known(one.Member, everybody);
        return new JoinDecision(everybody.Count == 0 ? JoinOutcome.New : JoinOutcome.NewMaybeKnown, null, everybody);
    }

    private static JoinDecision Known(MemberId member, List<MemberId> everybody) => new(JoinOutcome.Known, member, [.. everybody.Where(other => other != member)]);
}
