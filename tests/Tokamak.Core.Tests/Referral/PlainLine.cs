using System.Numerics;
using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>A line after its facts, read off R11 and R1 once more with plain fractions, to hold the real one against.</summary>
internal sealed record PlainLine(int Left, int Handed, int Returned, long Net)
{
    public static PlainLine Of(SaleLine sold, IEnumerable<SaleChangeFact> inOrder)
    {
        int handed = sold.Fulfil == Fulfil.Taken ? sold.Quantity : 0, cancelled = 0, returned = 0;
        BigInteger net = sold.Net;
        foreach (var fact in inOrder)
            foreach (var change in fact.Lines)
            {
                if (change.Line != sold.Line) continue;
                var remaining = sold.Quantity - cancelled - returned;
                if (change.Amount is { } amount) net -= amount;
                else if (fact is CancelFact or ReturnFact) net = RoundedHalfUp(net * (remaining - change.Quantity), remaining);
                if (fact is HandoverFact) handed += change.Quantity;
                if (fact is CancelFact) cancelled += change.Quantity;
                if (fact is ReturnFact) returned += change.Quantity;
            }
        return new PlainLine(sold.Quantity - handed - cancelled, handed, returned, (long)net);
    }

    private static BigInteger RoundedHalfUp(BigInteger numerator, int denominator)
    {
        var whole = BigInteger.DivRem(numerator, denominator, out var rest);
        return rest * 2 >= denominator ? whole + 1 : whole;
    }
}
