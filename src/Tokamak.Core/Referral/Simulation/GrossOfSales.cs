using System.Runtime.InteropServices;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>A sale that brings a clerk another commission, before bands and division, in ten-thousandths of a unit.</summary>
public readonly record struct SaleChange(FactId Sale, Int128 BeforeE4, Int128 AfterE4)
{
    public Int128 ChangeE4 => AfterE4 - BeforeE4;
}

/// <summary>
/// What each sale of the stretch in a partition brings each clerk, by the sale's place among them: numbers alone, since it is kept for
/// every sale as long as the figures before the change are.
/// </summary>
internal sealed record GrossOfSales(int[] Ends, int[] Clerks, Int128[] AmountsE4)
{
    public Range Of(int sale) => (sale == 0 ? 0 : Ends[sale - 1])..Ends[sale];
}

/// <summary>Gathers what the sales of one partition bring, while its replay runs.</summary>
internal sealed class GrossGatherer
{
    private const int End = -1;
    private readonly List<int> _heads = [];
    private readonly List<Entry> _entries = [];

    public void Begin(int sales)
    {
        _entries.Clear();
        CollectionsMarshal.SetCount(_heads, sales);
        CollectionsMarshal.AsSpan(_heads).Fill(End);
    }

    public void Add(int sale, int clerk, Int128 amountE4)
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        for (var at = _heads[sale]; at != End; at = entries[at].Next)
            if (entries[at].Clerk == clerk)
            {
                entries[at].AmountE4 += amountE4;
                return;
            }
        _entries.Add(new Entry { Clerk = clerk, AmountE4 = amountE4, Next = _heads[sale] });
        _heads[sale] = _entries.Count - 1;
    }

    /// <summary>All of it, for the sales of the stretch.</summary>
    public GrossOfSales Kept(List<SeenSale> sales)
    {
        var ends = new List<int>(sales.Count);
        var clerks = new List<int>(_entries.Count);
        var amounts = new List<Int128>(_entries.Count);
        for (var sale = 0; sale < sales.Count; sale++)
        {
            if (sales[sale].Place is null) continue;
            for (var at = _heads[sale]; at != End; at = _entries[at].Next)
            {
                clerks.Add(_entries[at].Clerk);
                amounts.Add(_entries[at].AmountE4);
            }
            ends.Add(clerks.Count);
        }
        return new GrossOfSales([.. ends], [.. clerks], [.. amounts]);
    }

    /// <summary>Compares with what the same sales brought before.</summary>
    public void Compare(List<SeenSale> sales, GrossOfSales before, Extremes[] extremes)
    {
        for (int sale = 0, place = 0; sale < sales.Count; sale++)
        {
            if (sales[sale].Place is null) continue;
            var (start, end) = (before.Of(place).Start.Value, before.Of(place).End.Value);
            place++;
            for (var i = start; i < end; i++)
                See(before.Clerks[i], new SaleChange(sales[sale].Id, before.AmountsE4[i], Of(sale, before.Clerks[i])));
            for (var at = _heads[sale]; at != End; at = _entries[at].Next)
                if (before.Clerks.AsSpan(start, end - start).IndexOf(_entries[at].Clerk) < 0)
                    See(_entries[at].Clerk, new SaleChange(sales[sale].Id, 0, _entries[at].AmountE4));
        }

        void See(int clerk, in SaleChange change) => extremes[clerk].See(in change);
    }

    private Int128 Of(int sale, int clerk)
    {
        for (var at = _heads[sale]; at != End; at = _entries[at].Next)
            if (_entries[at].Clerk == clerk) return _entries[at].AmountE4;
        return 0;
    }

    private struct Entry
    {
        public int Clerk;
        public int Next;
        public Int128 AmountE4;
    }
}
