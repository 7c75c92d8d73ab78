using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// A4 pages with Chinese on them, made into a PDF that embeds the letters it uses. Written here because the libraries to be
/// had do not fit (ADR 0007). One document is made by one thread; documents share only what never changes.
/// </summary>
internal sealed class PaperDocument(bool landscape = false)
{
    private const double Short = 595.276, Long = 841.89;
    private const string RegularResource = "F1", BoldResource = "F2";

    private readonly FontSubset _regular = new(PaperFonts.Regular), _bold = new(PaperFonts.Bold);
    private readonly List<PaperSheet> _sheets = [];

    public IReadOnlyList<PaperSheet> Sheets => _sheets;

    /// <summary>Characters drawn as 〓 because the font lacks them, each once.</summary>
    public IReadOnlyList<int> Lacking => [.. _regular.Lacking.Union(_bold.Lacking)];

    public PaperSheet AddSheet()
    {
        _sheets.Add(landscape ? new PaperSheet(Long, Short) : new PaperSheet(Short, Long));
        return _sheets[^1];
    }

    public double Width(string text, double size, bool bold) => PaperText.Width(FontOf(bold), size, text);

    public IReadOnlyList<string> Lines(string text, double size, bool bold, double width) => PaperText.Lines(FontOf(bold), size, text, width);

    public void Text(PaperSheet sheet, string text, double size, bool bold, double left, double baseline, Ink ink) =>
        sheet.Text(FontOf(bold), bold ? BoldResource : RegularResource, size, text, left, baseline, ink);

    public byte[] Save(string title, string author, Language language, Instant madeAt)
    {
        using var file = new PdfFile();
        var (catalog, pages) = (file.Reserve(), file.Reserve());
        var fonts = $"<< /{RegularResource} {AddFont(file, _regular)} 0 R /{BoldResource} {AddFont(file, _bold)} 0 R >>";
        List<int> numbers = [];
        foreach (var sheet in _sheets)
        {
            var drawn = file.AddStream(sheet.Drawn);
            numbers.Add(file.Add(
                $"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {PdfFile.Points(sheet.Width)} {PdfFile.Points(sheet.Height)}] "
                + $"/Resources << /Font {fonts} >> /Contents {drawn} 0 R >>"));
        }
        file.Write(pages, $"<< /Type /Pages /Kids [{string.Join(' ', numbers.Select(number => $"{number} 0 R"))}] /Count {numbers.Count} >>");
        file.Write(catalog, $"<< /Type /Catalog /Pages {pages} 0 R /Lang ({language.Code}) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var made = new DateTime(madeAt.Ticks, DateTimeKind.Utc).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var information = file.Add($"<< /Title {PdfFile.Text(title)} /Author {PdfFile.Text(author)} /Producer (Tokamak) /CreationDate (D:{made}Z) >>");
        return file.Finish(catalog, information);
    }

    private FontSubset FontOf(bool bold) => bold ? _bold : _regular;

    private static int AddFont(PdfFile file, FontSubset subset)
    {
        const int symbolic = 4;
        var font = subset.Font;
        var program = subset.File();
        // Six letters before the name say that this is a part of the font; parts that differ should differ in them.
        var hash = SHA256.HashData(program);
        var name = string.Concat(hash.Take(6).Select(part => (char)('A' + (part % 26)))) + "+" + font.Name;
        var data = file.AddStream(program, $"/Length1 {program.Length}");
        var descriptor = file.Add(
            $"<< /Type /FontDescriptor /FontName /{name} /Flags {symbolic} /FontBBox [{string.Join(' ', font.Box.Select(side => PdfFile.Number(side)))}] /ItalicAngle 0 "
            + $"/Ascent {PdfFile.Number(font.Ascent)} /Descent {PdfFile.Number(font.Descent)} /CapHeight {font.CapHeight} /StemV 80 /FontFile2 {data} 0 R >>");
        var letters = file.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            + $"/FontDescriptor {descriptor} 0 R /DW 1000 /W {subset.Widths()} /CIDToGIDMap /Identity >>");
        var toUnicode = file.AddStream(Encoding.ASCII.GetBytes(subset.ToUnicode()));
        return file.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{letters} 0 R] /ToUnicode {toUnicode} 0 R >>");
    }
}
