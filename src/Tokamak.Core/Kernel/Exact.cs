using System.Numerics;

namespace Tokamak.Core.Kernel;

/// <summary>Exact integer arithmetic with its rounding in its name. Products are formed in 128 bits or more.</summary>
public static class Exact
{
    /// <summary>floor(a · b / c) for a, b ≥ 0 and c &gt; 0 whose quotient fits a long.</summary>
    public static long MulDivFloor(long a, long b, long c)
    {
        var product = Math.BigMul(a, b);
        return product <= long.MaxValue ? (long)product / c : (long)(product / c);
    }

    /// <summary>What is left of <paramref name="amount"/> when <paramref name="k"/> of <paramref name="r"/> units go: half up (R11).</summary>
    public static long PartLeftHalfUp(long amount, long r, long k) =>
        (long)(((Math.BigMul(amount, r - k) * 2) + r) / (2 * r));

    /// <summary>numerator / denominator rounded half away from zero; denominator &gt; 0.</summary>
    public static BigInteger DivRoundHalfAwayFromZero(BigInteger numerator, BigInteger denominator)
    {
        var magnitude = ((BigInteger.Abs(numerator) * 2) + denominator) / (denominator * 2);
        return numerator.Sign < 0 ? -magnitude : magnitude;
    }
}
