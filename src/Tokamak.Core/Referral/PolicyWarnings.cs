namespace Tokamak.Core.Referral;

/// <summary>
/// What can be gamed in a version, or is likely not what was meant, in the order of the five parts. A warning forbids nothing: a brand
/// may have its reasons. The bounds below are judgements about retail and no rules.
/// </summary>
public static class PolicyWarnings
{
    /// <summary>Days within which a distance sale may be returned (domain: facts of the trade).</summary>
    public const int ReturnDays = 7;

    /// <summary>From so many days on a lock is long; up to so many a link may count.</summary>
    public const int LongLockDays = 90, MostLinkDays = 7;

    /// <summary>From such a share on, one clerk in all roles takes most of a sale.</summary>
    public const int MostPercent = 90;

    /// <summary>A handover's pay is dear from this part of the least it must hand over: a tenth.</summary>
    public const int DearPart = 10;

    private static readonly Role[] Roles = [Role.Owner, Role.Closer, Role.Handover];
    private static readonly Channel[] Channels = [Channel.Store, Channel.Online];

    // Nobody does these for the sake of a binding alone: they cost a purchase, or are the member's own.
    private static readonly string[] Costly = [BindingRules.StoreSale, BindingRules.AssistedSale, BindingRules.Choice];

    public static IReadOnlyList<PolicyWarning> Of(PolicyVersion version) =>
        [.. Binding(version).Concat(Services(version)).Concat(Lives(version)).Concat(Settled(version)).Concat(Divided(version)).OrderBy(warning => warning.Part)];

    private static IEnumerable<PolicyWarning> Binding(PolicyVersion version)
    {
        if (version.Services.Count == 0) yield break;
        var (weak, strong) = (version.Services.MinBy(terms => terms.Strength)!, version.Services.MaxBy(terms => terms.Strength)!);
        if (version.Takeover == Takeover.Any && weak.Strength < strong.Strength) yield return new WeakTakesStrong(weak.Kind, weak.Strength, strong.Kind, strong.Strength);
        if (version.Takeover == Takeover.Never) yield return new NeverTakenOver(LongestLife(version));
    }

    private static IEnumerable<PolicyWarning> Services(PolicyVersion version)
    {
        if (version.Services.All(terms => terms.Kind == BindingRules.Choice) && MostShare(version, Role.Owner) is > 0 and var percent) yield return new NobodyIsBound(percent);
        if (version.Decay.Count == 0 || version.Services.Count == 0) yield break;
        var (weakest, strongest) = (version.Services.Min(terms => terms.Strength), version.Services.Max(terms => terms.Strength));
        foreach (var terms in version.Services)
            if (terms.Renews && terms.Strength == weakest && weakest < strongest && !Costly.Contains(terms.Kind)) yield return new CheapRenewal(terms.Kind, terms.Strength, strongest);
    }

    private static IEnumerable<PolicyWarning> Lives(PolicyVersion version)
    {
        var strongest = version.Services.Count == 0 ? 0 : version.Services.Max(terms => terms.Strength);
        foreach (var terms in version.Services)
        {
            // What nobody may take over, or nothing can, needs no lock.
            var isOpen = version.Takeover switch { Takeover.Never => false, Takeover.Stronger => terms.Strength < strongest, _ => true };
            if (terms.LockDays == 0 && isOpen && terms.Kind != BindingRules.Choice) yield return new Unlocked(terms.Kind, terms.Strength, version.Takeover);
            if (terms.LockDays >= LongLockDays) yield return new LongLock(terms.Kind, terms.LockDays);
        }
        if (version.Decay.Count == 0 && MostShare(version, Role.Owner) is > 0 and var percent && version.Services.Count > 0) yield return new OwnerForEver(percent, LongestLife(version));
        for (var i = 1; i < version.Decay.Count; i++)
            if (version.Decay[i].Percent > version.Decay[i - 1].Percent) yield return new DecayRises(version.Decay[i].Days, version.Decay[i].Percent, version.Decay[i - 1].Percent);
        if (version.LinkDays > MostLinkDays && Splits(version).Any(split => split.Closer.Contains(CloserSource.Link) && split.CloserPercent > 0)) yield return new LongLink(version.LinkDays);
    }

