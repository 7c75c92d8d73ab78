using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>A brand's policy: its versions by rising date, with the time zone that makes instants into days.</summary>
public sealed class Policy(IReadOnlyList<PolicyVersion> versions, Zone zone)
{
    /// <summary>At least one, rising in date and number.</summary>
    public IReadOnlyList<PolicyVersion> Versions { get; } = versions;

    public Zone Zone { get; } = zone;

    /// <summary>The version in force on a day (R16); none before the first one's date.</summary>
    public PolicyVersion? InForceOn(DateOnly day)
    {
        for (var i = Versions.Count - 1; i >= 0; i--)
            if (Versions[i].EffectiveFrom <= day) return Versions[i];
        return null;
    }

    /// <summary>The version whose bands, cap and staff percent settle a sale month (R14).</summary>
    public PolicyVersion SettlingMonth(Month saleMonth) => InForceOn(saleMonth.FirstDay) ?? Versions[0];
}

/// <summary>One version of the referral policy, checked (R16). Percents are whole, rates basis points, days calendar days.</summary>
public sealed record PolicyVersion
{
    public required int Version { get; init; }
    public required DateOnly EffectiveFrom { get; init; }
    public required string Timezone { get; init; }
    public required string Currency { get; init; }
    public required IReadOnlyList<ServiceTerms> Services { get; init; }
    public required Takeover Takeover { get; init; }
    public required StaffMoves StaffMoves { get; init; }
    public required StaffLeaves StaffLeaves { get; init; }
    public required IReadOnlyList<DecayStep> Decay { get; init; }
    public required int LinkDays { get; init; }
    public required SelfPurchase SelfPurchase { get; init; }
    public required IReadOnlyList<SplitRule> Split { get; init; }
    public required IReadOnlyList<RateRule> Rates { get; init; }
    public Bands? Bands { get; init; }
    public long? CapPerMonth { get; init; }
    public required int StaffPercent { get; init; }
    public required IReadOnlyList<Bounty> Bounties { get; init; }
    public required int HoldDaysStore { get; init; }
    public required int HoldDaysOnline { get; init; }
    public required int ClawbackDays { get; init; }

    /// <summary>The terms of a kind, or null where this version does not list it.</summary>
    public ServiceTerms? TermsOf(string kind)
    {
        for (var i = 0; i < Services.Count; i++)
            if (Services[i].Kind == kind) return Services[i];
        return null;
    }

    public SplitRule? SplitOf(Channel channel)
    {
        for (var i = 0; i < Split.Count; i++)
            if (Split[i].Channel == channel) return Split[i];
        return null;
    }

    public Bounty? BountyOn(string kind)
    {
        for (var i = 0; i < Bounties.Count; i++)
            if (Bounties[i].Service == kind) return Bounties[i];
        return null;
    }

    public int HoldDays(Channel channel) => channel == Channel.Store ? HoldDaysStore : HoldDaysOnline;
}

/// <summary>What a kind of service does (R2, R4): strength 1 to 100, days of lock and life, whether it renews decay.</summary>
public sealed record ServiceTerms(string Kind, int Strength, int LockDays, int LifeDays, bool Renews);

public enum Takeover { Never, Stronger, Equal, Any }

public enum StaffMoves { Follow, Keep, Stay }

public enum StaffLeaves { Store, Release }

public enum SelfPurchase { Exclude, Allow }

public enum CloserSource { Staff, Code, Link }

/// <summary>Up to <paramref name="Days"/> after the last renewal the owner's share counts at this percent (R7).</summary>
public readonly record struct DecayStep(int Days, int Percent);

/// <summary>Whole percents of a channel's sales for owner, closer and handover (R9); the host keeps the rest.</summary>
public sealed record SplitRule(Channel Channel, IReadOnlyList<CloserSource> Closer, int OwnerPercent, int CloserPercent, int HandoverPercent);

/// <summary>Commission rate in basis points of a role, for one grade or for all; per category where named (R12).</summary>
public sealed record RateRule(
    Role Role, int RateBps, string? Grade, IReadOnlyDictionary<string, int> CategoryRatesBps, long? PerHandover, long PerHandoverMinNet);

public enum BandMode { Whole, Marginal }

/// <summary>Steps of the percent applied to a month's commission by credit (R14); at least one, rising.</summary>
public sealed record Bands(BandMode Mode, IReadOnlyList<BandStep> Steps);

public readonly record struct BandStep(long From, int Percent);

/// <summary>An amount paid in full to the serving staff for a kind of service (R15).</summary>
public sealed record Bounty(string Service, long Amount, bool OncePerMember, bool Bound, int? RequiresPurchaseWithinDays, long MinNet);
