using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Browser;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Reading;

/// <summary>The demo brand at a twentieth of its size: what is read of a database is what books in memory come to.</summary>
public sealed class DemoReadTests(PostgresServer server)
{
    private const int Percent = 5, PageSize = 30;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Months_statements_sales_and_traces_are_those_of_books_in_memory(Provider provider)
    {
        var (facts, policy, names) = DemoHost.Files(Percent);
        await using var world = await WorldBooks.ImportAsync(provider, server, facts, policy, names);
        var memory = World.Of(facts, policy, names);
        var expected = InMemory.Figures(memory);
        var months = await world.ReadAsync(books => books.MonthsAsync(Stop));
        SameMonths(expected, months.Figures);

        foreach (var row in expected.Statements.Where(row => row.Staff is not null).Where((_, place) => place % 7 == 0))
            await SameStatementAsync(world, InMemory.Statement(memory, row.Staff!.Value, row.Period));
        await SameSalesAsync(world, expected, search => InMemory.Find(memory, search));
        foreach (var sale in memory.Sales.Where((_, place) => place % 211 == 0))
        {
            var story = (await world.ReadAsync(books => books.SaleAsync(sale.Fact.Id, Stop)))!;
            Assert.Equal(memory.CreditsOf(sale.Fact.Id).OrderBy(Key), story.Credits.Select(credit => credit.Posting).OrderBy(Key), SameCredit);
            Assert.Equal(SaleFigures.Of(sale, [], [], []).Net, story.Figures!.Net);
            Assert.Equal(memory.Journal.Sale(sale.Fact.Id)!.Owner.Verdict, story.Around!.Journal.Sale(sale.Fact.Id)!.Owner.Verdict);
        }
    }

    private static void SameMonths(MonthlyFigures expected, MonthlyFigures read)
    {
        Assert.Equal(expected.Months, read.Months);
        Assert.Equal((expected.Last, expected.LastFull), (read.Last, read.LastFull));
        Assert.Equal(expected.Stores, read.Stores);
        Assert.Equal(expected.Statements.OrderBy(Key), read.Statements.OrderBy(Key));
        foreach (var month in expected.TradeMonths)
        {
            Assert.Equal(OverviewFigures.Of(expected, month).Chosen, OverviewFigures.Of(read, month).Chosen);
            Assert.Equal(OverviewFigures.Of(expected, month).CreditByStore, OverviewFigures.Of(read, month).CreditByStore);
            foreach (var store in expected.Stores)
                Assert.Equal(
                    StoreFigures.Of(expected, store, month, _ => true).Clerks.Select(clerk => (clerk.Staff, clerk.Credit, clerk.Pay)),
                    StoreFigures.Of(read, store, month, _ => true).Clerks.Select(clerk => (clerk.Staff, clerk.Credit, clerk.Pay)));
        }
    }

    private static async Task SameStatementAsync(WorldBooks world, ClerkStatement expected)
    {
        var whole = (await world.ReadAsync(books => books.StatementAsync(expected.Staff, expected.Period, StatementPart.Whole, Stop)))!;
        Assert.Equal((expected.Row, expected.CarriedIn), (whole.Row, whole.CarriedIn));
        Assert.Equal(expected.SaleMonths.Select(month => (month.Version.Version, month with { Version = null! })), whole.SaleMonths.Select(month => (month.Version.Version, month with { Version = null! })));
        Assert.Equal(expected.Bounties.OrderBy(bounty => bounty.Service), whole.Bounties.OrderBy(bounty => bounty.Service));
        Assert.Equal(expected.EntrySums, whole.EntrySums);
        Assert.Equal(expected.Entries.Rows.Where(e => e.Posting.AmountE4 != 0).Select(e => (e.Posting.Sale, e.Posting.Line, e.Posting.AmountE4, e.Cause)).Order(),
            whole.Entries.Rows.Where(e => e.Posting.AmountE4 != 0).Select(e => (e.Posting.Sale, e.Posting.Line, e.Posting.AmountE4, e.Cause)).Order());
        Assert.Equal((whole.Entries.Rows.Count, whole.Credits.Rows.Count), (whole.Entries.Count, whole.Credits.Count));
        Assert.Equal(whole.Row?.Credit ?? 0, whole.Credits.Rows.Aggregate((Int128)0, (sum, credit) => sum + credit.Posting.Amount));

        List<PostedCredit> paged = [];
        for (var from = 0; from < whole.Credits.Count; from += 7)
            paged.AddRange((await world.ReadAsync(books => books.StatementAsync(expected.Staff, expected.Period, new StatementPart(0, from, 7), Stop)))!.Credits.Rows);
        Assert.Equal(whole.Credits.Rows, paged);
    }

    private static async Task SameSalesAsync(WorldBooks world, MonthlyFigures figures, Func<SaleSearch, IReadOnlyList<FactId>> find)
    {
        var month = figures.LastFull;
        var store = figures.Stores.First(s => s != StoreId.Online);
        var staff = figures.StaffStatements(month).MaxBy(row => row.Credit).Staff!.Value;
        var zone = await world.ReadAsync(books => Task.FromResult(books.Zone));
        var all = SaleSearch.In(zone, month);
        SaleSearch[] searches =
        [
            all, SaleSearch.In(zone, month, month.FirstDay.AddDays(9)) with { Channel = Channel.Online }, all with { Channel = Channel.Store, Store = store },
            all with { Store = StoreId.Online }, all with { Staff = staff }, all with { Channel = Channel.Online, Store = store, Staff = staff },
        ];
        foreach (var search in searches)
        {
            var expected = find(search);
            List<FactId> forward = [], back = [];
            FoundSales found;
            SalePlace? place = null;
            do
            {
                found = await world.ReadAsync(books => books.FindAsync(search, place, null, PageSize, Stop));
                forward.AddRange(found.Sales.Select(sale => sale.Id));
                place = found.Sales.Count == 0 ? null : found.Sales[^1].Place;
            }
            while (found.HasOlder);
            Assert.Equal(expected, forward);
            Assert.Equal(Math.Min(expected.Count, FindSales.MostCounted + 1), found.Count);
            if (expected.Count <= PageSize) continue;
            do
            {
                found = await world.ReadAsync(books => books.FindAsync(search, null, place, PageSize, Stop));
                back.InsertRange(0, found.Sales.Select(sale => sale.Id));
                place = found.Sales[0].Place;
            }
            while (found.HasNewer);
            Assert.Equal(expected.SkipLast(1), back);
        }
        var id = find(searches[0])[0].Value;
        Assert.Equal(new FactId(id), Assert.Single((await world.ReadAsync(books => books.FindAsync(searches[0] with { Id = id }, null, null, PageSize, Stop))).Sales).Id);
        var begun = await world.ReadAsync(books => books.FindAsync(searches[0] with { Id = id[..^1] }, null, null, PageSize, Stop));
        Assert.Equal(find(searches[0] with { Id = id[..^1] }).Take(PageSize), begun.Sales.Select(sale => sale.Id));
    }

    private static (DateOnly, string, long, Role, string, long) Key(CreditPosting row) => (row.Day, row.Cause.Value, row.Line, row.Role, row.Party.Store.Value + row.Party.Staff, row.Amount);

    private static string Key(StatementRow row) => $"{row.Period} {row.Staff} {row.Store}";

    private static bool SameCredit(CreditPosting a, CreditPosting b) => Key(a) == Key(b) && a.Policy == b.Policy;
}
