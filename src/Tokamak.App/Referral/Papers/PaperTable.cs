namespace Tokamak.App.Referral.Papers;

/// <summary>A column: figures stand at its right and are broken last of all.</summary>
internal readonly record struct PaperColumn(string Head, bool Figure = false);

internal enum PaperRowLook { Plain, Group, Total }

/// <summary>A row; cells that a table has more columns for stay empty.</summary>
internal sealed record PaperRow(IReadOnlyList<string> Cells, PaperRowLook Look = PaperRowLook.Plain);

/// <summary>
/// A table over as many pages as it takes, its head on each. Columns are as wide as what stands in them; where that is too
/// much, letters get smaller to a limit, and then text, and only at the very last figures, take several lines.
/// </summary>
internal sealed class PaperTable(PaperFlow flow, IReadOnlyList<PaperColumn> columns)
{
    private const double Largest = 8.5, Smallest = 6.5, Pad = 4, RowPad = 3.4;

    private double _size = Largest;
    private double[] _widths = [];

    private double LineHeight => _size * 1.35;

    public void Write(IReadOnlyList<PaperRow> rows)
    {
        Measure(rows);
        Head(keepWith: RowHeight(rows[0]));
        for (var i = 0; i < rows.Count; i++)
        {
            // A group's head stands with its first row, and the total with the last.
            var keep = RowHeight(rows[i]) + (i + 1 < rows.Count && (rows[i].Look == PaperRowLook.Group || rows[i + 1].Look == PaperRowLook.Total) ? RowHeight(rows[i + 1]) : 0);
            if (flow.Need(keep)) Head(keep);
            Row(rows[i]);
        }
        flow.Space(8);
    }

    private void Measure(IReadOnlyList<PaperRow> rows)
    {
        var natural = Natural(rows, headInTwoLines: false);
        if (natural.Sum() > flow.Width) natural = Natural(rows, headInTwoLines: true);
        while (natural.Sum() > flow.Width && _size > Smallest)
        {
            _size -= 0.5;
            natural = Natural(rows, headInTwoLines: true);
        }
        var more = flow.Width - natural.Sum();
        _widths = more >= 0 ? [.. natural.Select(wide => wide + (more / natural.Length))] : Squeezed(natural);
    }

    /// <summary>Text gives way first, down to a third of the paper; in either kind the widest columns do.</summary>
    private double[] Squeezed(double[] natural)
    {
        var (figures, texts) = (Of(natural, figure: true), Of(natural, figure: false));
        var forTexts = Math.Max(flow.Width - figures.Sum(), Math.Min(texts.Sum(), flow.Width / 3));
        var (figureCap, textCap) = (Cap(figures, flow.Width - forTexts), Cap(texts, forTexts));
        return [.. natural.Select((wide, i) => Math.Min(wide, columns[i].Figure ? figureCap : textCap))];
    }

    private double[] Of(double[] natural, bool figure) => [.. natural.Where((_, i) => columns[i].Figure == figure)];

    /// <summary>The width that none may pass, so that together they take no more than this.</summary>
    private static double Cap(double[] wide, double width)
    {
        var left = width;
        double[] rising = [.. wide.Order()];
        for (var i = 0; i < rising.Length; i++)
        {
            var share = left / (rising.Length - i);
            if (rising[i] > share) return share;
            left -= rising[i];
        }
        return double.MaxValue;
    }

    private double[] Natural(IReadOnlyList<PaperRow> rows, bool headInTwoLines) =>
    [
        .. columns.Select((column, i) => (2 * Pad) + Math.Max(
            flow.Document.Width(column.Head, _size, true) * (headInTwoLines ? 0.6 : 1),
            rows.Where(row => i < row.Cells.Count && (row.Look != PaperRowLook.Group || column.Figure)).Max(row => (double?)flow.Document.Width(row.Cells[i], _size, row.Look != PaperRowLook.Plain)) ?? 0)),
    ];

    private void Head(double keepWith)
    {
        var cells = columns.Select((column, i) => flow.Document.Lines(column.Head, _size, true, _widths[i] - (2 * Pad))).ToList();
        var high = (cells.Max(lines => lines.Count) * LineHeight) + (2 * RowPad);
        flow.Need(high + keepWith);
        flow.Sheet.Fill(PaperFlow.Margin, flow.Top, flow.Width, high, Ink.Tint);
        Draw(cells, high, bold: true, Ink.Accent);
        flow.Sheet.Fill(PaperFlow.Margin, flow.Top - 0.6, flow.Width, 0.6, Ink.Accent);
    }

    private void Row(PaperRow row)
    {
        var cells = LinesOf(row);
        var high = HeightOf(cells);
        if (row.Look == PaperRowLook.Total) flow.Sheet.Fill(PaperFlow.Margin, flow.Top, flow.Width, 0.8, Ink.Accent);
        Draw(cells, high, row.Look != PaperRowLook.Plain, Ink.Black);
        flow.Sheet.Fill(PaperFlow.Margin, flow.Top - 0.4, flow.Width, 0.4, Ink.Hairline);
    }

    private void Draw(List<IReadOnlyList<string>> cells, double high, bool bold, Ink ink)
    {
        var left = PaperFlow.Margin;
        for (var i = 0; i < cells.Count; i++)
        {
            for (var line = 0; line < cells[i].Count; line++)
            {
                var text = cells[i][line];
                var at = columns[i].Figure ? left + _widths[i] - Pad - flow.Document.Width(text, _size, bold) : left + Pad;
                flow.Document.Text(flow.Sheet, text, _size, bold, at, flow.Top + RowPad + _size + (line * LineHeight), ink);
            }
            left += _widths[i];
        }
        flow.Top += high;
    }

    /// <summary>The first cell of a group or total may run over the empty ones beside it.</summary>
    private List<IReadOnlyList<string>> LinesOf(PaperRow row)
    {
        List<IReadOnlyList<string>> cells = [];
        for (var i = 0; i < columns.Count; i++)
        {
            var wide = _widths[i];
            if (row.Look != PaperRowLook.Plain && i == 0)
                for (var next = 1; next < columns.Count && (next >= row.Cells.Count || row.Cells[next].Length == 0); next++) wide += _widths[next];
            cells.Add(i < row.Cells.Count ? flow.Document.Lines(row.Cells[i], _size, row.Look != PaperRowLook.Plain, wide - (2 * Pad)) : [""]);
        }
        return cells;
    }

    private double RowHeight(PaperRow row) => HeightOf(LinesOf(row));

    private double HeightOf(List<IReadOnlyList<string>> cells) => (cells.Max(lines => lines.Count) * LineHeight) + (2 * RowPad);
}
