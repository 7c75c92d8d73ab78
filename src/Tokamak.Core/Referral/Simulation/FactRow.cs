using System.Runtime.InteropServices;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// A fact as numbers: what it names is looked up in the tables of its <see cref="FactSnapshot"/>, -1 for what it does not name.
/// </summary>
/// <param name="At">Ticks of its instant.</param>
/// <param name="Id">Its own number.</param>
/// <param name="Subject">The member of a service or sale, who is merged from; of a fact about a sale, the sale's number.</param>
/// <param name="Second">The kind of a service, the code of a sale, who is merged into.</param>
/// <param name="Store">Text of the store.</param>
/// <param name="Staff">Text of the staff member.</param>
/// <param name="FirstLine">Place of its first line in the partition.</param>
/// <param name="LineCount">How many lines it has.</param>
/// <param name="Order">What kind of fact it is.</param>
/// <param name="Channel">The channel of a sale.</param>
internal readonly record struct FactRow(
    long At, int Id, int Subject, int Second, int Store, int Staff, int FirstLine, int LineCount, FactOrder Order, Channel Channel);

/// <summary>A line of a sale, or of a fact about one: there <paramref name="Amount"/> is -1 where none is named.</summary>
internal readonly record struct LineRow(long Line, long Amount, int Quantity, int Category, int Staff, Fulfil Fulfil);

/// <summary>
/// Facts of members who have nothing to do with those of other partitions, in the order of R1, with their lines beside them. A replay
/// of a partition reads every field of every fact, so the fields of one lie side by side.
/// </summary>
internal sealed class FactPartition
{
    private readonly List<FactRow> _rows = [];
    private readonly List<LineRow> _lines = [];
    private bool _inOrder = true;

    public ReadOnlySpan<FactRow> Rows => CollectionsMarshal.AsSpan(_rows);

    public ReadOnlySpan<LineRow> LinesOf(in FactRow row) => CollectionsMarshal.AsSpan(_lines).Slice(row.FirstLine, row.LineCount);

    public void Add(in FactRow row, ReadOnlySpan<LineRow> lines)
    {
        // Of one instant, order is settled later: the ids decide it.
        if (_rows.Count > 0 && _rows[^1].At >= row.At) _inOrder = false;
        _rows.Add(row with { FirstLine = _lines.Count, LineCount = lines.Length });
        _lines.AddRange(lines);
    }

    /// <summary>Puts what was added into its place.</summary>
    public void Order(IdTable ids)
    {
        if (_inOrder) return;
        _inOrder = true;
        _rows.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Order != b.Order ? a.Order.CompareTo(b.Order) : ids.Compare(a.Id, b.Id));
    }
}
