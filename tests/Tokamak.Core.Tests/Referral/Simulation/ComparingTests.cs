using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;
using Xunit;

namespace Tokamak.Core.Tests.Referral.Simulation;

/// <summary>What a comparison says of two books, by hand.</summary>
public sealed class ComparingTests
{
    private const string Staff = """
        {"type":"staff","id":"j1","at":"2026-01-01T00:00:00Z","staff":"S1","event":"joined","store":"A"}
        {"type":"staff","id":"j2","at":"2026-01-01T00:00:00Z","staff":"S2","event":"joined","store":"B"}
        """;

    [Fact]
    public void Quartiles_are_of_nearest_rank_and_Gini_is_exact()
    {
        Assert.Equal(new Spread(4, 1, 1, 2, 3, 10, 4375), Spread.Of([3, 1, 10, 2]));   // (−3·1 − 1·2 + 1·3 + 3·10) / (4 · 16) = 28/64
        Assert.Equal(new Spread(3, 5, 5, 5, 5, 5, 0), Spread.Of([5, 5, 5]));
        Assert.Equal(new Spread(5, 0, 0, 0, 0, 100, 8000), Spread.Of([0, 0, 100, 0, 0]));
        Assert.Equal(new Spread(2, 0, 0, 0, 0, 0, 0), Spread.Of([0, 0]));
        Assert.Equal(new Spread(0, 0, 0, 0, 0, 0, 0), Spread.Of([]));
    }

    [Theory]
    [InlineData(1, 3, 3333)]
    [InlineData(1, 20_000, 1)]
    [InlineData(-1, 20_000, -1)]
    [InlineData(5, 0, 0)]
    public void Shares_are_rounded_half_away_from_zero(long part, long whole, int bps) => Assert.Equal(bps, Ratio.BpsHalfUp(part, whole));

    [Fact]
    public void A_sale_counts_to_the_group_its_member_was_in_when_it_was_made()
    {
        string[] sales =
        [
            Sale("a1", 2, "store", "M1"), Sale("a2", 3, "store", "M1"), Sale("a3", 4, "online", "M1"), Sale("a4", 5, "store", "M1"),
            Sale("b1", 6, "online", "M2"), """{"type":"merge","id":"m","at":"2026-01-07T00:00:00Z","from":"M2","into":"M3"}""", Sale("b2", 8, "store", "M3"),
            Sale("c", 9, "store", null), Sale("d", 10, "store", "M4"), """{"type":"void","id":"v","at":"2026-01-11T00:00:00Z","fact":"d"}""", Sale("e", 12, "store", "M4"),
        ];
        var books = Books(Simulated.Snapshot(Read(Staff + "\n" + string.Join('\n', sales))), Policy(0), out _);
        Int128 Count(MemberGroup group) => books.Segments.Where(s => s.Key.Group == group).Sum(s => s.Value.Sold.Sales);
        Assert.Equal(3, Count(MemberGroup.FirstPurchase));   // a1, b1, and e: d never happened
        Assert.Equal(1, Count(MemberGroup.OneChannel));      // a2
        Assert.Equal(3, Count(MemberGroup.BothChannels));    // a3, a4, and b2 since M2 and M3 are one
        Assert.Equal(1, Count(MemberGroup.NoMember));
    }

    [Fact]
    public void Who_loses_how_much_is_told_with_the_sale_that_shows_it()
    {
        var snapshot = Simulated.Snapshot(Read(string.Join('\n', Staff, Sale("a", 2, "store", null, "S1", 100), Sale("b", 3, "store", null, "S1", 900), Sale("c", 4, "store", null, "S2", 500))));
        var before = Books(snapshot, Policy(1000), out var scope);
        var after = Simulated.Books(scope, Policy(500, cap: 40), before: before);
        var report = Comparing.Compare(scope, before, after, new Questions(LosersBeyondPercent: 50, Budget: 64));

        Assert.Equal((150, 65), (report.Total.Before.Commission, report.Total.After.Commission));
        Assert.Equal((1000, 433), (report.ShareBeforeBps, report.ShareAfterBps));
        Assert.Equal([new ClerkChange(new("S1"), new(1000, 100, 100, 0, 0), new(1000, 40, 40, 0, 0), new SaleChange(new("b"), 900_000, 450_000))], report.Losers.Clerks);
        Assert.Equal(["S1", "S2"], report.Movers.Select(m => m.Staff.Value));
        Assert.Equal((false, -1), (report.Budget!.IsKept, report.Budget.Left));
        Assert.Equal(["A", "B"], report.Stores.Select(s => s.Key.Value));
        Assert.Equal(1500, report.Departments.Single(d => d.Key == Comparing.AllStores).After.Credit);
        Assert.Equal(0, report.Departments.Single(d => d.Key == Comparing.OnlineShop).After.Credit);
        Assert.Equal(new CurvePoint(7, 65, 433, 65, 0, 0, report.SpreadAfter.GiniBps, 1, false), Comparing.Point(scope, before, after, new Questions(50, 64), 7));
    }

    [Fact]
    public void Nobody_loses_exactly_the_percent_asked_for()
    {
        var snapshot = Simulated.Snapshot(Read(string.Join('\n', Staff, Sale("a", 2, "store", null, "S1", 1000))));
        var before = Books(snapshot, Policy(1000), out var scope);
        var report = Comparing.Compare(scope, before, Simulated.Books(scope, Policy(500), before: before), new Questions(50));
        Assert.Empty(report.Losers.Clerks);
        Assert.Null(report.Budget);
    }

    private static SimulatedBooks Books(FactSnapshot snapshot, Policy policy, out SimulationScope scope)
    {
        Assert.True(snapshot.IsSound);
        scope = new SimulationScope(snapshot, Zone.Utc, new Stretch(January, January));
        return Simulated.Books(scope, policy);
    }

    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1));

    private static string Sale(string id, int day, string channel, string? member, string? staff = null, long net = 100) =>
        $$"""{"type":"sale","id":"{{id}}","at":"2026-01-{{day:00}}T00:00:00Z","channel":"{{channel}}"{{(channel == "store" ? $",\"store\":\"{(staff == "S2" ? "B" : "A")}\"" : "")}}{{(member is null ? "" : $",\"member\":\"{member}\"")}}{{(staff is null ? "" : $",\"staff\":\"{staff}\"")}},"lines":[{"line":1,"category":"c","quantity":1,"net":{{net}},"fulfil":"taken"}]}""";

    private static List<Fact> Read(string lines)
    {
        var reader = new FactReader();
        return [.. lines.Split('\n').Select((line, i) => reader.TryRead(System.Text.Encoding.UTF8.GetBytes(line), i + 1, out var fact, out var fault) ? fact : throw new ArgumentException(fault.ToString()))];
    }

    private static Policy Policy(int closerRateBps, long? cap = null) => new(
        [Given.Policy.Versions[0] with
        {
            EffectiveFrom = new DateOnly(2026, 1, 1), Bands = null, CapPerMonth = cap, StaffPercent = 100, Bounties = [],
            Split = [new SplitRule(Channel.Store, [CloserSource.Staff], 0, 100, 0)],
            Rates = [new RateRule(Role.Closer, closerRateBps, null, new Dictionary<string, int>(), null, 0)],
        }],
        Zone.Utc);
}
