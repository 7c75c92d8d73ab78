using System.Globalization;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>A colour of ink, each part from 0 to 1.</summary>
internal readonly record struct Ink(double Red, double Green, double Blue)
{
    public static readonly Ink Black = new(0.1, 0.1, 0.12), Grey = new(0.4, 0.42, 0.46), Accent = new(0.11, 0.24, 0.39), White = new(1, 1, 1);
    public static readonly Ink Hairline = new(0.82, 0.84, 0.87), Tint = new(0.945, 0.953, 0.965);

    public override string ToString() => $"{PdfFile.Points(Red)} {PdfFile.Points(Green)} {PdfFile.Points(Blue)}";
}

/// <summary>One side of paper. Measures are points from its upper left corner.</summary>
internal sealed class PaperSheet(double width, double height)
{
    private readonly StringBuilder _drawn = new();

    public double Width => width;
    public double Height => height;
    public byte[] Drawn => Encoding.ASCII.GetBytes(_drawn.ToString());

    /// <param name="baseline">Where the letters stand.</param>
    /// <param name="resource">The name of the font on every page.</param>
    public void Text(FontSubset font, string resource, double size, string text, double left, double baseline, Ink ink)
    {
        var hex = font.Hex(PaperText.Letters(text));
        if (hex.Length > 0)
            _drawn.Append(CultureInfo.InvariantCulture, $"{ink} rg BT /{resource} {PdfFile.Points(size)} Tf 1 0 0 1 {PdfFile.Points(left)} {PdfFile.Points(height - baseline)} Tm <{hex}> Tj ET\n");
    }

    public void Fill(double left, double top, double wide, double high, Ink ink) =>
        _drawn.Append(CultureInfo.InvariantCulture, $"{ink} rg {PdfFile.Points(left)} {PdfFile.Points(height - top - high)} {PdfFile.Points(wide)} {PdfFile.Points(high)} re f\n");
}
