using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>What is taken, what is refused, and what a fact costs.</summary>
public sealed class PostFactsTests(PostgresServer server)
{
    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        """;

    private const string Sale = """{"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":2,"net":800,"fulfil":"taken"}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Each in front of what was posted before; the message names what is wrong, and nothing is kept.</summary>
    [Theory]
    [EveryDatabase("""{"type":"return","id":"R1","at":"2026-01-11T12:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":3}]}""", "more than the 2")]
    [EveryDatabase("""{"type":"return","id":"R1","at":"2026-01-09T12:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":1}]}""", "no sale P1 before")]
    [EveryDatabase("""{"type":"return","id":"R1","at":"2026-01-11T12:00:00+08:00","sale":"P9","lines":[{"line":1,"quantity":1}]}""", "no sale P9")]
    [EveryDatabase("""{"type":"service","id":"V1","at":"2026-01-11T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"Z"}""", "no staff fact names Z")]
    [EveryDatabase("""{"type":"service","id":"V1","at":"2026-01-02T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"Z"}""", "no staff fact names Z")]
    [EveryDatabase("""{"type":"staff","id":"F9","at":"2026-01-11T12:00:00+08:00","staff":"A","event":"joined","store":"S1"}""", "second time")]
    [EveryDatabase("""{"type":"staff","id":"F9","at":"2026-01-11T12:00:00+08:00","staff":"C","event":"left"}""", "while not employed")]
    [EveryDatabase("""{"type":"void","id":"X1","at":"2026-01-11T12:00:00+08:00","fact":"P9"}""", "no fact P9 to void")]
    [EveryDatabase("""{"type":"void","id":"X1","at":"2026-01-09T12:00:00+08:00","fact":"P1"}""", "later than its void")]
    [EveryDatabase("""{"type":"void","id":"X1","at":"2026-01-09T12:00:00+08:00","fact":"F1"}""", "whom then no staff fact would")]
    [EveryDatabase("""{"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S2","lines":[{"line":1,"category":"tops","quantity":2,"net":800,"fulfil":"taken"}]}""", "says something else")]
    [EveryDatabase("""{"type":"sale","id":"P2","at":"2027-01-10T12:00:00+08:00","channel":"store","store":"S2","lines":[{"line":1,"category":"tops","quantity":2,"net":800,"fulfil":"taken"}]}""", "today is 2026-12-01")]
    public async Task What_cannot_be_is_refused_by_line_and_nothing_is_kept(Provider provider, string wrong, string message)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff + "\n" + Sale);
        var before = await CountsAsync(books);
        var (posted, faults) = await books.TryPostAsync("""{"type":"service","id":"V8","at":"2026-01-12T12:00:00+08:00","member":"M8","kind":"app-install","store":"S1"}""" + "\n" + wrong);
        Assert.Null(posted);
        var fault = Assert.Single(faults);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.Line);
        Assert.Equal(before, await CountsAsync(books));
    }

    [Theory, EveryDatabase]
    public async Task A_fact_twice_in_one_file_is_refused_on_its_second_line(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var (_, faults) = await books.TryPostAsync(Staff + "\n" + Sale + "\n" + Sale);
        Assert.Equal(4, Assert.Single(faults).Line);
    }

    [Theory, EveryDatabase]
    public async Task The_same_fact_with_another_offset_is_the_same_fact(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff + "\n" + Sale);
        Assert.Equal(new Posted(0, 1, 0), await books.PostAsync(Sale.Replace("12:00:00+08:00", "04:00:00Z", StringComparison.Ordinal)));
    }

    [Theory, EveryDatabase]
    public async Task A_sale_without_its_policy_is_refused_before_anything_is_read(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var brand = await databases.AddBrandAsync("main", null, Stop);
        var refused = await Assert.ThrowsAsync<WrongBooksException>(() => PostFacts.RunAsync(brand, [], new DateOnly(2026, 12, 1), null, Stop));
        Assert.Contains("policy import", refused.Message, StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task A_clerk_who_left_earlier_than_was_known_loses_what_came_after(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var later = string.Join('\n', Enumerable.Range(1, 30).Select(day => $$"""{"type":"sale","id":"W{{day}}","at":"2026-02-{{(day % 28) + 1:00}}T12:00:00+08:00","channel":"online","member":"M{{day % 5}}","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"ship"}]}"""));
        var bound = string.Join('\n', Enumerable.Range(0, 5).Select(m => $$"""{"type":"service","id":"V{{m}}","at":"2026-01-05T12:00:00+08:00","member":"M{{m}}","kind":"app-install","store":"S1","staff":"A"}"""));
        await books.PostAsync(Staff + "\n" + bound + "\n" + later);
        Assert.Equal(30 * 400, await CreditOfAsync(books, "A"));
        var posted = await books.PostAsync("""{"type":"staff","id":"F3","at":"2026-02-01T00:00:00+08:00","staff":"A","event":"left"}""");
        Assert.Equal(5, posted.Rederived);
        Assert.Equal(0, await CreditOfAsync(books, "A"));
        Assert.All(await books.ReadAsync(context => context.Credits.Where(row => row.Staff == "A" && row.Amount < 0).ToListAsync(Stop)), row => Assert.Equal("F3", row.Cause));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_refund_before_a_handover_leaves_whoever_handed_over_without_a_part(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff + "\n" + """
            {"type":"sale","id":"W1","at":"2026-01-10T12:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"pickup"}]}
            {"type":"handover","id":"H1","at":"2026-01-14T12:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":1}]}
            """);
        Assert.Equal(["B at S2", " at online"], await PartiesAsync(books));
        // A tenth of 5 is nothing.
        await books.PostAsync("""{"type":"refund","id":"E1","at":"2026-01-12T12:00:00+08:00","sale":"W1","lines":[{"line":1,"amount":95}]}""");
        Assert.Equal([" at online"], await PartiesAsync(books));
        await books.AssertProvenAsync();
    }

    /// <summary>Counted by PostgreSQL itself, row by row, inside the transaction; SQLite runs the same statements and keeps no count.</summary>
    [Fact]
    public async Task A_sale_reads_as_many_rows_of_a_member_with_10000_sales_as_of_one_with_10()
    {
        await using var books = await TestBooks.CreateAsync(Provider.Postgres, server);
        await books.PostAsync(Staff);
        var lines = new StringBuilder();
        for (var sale = 0; sale < 10_010; sale++)
            lines.Append(CultureInfo.InvariantCulture, $$"""{"type":"sale","id":"P{{sale}}","at":"2026-{{1 + (sale % 10_000 / 1200):00}}-{{1 + (sale % 10_000 / 45 % 27):00}}T{{(sale % 12) + 8:00}}:{{sale % 60:00}}:00+08:00","channel":"store","store":"S1","member":"{{(sale < 10_000 ? "many" : "few")}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"taken"}]}""").Append('\n');
        await books.PostAsync(lines.ToString());
        var few = await RowsReadAsync(books, "few", "Q1");
        var many = await RowsReadAsync(books, "many", "Q2");
        Assert.InRange(few, 5, 60);
        Assert.Equal(few, many);
        await books.AssertProvenAsync();
    }

    /// <summary>A sale and its return; how many rows of the books that reads.</summary>
    private static async Task<long> RowsReadAsync(TestBooks books, string member, string id)
    {
        // An index may lead to a dead version of a row; what is counted is to be the living.
        await books.VacuumAsync();
        // Counts of a connection's transactions add up until it reports them.
        const string RowsRead = "select coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) from pg_stat_xact_user_tables where relname not like 'incoming%'";
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var before = await turn.CountAsync(RowsRead, Stop);
        var (posted, _) = await PostFacts.PostAsync(turn, TestBooks.FactsOf($$"""
            {"type":"sale","id":"{{id}}","at":"2026-11-20T12:00:00+08:00","channel":"store","store":"S1","member":"{{member}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"taken"}]}
            {"type":"return","id":"R{{id}}","at":"2026-11-21T12:00:00+08:00","sale":"{{id}}","lines":[{"line":1,"quantity":1}]}
            """), TestBooks.Today, null, Stop);
        Assert.Equal(2, posted!.New);
        var rows = await turn.CountAsync(RowsRead, Stop) - before;
        await turn.CommitAsync(Stop);
        return rows;
    }

    private static Task<List<string>> PartiesAsync(TestBooks books) =>
        books.ReadAsync(context => context.SaleParties.OrderBy(party => party.Store == "online").Select(party => party.Staff + " at " + party.Store).ToListAsync(Stop));

    private static Task<long> CreditOfAsync(TestBooks books, string staff) => books.ReadAsync(context => context.Credits.Where(row => row.Staff == staff).SumAsync(row => row.Amount, Stop));

    private static Task<string> CountsAsync(TestBooks books) => books.ReadAsync(async context =>
        $"{await context.Facts.CountAsync(Stop)} {await context.Credits.CountAsync(Stop)} {await context.Commissions.CountAsync(Stop)} {await context.Sales.CountAsync(Stop)} {await context.Members.CountAsync(Stop)} {(await context.Books.SingleAsync(Stop)).Facts}");
}
