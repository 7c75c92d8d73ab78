using System.Buffers.Binary;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// A TrueType font file, read once: which glyph a character has, how wide it is, and its outline. It never changes, so
/// any number of papers may be written over it at a time. Widths and heights are thousandths of the size, as PDF counts.
/// </summary>
internal sealed class TrueTypeFont
{
    private const int PerEm = 1000;

    private readonly byte[] _data;
    private readonly Dictionary<string, (int Offset, int Length)> _tables = [];
    private readonly Dictionary<int, ushort> _glyphs = [];
    private readonly int _unitsPerEm, _longMetrics;

    /// <exception cref="InvalidDataException">Not a TrueType font of thousands of characters, or one that may not be embedded.</exception>
    public TrueTypeFont(byte[] data, string name)
    {
        (_data, Name) = (data, name);
        if (data.Length < 12 || Long(0) != 0x00010000) throw new InvalidDataException($"{name} is no font of TrueType outlines.");
        for (var i = 0; i < Short(4); i++)
        {
            var entry = 12 + (16 * i);
            _tables[Encoding.ASCII.GetString(data, entry, 4)] = ((int)Long(entry + 8), (int)Long(entry + 12));
        }
        _unitsPerEm = Short(Table("head") + 18);
        if (Short(Table("head") + 50) != 1) throw new InvalidDataException($"{name} is smaller than fonts of Chinese are.");
        _longMetrics = Short(Table("hhea") + 34);
        // OS/2 fsType: 2 is "restricted licence embedding".
        if ((Short(Table("OS/2") + 8) & 0xF) == 2) throw new InvalidDataException($"{name} forbids to be embedded.");
        ReadCharacters();
    }

    /// <summary>As PDF names it; without white space.</summary>
    public string Name { get; }
    public int Ascent => Scaled(Signed(Table("hhea") + 4));
    public int Descent => Scaled(Signed(Table("hhea") + 6));
    public int CapHeight => Scaled(Signed(Table("OS/2") + 88));
    public IReadOnlyList<int> Box => [.. Enumerable.Range(0, 4).Select(i => Scaled(Signed(Table("head") + 36 + (2 * i))))];

    /// <summary>Null where the font lacks the character.</summary>
    public ushort? GlyphOf(int codePoint) => _glyphs.TryGetValue(codePoint, out var glyph) ? glyph : null;

    public int WidthOf(ushort glyph) => Scaled(Short(Table("hmtx") + (4 * Math.Min((int)glyph, _longMetrics - 1))));

    /// <summary>Advance and left side bearing as the font's table of metrics has them.</summary>
    public (ushort Advance, ushort Bearing) MetricsOf(ushort glyph)
    {
        var advance = Short(Table("hmtx") + (4 * Math.Min((int)glyph, _longMetrics - 1)));
        var bearing = glyph < _longMetrics ? (4 * glyph) + 2 : (4 * _longMetrics) + (2 * (glyph - _longMetrics));
        return (advance, Short(Table("hmtx") + bearing));
    }

    /// <summary>Empty for a glyph without ink.</summary>
    public ReadOnlySpan<byte> OutlineOf(ushort glyph)
    {
        var (start, end) = (OutlineAt(glyph), OutlineAt(glyph + 1));
        return _data.AsSpan(Table("glyf") + start, end - start);
    }

    /// <summary>A copy of a whole table; null where the font has none.</summary>
    public byte[]? CopyOf(string table) => _tables.TryGetValue(table, out var at) ? _data.AsSpan(at.Offset, at.Length).ToArray() : null;

    private int OutlineAt(int glyph) => (int)Long(Table("loca") + (4 * glyph));

    private void ReadCharacters()
    {
        const int unicodeFull = 10, segmentedCoverage = 12;
        var cmap = Table("cmap");
        for (var i = 0; i < Short(cmap + 2); i++)
        {
            var at = cmap + (int)Long(cmap + 8 + (8 * i));
            if (Short(cmap + 6 + (8 * i)) != unicodeFull || Short(at) != segmentedCoverage) continue;
            for (var group = 0; group < Long(at + 12); group++)
            {
                var from = at + 16 + (12 * group);
                var (first, last, glyph) = ((int)Long(from), (int)Long(from + 4), (int)Long(from + 8));
                for (var codePoint = first; codePoint <= last; codePoint++) _glyphs[codePoint] = (ushort)(glyph + codePoint - first);
            }
            return;
        }
        throw new InvalidDataException($"{Name} has no table of all Unicode characters.");
    }

    private int Table(string name) => _tables.TryGetValue(name, out var at) ? at.Offset : throw new InvalidDataException($"{Name} has no table {name}.");

    private int Scaled(int units) => (int)Math.Round(units * (double)PerEm / _unitsPerEm, MidpointRounding.AwayFromZero);
    private ushort Short(int at) => BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at));
    private short Signed(int at) => BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(at));
    private uint Long(int at) => BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(at));
}
