using System.IO.Compression;
using System.Text;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class SourceRowsTests
{
    private const string Row = "1,2026-01-05 12:00,信義店,M1,1,鞋子,2,500\n";

    private static readonly string Expected =
        """{"type":"sale","id":"O1","at":"2026-01-05T12:00:00+08:00","channel":"store","store":"信義店","member":"M1","lines":[{"line":1,"category":"鞋子","quantity":2,"net":500,"fulfil":"taken"}]}""" + "\n";

    public static TheoryData<string, string, byte[]> Files()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = BrandFolder.OrdersHeader + Row;
        var utf8 = Encoding.UTF8.GetBytes(text);
        var big5 = Encoding.GetEncoding("big5").GetBytes(text);
        return new()
        {
            { "utf-8", "orders.csv", utf8 },
            { "utf-8", "orders.csv", [0xEF, 0xBB, 0xBF, .. utf8] },
            { "utf-8", "orders.csv", Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)) },
            { "utf-8", "orders.csv", Encoding.UTF8.GetBytes(text.TrimEnd('\n')) },
            { "big5", "orders.csv", big5 },
            { "utf-16", "orders.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)] },
            { "utf-8", "orders.csv.gz", Gzip(utf8) },
            { "big5", "orders.csv.gz", Gzip(big5) },
            { "utf-8", "orders.csv", Gzip(utf8) },
        };
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_same_facts_come_from_every_encoding_packed_or_not(string encoding, string file, byte[] bytes)
    {
        using var folder = new BrandFolder().Write(file, bytes);
        var result = folder.Import(BrandFolder.Orders.Replace("\"orders.csv\"", $"\"orders.csv\", \"encoding\": \"{encoding}\"", StringComparison.Ordinal));
        Assert.Equal(Expected, BrandFolder.Lines(result));
        Assert.Equal(0, result.Rejects.Rows);
    }

    [Fact]
    public void Big5_read_as_UTF_8_is_rejected_with_the_remedy()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var text = BrandFolder.OrdersHeader + Row + "2,2026-01-05 12:00,S1,M1,1,bag,2,500\n";
        using var folder = new BrandFolder().Write("orders.csv", Encoding.GetEncoding("big5").GetBytes(text));

        var result = folder.Import(BrandFolder.Orders);

        Assert.Equal(["orders.csv:2 store: has bytes that are not utf-8; name the file's \"encoding\" in the mapping, or mend the row"], BrandFolder.Rejected(result));
        Assert.Equal("O2", Assert.Single(result.Facts).Id.Value);
    }

    [Fact]
    public void A_missing_file_is_named_with_its_place_in_the_mapping()
    {
        using var folder = new BrandFolder();
        var fault = Assert.Single(folder.Refused(BrandFolder.Orders));
        Assert.Equal("$.sources.orders.file", fault.Path);
        Assert.Contains("there is no file orders.csv", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_cut_short_is_refused()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes(BrandFolder.OrdersHeader + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i},2026-01-05,S{i * 7919},M{i * 31},1,bag,2,{i}\n"))));
        using var folder = new BrandFolder().Write("orders.csv.gz", packed[..(packed.Length / 2)]);
        Assert.Contains("cannot be read to its end", Assert.Single(folder.Refused(BrandFolder.Orders)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_of_one_form_are_one_source()
    {
        using var folder = new BrandFolder()
            .Write("orders-2026-01.csv", BrandFolder.OrdersHeader + "1,2026-01-05,S1,M1,1,bag,2,500\n")
            .Write("orders-2026-02.csv", BrandFolder.OrdersHeader + "2,2026-02-05,S1,M1,1,bag,x,500\n3,2026-02-06,S1,M1,1,bag,1,500\n");

        var result = folder.Import(BrandFolder.Orders.Replace("orders.csv", "orders-*.csv", StringComparison.Ordinal));

        Assert.Equal(["O1", "O3"], result.Facts.Select(fact => fact.Id.Value));
        Assert.StartsWith("orders-2026-02.csv:2 qty:", Assert.Single(BrandFolder.Rejected(result)), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_written_in_the_mapping_are_a_source()
    {
        using var folder = new BrandFolder();
        var result = folder.Import("""
            { "mapping": 1, "brand": "Test", "timezone": "Asia/Taipei", "money": { "currency": "TWD", "scale": 1 },
              "sources": { "clerks": { "rows": [ { "clerk": "A", "shop": "S1" }, { "clerk": "B", "shop": "S2" } ] } },
              "facts": [ { "type": "staff", "source": "clerks", "id": { "template": "joined-{clerk}" }, "at": { "const": "2026-01-01" },
                "staff": "clerk", "event": { "const": "joined" }, "store": "shop" } ] }
            """);
        Assert.Equal(["joined-A", "joined-B"], result.Facts.Select(fact => fact.Id.Value));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(bytes);
        return packed.ToArray();
    }
}
