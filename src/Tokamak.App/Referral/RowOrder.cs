using System.Globalization;
using System.Runtime.InteropServices;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>
/// The order of one day's rows in the CSV files: by all columns from left to right as text. Rows of one fact come
/// together, so runs of one cause and sale are sorted, and only then the few rows within them; rows themselves stay put.
/// Amount and policy never decide: cause, sale, line, role and party make one row.
/// </summary>
internal sealed class RowOrder
{
    /// <summary>Up to here, moving rows one by one is faster than sorting.</summary>
    private const int Few = 24;

    private readonly List<Run> _runs = [];
    private readonly List<int> _places = [];

    /// <summary>The places of the rows, in the order in which they are to be written; holds until the next call.</summary>
    public List<int> Of<TPosting>(ReadOnlySpan<TPosting> rows) where TPosting : struct, IPosting
    {
        _runs.Clear();
        _places.Clear();
        for (int i = 0, start = 0; i < rows.Length; i++)
        {
            if (i + 1 < rows.Length && rows[i + 1].Cause == rows[i].Cause && rows[i + 1].Sale == rows[i].Sale) continue;
            _runs.Add(new Run(rows[i].Cause, rows[i].Sale, start, i + 1));
            start = i + 1;
        }
        _runs.Sort();
        for (var run = 0; run < _runs.Count;)
        {
            var first = _places.Count;
            run = Gather(run);
            Sort(CollectionsMarshal.AsSpan(_places)[first..], rows);
        }
        return _places;
    }

    private static void Sort<TPosting>(Span<int> places, ReadOnlySpan<TPosting> rows) where TPosting : struct, IPosting
    {
        if (places.Length > Few)
        {
            var copy = rows.ToArray();
            places.Sort((a, b) => Compare(in copy[a], in copy[b]));
            return;
        }
        for (var i = 1; i < places.Length; i++)
            for (var at = i; at > 0 && Compare(in rows[places[at]], in rows[places[at - 1]]) < 0; at--)
                (places[at], places[at - 1]) = (places[at - 1], places[at]);
    }

    /// <summary>Takes the places of a run and of those that follow with the same cause and sale; returns the next run.</summary>
    private int Gather(int run)
    {
        var next = run;
        do
        {
            for (var place = _runs[next].Start; place < _runs[next].End; place++) _places.Add(place);
            next++;
        }
        while (next < _runs.Count && _runs[next].CompareTo(_runs[run]) == 0);
        return next;
    }

    private static int Compare<TPosting>(in TPosting a, in TPosting b) where TPosting : struct, IPosting
    {
        if (a.LineOrNone != b.LineOrNone) return CompareAsText(a.LineOrNone ?? -1, b.LineOrNone ?? -1);
        if (a.Role != b.Role) return a.Role.CompareTo(b.Role);
        var staff = string.CompareOrdinal(a.Party.Staff?.Value ?? "", b.Party.Staff?.Value ?? "");
        return staff != 0 ? staff : a.Party.Store.CompareTo(b.Party.Store);
    }

    /// <summary>Line numbers compare as text: 10 comes before 2. A missing line (-1 here) comes first.</summary>
    private static int CompareAsText(long a, long b) =>
        (a < 10 && b < 10) || a < 0 || b < 0
            ? a.CompareTo(b)
            : string.CompareOrdinal(a.ToString(CultureInfo.InvariantCulture), b.ToString(CultureInfo.InvariantCulture));

    private readonly record struct Run(FactId Cause, FactId Sale, int Start, int End) : IComparable<Run>
    {
        public int CompareTo(Run other) => Cause.CompareTo(other.Cause) is var causes and not 0 ? causes : Sale.CompareTo(other.Sale);
    }
}
