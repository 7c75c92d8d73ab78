using Tokamak.App.Brands;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>One of the five parts of a fair mechanism, in sentences.</summary>
public sealed record PolicyPart(string Name, string Question, IReadOnlyList<PolicySentence> Sentences);

/// <summary>A sentence and the rule it follows from, such as <c>R4</c>.</summary>
public sealed record PolicySentence(string Rule, string Text);

/// <summary>A version of the policy in plain sentences: every field of it changes at least one. Names from the data are marked (NameMarks).</summary>
public sealed class PolicySentences(PolicyVersion version, Texts t, Show show)
{
    private readonly TraceWords _say = new(BrandNames.None, t, show);

    /// <summary>Which version, from when, and what days and amounts mean (R16).</summary>
    public IReadOnlyList<PolicySentence> Frame() =>
    [
        new("R16", t["policy.from", show.Count(version.Version), show.Day(version.EffectiveFrom)]),
        new("R16", t["policy.units", version.Timezone, version.Currency]),
    ];

    public IReadOnlyList<PolicyPart> Parts() =>
    [
        new(t["part.binding"], t["part.binding.asks"], Binding()),
        new(t["part.services"], t["part.services.asks"], Services()),
        new(t["part.lives"], t["part.lives.asks"], Lives()),
        new(t["part.settled"], t["part.settled.asks"], Settled()),
        new(t["part.divided"], t["part.divided.asks"], Divided()),
    ];

    /// <summary>What the version says of one term: nothing where it does not have it.</summary>
    public IReadOnlyList<PolicySentence> Of(PolicyTerm term) => term.Kind switch
    {
        TermKind.Start => [new("R16", t["policy.start", show.Day(version.EffectiveFrom)])],
        TermKind.Units => [new("R16", t["policy.units", version.Timezone, version.Currency])],
        TermKind.Takeover => [Takes()],
        TermKind.StaffMoves => [Moves()],
        TermKind.StaffLeaves => [Leaves()],
        TermKind.Service => [.. version.Services.Where(terms => terms.Kind == term.Name).Select(Service)],
        TermKind.Life => [.. version.Services.Where(terms => terms.Kind == term.Name).Select(Life)],
        TermKind.Decay => [.. Decay()],
        TermKind.Link => [Link()],
        TermKind.Closers => [Closers(term.Channel!.Value)],
        TermKind.SelfPurchase => [Self()],
        TermKind.Rate => [.. version.Rates.Where(rule => rule.Role == term.Role && rule.Grade == term.Name).SelectMany(Rate)],
        TermKind.Hold => [Hold()],
        TermKind.Clawback => [Clawback()],
        TermKind.Shares => [Shares(term.Channel!.Value)],
        TermKind.Bands => [.. Bands()],
        TermKind.Cap => [Cap()],
        TermKind.StaffPercent => [StaffPart()],
        TermKind.Bounty => [.. version.Bounties.Where(bounty => bounty.Service == term.Name).Select(BountyFor)],
        _ => throw new ArgumentOutOfRangeException(nameof(term), term.Kind, null),
    };

    private IReadOnlyList<PolicySentence> Binding() => [new("R3", t["policy.binding"]), new("R4", t["policy.bind"]), Takes(), Moves(), Leaves(), new("R6", t["policy.choice"])];

    private PolicySentence Takes() =>
        new("R4", version.Takeover switch
        {
            Takeover.Never => t["policy.takeover.never"],
            Takeover.Stronger => t["policy.takeover.stronger"],
            Takeover.Equal => t["policy.takeover.equal"],
            Takeover.Any => t["policy.takeover.any"],
            _ => throw new ArgumentOutOfRangeException(nameof(version), version.Takeover, null),
        });

    private PolicySentence Moves() =>
        new("R5", version.StaffMoves switch
        {
            StaffMoves.Follow => t["policy.moves.follow"],
            StaffMoves.Keep => t["policy.moves.keep"],
            StaffMoves.Stay => t["policy.moves.stay"],
            _ => throw new ArgumentOutOfRangeException(nameof(version), version.StaffMoves, null),
        });

    private PolicySentence Leaves() =>
        new("R5", version.StaffLeaves switch
        {
            StaffLeaves.Store => t["policy.leaves.store"],
            StaffLeaves.Release => t["policy.leaves.release"],
            _ => throw new ArgumentOutOfRangeException(nameof(version), version.StaffLeaves, null),
        });

    private IReadOnlyList<PolicySentence> Services() => [new("R1", t["policy.facts"]), .. version.Services.Select(Service), new("R2", t["policy.service.others"])];

    private PolicySentence Service(ServiceTerms terms) => new("R2", terms.Renews
        ? t["policy.service.renews", Kind(terms.Kind), show.Count(terms.Strength)]
        : t["policy.service", Kind(terms.Kind), show.Count(terms.Strength)]);

    private IReadOnlyList<PolicySentence> Lives() => [.. version.Services.Select(Life), .. Decay(), Link()];

    private PolicySentence Life(ServiceTerms terms) => new("R4", t["policy.life", Kind(terms.Kind), show.Count(terms.LockDays), show.Count(terms.LifeDays)]);

