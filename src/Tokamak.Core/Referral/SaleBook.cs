using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Units of a line that one party handed over, its handovers taken together (R9).</summary>
public readonly record struct HandedOver(Party Party, int Units);

/// <summary>What facts have made of a line so far (R11, R13); what was sold stays in the sale's fact.</summary>
public struct LineBook
{
    /// <summary>Remaining net (R11).</summary>
    public long Net { get; set; }

    /// <summary>R8: who closed this line, decided at the sale.</summary>
    public Party? Closer { get; set; }

    /// <summary>Units handed over, cancelled, returned: H, C and B of R1.</summary>
    public int Handed { get; set; }
    public int Cancelled { get; set; }
    public int Returned { get; set; }

    public bool Vested { get; set; }

    /// <summary>The day it was received (R13), once it is.</summary>
    public DateOnly? ReceivedOn { get; set; }

    /// <summary>Parties with a store who handed over units, in the order of their first handover.</summary>
    public HandedOver[] Handovers { get; set; }
}

/// <summary>
/// A sale with its decision, taken once (R8, R16), and its lines as they stand. What a later fact about it costs depends
/// on nothing but the sale itself. Its lines lie in one array with those of other sales, by rising line number.
/// </summary>
public sealed class SaleBook
{
    private readonly LineBook[] _lines;
    private readonly int _firstLine;

    /// <param name="fact">The sale.</param>
    /// <param name="memberNumber">Its member's number in the log.</param>
    /// <param name="day">Its day.</param>
    /// <param name="version">The version in force that day.</param>
    /// <param name="lines">Where its lines lie.</param>
    /// <param name="firstLine">Place of the first of them.</param>
    internal SaleBook(SaleFact fact, int memberNumber, DateOnly day, PolicyVersion? version, LineBook[] lines, int firstLine)
    {
        (Fact, MemberNumber, Day, Version, _lines, _firstLine) = (fact, memberNumber, day, version, lines, firstLine);
        Split = version?.SplitOf(fact.Channel);
        for (var i = 0; i < Count; i++)
        {
            ref var line = ref Line(i);
            line = new LineBook { Net = fact.Lines[i].Net, Handovers = [], Handed = fact.Lines[i].Fulfil == Fulfil.Taken ? fact.Lines[i].Quantity : 0 };
        }
    }

    /// <summary>A sale with lines of its own and no decision, for whoever asks only what may still be done to it (R1).</summary>
    public static SaleBook Undecided(SaleFact fact) => new(fact, -1, default, null, new LineBook[fact.Lines.Length], 0);

    public SaleFact Fact { get; }
    internal int MemberNumber { get; }
    public DateOnly Day { get; }

    /// <summary>The version that governs the sale for ever (R16); null before the first, when nothing is credited.</summary>
    public PolicyVersion? Version { get; }

    public SplitRule? Split { get; }

    public Party Host => new(null, Fact.Store ?? StoreId.Online);

    /// <summary>R8: the owner, decided at the sale, and the percent that decay leaves of its share (R7).</summary>
    public Party? Owner { get; internal set; }
    public int DecayPercent { get; internal set; }

    /// <summary>What was decided of it, to be recalled when a later fact comes.</summary>
    public DecidedSale Decided => new(Owner, DecayPercent, [.. Enumerable.Range(0, Count).Select(i => Line(i).Closer)]);

    internal void Recall(DecidedSale decided)
    {
        (Owner, DecayPercent) = (decided.Owner, decided.DecayPercent);
        for (var i = 0; i < Count; i++) Line(i).Closer = decided.Closers[i];
    }

    /// <summary>What remains of the whole sale (R11).</summary>
    public Int128 Net
    {
        get
        {
            Int128 net = 0;
            for (var i = 0; i < Count; i++) net += Line(i).Net;
            return net;
        }
    }

    /// <summary>The first day on which a line vests that has been received and has not vested (R13); null for none.</summary>
    public DateOnly? VestDue
    {
        get
        {
            DateOnly? due = null;
            for (var i = 0; i < Count && Version is not null; i++)
                if (Line(i) is { Vested: false, ReceivedOn: { } received } && CommissionRules.VestDay(this, received) is { } day && (due is null || day < due)) due = day;
            return due;
        }
    }

    /// <summary>R12: stores and days on which a pay per handover was given for this sale.</summary>
    internal List<(StoreId Store, DateOnly Day)>? PaidPerHandover { get; set; }

    public int Count => Fact.Lines.Length;

    /// <summary>A line as it stands, by its place among the sale's lines.</summary>
    public ref LineBook Line(int index) => ref _lines[_firstLine + index];

    /// <summary>A line as sold.</summary>
    public ref readonly SaleLine Sold(int index) => ref Fact.Lines[index];

    /// <summary>Remaining units of a line: r of R11.</summary>
    public int Remaining(int index) => NotCancelled(index) - Line(index).Returned;

    public int NotCancelled(int index) => Sold(index).Quantity - Line(index).Cancelled;

    public bool IsReceived(int index) => Line(index).Handed == NotCancelled(index);

    /// <summary>Place of a line number among the sale's lines, or -1.</summary>
    public int IndexOf(long line)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = Sold(middle).Line;
            if (found == line) return middle;
            if (found < line) low = middle + 1; else high = middle - 1;
        }
        return -1;
    }
}
