using Tokamak.App.Brands;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Tests.Browser;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Papers;

public sealed class PeriodPaperTests
{
    [Fact]
    public void Headquarters_see_every_clerk_and_store_and_the_sums()
    {
        var books = World.Small();
        var pdf = Paper(books, Language.Chinese, PaperWorld.January);
        StatementPaperTests.Keep("period-zh", pdf);
        var text = Poppler.Letters(pdf);
        foreach (var said in new[] { "2026年1月結算單總表", "A林怡君大安店", "B陳志豪", "S1大安店", "NT$215", "依推薦人政策第1版計算" })
            Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Matches(@"Page size:\s+841.89 x 595.276", Poppler.Information(pdf));
    }

    [Fact]
    public void The_sums_are_those_of_the_rows_of_the_demo_brand()
    {
        var books = DemoHost.Load(1);
        var period = books.Statements.GroupBy(row => row.Period).MaxBy(rows => rows.Count())!.Key;
        var pdf = Paper(books, Language.English, period);
        StatementPaperTests.Keep("period-demo-en", pdf);
        var text = Poppler.Letters(pdf);
        var show = new Show(Language.English);
        var rows = books.Statements.Where(row => row.Period == period).ToList();
        Assert.Contains("NT$" + show.Amount(rows.Aggregate((Int128)0, (sum, row) => sum + row.Paid)), text, StringComparison.Ordinal);
        Assert.All(rows.Where(row => row.Staff is not null), row => Assert.Contains(row.Staff!.Value.Value, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_period_without_statements_says_so()
    {
        var text = Poppler.Letters(new PeriodPaper(Texts.In(Language.Chinese), new Show(Language.Chinese)).Write(PaperWorld.January, [], [], PaperWorld.Origin(BrandNames.None)));
        Assert.Contains("這一期沒有結算單。", text, StringComparison.Ordinal);
    }

    private static byte[] Paper(Books books, Language language, Month period)
    {
        List<ListedStatement> rows = [.. books.Statements.Where(row => row.Period == period).Select(row => new ListedStatement(row, row.Store ?? new StoreId("S1")))];
        return new PeriodPaper(Texts.In(language), new Show(language)).Write(period, rows, [1], PaperWorld.Origin(books.Names, PaperWorld.Hash));
    }
}