    private PolicySentence Link() => new("R8", t["policy.link", show.Count(version.LinkDays)]);

    private IEnumerable<PolicySentence> Decay()
    {
        if (version.Decay.Count == 0)
        {
            yield return new("R7", t["policy.decay.none"]);
            yield break;
        }
        foreach (var step in version.Decay) yield return new("R7", t["policy.decay", show.Count(step.Days), show.Count(step.Percent)]);
        yield return new("R7", t["policy.decay.after", show.Count(version.Decay[^1].Days)]);
    }

    private IReadOnlyList<PolicySentence> Settled() =>
    [
        .. Channels().Select(Closers),
        Self(),
        new("R10", t["policy.differences"]),
        new("R11", t["policy.remaining"]),
        .. version.Rates.SelectMany(Rate),
        new("R12", t["policy.rate.host"]),
        Hold(),
        Clawback(),
    ];

    private PolicySentence Closers(Channel channel) => new("R8", version.SplitOf(channel) is { Closer.Count: > 0 } split
        ? t["policy.closer", Channel(channel), string.Join(t["list.then"], split.Closer.Select(Source))]
        : t["policy.closer.none", Channel(channel)]);

    private PolicySentence Self() => new("R8", version.SelfPurchase == SelfPurchase.Exclude ? t["policy.self.exclude"] : t["policy.self.allow"]);

    private PolicySentence Hold() => new("R13", t["policy.hold", show.Count(version.HoldDaysStore), show.Count(version.HoldDaysOnline)]);

    private PolicySentence Clawback() => new("R13", t["policy.clawback", show.Count(version.ClawbackDays)]);

    private IEnumerable<PolicySentence> Rate(RateRule rule)
    {
        var who = rule.Grade is { } grade ? t["policy.rate.grade", Role(rule.Role), NameMarks.Of(grade)] : Role(rule.Role);
        yield return new("R12", t["policy.rate", who, show.ExactRate(rule.RateBps)]);
        foreach (var (category, rate) in rule.CategoryRatesBps.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            yield return new("R12", t["policy.rate.category", who, NameMarks.Of(category), show.ExactRate(rate)]);
        if (rule.PerHandover is { } pay) yield return new("R12", t["policy.handover", who, show.Money(pay), show.Money(rule.PerHandoverMinNet)]);
    }

    private IReadOnlyList<PolicySentence> Divided() =>
    [
        .. Channels().Select(Shares),
        .. Bands(),
        Cap(),
        StaffPart(),
        new("R14", t["policy.carried"]),
        .. version.Bounties.Select(BountyFor),
        .. version.Bounties.Count == 0 ? (PolicySentence[])[new("R15", t["policy.bounty.none"])] : [],
    ];

    private PolicySentence Cap() => new("R14", version.CapPerMonth is { } cap ? t["policy.cap", show.Money(cap)] : t["policy.cap.none"]);

    private PolicySentence StaffPart() => new("R14", t["policy.staffpercent", show.Count(version.StaffPercent), show.Count(100 - version.StaffPercent)]);

    private PolicySentence Shares(Channel channel) => new("R9", version.SplitOf(channel) is { } split
        ? t["policy.split", Channel(channel), show.Count(split.OwnerPercent), show.Count(split.CloserPercent), show.Count(split.HandoverPercent),
            show.Count(100 - split.OwnerPercent - split.CloserPercent - split.HandoverPercent)]
        : t["policy.split.none", Channel(channel)]);

    private IEnumerable<PolicySentence> Bands()
    {
        if (version.Bands is not { } bands)
        {
            yield return new("R14", t["policy.bands.none"]);
            yield break;
        }
        foreach (var step in bands.Steps)
            yield return new("R14", bands.Mode == BandMode.Whole
                ? t["policy.band.whole", show.Money(step.From), show.Count(step.Percent)]
                : t["policy.band.marginal", show.Money(step.From), show.Count(step.Percent)]);
    }

    private PolicySentence BountyFor(Bounty bounty)
    {
        List<string> said = [t["policy.bounty", Kind(bounty.Service), show.Money(bounty.Amount)]];
        if (bounty.OncePerMember) said.Add(t["policy.bounty.once"]);
        if (bounty.Bound) said.Add(t["policy.bounty.bound"]);
        if (bounty.RequiresPurchaseWithinDays is { } days) said.Add(t["policy.bounty.purchase", show.Count(days), show.Money(bounty.MinNet)]);
        return new("R15", string.Join(t.Language == Language.English ? " " : "", said));
    }

    private static IEnumerable<Channel> Channels() => [Core.Referral.Channel.Store, Core.Referral.Channel.Online];

    private string Kind(string kind) => _say.Kind(kind);

    private string Channel(Channel channel) => channel == Core.Referral.Channel.Store ? t["channel.store.sale"] : t["channel.online.sale"];

    private string Role(Role role) => _say.Role(role);

    private string Source(CloserSource source) => source switch
    {
        CloserSource.Staff => t["source.staff"],
        CloserSource.Code => t["source.code"],
        CloserSource.Link => t["source.link"],
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}
