using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class PolicySentencesTests
{
    private static readonly PolicyVersion Whole = World.Of("").Policy.Versions[0] with
    {
        Decay = [new DecayStep(30, 100), new DecayStep(90, 50)],
        Rates = [new RateRule(Role.Closer, 300, "senior", new Dictionary<string, int> { ["shoes"] = 400 }, 5, 100), new RateRule(Role.Owner, 200, null, new Dictionary<string, int>(), null, 0)],
    };

    /// <summary>Every field of a version, changed alone. A field without a change here fails the test below.</summary>
    private static readonly Dictionary<string, PolicyVersion[]> Changed = new()
    {
        [nameof(PolicyVersion.Version)] = [Whole with { Version = 9 }],
        [nameof(PolicyVersion.EffectiveFrom)] = [Whole with { EffectiveFrom = new DateOnly(2027, 1, 1) }],
        [nameof(PolicyVersion.Timezone)] = [Whole with { Timezone = "UTC" }],
        [nameof(PolicyVersion.Currency)] = [Whole with { Currency = "USD" }],
        [nameof(PolicyVersion.Services)] =
        [
            Whole with { Services = [] }, Service(Whole.Services[0] with { Kind = "sign-up" }), Service(Whole.Services[0] with { Strength = 9 }),
            Service(Whole.Services[0] with { LockDays = 9 }), Service(Whole.Services[0] with { LifeDays = 9 }), Service(Whole.Services[0] with { Renews = false }),
        ],
        [nameof(PolicyVersion.Takeover)] = [.. Enum.GetValues<Takeover>().Where(value => value != Whole.Takeover).Select(value => Whole with { Takeover = value })],
        [nameof(PolicyVersion.StaffMoves)] = [.. Enum.GetValues<StaffMoves>().Where(value => value != Whole.StaffMoves).Select(value => Whole with { StaffMoves = value })],
        [nameof(PolicyVersion.StaffLeaves)] = [Whole with { StaffLeaves = StaffLeaves.Release }],
        [nameof(PolicyVersion.Decay)] = [Whole with { Decay = [] }, Whole with { Decay = [new DecayStep(31, 100), new DecayStep(90, 50)] }, Whole with { Decay = [new DecayStep(30, 99), new DecayStep(90, 50)] }],
        [nameof(PolicyVersion.LinkDays)] = [Whole with { LinkDays = 9 }],
        [nameof(PolicyVersion.SelfPurchase)] = [Whole with { SelfPurchase = SelfPurchase.Allow }],
        [nameof(PolicyVersion.Split)] =
        [
            Whole with { Split = [] }, Split(Whole.Split[0] with { Closer = [CloserSource.Code] }), Split(Whole.Split[0] with { OwnerPercent = 1 }),
            Split(Whole.Split[0] with { CloserPercent = 1 }), Split(Whole.Split[0] with { HandoverPercent = 1 }), Split(Whole.Split[0] with { Channel = Channel.Store }),
        ],
        [nameof(PolicyVersion.Rates)] =
        [
            Whole with { Rates = [] }, Rate(Whole.Rates[0] with { Role = Role.Handover }), Rate(Whole.Rates[0] with { RateBps = 301 }), Rate(Whole.Rates[0] with { Grade = null }),
            Rate(Whole.Rates[0] with { CategoryRatesBps = new Dictionary<string, int> { ["shoes"] = 401 } }), Rate(Whole.Rates[0] with { PerHandover = 6 }), Rate(Whole.Rates[0] with { PerHandoverMinNet = 101 }),
        ],
        [nameof(PolicyVersion.Bands)] =
        [
            Whole with { Bands = null }, Whole with { Bands = Whole.Bands! with { Mode = BandMode.Whole } },
            Whole with { Bands = Whole.Bands! with { Steps = [new BandStep(0, 100), new BandStep(1001, 150)] } }, Whole with { Bands = Whole.Bands! with { Steps = [new BandStep(0, 100), new BandStep(1000, 151)] } },
        ],
        [nameof(PolicyVersion.CapPerMonth)] = [Whole with { CapPerMonth = null }, Whole with { CapPerMonth = 201 }],
        [nameof(PolicyVersion.StaffPercent)] = [Whole with { StaffPercent = 81 }],
        [nameof(PolicyVersion.Bounties)] =
        [
            Whole with { Bounties = [] }, Bounty(Whole.Bounties[0] with { Service = "sign-up" }), Bounty(Whole.Bounties[0] with { Amount = 51 }), Bounty(Whole.Bounties[0] with { OncePerMember = false }),
            Bounty(Whole.Bounties[0] with { Bound = false }), Bounty(Whole.Bounties[0] with { RequiresPurchaseWithinDays = null }), Bounty(Whole.Bounties[0] with { MinNet = 2 }),
        ],
        [nameof(PolicyVersion.HoldDaysStore)] = [Whole with { HoldDaysStore = 9 }],
        [nameof(PolicyVersion.HoldDaysOnline)] = [Whole with { HoldDaysOnline = 9 }],
        [nameof(PolicyVersion.ClawbackDays)] = [Whole with { ClawbackDays = 9 }],
    };

    public static TheoryData<string> Fields => [.. typeof(PolicyVersion).GetProperties().Select(property => property.Name)];

    [Theory, MemberData(nameof(Fields))]
    public void Changing_any_field_changes_a_sentence_in_both_languages(string field)
    {
        Assert.All(Changed[field], changed => Assert.All(Language.All, language => Assert.NotEqual(Told(Whole, language), Told(changed, language))));
    }

    [Theory, MemberData(nameof(Fields))]
    public void Each_term_that_changes_is_said_in_other_words_in_both_languages(string field)
    {
        Assert.All(Changed[field], changed => Assert.All(Language.All, language => Assert.All(PolicyChanges.Between(Whole, changed), change =>
        {
            var (was, becomes) = (Said(Whole, change.Term, language), Said(changed, change.Term, language));
            Assert.NotEqual(was, becomes);
            Assert.Equal((change.WasThere, change.IsThere), (was.Length > 0, becomes.Length > 0));
        })));
    }

    [Fact]
    public void The_five_parts_cite_every_rule_that_a_trace_may_name()
    {
        var sentences = new PolicySentences(Whole, Texts.In(Language.English), new Show(Language.English));
        Assert.Equal(5, sentences.Parts().Count);
        var rules = sentences.Frame().Concat(sentences.Parts().SelectMany(part => part.Sentences)).Select(sentence => sentence.Rule).ToHashSet();
        Assert.Equal(Enumerable.Range(1, 16).Select(rule => $"R{rule}").Order(), rules.Order());
    }

    [Theory]
    [InlineData(300, "3%")]
    [InlineData(225, "2.25%")]
    [InlineData(220, "2.2%")]
    [InlineData(0, "0%")]
    [InlineData(10_000, "100%")]
    [InlineData(1, "0.01%")]
    public void A_rate_of_the_policy_is_written_out(int bps, string shown) => Assert.Equal(shown, new Show(Language.English).ExactRate(bps));

    private static string Told(PolicyVersion version, Language language)
    {
        var sentences = new PolicySentences(version, Texts.In(language), new Show(language));
        return string.Join('\n', sentences.Frame().Concat(sentences.Parts().SelectMany(part => part.Sentences)).Select(sentence => $"{sentence.Rule} {sentence.Text}"));
    }

    private static string Said(PolicyVersion version, PolicyTerm term, Language language) =>
        string.Join('\n', new PolicySentences(version, Texts.In(language), new Show(language)).Of(term).Select(sentence => sentence.Text));

    private static PolicyVersion Service(ServiceTerms terms) => Whole with { Services = [terms, .. Whole.Services.Skip(1)] };
    private static PolicyVersion Split(SplitRule rule) => Whole with { Split = [rule, .. Whole.Split.Skip(1)] };
    private static PolicyVersion Rate(RateRule rule) => Whole with { Rates = [rule, .. Whole.Rates.Skip(1)] };
    private static PolicyVersion Bounty(Bounty bounty) => Whole with { Bounties = [bounty] };
}
