using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class PolicyTermsTests
{
    private static readonly PolicyVersion Whole = PolicyTemplates.Of(PolicyTemplate.DecayingOwner, 1, new DateOnly(2026, 1, 1), "Asia/Taipei", "TWD") with
    {
        Bands = new(BandMode.Whole, [new(0, 100), new(1000, 120)]), CapPerMonth = 500, Bounties = [new("sign-up", 50, true, true, 30, 300)],
    };

    /// <summary>Every field of a version, changed alone, with the one term that then changes.</summary>
    private static readonly Dictionary<string, (PolicyVersion Changed, PolicyTerm Term)[]> Changed = new()
    {
        [nameof(PolicyVersion.Version)] = [],
        [nameof(PolicyVersion.EffectiveFrom)] = [(Whole with { EffectiveFrom = new(2027, 1, 1) }, new(TermKind.Start))],
        [nameof(PolicyVersion.Timezone)] = [(Whole with { Timezone = "UTC" }, new(TermKind.Units))],
        [nameof(PolicyVersion.Currency)] = [(Whole with { Currency = "USD" }, new(TermKind.Units))],
        [nameof(PolicyVersion.Services)] =
        [
            (Service(terms => terms with { Strength = 9 }), new(TermKind.Service, "app-install")), (Service(terms => terms with { Renews = false }), new(TermKind.Service, "app-install")),
            (Service(terms => terms with { LockDays = 9 }), new(TermKind.Life, "app-install")), (Service(terms => terms with { LifeDays = 9 }), new(TermKind.Life, "app-install")),
        ],
        [nameof(PolicyVersion.Takeover)] = [(Whole with { Takeover = Takeover.Any }, new(TermKind.Takeover))],
        [nameof(PolicyVersion.StaffMoves)] = [(Whole with { StaffMoves = StaffMoves.Stay }, new(TermKind.StaffMoves))],
        [nameof(PolicyVersion.StaffLeaves)] = [(Whole with { StaffLeaves = StaffLeaves.Release }, new(TermKind.StaffLeaves))],
        [nameof(PolicyVersion.Decay)] = [(Whole with { Decay = [] }, new(TermKind.Decay))],
        [nameof(PolicyVersion.LinkDays)] = [(Whole with { LinkDays = 9 }, new(TermKind.Link))],
        [nameof(PolicyVersion.SelfPurchase)] = [(Whole with { SelfPurchase = SelfPurchase.Allow }, new(TermKind.SelfPurchase))],
        [nameof(PolicyVersion.Split)] =
        [
            (Split(rule => rule with { OwnerPercent = 1 }), new(TermKind.Shares, Channel: Channel.Store)), (Split(rule => rule with { CloserPercent = 1 }), new(TermKind.Shares, Channel: Channel.Store)),
            (Split(rule => rule with { HandoverPercent = 1 }), new(TermKind.Shares, Channel: Channel.Store)), (Split(rule => rule with { Closer = [] }), new(TermKind.Closers, Channel: Channel.Store)),
        ],
        [nameof(PolicyVersion.Rates)] =
        [
            (Rate(rule => rule with { RateBps = 9 }), new(TermKind.Rate, Role: Role.Handover)), (Rate(rule => rule with { CategoryRatesBps = new Dictionary<string, int> { ["x"] = 1 } }), new(TermKind.Rate, Role: Role.Handover)),
            (Rate(rule => rule with { PerHandover = 9 }), new(TermKind.Rate, Role: Role.Handover)), (Rate(rule => rule with { PerHandoverMinNet = 9 }), new(TermKind.Rate, Role: Role.Handover)),
        ],
        [nameof(PolicyVersion.Bands)] = [(Whole with { Bands = null }, new(TermKind.Bands)), (Whole with { Bands = Whole.Bands! with { Mode = BandMode.Marginal } }, new(TermKind.Bands))],
        [nameof(PolicyVersion.CapPerMonth)] = [(Whole with { CapPerMonth = null }, new(TermKind.Cap))],
        [nameof(PolicyVersion.StaffPercent)] = [(Whole with { StaffPercent = 1 }, new(TermKind.StaffPercent))],
        [nameof(PolicyVersion.Bounties)] = [(Whole with { Bounties = [] }, new(TermKind.Bounty, "sign-up")), (Whole with { Bounties = [Whole.Bounties[0] with { MinNet = 9 }] }, new(TermKind.Bounty, "sign-up"))],
        [nameof(PolicyVersion.HoldDaysStore)] = [(Whole with { HoldDaysStore = 9 }, new(TermKind.Hold))],
        [nameof(PolicyVersion.HoldDaysOnline)] = [(Whole with { HoldDaysOnline = 9 }, new(TermKind.Hold))],
        [nameof(PolicyVersion.ClawbackDays)] = [(Whole with { ClawbackDays = 9 }, new(TermKind.Clawback))],
    };

    public static TheoryData<string> Fields => [.. typeof(PolicyVersion).GetProperties().Select(property => property.Name)];

    [Theory, MemberData(nameof(Fields))]
    public void A_field_changed_alone_changes_its_term_and_no_other(string field)
    {
        Assert.Empty(PolicyChanges.Between(Whole, Whole));
        Assert.All(Changed[field], one => Assert.Equal(new PolicyChange(one.Term, true, true) with { IsThere = one.Changed.Bounties.Count > 0 || one.Term.Kind != TermKind.Bounty }, Assert.Single(PolicyChanges.Between(Whole, one.Changed))));
    }

    [Fact]
    public void What_comes_and_what_goes_is_told_apart_from_both_sides()
    {
        var fewer = Whole with { Services = [.. Whole.Services.Skip(1)], Rates = [.. Whole.Rates.Skip(1)] };
        Assert.All(PolicyChanges.Between(Whole, fewer), change => Assert.Equal((true, false), (change.WasThere, change.IsThere)));
        Assert.All(PolicyChanges.Between(fewer, Whole), change => Assert.Equal((false, true), (change.WasThere, change.IsThere)));
        Assert.Equal([TermKind.Service, TermKind.Life, TermKind.Rate], PolicyChanges.Between(Whole, fewer).Select(change => change.Term.Kind));
    }

    [Fact]
    public void Versions_differ_for_one_exactly_where_they_differ_for_the_other()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var dice = new Random(seed);
            var (one, other) = (RandomPolicy.Of(dice, new DateOnly(2026, 1, 1)).Versions[0], RandomPolicy.Of(dice, new DateOnly(2026, 1, 1)).Versions[0]);
            var there = PolicyChanges.Between(one, other);
            Assert.Equal(there.Select(change => change.Term).ToHashSet(), PolicyChanges.Between(other, one).Select(change => change.Term).ToHashSet());
            Assert.Equal(there.Select(change => change.Part), there.Select(change => change.Part).Order());
        }
    }

    private static PolicyVersion Service(Func<ServiceTerms, ServiceTerms> change) => Whole with { Services = [change(Whole.Services[0]), .. Whole.Services.Skip(1)] };
    private static PolicyVersion Split(Func<SplitRule, SplitRule> change) => Whole with { Split = [change(Whole.Split[0]), .. Whole.Split.Skip(1)] };
    private static PolicyVersion Rate(Func<RateRule, RateRule> change) => Whole with { Rates = [.. Whole.Rates.SkipLast(1), change(Whole.Rates[^1])] };
}
