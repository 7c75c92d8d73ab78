using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>Random valid versions of a policy, with small numbers so that limits are met often.</summary>
internal static class RandomPolicy
{
    public static readonly string[] Kinds = ["sign-up", "qr-scan", "store-sale", "assisted-sale", "link-click", "member-choice", "fitting"];
    private static readonly string[] BountyKinds = ["sign-up", "qr-scan", "link-click"];
    public static readonly string[] Categories = ["shoes", "tops", "bags"];
    public static readonly string[] Grades = ["junior", "senior"];

    private static readonly (int Owner, int Closer, int Handover)[] Shares =
        [(40, 40, 10), (33, 33, 34), (50, 50, 0), (0, 100, 0), (0, 0, 100), (10, 17, 73), (29, 31, 7), (100, 0, 0)];

    private static readonly string?[] RateGrades = ["junior", null];

    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);

    // An hour forward on 29 March 2026, back on 25 October 2026, as in Berlin.
    private static readonly Zone Berlin = new("Europe/Berlin",
    [
        new ZoneSpan(default, 3600),
        new ZoneSpan(OneOClock(2026, 3, 29), 7200),
        new ZoneSpan(OneOClock(2026, 10, 25), 3600),
    ]);

    public static Policy Of(Random dice, DateOnly start)
    {
        var versions = new List<PolicyVersion>();
        var from = start.AddDays(dice.Pick(-30, 0, 0, 9));
        for (var number = 1; number <= dice.Pick(1, 2, 3); number++, from = from.AddDays(dice.Next(10, 60))) versions.Add(Version(dice, number, from));
        return new Policy(versions, dice.Pick(Taipei, Zone.Utc, Berlin));
    }

    private static PolicyVersion Version(Random dice, int number, DateOnly from) => new()
    {
        Version = number,
        EffectiveFrom = from,
        Timezone = "",
        Currency = "TWD",
        Services = [.. Kinds.Where(_ => dice.Chance(80)).Select(kind => new ServiceTerms(kind, dice.Pick(1, 2, 2, 3, 100), dice.Pick(0, 0, 3, 14), dice.Pick(0, 5, 20, 60, 180), dice.Chance(70)))],
        Takeover = dice.Pick(Takeover.Any, Takeover.Equal, Takeover.Stronger, Takeover.Never),
        StaffMoves = dice.Pick(StaffMoves.Follow, StaffMoves.Keep, StaffMoves.Stay),
        StaffLeaves = dice.Pick(StaffLeaves.Store, StaffLeaves.Release),
        Decay = dice.Chance(30) ? [] : [new DecayStep(dice.Next(10), dice.Next(101)), new DecayStep(dice.Next(10, 30), dice.Next(101)), new DecayStep(90, dice.Next(101))],
        LinkDays = dice.Pick(0, 1, 3, 20),
        SelfPurchase = dice.Pick(SelfPurchase.Exclude, SelfPurchase.Exclude, SelfPurchase.Allow),
        Split = [.. Enum.GetValues<Channel>().Where(_ => dice.Chance(90)).Select(channel => Split(dice, channel))],
        Rates = [.. Rates(dice)],
        Bands = dice.Chance(30) ? null : new Bands(dice.Pick(BandMode.Whole, BandMode.Marginal), [new BandStep(dice.Pick(0, 0, 500), dice.Next(201)), new BandStep(dice.Next(501, 3000), dice.Next(201))]),
        CapPerMonth = dice.Chance(30) ? dice.Pick(0, 7, 200) : null,
        StaffPercent = dice.Pick(0, 1, 33, 67, 80, 100),
        Bounties = [.. BountyKinds.Where(_ => dice.Chance(60)).Select(kind => Bounty(dice, kind))],
        HoldDaysStore = dice.Pick(0, 1, 5, 20),
        HoldDaysOnline = dice.Pick(0, 2, 10),
        ClawbackDays = dice.Pick(0, 1, 8, 30, 60),
    };

    private static SplitRule Split(Random dice, Channel channel)
    {
        var (owner, closer, handover) = dice.Pick(Shares);
        CloserSource[] sources = [CloserSource.Staff, CloserSource.Code, CloserSource.Link];
        dice.Shuffle(sources);
        return new SplitRule(channel, sources[..dice.Next(1, 4)], owner, closer, handover);
    }

    private static IEnumerable<RateRule> Rates(Random dice)
    {
        foreach (var role in (Role[])[Role.Owner, Role.Closer, Role.Handover])
            foreach (var grade in RateGrades)
                if (dice.Chance(80))
                    yield return new RateRule(role, dice.Pick(0, 1, 137, 333, 2500), grade, new Dictionary<string, int> { ["shoes"] = dice.Next(1000) },
                        role == Role.Handover && dice.Chance(60) ? dice.Next(1, 9) : null, dice.Pick(0, 30, 100));
    }

    private static Bounty Bounty(Random dice, string kind) =>
        new(kind, dice.Next(1, 60), dice.Chance(50), dice.Chance(50), dice.Chance(60) ? dice.Pick(0, 3, 15) : null, dice.Pick(0, 1, 50, 200));

    private static Instant OneOClock(int year, int month, int day) => new(new DateTime(year, month, day, 1, 0, 0, DateTimeKind.Utc).Ticks);
}

/// <summary>Draws from a seed.</summary>
internal static class Draws
{
    public static T Pick<T>(this Random dice, params ReadOnlySpan<T> of) => of[dice.Next(of.Length)];

    public static bool Chance(this Random dice, int percent) => dice.Next(100) < percent;
}