    private static IEnumerable<PolicyWarning> Settled(PolicyVersion version)
    {
        foreach (var split in Splits(version))
            if (split.CloserPercent > 0 && split.Closer is [not CloserSource.Staff and var first, ..] && split.Closer.Contains(CloserSource.Staff)) yield return new BeforeTheClerk(split.Channel, first);
        if (version.SelfPurchase == SelfPurchase.Allow) yield return new SelfPurchaseAllowed();
        foreach (var role in Roles)
        {
            var (share, rated) = (MostShare(version, role), version.Rates.Any(rule => rule.Role == role));
            if (share > 0 && !rated) yield return new ShareWithoutRate(role);
            // Handovers may be paid by the piece, without a share.
            if (share == 0 && version.Rates.Any(rule => rule.Role == role && rule.PerHandover is null && rule.RateBps > 0)) yield return new RateWithoutShare(role);
        }
        foreach (var rule in version.Rates)
            if (rule.PerHandover is > 0 and var pay)
            {
                if (rule.PerHandoverMinNet == 0) yield return new HandoverWithoutMinimum(rule.Grade, pay);
                else if (pay >= rule.PerHandoverMinNet / DearPart) yield return new HandoverDear(rule.Grade, pay, rule.PerHandoverMinNet);
            }
        if (version.HoldDaysOnline < ReturnDays) yield return new HoldShorterThanReturns(version.HoldDaysOnline, ReturnDays);
        var hold = Math.Min(version.HoldDaysStore, version.HoldDaysOnline);
        if (version.ClawbackDays <= hold) yield return new NothingTakenBack(version.ClawbackDays, hold);
    }

    private static IEnumerable<PolicyWarning> Divided(PolicyVersion version)
    {
        foreach (var split in Splits(version))
            if (split is { OwnerPercent: > 0, CloserPercent: > 0 } && split.OwnerPercent + split.CloserPercent + split.HandoverPercent is >= MostPercent and var percent)
                yield return new OneTakesMost(split.Channel, percent, Roles.Sum(role => (long)ShareOf(split, role) * HighestRate(version, role)) / 100);
        foreach (var warning in Steps(version)) yield return warning;
        if (version.StaffPercent == 0 || version.CapPerMonth == 0) yield return new NothingToClerks();
        foreach (var bounty in version.Bounties)
        {
            if (bounty.Amount == 0) continue;
            if (!bounty.OncePerMember) yield return new BountyRepeats(bounty.Service, bounty.Amount);
            if (!bounty.Bound) yield return new BountyUnbound(bounty.Service, bounty.Amount);
            else if (version.TermsOf(bounty.Service) is null) yield return new BountyNeverBound(bounty.Service, bounty.Amount);
            if (bounty.RequiresPurchaseWithinDays is null) yield return new BountyForNothing(bounty.Service, bounty.Amount);
            else if (bounty.Amount > bounty.MinNet) yield return new BountyAbovePurchase(bounty.Service, bounty.Amount, bounty.MinNet);
        }
    }

    private static IEnumerable<PolicyWarning> Steps(PolicyVersion version)
    {
        if (version.Bands is not { } bands) yield break;
        var rate = Roles.Max(role => HighestRate(version, role));
        for (var i = 1; i < bands.Steps.Count; i++)
        {
            var (before, step) = (bands.Steps[i - 1].Percent, bands.Steps[i]);
            if (before == step.Percent) continue;
            // Commission on that credit at the rate, times the difference of the percents; towards zero.
            if (bands.Mode == BandMode.Whole) yield return new WholeCliff(step.From, before, step.Percent, rate, (Int128)step.From * rate * (step.Percent - before) / (10_000 * 100));
            else if (step.Percent < before) yield return new BandFalls(step.From, before, step.Percent);
        }
    }

    private static IEnumerable<SplitRule> Splits(PolicyVersion version) => Channels.Select(version.SplitOf).OfType<SplitRule>();

    private static int MostShare(PolicyVersion version, Role role) => Splits(version).Select(split => ShareOf(split, role)).DefaultIfEmpty().Max();

    private static int ShareOf(SplitRule split, Role role) => role switch
    {
        Role.Owner => split.OwnerPercent,
        Role.Closer => split.CloserPercent,
        Role.Handover => split.HandoverPercent,
        Role.Host => 100 - split.OwnerPercent - split.CloserPercent - split.HandoverPercent,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>Of all grades, without what categories change.</summary>
    private static int HighestRate(PolicyVersion version, Role role) => version.Rates.Where(rule => rule.Role == role).Select(rule => rule.RateBps).DefaultIfEmpty().Max();

    private static int LongestLife(PolicyVersion version) => version.Services.Max(terms => terms.LifeDays);
}
