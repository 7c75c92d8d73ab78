using FsCheck;
using FsCheck.Fluent;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class PoolRulesTests
{
    private sealed record Drawn(long Pool, long[] Weights)
    {
        public override string ToString() => $"{Pool} over {string.Join(' ', Weights)}";
    }

    [Fact]
    public void Parts_add_up_to_the_pool_and_nobody_s_is_below_zero() => ForAll((drawn, weights) =>
    {
        var parts = PoolRules.Divide(drawn.Pool, weights);
        Assert.Equal(weights.Keys.Order(), parts.Keys.Order());
        Assert.Equal(drawn.Pool, parts.Values.Aggregate(Int128.Zero, (sum, part) => sum + part));
        Assert.All(parts.Values, part => Assert.True(part >= 0));
    });

    [Fact]
    public void A_part_is_within_one_unit_of_its_proportion() => ForAll((drawn, weights) =>
    {
        var all = weights.Values.Aggregate(Int128.Zero, (sum, weight) => sum + weight);
        foreach (var (staff, part) in PoolRules.Divide(drawn.Pool, weights))
        {
            var (own, total) = all == 0 ? (1, weights.Count) : ((Int128)weights[staff], all);
            Assert.True(Int128.Abs((part * total) - (drawn.Pool * own)) < total, $"{staff}: {part}");
        }
    });

    [Fact]
    public void The_order_in_which_people_are_named_changes_nothing() => ForAll((drawn, weights) =>
        Assert.Equal(
            PoolRules.Divide(drawn.Pool, weights).OrderBy(one => one.Key),
            PoolRules.Divide(drawn.Pool, weights.Reverse().ToDictionary(one => one.Key, one => one.Value)).OrderBy(one => one.Key)));

    [Fact]
    public void More_weight_never_has_less() => ForAll((drawn, weights) =>
    {
        var parts = PoolRules.Divide(drawn.Pool, weights).OrderBy(one => weights[one.Key]).ToList();
        for (var i = 1; i < parts.Count; i++)
            if (weights[parts[i].Key] > weights[parts[i - 1].Key]) Assert.True(parts[i].Value >= parts[i - 1].Value);
    });

    [Theory]
    [InlineData(100, "A=1 B=1 C=1", "A=34 B=33 C=33")]
    [InlineData(100, "C=1 B=1 A=1", "A=34 B=33 C=33")]
    [InlineData(2, "A=1 B=1 C=1", "A=1 B=1 C=0")]
    [InlineData(1001, "A=480 B=240 C=0", "A=667 B=334 C=0")]
    [InlineData(10, "A=0 B=0 C=0", "A=4 B=3 C=3")]
    [InlineData(0, "A=1 B=1", "")]
    [InlineData(-50, "A=1 B=1", "")]
    [InlineData(50, "", "")]
    public void Left_over_units_go_to_the_largest_remainders_and_then_to_the_smaller_id(long pool, string weights, string expected) =>
        Assert.Equal(expected, string.Join(' ', PoolRules.Divide(pool, Read(weights)).OrderBy(one => one.Key).Select(one => $"{one.Key}={one.Value}")));

    [Fact]
    public void A_weight_below_zero_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentOutOfRangeException>(() => PoolRules.Divide(1, Read("A=-1")));

    private static Dictionary<StaffId, long> Read(string weights) => weights.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(one => one.Split('=')).ToDictionary(one => new StaffId(one[0]), one => long.Parse(one[1], System.Globalization.CultureInfo.InvariantCulture));

    private static void ForAll(Action<Drawn, IReadOnlyDictionary<StaffId, long>> holds)
    {
        // Small weights make ties, large ones what would overflow.
        var weight = Gen.OneOf(Gen.Choose(0, 3).Select(i => (long)i), Gen.Choose(0, 44_640).Select(i => (long)i), Gen.Constant(long.MaxValue / 8));
        var drawn = from pool in Gen.OneOf(Gen.Choose(1, 20).Select(i => (long)i), Gen.Choose(1, int.MaxValue).Select(i => (long)i), Gen.Constant(long.MaxValue))
                    from count in Gen.Choose(1, 12)
                    from weights in Gen.ArrayOf(weight, count)
                    select new Drawn(pool, weights);
        Prop.ForAll(Arb.From(drawn), one => holds(one, one.Weights.Select((value, i) => (value, i)).ToDictionary(at => new StaffId($"K{at.i}"), at => at.value)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
