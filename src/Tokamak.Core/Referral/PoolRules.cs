namespace Tokamak.Core.Referral;

/// <summary>How a store's pool (R14) is divided among people of the store once its period is closed.</summary>
public static class PoolRules
{
    /// <summary>
    /// Divides a pool in proportion to weights: floors first, then one unit each to the largest remainders, ties to the smaller staff id. Adds up
    /// to the pool. Where nobody has any weight, all have the same.
    /// </summary>
    /// <param name="pool">Whole units. One of zero or below divides nothing: nobody is given a debt of the store.</param>
    /// <param name="weights">Of everybody who has a part, 0 or more.</param>
    /// <returns>A part for each of them; empty where there is nothing to divide, or nobody.</returns>
    public static IReadOnlyDictionary<StaffId, Int128> Divide(Int128 pool, IReadOnlyDictionary<StaffId, long> weights)
    {
        foreach (var weight in weights.Values) ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
        if (pool <= 0) return new Dictionary<StaffId, Int128>();
        var nobodyWeighs = weights.Values.All(weight => weight == 0);
        return SettlementRules.Divide(pool, weights.ToDictionary(one => one.Key, one => nobodyWeighs ? (Int128)1 : one.Value));
    }
}
