using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using CsvHelper;
using Tokamak.App.Brands;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Papers;

public sealed class StatementSheetTests
{
    [Fact]
    public async Task A_period_opens_in_a_spreadsheet_with_its_Chinese_intact()
    {
        var books = World.Small();
        var bytes = await PeriodAsync(books.Names, Language.Chinese, null, [.. books.Statements.Select(row => new ListedStatement(row, row.Store ?? new StoreId("S1")))]);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var text = Encoding.UTF8.GetString(bytes);
        Assert.Equal(text.Count(letter => letter == '\n'), text.Split("\r\n").Length - 1);

        var rows = Read(bytes);
        Assert.Equal(["結算期間", "店員編號", "店員姓名", "門市編號", "門市名稱", "業績", "本月獎金", "店員獎金", "進門市獎金池", "開發獎金", "實付", "結轉下期", "幣別"], rows[0]);
        Assert.Equal(books.Statements.Count + 1, rows.Count);
        Assert.Equal(["2026-01", "A", "林怡君", "S1", "大安店", "12600", "200", "160", "40", "50", "210", "0", "TWD"], rows.Single(row => row[0] == "2026-01" && row[1] == "A"));
    }

    [Fact]
    public async Task A_negative_amount_stays_a_number()
    {
        var books = World.Small();
        var rows = Read(await PeriodAsync(books.Names, Language.English, null, [.. books.Statements.Where(row => row.Staff is not null).Select(row => new ListedStatement(row, null))]));
        Assert.Equal(["Period", "Clerk id", "Clerk", "Store id", "Store"], rows[0][..5]);
        var february = rows.Single(row => row[0] == "2026-02" && row[1] == "A");
        foreach (var at in new[] { 6, 11 })
        {
            Assert.StartsWith("-", february[at], StringComparison.Ordinal);
            Assert.True(long.Parse(february[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) < 0);
        }
    }

    [Fact]
    public async Task Amounts_have_the_decimals_of_the_currency()
    {
        var row = new StatementRow(PaperWorld.January, new StaffId("A"), null, 123456, -5, 0, 0, 0, 0, -100);
        var read = Read(await PeriodAsync(BrandNames.None, Language.English, new Currency("USD", 2), [new(row, null)]))[1];
        Assert.Equal(["1234.56", "-0.05", "0.00", "0.00", "0.00", "0.00", "-1.00", "USD"], read[5..]);
    }

    [Fact]
    public async Task Names_and_ids_from_the_data_are_guarded_and_come_back()
    {
        var names = PaperWorld.Names("嶼晴織", "=cmd|' /C calc'!A1");
        var guarded = new StatementRow(PaperWorld.January, new StaffId("A"), null, 1, 1, 1, 0, 0, 1, 0);
        var lengthy = new StatementRow(PaperWorld.January, null, new StoreId("00123"), 1, 1, 0, 1, 0, 0, 0);
        var rows = Read(await PeriodAsync(names, Language.Chinese, null, [new(guarded, null), new(lengthy, lengthy.Store)]));
        Assert.Equal("'=cmd|' /C calc'!A1", rows[1][2]);
        Assert.Equal("'00123", rows[2][3]);
        Assert.Equal("", rows[2][1]);
    }

    [Fact]
    public async Task A_clerks_sheet_holds_the_statement_its_months_and_every_entry()
    {
        var books = World.Small();
        var printed = PaperWorld.Printed(books);
        using var stream = new MemoryStream();
        await Sheet(books.Names, Language.Chinese).WriteAsync(stream, printed, TestContext.Current.CancellationToken);
        var rows = Read(stream.ToArray());
        var head = rows[0].ToList();
        string Cell(string[] row, string column) => row[head.IndexOf(column)];

        var statement = Assert.Single(rows, row => row[0] == "結算單");
        Assert.Equal("210", Cell(statement, "實付"));
        Assert.Equal("大安店", Cell(statement, "門市名稱"));
        var month = Assert.Single(rows, row => row[0] == "銷售月份");
        Assert.Equal("200", Cell(month, "累計獎金"));
        Assert.StartsWith("-", Cell(month, "上限"), StringComparison.Ordinal);
        Assert.Equal("安裝 App", Cell(Assert.Single(rows, row => row[0] == "開發獎金"), "原因"));
        Assert.Equal(printed.Statement.Entries.Count, rows.Count(row => row[0] == "獎金明細"));
        Assert.Equal(printed.Statement.Credits.Count, rows.Count(row => row[0] == "業績明細"));
        Assert.All(rows.Where(row => row[0] == "獎金明細"), row => Assert.Matches(@"^-?\d+\.\d{4}$", Cell(row, "依費率計算的獎金")));
        Assert.Equal(12600m, rows.Where(row => row[0] == "業績明細").Sum(row => decimal.Parse(Cell(row, "本月業績"), CultureInfo.InvariantCulture)));
        Assert.All(rows, row => Assert.Equal(head.Count, row.Length));
    }

    [Fact]
    public async Task A_large_sheet_goes_out_as_it_comes_and_never_blocks()
    {
        const int many = 20_000;
        using var counting = new AsyncOnly();
        long written = 0, most = 0;
        async IAsyncEnumerable<ListedStatement> RowsAsync()
        {
            for (var i = 0; i < many; i++)
            {
                if (i % 1000 == 0) await Task.Yield();
                written += 60;
                most = Math.Max(most, written - counting.Bytes);
                yield return new(new StatementRow(PaperWorld.January, new StaffId("K" + i), null, i, i, i, 0, 0, i, 0), new StoreId("S1"));
            }
        }
        await Sheet(BrandNames.None, Language.English).WriteAsync(counting, RowsAsync(), TestContext.Current.CancellationToken);
        Assert.InRange(counting.Bytes, many * 40, many * 90);
        Assert.InRange(most, 0, 400_000);
    }

    [Fact]
    public async Task A_sheet_goes_into_the_pipe_of_an_answer()
    {
        var pipe = new Pipe();
        var books = World.Small();
        var reading = ReadAsync(pipe.Reader);
        await Sheet(books.Names, Language.Chinese).WriteAsync(pipe.Writer.AsStream(leaveOpen: true), PaperWorld.Printed(books), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        Assert.Contains("林怡君", await reading, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(PipeReader reader)
    {
        using var text = new StreamReader(reader.AsStream());
        return await text.ReadToEndAsync();
    }

    private static StatementSheet Sheet(BrandNames names, Language language, Currency? currency = null) => new(names, Texts.In(language), new Show(language, currency));

    private static async Task<byte[]> PeriodAsync(BrandNames names, Language language, Currency? currency, IReadOnlyList<ListedStatement> rows)
    {
        using var stream = new MemoryStream();
        await Sheet(names, language, currency).WriteAsync(stream, rows.ToAsyncEnumerable());
        return stream.ToArray();
    }

    private static List<string[]> Read(byte[] bytes)
    {
        using var csv = CsvReader.Create(new MemoryStream(bytes), new CsvReaderOptions { HasHeader = false });
        List<string[]> rows = [];
        while (csv.Read()) rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return rows;
    }

    /// <summary>Refuses what the answer of a web server refuses: a write that waits.</summary>
    private sealed class AsyncOnly : MemoryStream
    {
        public long Bytes { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("This write waits.");
        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("This write waits.");
        public override void Flush() => throw new InvalidOperationException("This flush waits.");
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
