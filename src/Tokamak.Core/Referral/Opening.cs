using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>All that a later fact about a member can depend on: the binding as last looked at, clicks (R8), a decline (R6).</summary>
public sealed record MemberStanding(Binding? Binding, IReadOnlyList<LinkClick> Clicks, bool Declined)
{
    public static readonly MemberStanding None = new(null, [], false);
}

/// <summary>What was decided at a sale, once (R7, R8): the owner with the percent decay leaves, and by line who closed it.</summary>
public sealed record DecidedSale(Party? Owner, int DecayPercent, IReadOnlyList<Party?> Closers);

/// <summary>
/// What earlier facts have led to, for a replay over only some facts: it begins where those have left off. Sales named
/// here are in the log as well, with all facts about them, and post again what they have posted; their decision is recalled,
/// not made anew. Merges named here have had their effect already.
/// </summary>
public sealed record Opening(
    IReadOnlyDictionary<MemberId, MemberStanding> Members,
    IReadOnlyDictionary<FactId, DecidedSale> Sales,
    IReadOnlySet<FactId> Merged,
    IReadOnlyCollection<BountyDecision> Bounties);
