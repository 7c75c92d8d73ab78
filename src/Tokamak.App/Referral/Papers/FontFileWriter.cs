using System.Buffers.Binary;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>Puts together the tables that a TrueType font inside a PDF needs; what finds characters and names is the PDF's own.</summary>
internal sealed class FontFileWriter(TrueTypeFont font)
{
    /// <param name="glyphs">The old number of every glyph, by its new one.</param>
    /// <param name="outlines">Their outlines, one after the other.</param>
    /// <param name="offsets">Where each begins, and where the last ends.</param>
    public byte[] Write(IReadOnlyList<ushort> glyphs, byte[] outlines, IReadOnlyList<int> offsets)
    {
        var head = Copy("head");
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(50), 1);
        var hhea = Copy("hhea");
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)glyphs.Count);
        var maxp = Copy("maxp");
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)glyphs.Count);
        var hmtx = new byte[4 * glyphs.Count];
        for (var i = 0; i < glyphs.Count; i++)
        {
            var (advance, bearing) = font.MetricsOf(glyphs[i]);
            BinaryPrimitives.WriteUInt16BigEndian(hmtx.AsSpan(4 * i), advance);
            BinaryPrimitives.WriteUInt16BigEndian(hmtx.AsSpan((4 * i) + 2), bearing);
        }
        var loca = new byte[4 * offsets.Count];
        for (var i = 0; i < offsets.Count; i++) BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * i), (uint)offsets[i]);

        // The three that hinting needs may be missing.
        return Join([("cvt ", font.CopyOf("cvt ")), ("fpgm", font.CopyOf("fpgm")), ("glyf", outlines), ("head", head), ("hhea", hhea), ("hmtx", hmtx),
            ("loca", loca), ("maxp", maxp), ("prep", font.CopyOf("prep"))]);
    }

    private static byte[] Join(IEnumerable<(string Tag, byte[]? Bytes)> all)
    {
        var tables = all.Where(table => table.Bytes is not null).ToList();
        var at = 12 + (16 * tables.Count);
        var file = new byte[at + tables.Sum(table => Padded(table.Bytes!.Length))];
        var power = 1 << (31 - int.LeadingZeroCount(tables.Count));
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(6), (ushort)(16 * power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), (ushort)int.Log2(power));
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), (ushort)(16 * (tables.Count - power)));
        var head = 0;
        for (var i = 0; i < tables.Count; i++)
        {
            var (tag, bytes) = (tables[i].Tag, tables[i].Bytes!);
            if (tag == "head") head = at;
            bytes.CopyTo(file.AsSpan(at));
            var entry = file.AsSpan(12 + (16 * i));
            Encoding.ASCII.GetBytes(tag, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(file.AsSpan(at, Padded(bytes.Length))));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)bytes.Length);
            at += Padded(bytes.Length);
        }
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(head + 8), unchecked(0xB1B0AFBA - Sum(file)));
        return file;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]));
        return sum;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private byte[] Copy(string table) => font.CopyOf(table) ?? throw new InvalidDataException($"{font.Name} has no table {table}.");
}
