namespace Tokamak.App.Referral.Papers;

/// <summary>Fills pages from the top down and begins a new one where the next part does not fit.</summary>
internal sealed class PaperFlow
{
    public const double Margin = 45;

    private const double Footer = 24, TextSize = 9, LineHeight = 1.45, SmallSize = 7.5;
    private readonly PaperDocument _document;

    public PaperFlow(PaperDocument document)
    {
        _document = document;
        Sheet = document.AddSheet();
    }

    public PaperDocument Document => _document;
    public PaperSheet Sheet { get; private set; }

    /// <summary>Where the next part begins, from the top.</summary>
    public double Top { get; set; } = Margin;
    public double Width => Sheet.Width - (2 * Margin);
    public double Bottom => Sheet.Height - Margin - Footer;

    /// <summary>The paper's maker at the left, what is to be known first at the right, and below what the paper is.</summary>
    public void Title(string brand, string status, string title)
    {
        Left(brand, Fitting(brand, 10, Width - _document.Width(status, SmallSize + 1, true) - 20), bold: true, Ink.Accent, Top + 10);
        Right(status, SmallSize + 1, bold: true, Ink.Grey, Top + 10);
        Top += 18;
        Sheet.Fill(Margin, Top, Width, 1.2, Ink.Accent);
        Top += 10;
        foreach (var line in _document.Lines(title, 20, true, Width))
        {
            Left(line, 20, bold: true, Ink.Black, Top + 18);
            Top += 27;
        }
        Top += 4;
    }

    /// <summary>Named values in columns side by side.</summary>
    public void Fields(IReadOnlyList<(string Name, string Value)> fields)
    {
        const double gap = 14;
        var fair = (Width / fields.Count) - gap;
        var natural = fields.Select(field => Math.Max(_document.Width(field.Value, 10, true), _document.Width(field.Name, SmallSize, false))).ToList();
        // Side by side as wide as they are if they fit, otherwise all alike and in lines.
        var fit = natural.Sum() + (gap * fields.Count) <= Width;
        var more = (Width - natural.Sum() - (gap * fields.Count)) / fields.Count;
        var values = fields.Select((field, i) => _document.Lines(field.Value, 10, true, fit ? natural[i] : fair)).ToList();
        var left = Margin;
        for (var i = 0; i < fields.Count; i++)
        {
            _document.Text(Sheet, fields[i].Name, SmallSize, false, left, Top + 8, Ink.Grey);
            for (var line = 0; line < values[i].Count; line++) _document.Text(Sheet, values[i][line], 10, true, left, Top + 22 + (14 * line), Ink.Black);
            left += gap + (fit ? natural[i] + more : fair);
        }
        Top += 34 + (14 * (values.Max(lines => lines.Count) - 1));
    }

    /// <summary>The figures that matter, the last of them most.</summary>
    public void Figures(IReadOnlyList<(string Name, string Value)> figures)
    {
        const double gap = 8, high = 46, pad = 9;
        var wide = (Width - (gap * (figures.Count - 1))) / figures.Count;
        for (var i = 0; i < figures.Count; i++)
        {
            var (left, last) = (Margin + (i * (wide + gap)), i == figures.Count - 1);
            Sheet.Fill(left, Top, wide, high, last ? Ink.Accent : Ink.Tint);
            _document.Text(Sheet, figures[i].Name, 8, false, left + pad, Top + 16, last ? Ink.White : Ink.Grey);
            var size = Fitting(figures[i].Value, 15, wide - (2 * pad));
            _document.Text(Sheet, figures[i].Value, size, true, left + pad, Top + 36, last ? Ink.White : Ink.Black);
        }
        Top += high + 14;
    }

    /// <param name="with">Height of what must stand on the same page.</param>
    public void Heading(string text, string? note = null, double with = 60)
    {
        Need(24 + with);
        Top += 6;
        Left(text, 11, bold: true, Ink.Accent, Top + 11);
        if (note is not null) Right(note, SmallSize, bold: false, Ink.Grey, Top + 11);
        Top += 18;
    }

    public void Paragraph(string text, bool small = false, string bullet = "")
    {
        var size = small ? SmallSize : TextSize;
        var indent = bullet.Length > 0 ? 10 : 0;
        var first = true;
        foreach (var line in _document.Lines(text, size, false, Width - indent))
        {
            Need(size * LineHeight);
            if (first && indent > 0) _document.Text(Sheet, bullet, size, false, Margin, Top + size, Ink.Grey);
            _document.Text(Sheet, line, size, false, Margin + indent, Top + size, small ? Ink.Grey : Ink.Black);
            Top += size * LineHeight;
            first = false;
        }
        Top += small ? 1 : 3;
    }

    public void Space(double points) => Top += points;

    /// <summary>Begins a new page unless so much is left of this one.</summary>
    public bool Need(double height)
    {
        if (Top + height <= Bottom || Top <= Margin) return false;
        Sheet = _document.AddSheet();
        Top = Margin;
        return true;
    }

    /// <summary>Once everything stands, and so the number of pages is known.</summary>
    public void Footers(string left, Func<int, int, string> position)
    {
        var sheets = _document.Sheets;
        for (var i = 0; i < sheets.Count; i++)
        {
            var baseline = sheets[i].Height - Margin + 4;
            sheets[i].Fill(Margin, baseline - 14, sheets[i].Width - (2 * Margin), 0.4, Ink.Hairline);
            var number = position(i + 1, sheets.Count);
            var wide = _document.Width(number, SmallSize, false);
            _document.Text(sheets[i], _document.Lines(left, SmallSize, false, Width - wide - 20)[0], SmallSize, false, Margin, baseline, Ink.Grey);
            _document.Text(sheets[i], number, SmallSize, false, sheets[i].Width - Margin - wide, baseline, Ink.Grey);
        }
    }

    /// <summary>The size of bold letters that fits a text into a width, as long as it can be read.</summary>
    private double Fitting(string text, double size, double width)
    {
        while (size > 4 && _document.Width(text, size, true) > width) size -= 0.5;
        return size;
    }

    private void Left(string text, double size, bool bold, Ink ink, double baseline) => _document.Text(Sheet, text, size, bold, Margin, baseline, ink);

    private void Right(string text, double size, bool bold, Ink ink, double baseline) =>
        _document.Text(Sheet, text, size, bold, Sheet.Width - Margin - _document.Width(text, size, bold), baseline, ink);
}
