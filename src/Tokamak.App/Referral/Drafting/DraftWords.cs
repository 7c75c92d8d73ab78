using Tokamak.App.Brands;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>What the editor says in the language of whoever edits: faults, warnings, templates and parts.</summary>
public sealed class DraftWords(Texts t, Show show)
{
    private const long PayIsOf = 10_000;
    private readonly TraceWords _say = new(BrandNames.None, t, show);

    public string PartOf(MechanismPart part) => part switch
    {
        MechanismPart.Frame => t["drafts.part.frame"],
        MechanismPart.Binding => t["part.binding"],
        MechanismPart.Services => t["part.services"],
        MechanismPart.Lives => t["part.lives"],
        MechanismPart.Settled => t["part.settled"],
        MechanismPart.Divided => t["part.divided"],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    /// <summary>What a template is called, and what it does.</summary>
    public (string Name, string Does) Of(PolicyTemplate template) => template switch
    {
        PolicyTemplate.CloserOnly => (t["template.closer"], t["template.closer.does"]),
        PolicyTemplate.DecayingOwner => (t["template.decaying"], t["template.decaying.does"]),
        PolicyTemplate.StoreShared => (t["template.store"], t["template.store.does"]),
        PolicyTemplate.OnlineFriendly => (t["template.online"], t["template.online.does"]),
        _ => throw new ArgumentOutOfRangeException(nameof(template), template, null),
    };

    /// <summary>What is wrong at a field, and what may stand there.</summary>
    public string Of(string field, Fault fault, DraftFrame frame) => fault.Kind switch
    {
        FaultKind.Number when field.EndsWith(".rate", StringComparison.Ordinal) || field.EndsWith(".categories", StringComparison.Ordinal) => t["fault.rate"],
        FaultKind.Number when fault.Most == long.MaxValue => t["fault.amount", show.Money(fault.Least)],
        FaultKind.Number => t["fault.number", show.Count(fault.Least), show.Count(fault.Most)],
        FaultKind.Word when field == "timezone" => t["fault.zone"],
        FaultKind.Word when field == "currency" => t["fault.currency"],
        FaultKind.Word => t["fault.word"],
        FaultKind.Date => t["fault.date"],
        FaultKind.Id => t["fault.id"],
        FaultKind.Twice => t["fault.twice"],
        FaultKind.NotRising => t["fault.rising"],
        FaultKind.TooMuch => t["fault.toomuch"],
        FaultKind.Hidden => t["fault.hidden"],
        FaultKind.Misplaced when field.StartsWith("rates", StringComparison.Ordinal) => t["fault.handoveronly"],
        FaultKind.Misplaced when field.StartsWith("bounties", StringComparison.Ordinal) => t["fault.nobounty"],
        FaultKind.Misplaced => t["fault.decline"],
        FaultKind.Empty => t["fault.empty"],
        FaultKind.TooEarly when frame.Earliest is { } earliest => t["fault.early", show.Day(earliest)],
        FaultKind.TooLate when frame.Latest is { } latest => t["fault.late", show.Day(latest)],
        FaultKind.TooEarly or FaultKind.TooLate or FaultKind.Other => t["fault.other"],
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, null),
    };

    /// <summary>A sentence with the figures; names from the data are marked (<see cref="TraceWords"/>).</summary>
    public string Of(PolicyWarning warning) => warning switch
    {
        Unlocked { Takeover: Takeover.Any } one => t["risk.unlocked.any", _say.Kind(one.Kind)],
        Unlocked { Takeover: Takeover.Equal } one => t["risk.unlocked.equal", _say.Kind(one.Kind), show.Count(one.Strength)],
        Unlocked one => t["risk.unlocked.stronger", _say.Kind(one.Kind), show.Count(one.Strength)],
        WeakTakesStrong one => t["risk.weak", _say.Kind(one.Weak), show.Count(one.WeakStrength), _say.Kind(one.Strong), show.Count(one.StrongStrength)],
        NeverTakenOver one => t["risk.never", show.Count(one.LifeDays)],
        NobodyIsBound one => t["risk.nobody", show.Count(one.OwnerPercent)],
        CheapRenewal one => t["risk.renewal", _say.Kind(one.Kind), show.Count(one.Strength), show.Count(one.Strongest)],
        LongLock one => t["risk.lock", _say.Kind(one.Kind), show.Count(one.LockDays)],
        OwnerForEver one => t["risk.forever", show.Count(one.OwnerPercent), show.Count(one.LifeDays)],
        DecayRises one => t["risk.rises", show.Count(one.Days), show.Count(one.Percent), show.Count(one.BeforePercent)],
        LongLink one => t["risk.link", show.Count(one.LinkDays)],
        BeforeTheClerk one => t["risk.before", Channel(one.Channel), one.Source == CloserSource.Code ? t["source.code"] : t["source.link"]],
        SelfPurchaseAllowed => t["risk.self"],
        HoldShorterThanReturns one => t["risk.hold", show.Count(one.HoldDays), show.Count(one.ReturnDays)],
        NothingTakenBack one => t["risk.clawback", show.Count(one.ClawbackDays), show.Count(one.HoldDays)],
        HandoverWithoutMinimum one => t["risk.handover.none", Handover(one.Grade), show.Money(one.Pay)],
        HandoverDear one => t["risk.handover.dear", Handover(one.Grade), show.Money(one.Pay), show.Money(one.MinNet)],
        ShareWithoutRate one => t["risk.share", _say.Role(one.Role)],
        RateWithoutShare one => t["risk.rate", _say.Role(one.Role)],
        OneTakesMost one => t["risk.one", Channel(one.Channel), show.Count(one.Percent), show.Money(PayIsOf), show.Money(one.PayOf10000)],
        WholeCliff one => t["risk.cliff", show.Money(one.From), show.Count(one.BeforePercent), show.Count(one.AfterPercent), show.MoneyChange(one.Jump), show.ExactRate(one.RateBps)],
        BandFalls one => t["risk.falls", show.Money(one.From), show.Count(one.BeforePercent), show.Count(one.AfterPercent)],
        NothingToClerks => t["risk.nothing"],
        BountyRepeats one => t["risk.bounty.repeats", _say.Kind(one.Kind), show.Money(one.Amount)],
        BountyForNothing one => t["risk.bounty.fornothing", _say.Kind(one.Kind), show.Money(one.Amount)],
        BountyUnbound one => t["risk.bounty.unbound", _say.Kind(one.Kind), show.Money(one.Amount)],
        BountyNeverBound one => t["risk.bounty.neverbound", _say.Kind(one.Kind)],
        BountyAbovePurchase one => t["risk.bounty.above", _say.Kind(one.Kind), show.Money(one.Amount), show.Money(one.MinNet)],
        _ => throw new ArgumentOutOfRangeException(nameof(warning), warning, null),
    };

    public string Kind(string kind) => _say.Kind(kind);

    private string Channel(Channel channel) => channel == Core.Referral.Channel.Store ? t["channel.store.sale"] : t["channel.online.sale"];

    private string Handover(string? grade) => grade is null ? t["role.handover"] : t["policy.rate.grade", t["role.handover"], NameMarks.Of(grade)];
}
