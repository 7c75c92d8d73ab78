namespace Tokamak.Core.Referral.Simulation;

/// <summary>How take-home pay is spread over clerks, whole units.</summary>
/// <param name="Clerks">How many they are.</param>
/// <param name="Least">The least.</param>
/// <param name="LowerQuartile">Quartiles by nearest rank: of n in rising order, the one at place ceil(n · q / 4).</param>
/// <param name="Median">The second quartile, so the lower of two in the middle.</param>
/// <param name="UpperQuartile">The third.</param>
/// <param name="Most">The most.</param>
/// <param name="GiniBps">
/// Gini coefficient in basis points: Σ (2i − n − 1) · xᵢ / (n · Σ xᵢ) over the n in rising order, i from 1, exact and then rounded half
/// up; 0 where nobody has anything. 0: all alike; near 10,000: one has all.
/// </param>
public sealed record Spread(int Clerks, Int128 Least, Int128 LowerQuartile, Int128 Median, Int128 UpperQuartile, Int128 Most, int GiniBps)
{
    public static Spread Of(IEnumerable<Int128> pays)
    {
        var rising = pays.Order().ToArray();
        if (rising.Length == 0) return new Spread(0, 0, 0, 0, 0, 0, 0);
        Int128 weighted = 0, sum = 0;
        for (var i = 0; i < rising.Length; i++)
        {
            weighted += ((2 * (i + 1)) - rising.Length - 1) * rising[i];
            sum += rising[i];
        }
        var gini = sum <= 0 ? 0 : (int)Ratio.BpsHalfUp(weighted, rising.Length * sum);
        return new Spread(rising.Length, rising[0], At(1), At(2), At(3), rising[^1], gini);

        Int128 At(int quarter) => rising[(((rising.Length * quarter) + 3) / 4) - 1];
    }
}

/// <summary>Parts of a whole in basis points, rounded half up (half away from zero where negative).</summary>
public static class Ratio
{
    /// <summary>part / whole in basis points; 0 where the whole is not positive.</summary>
    public static Int128 BpsHalfUp(Int128 part, Int128 whole) =>
        whole <= 0 ? 0 : (Int128)Kernel.Exact.DivRoundHalfAwayFromZero((System.Numerics.BigInteger)part * 10_000, whole);
}
