using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>What a fact may do to a sale's lines (R1) and does to them (R11, R13).</summary>
public static class SaleRules
{
    /// <summary>Why a fact about a sale cannot be, or null if it can (R1); more than is left may fit once other facts are known.</summary>
    public static Fault? Refusal(SaleBook sale, SaleChangeFact fact)
    {
        foreach (var change in fact.Lines)
        {
            var index = sale.IndexOf(change.Line);
            if (index < 0) return new Fault($"sale {sale.Fact.Id} has no line {change.Line}; check the line number", fact.SourceLine);
            ref readonly var line = ref sale.Line(index);
            var (left, what) = fact is ReturnFact
                ? (line.Handed - line.Returned, "handed over and not returned yet")
                : (sale.NotCancelled(index) - line.Handed, "neither handed over nor cancelled yet");
            if (change.Quantity > left)
                return TooMuch($"{change.Quantity} of line {change.Line} of sale {sale.Fact.Id} is more than the {left} {what}; check the quantity");
            if (change.Amount > line.Net)
                return TooMuch($"{change.Amount} on line {change.Line} of sale {sale.Fact.Id} is more than the {line.Net} that remain of it; check the amount");
        }
        return null;

        Fault TooMuch(string message) => new(message, fact.SourceLine) { MayFitLater = true };
    }

    /// <summary>Applies one line's part of an accepted fact: units and remaining net (R11).</summary>
    /// <param name="sale">The sale, changed in place.</param>
    /// <param name="index">Which of its lines.</param>
    /// <param name="fact">The fact that changes it.</param>
    /// <param name="change">Its part about this line.</param>
    /// <param name="handedOverBy">For a handover at a store's counter, the party; else null.</param>
    public static void Apply(SaleBook sale, int index, SaleChangeFact fact, in LineChange change, Party? handedOverBy)
    {
        ref var line = ref sale.Line(index);
        switch (fact)
        {
            case HandoverFact:
                line.Handed += change.Quantity;
                if (handedOverBy is { } party) line.Handovers = WithMore(line.Handovers, party, change.Quantity);
                break;
            case CancelFact:
                line.Net = Exact.PartLeftHalfUp(line.Net, sale.Remaining(index), change.Quantity);
                line.Cancelled += change.Quantity;
                break;
            default:
                line.Net = change.Amount is { } amount ? line.Net - amount : Exact.PartLeftHalfUp(line.Net, sale.Remaining(index), change.Quantity);
                line.Returned += change.Quantity;
                break;
        }
    }

    private static HandedOver[] WithMore(HandedOver[] handovers, Party party, int units)
    {
        for (var i = 0; i < handovers.Length; i++)
        {
            if (handovers[i].Party != party) continue;
            var more = handovers.ToArray();
            more[i] = new HandedOver(party, handovers[i].Units + units);
            return more;
        }
        return [.. handovers, new HandedOver(party, units)];
    }
}
