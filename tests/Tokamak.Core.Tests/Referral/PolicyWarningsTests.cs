using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class PolicyWarningsTests
{
    private static readonly PolicyVersion Sound = PolicyTemplates.Of(PolicyTemplate.DecayingOwner, 1, new DateOnly(2026, 1, 1), "Asia/Taipei", "TWD");
    private static readonly Bounty Guarded = new("sign-up", 50, true, true, 30, 300);

    /// <summary>A sound version with one thing changed, and what is then said about it.</summary>
    private static readonly Dictionary<Type, (PolicyVersion Changed, PolicyWarning Said)> Cases = new (PolicyVersion Changed, PolicyWarning Said)[]
    {
        (Sound with { Services = [.. Sound.Services.SkipLast(1), new("link-click", 1, 0, 30, false)] }, new Unlocked("link-click", 1, Takeover.Equal)),
        (Sound with { Takeover = Takeover.Any }, new WeakTakesStrong("link-click", 1, "app-install", 3)),
        (Sound with { Takeover = Takeover.Never }, new NeverTakenOver(180)),
        (Sound with { Services = [] }, new NobodyIsBound(40)),
        (Sound with { Services = [.. Sound.Services.SkipLast(1), new("link-click", 1, 1, 30, true)] }, new CheapRenewal("link-click", 1, 3)),
        (Sound with { Services = [new("app-install", 3, 90, 180, true), .. Sound.Services.Skip(1)] }, new LongLock("app-install", 90)),
        (Sound with { Decay = [] }, new OwnerForEver(40, 180)),
        (Sound with { Decay = [new(30, 50), new(60, 51)] }, new DecayRises(60, 51, 50)),
        (Sound with { LinkDays = 8 }, new LongLink(8)),
        (Sound with { Split = [Sound.Split[0], Sound.Split[1] with { Closer = [CloserSource.Code, CloserSource.Staff] }] }, new BeforeTheClerk(Channel.Online, CloserSource.Code)),
        (Sound with { SelfPurchase = SelfPurchase.Allow }, new SelfPurchaseAllowed()),
        (Sound with { HoldDaysOnline = 6 }, new HoldShorterThanReturns(6, 7)),
        (Sound with { ClawbackDays = 7 }, new NothingTakenBack(7, 7)),
        (Handover(15, 0), new HandoverWithoutMinimum(null, 15)),
        (Handover(15, 150), new HandoverDear(null, 15, 150)),
        (Sound with { Rates = [.. Sound.Rates.Skip(1)] }, new ShareWithoutRate(Role.Owner)),
        (Sound with { Split = [Sound.Split[0], Sound.Split[1] with { OwnerPercent = 0 }] }, new RateWithoutShare(Role.Owner)),
        // 60 · 2% + 30 · 2.5% + 10 · 1% of 10,000.
        (Sound with { Split = [Sound.Split[0], Sound.Split[1] with { OwnerPercent = 60 }] }, new OneTakesMost(Channel.Online, 100, 205)),
        // 2.5% of 300,000 is 7,500; a fifth of it more.
        (Sound with { Bands = new(BandMode.Whole, [new(0, 100), new(300_000, 120)]) }, new WholeCliff(300_000, 100, 120, 250, 1_500)),
        (Sound with { Bands = new(BandMode.Marginal, [new(0, 100), new(300_000, 80)]) }, new BandFalls(300_000, 100, 80)),
        (Sound with { StaffPercent = 0 }, new NothingToClerks()),
        (Sound with { Bounties = [Guarded with { OncePerMember = false }] }, new BountyRepeats("sign-up", 50)),
        (Sound with { Bounties = [Guarded with { RequiresPurchaseWithinDays = null }] }, new BountyForNothing("sign-up", 50)),
        (Sound with { Bounties = [Guarded with { Bound = false }] }, new BountyUnbound("sign-up", 50)),
        (Sound with { Bounties = [Guarded with { Service = "fitting" }] }, new BountyNeverBound("fitting", 50)),
        (Sound with { Bounties = [Guarded with { MinNet = 49 }] }, new BountyAbovePurchase("sign-up", 50, 49)),
    }.ToDictionary(one => one.Said.GetType());

    public static TheoryData<string> Kinds => [.. typeof(PolicyWarning).Assembly.GetTypes().Where(type => type.BaseType == typeof(PolicyWarning)).Select(type => type.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_warning_is_given_where_it_is_due_and_alone(string kind)
    {
        var (changed, said) = Cases.Single(one => one.Key.Name == kind).Value;
        Assert.Equal(said, Assert.Single(PolicyWarnings.Of(changed)));
    }

    [Theory]
    [InlineData(PolicyTemplate.CloserOnly)]
    [InlineData(PolicyTemplate.DecayingOwner)]
    [InlineData(PolicyTemplate.StoreShared)]
    [InlineData(PolicyTemplate.OnlineFriendly)]
    public void A_template_is_a_valid_policy_without_a_warning(PolicyTemplate template)
    {
        var version = PolicyTemplates.Of(template, 7, new DateOnly(2027, 2, 1), "Asia/Taipei", "TWD");
        Assert.Equivalent(version, PolicyWriterTests.Read(PolicyWriter.Write(version)), strict: true);
        Assert.Empty(PolicyWarnings.Of(version));
        Assert.Empty(PolicyWarnings.Of(version with { Bounties = [Guarded], Bands = new(BandMode.Marginal, [new(0, 100), new(300_000, 120)]), CapPerMonth = 1 }));
    }

    [Fact]
    public void Without_a_lock_only_what_somebody_can_take_is_open()
    {
        PolicyVersion Open(Takeover takeover) => Sound with { Takeover = takeover, Services = [new("a", 2, 0, 30, false), new("b", 3, 0, 30, false)] };
        Assert.Equal(["a", "b"], PolicyWarnings.Of(Open(Takeover.Equal)).OfType<Unlocked>().Select(warning => warning.Kind));
        Assert.Equal(["a"], PolicyWarnings.Of(Open(Takeover.Stronger)).OfType<Unlocked>().Select(warning => warning.Kind));
        Assert.Empty(PolicyWarnings.Of(Open(Takeover.Never)).OfType<Unlocked>());
    }

    [Fact]
    public void A_cliff_of_the_largest_amounts_is_still_a_number()
    {
        var steep = Sound with { Rates = [Sound.Rates[1] with { RateBps = 10_000 }], Bands = new(BandMode.Whole, [new(0, 1_000), new(long.MaxValue, 0)]) };
        Assert.Equal((Int128)long.MaxValue * -10, PolicyWarnings.Of(steep).OfType<WholeCliff>().Single().Jump);
    }

    [Fact]
    public void Any_valid_policy_can_be_warned_about()
    {
        for (var seed = 0; seed < 2_000; seed++)
            foreach (var version in RandomPolicy.Of(new Random(seed), new DateOnly(2026, 1, 1)).Versions)
                Assert.All(PolicyWarnings.Of(version), warning => Assert.NotEqual(MechanismPart.Frame, warning.Part));
    }

    private static PolicyVersion Handover(long pay, long minNet) => Sound with { Rates = [.. Sound.Rates.SkipLast(1), Sound.Rates[^1] with { PerHandover = pay, PerHandoverMinNet = minNet }] };
}
