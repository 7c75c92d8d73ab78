using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Units of a line that one party handed over, its handovers taken together (R9).</summary>
public readonly record struct HandedOver(Party Party, int Units);

/// <summary>A line as its facts have left it so far (R11, R13).</summary>
public struct LineBook(in SaleLine sold)
{
    /// <summary>As sold.</summary>
    public SaleLine Sold { get; } = sold;

    /// <summary>R8: who closed this line, decided at the sale.</summary>
    public Party? Closer { get; set; }

    /// <summary>Remaining net (R11).</summary>
    public long Net { get; set; } = sold.Net;

    /// <summary>Units handed over, cancelled, returned: H, C and B of R1.</summary>
    public int Handed { get; set; } = sold.Fulfil == Fulfil.Taken ? sold.Quantity : 0;
    public int Cancelled { get; set; }
    public int Returned { get; set; }

    /// <summary>Parties with a store who handed over units, in the order of their first handover.</summary>
    public HandedOver[] Handovers { get; set; } = [];

    /// <summary>The day it was received (R13), once it is.</summary>
    public DateOnly? ReceivedOn { get; set; }
    public bool Vested { get; set; }

    /// <summary>Remaining units: r of R11.</summary>
    public readonly int Remaining => Sold.Quantity - Cancelled - Returned;

    public readonly int NotCancelled => Sold.Quantity - Cancelled;

    public readonly bool IsReceived => Handed + Cancelled == Sold.Quantity;
}

/// <summary>
/// A sale with its decision, taken once (R8, R16), and its lines as they stand. Its cost to a later fact does not
/// depend on anything but the sale itself.
/// </summary>
public sealed class SaleBook
{
    public SaleBook(SaleFact fact, DateOnly day, PolicyVersion? version)
    {
        Fact = fact;
        Day = day;
        Version = version;
        Split = version?.SplitOf(fact.Channel);
        Host = new Party(null, fact.Store ?? StoreId.Online);
        Lines = new LineBook[fact.Lines.Length];
        for (var i = 0; i < Lines.Length; i++) Lines[i] = new LineBook(in fact.Lines[i]);
        // Sorted, so that a fact about one of very many lines finds it by halving.
        Array.Sort(Lines, static (a, b) => a.Sold.Line.CompareTo(b.Sold.Line));
    }

    public SaleFact Fact { get; }
    public DateOnly Day { get; }

    /// <summary>The version that governs the sale for ever (R16); null before the first, when nothing is credited.</summary>
    public PolicyVersion? Version { get; }
    public SplitRule? Split { get; }
    public Party Host { get; }
    public LineBook[] Lines { get; }

    /// <summary>R8: the owner, decided at the sale, and the percent that decay leaves of its share (R7).</summary>
    public Party? Owner { get; internal set; }
    public int DecayPercent { get; internal set; }

    /// <summary>R12: stores and days on which a pay per handover was given for this sale.</summary>
    internal List<(StoreId Store, DateOnly Day)>? PaidPerHandover { get; set; }

    /// <summary>Index in <see cref="Lines"/> of a line number, or -1.</summary>
    public int IndexOf(long line)
    {
        int low = 0, high = Lines.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = Lines[middle].Sold.Line;
            if (found == line) return middle;
            if (found < line) low = middle + 1; else high = middle - 1;
        }
        return -1;
    }
}
