namespace Tokamak.Core.Kernel;

/// <summary>Divides a whole amount over weights, exactly: what rounding down leaves over goes to the largest remainders.</summary>
public static class LargestRemainder
{
    /// <summary>
    /// Each unit of group i gets <c>shares[i].Each</c>, and the first <c>shares[i].OneMore</c> units of it one more. Ties go to the earlier group, and
    /// within a group to its earlier units; a weight of 0 gets nothing.
    /// </summary>
    /// <param name="amount">0 or more. With all weights 0, nothing is divided.</param>
    /// <param name="groups">A unit's weight (0 or more) and how many units weigh that. Weight times count adds up to less than 2^63.</param>
    /// <param name="shares">As long as <paramref name="groups"/>.</param>
    public static void Divide(long amount, ReadOnlySpan<(long Weight, int Count)> groups, Span<(long Each, int OneMore)> shares)
    {
        long whole = 0;
        foreach (var (weight, count) in groups) whole += weight * count;
        shares.Clear();
        if (whole == 0 || amount == 0) return;

        var left = amount;
        Span<long> remainders = groups.Length <= 128 ? stackalloc long[groups.Length] : new long[groups.Length];
        for (var i = 0; i < groups.Length; i++)
        {
            var product = Math.BigMul(amount, groups[i].Weight);
            var each = (long)(product / whole);
            remainders[i] = (long)(product - ((Int128)each * whole));
            shares[i].Each = each;
            left -= each * groups[i].Count;
        }
        while (left > 0)
        {
            var largest = 0;
            for (var i = 1; i < remainders.Length; i++)
                if (remainders[i] > remainders[largest]) largest = i;
            var more = (int)Math.Min(left, groups[largest].Count);
            shares[largest].OneMore = more;
            left -= more;
            remainders[largest] = -1;
        }
    }
}
