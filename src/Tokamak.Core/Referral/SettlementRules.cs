using System.Numerics;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>What a sale month has earned, and how it is divided (R14): exact, rounded only where R14 names rounding.</summary>
public static class SettlementRules
{
    /// <summary>Earned of a staff member's sale month, whole units, from gross (ten-thousandths) and credit.</summary>
    public static Int128 Earned(Int128 grossE4, Int128 credit, PolicyVersion version)
    {
        var (numerator, denominator) = BandFactor(credit, version.Bands);
        var earned = Exact.DivRoundHalfAwayFromZero((BigInteger)grossE4 * numerator, denominator * CommissionRules.Scale);
        return (Int128)(version.CapPerMonth is { } cap && earned > cap ? cap : earned);
    }

    /// <summary>The staff member's own part of what was earned; the rest is the stores' pools.</summary>
    public static Int128 StaffPay(Int128 earned, PolicyVersion version) =>
        (Int128)Exact.DivRoundHalfAwayFromZero((BigInteger)earned * version.StaffPercent, 100);

    /// <summary>What a store party has earned: no bands, no cap.</summary>
    public static Int128 StoreEarned(Int128 grossE4) => (Int128)Exact.DivRoundHalfAwayFromZero(grossE4, CommissionRules.Scale);

    /// <summary>
    /// Divides a pool over stores (or whatever else has a part in it) in proportion to their gross: floors first, then one unit each
    /// to the largest remainders, ties to the smaller store id. Adds up to the pool.
    /// </summary>
    public static Dictionary<TParty, Int128> Divide<TParty>(Int128 pool, IReadOnlyDictionary<TParty, Int128> grossByStore)
        where TParty : notnull, IComparable<TParty>
    {
        var parts = new Dictionary<TParty, Int128>(grossByStore.Count);
        var total = grossByStore.Values.Aggregate(BigInteger.Zero, (sum, gross) => sum + gross);
        if (pool == 0 || total.IsZero) return parts;
        var rest = pool;
        var remainders = new List<(BigInteger Remainder, TParty Store)>(grossByStore.Count);
        foreach (var (store, gross) in grossByStore)
        {
            var quotient = BigInteger.DivRem((BigInteger)pool * gross, total, out var remainder);
            parts[store] = (Int128)quotient;
            rest -= parts[store];
            remainders.Add((remainder, store));
        }
        remainders.Sort((a, b) => a.Remainder != b.Remainder ? b.Remainder.CompareTo(a.Remainder) : a.Store.CompareTo(b.Store));
        for (var i = 0; rest > 0; i++, rest--) parts[remainders[i].Store]++;
        return parts;
    }

    /// <summary>The fraction by which bands multiply a month's gross.</summary>
    private static (BigInteger Numerator, BigInteger Denominator) BandFactor(Int128 credit, Bands? bands)
    {
        if (bands is null) return (1, 1);
        if (bands.Mode == BandMode.Whole)
        {
            var percent = bands.Steps[0].Percent;
            foreach (var step in bands.Steps)
                if (step.From <= credit) percent = step.Percent;
            return (percent, 100);
        }
        if (credit <= 0) return (bands.Steps[0].Percent, 100);
        BigInteger weighted = 0;
        for (var i = 0; i < bands.Steps.Count; i++)
        {
            Int128 from = i == 0 ? 0 : bands.Steps[i].From;
            var to = i + 1 < bands.Steps.Count ? Int128.Min(bands.Steps[i + 1].From, credit) : credit;
            if (to > from) weighted += (BigInteger)(to - from) * bands.Steps[i].Percent;
        }
        return (weighted, (BigInteger)credit * 100);
    }
}
