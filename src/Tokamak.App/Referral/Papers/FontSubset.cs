using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// The characters of a font that one paper uses. Every character gets a number and a glyph of its own, even where the font
/// draws two alike, so that text copied from the paper is the text that was put on it. A character that the font lacks is
/// drawn as <see cref="Stand"/>, and still copied as itself.
/// </summary>
internal sealed class FontSubset(TrueTypeFont font)
{
    /// <summary>〓, the printers' mark for a letter that is not in the case.</summary>
    public const int Stand = 0x3013;

    private const int MostPerBlock = 100;

    private readonly Dictionary<int, int> _numbers = [];
    private readonly List<(int CodePoint, ushort Glyph)> _used = [(0, 0)];

    public TrueTypeFont Font => font;

    /// <summary>Characters used that the font lacks, in the order of their use.</summary>
    public IEnumerable<int> Lacking => _used.Skip(1).Select(used => used.CodePoint).Where(codePoint => font.GlyphOf(codePoint) is null);

    public double WidthOf(Rune letter) => font.WidthOf(GlyphOf(letter.Value));

    /// <summary>Text as the hexadecimal string of a Tj.</summary>
    public string Hex(IEnumerable<Rune> text)
    {
        var hex = new StringBuilder();
        foreach (var letter in text) hex.Append(NumberOf(letter.Value).ToString("X4", CultureInfo.InvariantCulture));
        return hex.ToString();
    }

    /// <summary>The array W of the font in the PDF.</summary>
    public string Widths() => $"[0 [{string.Join(' ', _used.Select(used => font.WidthOf(used.Glyph).ToString(CultureInfo.InvariantCulture)))}]]";

    /// <summary>The map from numbers to characters, by which text is copied and searched.</summary>
    public string ToUnicode()
    {
        var map = new StringBuilder();
        map.Append("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n");
        map.Append("/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        foreach (var block in _used.Select((used, number) => (used.CodePoint, Number: number)).Skip(1).Chunk(MostPerBlock))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (codePoint, number) in block)
                map.Append(CultureInfo.InvariantCulture, $"<{number:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(char.ConvertFromUtf32(codePoint)))}>\n");
            map.Append("endbfchar\n");
        }
        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }

    /// <summary>A font file of only these glyphs, numbered as here.</summary>
    /// <exception cref="InvalidDataException">A glyph is composed of others: Noto Sans TC has none, so nothing here renumbers them.</exception>
    public byte[] File()
    {
        List<byte> outlines = [];
        List<int> offsets = [0];
        foreach (var (_, glyph) in _used)
        {
            var outline = font.OutlineOf(glyph);
            if (outline.Length > 0 && BinaryPrimitives.ReadInt16BigEndian(outline) < 0) throw new InvalidDataException($"{font.Name} has composed glyphs.");
            outlines.AddRange(outline);
            while (outlines.Count % 4 != 0) outlines.Add(0);
            offsets.Add(outlines.Count);
        }
        return new FontFileWriter(font).Write([.. _used.Select(used => used.Glyph)], [.. outlines], offsets);
    }

    private int NumberOf(int codePoint)
    {
        if (_numbers.TryGetValue(codePoint, out var number)) return number;
        _numbers[codePoint] = number = _used.Count;
        _used.Add((codePoint, GlyphOf(codePoint)));
        return number;
    }

    private ushort GlyphOf(int codePoint) => font.GlyphOf(codePoint) ?? font.GlyphOf(Stand) ?? 0;
}
