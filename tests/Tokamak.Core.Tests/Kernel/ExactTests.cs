using System.Numerics;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.Core.Tests.Kernel;

public sealed class ExactTests
{
    [Theory]
    [InlineData(7, 3, 2, 10)]
    [InlineData(0, 5, 3, 0)]
    [InlineData(1, 99, 100, 0)]
    [InlineData(1_000_000_000_000_000, 10_000, 10_000, 1_000_000_000_000_000)]
    [InlineData(999_999_999_999_999, 9_999, 10_000, 999_899_999_999_999)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    public void A_product_is_divided_down(long a, long b, long c, long floor) => Assert.Equal(floor, Exact.MulDivFloor(a, b, c));

    [Theory]
    [InlineData(5, 2, 1, 3)]
    [InlineData(5, 2, 2, 0)]
    [InlineData(100, 3, 1, 67)]
    [InlineData(100, 3, 2, 33)]
    [InlineData(1, 4, 2, 1)]
    [InlineData(1, 4, 3, 0)]
    [InlineData(1_000_000_000_000_000, 1_000_000, 1, 999_999_000_000_000)]
    [InlineData(999_999_999_999_999, 1_000_000, 500_000, 500_000_000_000_000)]
    public void What_is_left_rounds_half_up(long amount, long r, long k, long left) => Assert.Equal(left, Exact.PartLeftHalfUp(amount, r, k));

    [Theory]
    [InlineData(5, 2, 3)]
    [InlineData(-5, 2, -3)]
    [InlineData(4, 3, 1)]
    [InlineData(-4, 3, -1)]
    [InlineData(5, 3, 2)]
    [InlineData(-5, 3, -2)]
    [InlineData(0, 7, 0)]
    [InlineData(49, 100, 0)]
    [InlineData(50, 100, 1)]
    [InlineData(-50, 100, -1)]
    public void Halves_round_away_from_zero(int numerator, int denominator, int rounded) =>
        Assert.Equal(new BigInteger(rounded), Exact.DivRoundHalfAwayFromZero(numerator, denominator));
}
