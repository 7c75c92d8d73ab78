using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// The objects of a PDF 1.7 and the table of where they are. The same objects in the same order are the same bytes: the
/// file's id is a hash of them, and nothing here reads a clock.
/// </summary>
internal sealed class PdfFile : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly List<long> _offsets = [];

    // The second line tells programs that move files that this one is binary.
    public PdfFile() => Append("%PDF-1.7\n%âãÏÓ\n");

    /// <summary>The number of an object that is written later.</summary>
    public int Reserve()
    {
        _offsets.Add(0);
        return _offsets.Count;
    }

    public int Add(string content)
    {
        var number = Reserve();
        Write(number, content);
        return number;
    }

    public void Write(int number, string content)
    {
        _offsets[number - 1] = _bytes.Position;
        Append($"{Number(number)} 0 obj\n{content}\nendobj\n");
    }

    /// <summary>A compressed stream.</summary>
    /// <param name="entries">Of its dictionary, besides length and filter.</param>
    public int AddStream(byte[] content, string entries = "")
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(content);
        var number = Reserve();
        _offsets[number - 1] = _bytes.Position;
        Append($"{Number(number)} 0 obj\n<< {entries} /Length {Number(packed.Length)} /Filter /FlateDecode >>\nstream\n");
        _bytes.Write(packed.GetBuffer(), 0, (int)packed.Length);
        Append("\nendstream\nendobj\n");
        return number;
    }

    public byte[] Finish(int catalog, int information)
    {
        var id = Convert.ToHexString(SHA256.HashData(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length)).AsSpan(0, 16));
        var table = _bytes.Position;
        Append($"xref\n0 {Number(_offsets.Count + 1)}\n0000000000 65535 f \n");
        foreach (var offset in _offsets) Append(offset.ToString("0000000000", CultureInfo.InvariantCulture) + " 00000 n \n");
        Append($"trailer\n<< /Size {Number(_offsets.Count + 1)} /Root {Number(catalog)} 0 R /Info {Number(information)} 0 R /ID [<{id}> <{id}>] >>\n");
        Append($"startxref\n{Number(table)}\n%%EOF\n");
        return _bytes.ToArray();
    }

    /// <summary>A text outside pages, such as a title.</summary>
    public static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A measure in points; a thousandth of one is finer than any printer.</summary>
    public static string Points(double points) => Math.Round(points, 3).ToString("0.###", CultureInfo.InvariantCulture);

    public void Dispose() => _bytes.Dispose();

    private void Append(string text) => _bytes.Write(Encoding.Latin1.GetBytes(text));
}
