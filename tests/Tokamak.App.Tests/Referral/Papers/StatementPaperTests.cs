using System.Diagnostics;
using System.Security.Cryptography;
using Tokamak.App.Brands;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Papers;

public sealed class StatementPaperTests
{
    [Fact]
    public void A_statement_says_whose_it_is_and_what_is_paid_in_Chinese()
    {
        var books = World.Small();
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names));
        Keep("statement-zh", pdf);
        var text = Poppler.Letters(pdf);
        foreach (var said in new[] { "嶼晴織", "2026年1月結算單", "林怡君", "大安店", "2026-01-01至2026-01-31", "NT$210", "實付怎麼算出來", "店員獎金NT$160", "開發獎金NT$50", "安裝App", "依推薦人政策第1版計算", "第1頁，共2頁", "2026年3月1日09:30" })
            Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_statement_says_the_same_in_English()
    {
        var books = World.Small();
        var pdf = PaperWorld.Paper(Language.English).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names, PaperWorld.Hash));
        Keep("statement-en", pdf);
        var text = Poppler.Letters(pdf);
        foreach (var said in new[] { "Statement,January2026", "林怡君", "NT$210", "PayoftheclerkNT$160", "BountiesNT$50", "appinstall", "version1", PaperWorld.Hash, "嶼晴織·Statement,January2026·林怡君(A)Page1of2" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.DoesNotContain("結算", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bands_and_cap_of_a_sale_month_stand_on_the_paper()
    {
        var books = World.Small();
        var printed = PaperWorld.Printed(books);
        var month = Assert.Single(printed.Statement.SaleMonths);
        var show = new Show(Language.Chinese);
        var text = Poppler.Letters(PaperWorld.Paper(Language.Chinese).Write(printed, PaperWorld.Origin(books.Names)));
        Assert.Contains($"2026年1月{show.Amount(month.Credit)}{show.Amount(month.Gross)}{show.Amount(month.BandEffect)}{show.Amount(month.CapEffect)}{show.Amount(month.Earned)}", text, StringComparison.Ordinal);
        Assert.StartsWith(Show.Minus, show.Amount(month.CapEffect), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_short_is_carried_with_its_sign()
    {
        var books = World.Small();
        var printed = PaperWorld.Printed(books, PaperWorld.January.Next);
        Assert.True(printed.Statement.CarriedOut < 0);
        var show = new Show(Language.Chinese);
        var text = Poppler.Letters(PaperWorld.Paper(Language.Chinese).Write(printed, PaperWorld.Origin(books.Names)));
        Assert.Contains("店員獎金" + Squeezed(show.Money(printed.Statement.StaffPay)), text, StringComparison.Ordinal);
        Assert.Contains("結轉下期" + Squeezed(show.Money(-printed.Statement.CarriedOut)), text, StringComparison.Ordinal);
        Assert.Contains("實付NT$0", text, StringComparison.Ordinal);
        var march = PaperWorld.Printed(books, PaperWorld.January.Next.Next);
        Assert.Contains("前期結轉" + Squeezed(show.Money(march.Statement.CarriedIn)), Poppler.Letters(PaperWorld.Paper(Language.Chinese).Write(march, PaperWorld.Origin(books.Names))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_statement_carries_its_hash_and_an_open_one_says_that_it_is_open()
    {
        var books = World.Small();
        var (paper, printed) = (PaperWorld.Paper(Language.Chinese), PaperWorld.Printed(books));
        var open = Poppler.Letters(paper.Write(printed, PaperWorld.Origin(books.Names)));
        Assert.Contains("未關帳，僅供核對", open, StringComparison.Ordinal);
        var frozen = Poppler.Letters(paper.Write(printed, PaperWorld.Origin(books.Names, PaperWorld.Hash)));
        Assert.Contains(PaperWorld.Hash, frozen, StringComparison.Ordinal);
        Assert.DoesNotContain("未關帳", frozen, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_entry_stands_on_one_of_many_numbered_pages_under_the_head_of_the_table()
    {
        var books = PaperWorld.Busy(400);
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names));
        Keep("statement-many-pages", pdf);
        var pages = Poppler.Text(pdf).TrimEnd('\f').Split('\f').Select(Squeezed).ToList();
        Assert.True(pages.Count > 10);
        for (var i = 0; i < pages.Count; i++) Assert.Contains($"第{i + 1}頁，共{pages.Count}頁", pages[i], StringComparison.Ordinal);
        for (var sale = 0; sale < 400; sale++) Assert.Equal(2, pages.Sum(page => page.Split($"POS-{sale:00000}").Length - 1));
        Assert.All(pages.Where(page => page.Contains("POS-", StringComparison.Ordinal)), page => Assert.Contains("日期銷售明細角色門市原因", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_font_is_embedded_as_a_part_and_its_text_can_be_copied()
    {
        var books = World.Small();
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names));
        var fonts = Poppler.Fonts(pdf).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Equal(2, fonts.Length);
        // Name, type, encoding, embedded, a part, with Unicode.
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+NotoSansTC-(Regular|Bold)\s+CID TrueType\s+Identity-H\s+yes\s+yes\s+yes ", font));
        Assert.InRange(pdf.Length, 10_000, 200_000);
    }

    [Theory]
    [InlineData("林𠮷祥", "U+20BB7")]
    [InlineData("王𡍼", "U+2137C")]
    [InlineData("赟", "U+8D5F")]
    public void A_letter_that_the_font_lacks_is_marked_named_and_still_copied(string name, string codePoint)
    {
        var names = PaperWorld.Names("嶼晴織", name);
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(World.Small()), PaperWorld.Origin(names));
        Keep("statement-rare-" + codePoint, pdf);
        var text = Poppler.Letters(pdf);
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains($"「〓」代表字型中沒有的字：{codePoint}。", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("㛢堃龘𠊎", "㛢堃龘𠊎")]
    [InlineData("José Ångström Đặng ½", "JoséÅngströmĐặng½")]
    [InlineData("葛\U000E0100城", "葛城")]
    [InlineData("\u200F\u202Eabc\u202C\u2068名\u2069", "abc名")]
    [InlineData("tab\there\nand there", "tabhereandthere")]
    [InlineData("very-long-name-without-any-place-to-break-it-very-long-name-without-any-place-to-break-it-very-long-name", "very-long-name")]
    [InlineData("一個非常非常長的名字一個非常非常長的名字一個非常非常長的名字一個非常非常長的名字，一個非常非常長的名字", "一個非常非常長的名字")]
    public void Odd_names_make_a_paper_all_the_same(string name, string said)
    {
        var names = PaperWorld.Names(brand: name, staff: name);
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(World.Small()), PaperWorld.Origin(names));
        Keep("statement-odd-" + said.Length, pdf);
        var text = Poppler.Letters(pdf);
        Assert.Contains("結算單", text, StringComparison.Ordinal);
        Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_are_written_with_the_decimals_of_the_currency()
    {
        var books = World.Small();
        var text = Poppler.Letters(PaperWorld.Paper(Language.English, new Currency("USD", 2)).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names)));
        Assert.Contains("PaidUSD2.10", text, StringComparison.Ordinal);
        Assert.Contains("AmountsinUSD", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_of_any_size_fits_the_paper()
    {
        var books = World.Small();
        var printed = PaperWorld.Printed(books);
        var huge = Int128.Parse("123456789012345678901234", System.Globalization.CultureInfo.InvariantCulture);
        var statement = printed.Statement with { SaleMonths = [.. printed.Statement.SaleMonths.Select(month => month with { Credit = huge, GrossE4 = huge, Earned = huge, SettledBefore = -huge })] };
        var pdf = PaperWorld.Paper(Language.Chinese).Write(printed with { Statement = statement }, PaperWorld.Origin(books.Names));
        Keep("statement-huge", pdf);
        Assert.Contains("123,", Poppler.Letters(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public void A_month_without_anything_is_a_paper_that_says_so()
    {
        var text = Poppler.Letters(PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(World.Of("")), PaperWorld.Origin(BrandNames.None)));
        Assert.Contains("2026年1月沒有業績、獎金或結轉的變動。", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_says_its_title_language_and_day()
    {
        var books = World.Small();
        var pdf = PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names));
        var information = Poppler.Information(pdf);
        Assert.Matches(@"Title:\s+2026年1月結算單 林怡君", information);
        Assert.Matches(@"Author:\s+嶼晴織", information);
        Assert.Matches(@"Page size:.*\(A4\)", information);
        Assert.Contains("/Lang (zh-TW)", System.Text.Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        Assert.Contains("/CreationDate (D:20260301013000Z)", System.Text.Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_statement_is_the_same_bytes_from_any_thread()
    {
        var books = PaperWorld.Busy(60);
        var papers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Convert.ToHexString(SHA256.HashData(PaperWorld.Paper(Language.Chinese).Write(PaperWorld.Printed(books), PaperWorld.Origin(books.Names)))))));
        Assert.Single(papers.Distinct());
    }

    [Fact]
    public void Three_pages_take_well_under_a_second_once_the_font_is_read()
    {
        var books = PaperWorld.Busy(30);
        var printed = PaperWorld.Printed(books);
        var first = Stopwatch.StartNew();
        var pdf = PaperWorld.Paper(Language.Chinese).Write(printed, PaperWorld.Origin(books.Names));
        first.Stop();
        Assert.Equal(3, Poppler.Text(pdf).Count(letter => letter == '\f'));
        var fastest = Enumerable.Range(0, 5).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            PaperWorld.Paper(Language.Chinese).Write(printed, PaperWorld.Origin(books.Names));
            return clock.Elapsed;
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"first {first.ElapsedMilliseconds} ms, then {fastest.TotalMilliseconds:0.0} ms, {pdf.Length} bytes");
        Assert.True(fastest < TimeSpan.FromSeconds(0.5), $"{fastest.TotalMilliseconds} ms");
    }

    private static string Squeezed(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));

    /// <summary>For looking at.</summary>
    internal static void Keep(string name, byte[] pdf)
    {
        var folder = Repository.Path("artifacts", "papers");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name + ".pdf"), pdf);
    }
}
