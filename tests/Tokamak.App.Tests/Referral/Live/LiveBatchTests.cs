using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Live;

public sealed class LiveBatchTests(PostgresServer server)
{
    private const string A = """{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}""";
    private const string B = """{"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}""";
    private const string Sale = """{"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}""";
    private const string Handover = """{"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}""";
    private const string Return = """{"type":"return","id":"R1","at":"2026-01-19T15:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Facts_wait_for_what_they_name_and_count_as_soon_as_it_is_known(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        // Backwards: what is given back before it was handed over, handed over before it was sold, sold by a clerk not heard of.
        Assert.Equal(FactStatus.Parked, (await books.SendAsync(Return))[0].Status);
        Assert.Equal([FactStatus.Parked, FactStatus.Parked], (await books.SendAsync($"{Handover}\n{Sale}")).Select(answer => answer.Status));
        Assert.Equal("""H1 staff B;R1 fact W1;W1 staff A""", await ParkedAsync(books));
        Assert.Equal(FactStatus.Accepted, (await books.SendAsync(A))[0].Status);
        // The sale counts; its return does not before the handover, and that not before its clerk.
        Assert.Equal("""H1 staff B;R1 sale W1""", await ParkedAsync(books));
        Assert.Equal(FactStatus.Accepted, (await books.SendAsync(B))[0].Status);
        Assert.Equal("", await ParkedAsync(books));
        Assert.Equal(5, await books.ReadAsync(context => context.Facts.CountAsync(Stop)));
        Assert.Equal("Parked R1;Parked H1;Parked W1;Accepted W1;Accepted H1;Accepted R1", await NoticesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_waits_is_woken_also_where_the_request_that_wakes_it_holds_another_fact_of_its_id(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync($"{A}\n{Sale}\n{Handover}");
        Assert.Equal("H1 staff B", await ParkedAsync(books));
        var answers = await books.SendAsync($"{B}\n{Handover.Replace("17T", "18T", StringComparison.Ordinal)}");
        Assert.Equal([FactStatus.Accepted, FactStatus.Refused], answers.Select(answer => answer.Status));
        Assert.Equal("", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_comes_twice_is_a_duplicate_and_what_says_something_else_is_refused(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        Assert.Equal([FactStatus.Accepted, FactStatus.Duplicate], (await books.SendAsync($"{A}\n{A}")).Select(answer => answer.Status));
        Assert.Equal(FactStatus.Duplicate, (await books.SendAsync(A.Replace("+08:00", "+09:00", StringComparison.Ordinal).Replace("T09", "T10", StringComparison.Ordinal)))[0].Status);
        var other = (await books.SendAsync(A.Replace("S1", "S2", StringComparison.Ordinal)))[0];
        Assert.Equal(FactStatus.Refused, other.Status);
        Assert.Contains("void it and enter it anew", other.Reason, StringComparison.Ordinal);
        // One that waits is told so again; another of its id is not taken.
        await books.SendAsync(Return);
        Assert.Equal(FactStatus.Parked, (await books.SendAsync(Return))[0].Status);
        Assert.Equal(FactStatus.Refused, (await books.SendAsync(Return.Replace("19T", "20T", StringComparison.Ordinal)))[0].Status);
    }

    [Theory, EveryDatabase]
    public async Task What_can_never_be_is_refused_by_itself_and_the_others_are_taken(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync($"{A}\n{B}\n{Sale}");
        var answers = await books.SendAsync($$"""
            {{Handover}}
            {"type":"return","id":"X1","at":"2026-01-19T15:00:00+08:00","sale":"W1","lines":[{"line":7,"quantity":1}]}
            {"type":"return","id":"X2","at":"2026-01-14T15:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}
            {"type":"return","id":"X3","at":"2026-01-19T15:00:00+08:00","sale":"F1","lines":[{"line":1,"quantity":1}]}
            {"type":"void","id":"X4","at":"2026-01-10T15:00:00+08:00","fact":"W1"}
            {"type":"sale","id":"X5","at":"2027-01-15T21:00:00+08:00","channel":"online","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}
            {{Return}}
            """);
        Assert.Equal("Accepted Refused Refused Refused Refused Refused Accepted", string.Join(' ', answers.Select(answer => answer.Status)));
        Assert.Contains("no line 7", answers[1].Reason, StringComparison.Ordinal);
        Assert.Contains("before this", answers[2].Reason, StringComparison.Ordinal);
        Assert.Contains("no sale", answers[3].Reason, StringComparison.Ordinal);
        Assert.Contains("later than its void", answers[4].Reason, StringComparison.Ordinal);
        Assert.Contains("check the clock", answers[5].Reason, StringComparison.Ordinal);
        Assert.Equal("", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_comes_first_is_served_and_the_other_waits_for_what_would_make_room(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync($"{A}\n{B}\n{Sale}\n{Handover}");
        // Nothing is left to cancel: the handover is stored, though it happened after.
        const string Cancel = """{"type":"cancel","id":"C1","at":"2026-01-16T15:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}""";
        var late = (await books.SendAsync(Cancel))[0];
        Assert.Equal(FactStatus.Parked, late.Status);
        Assert.Contains("H1, which is stored already", late.Reason, StringComparison.Ordinal);
        // The handover never happened: there is room.
        await books.SendAsync("""{"type":"void","id":"N1","at":"2026-01-20T15:00:00+08:00","fact":"H1"}""");
        Assert.Equal("", await ParkedAsync(books));
        Assert.Equal(500, await books.ReadAsync(context => context.Sales.Where(sale => sale.Id == "W1").Select(sale => sale.Net).SingleAsync(Stop)));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_void_that_would_undo_what_others_rest_on_waits_until_they_are_undone(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync($"{A}\n{B}\n{Sale}\n{Handover}\n{Return}");
        const string NoHandover = """{"type":"void","id":"N1","at":"2026-01-20T15:00:00+08:00","fact":"H1"}""";
        Assert.Equal(FactStatus.Parked, (await books.SendAsync(NoHandover))[0].Status);
        Assert.Equal(FactStatus.Accepted, (await books.SendAsync("""{"type":"void","id":"N2","at":"2026-01-20T16:00:00+08:00","fact":"R1"}"""))[0].Status);
        Assert.Equal("", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_tills_sale_without_a_store_is_taken_and_counts_when_it_comes_again_with_it(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync(A);
        const string Line = "\"lines\":[{\"line\":1,\"category\":\"tops\",\"quantity\":1,\"net\":900,\"fulfil\":\"taken\"}]}";
        const string Till = "{\"type\":\"sale\",\"id\":\"P1\",\"at\":\"2026-01-15T21:00:00+08:00\",\"channel\":\"store\",\"staff\":\"A\",";
        Assert.True(FactText.TryRead(Encoding.UTF8.GetBytes(Till + Line), 1, out var incomplete, out _));
        Assert.Equal(FactStatus.Parked, (await books.CommitAsync(new Part([new Arrival(incomplete, "till")]))).Answers[0].Status);
        Assert.Equal("P1 store", await ParkedAsync(books));
        // Sent again with a store and a date that cannot be: what waits is none the worse.
        Assert.Equal(FactStatus.Refused, (await books.SendAsync(Till.Replace("2026", "2036", StringComparison.Ordinal) + "\"store\":\"S1\"," + Line))[0].Status);
        Assert.Equal("P1 store", await ParkedAsync(books));
        Assert.Equal(FactStatus.Accepted, (await books.SendAsync(Till + "\"store\":\"S1\"," + Line))[0].Status);
        Assert.Equal("", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_fact_of_tomorrow_counts_tomorrow(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync(A);
        var sale = Sale.Replace("2026-01-15", "2026-02-02", StringComparison.Ordinal);
        Assert.Equal(FactStatus.Parked, (await books.SendAsync(sale, new DateOnly(2026, 2, 1)))[0].Status);
        Assert.Empty(await DueAsync(books, new DateOnly(2026, 2, 1)));
        Assert.Equal("W1", Assert.Single(await DueAsync(books, new DateOnly(2026, 2, 2))).Id);
        Assert.Equal(FactStatus.Accepted, (await books.SendAsync(sale, new DateOnly(2026, 2, 2)))[0].Status);
        Assert.Equal("", await ParkedAsync(books));
    }

    [Theory, EveryDatabase]
    public async Task What_an_import_brings_makes_parked_facts_due(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync($"{Handover}\n{Return}\n{Sale}");
        Assert.Empty(await DueAsync(books, TestBooks.Today));
        await books.PostAsync($"{A}\n{B}\n{Sale}");
        Assert.Equal(["H1", "R1", "W1"], (await DueAsync(books, TestBooks.Today)).Select(row => row.Id).Order(StringComparer.Ordinal));
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            var rules = await BookRules.LoadAsync(turn, Stop);
            await new LiveCommit(turn, rules, TestBooks.Today, new Instant(0)).WakeAsync(await ParkedFacts.DueAsync(turn, rules, TestBooks.Today, Stop), Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal("", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_fact_that_was_dismissed_is_refused_when_it_comes_again(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.SendAsync(Return);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            Assert.Equal(DismissOutcome.Done, await ParkedFacts.DismissAsync(turn, "R1", "林經理", "test data", new Instant(0), Stop));
            Assert.Equal(DismissOutcome.DoneBefore, await ParkedFacts.DismissAsync(turn, "R1", "林經理", "test data", new Instant(0), Stop));
            Assert.Equal(DismissOutcome.Unknown, await ParkedFacts.DismissAsync(turn, "R2", "林經理", "test data", new Instant(0), Stop));
            await turn.CommitAsync(Stop);
        }
        var again = (await books.SendAsync(Return))[0];
        Assert.Equal(FactStatus.Refused, again.Status);
        Assert.Contains("test data", again.Reason, StringComparison.Ordinal);
        await books.SendAsync($"{A}\n{B}\n{Sale}\n{Handover}");
        Assert.Equal(4, await books.ReadAsync(context => context.Facts.CountAsync(Stop)));
        Assert.Equal("Parked R1;Dismissed R1", await NoticesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_fact_that_the_books_cannot_hold_is_put_aside_and_the_others_are_none_the_worse(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        // Ten thousand lines of 10^15 are more than a column holds.
        var lines = string.Join(',', Enumerable.Range(1, 10_000).Select(line => $$"""{"line":{{line}},"category":"c","quantity":1,"net":1000000000000000,"fulfil":"taken"}"""));
        var answers = await books.SendAsync($$"""
            {{A}}
            {{Sale}}
            {"type":"sale","id":"HUGE","at":"2026-01-15T21:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{{lines}}]}
            {{B}}
            {{Handover}}
            """);
        Assert.Equal("Accepted Accepted Parked Accepted Accepted", string.Join(' ', answers.Select(answer => answer.Status)));
        Assert.Equal("HUGE attention", await ParkedAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task The_same_request_is_answered_the_same_and_its_key_serves_no_other(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var key = new RequestKey("till", "r1", 0, "hash");
        var first = await books.SendAsync($"{A}\n{Return}", key: key);
        await books.SendAsync($"{B}\n{Sale}\n{Handover}");
        // Accepted again, not a duplicate; parked again, though it counts by now.
        Assert.Equal(first, await books.SendAsync($"{A}\n{Return}", key: key));
        Assert.Equal(WriteOutcome.KeyUsed, (await books.CommitAsync(new Part([], key with { InputHash = "other" }))).Outcome);
        Assert.Equal(FactStatus.Duplicate, (await books.SendAsync(A, key: key with { Sender = "shop", InputHash = "other" }))[0].Status);
    }

    /// <summary>Counted by PostgreSQL itself, row by row, inside the transaction; SQLite runs the same statements and keeps no count.</summary>
    [Fact]
    public async Task A_live_sale_reads_as_many_rows_of_a_member_with_10000_sales_as_of_one_with_10()
    {
        await using var books = await TestBooks.CreateAsync(Provider.Postgres, server);
        await books.PostAsync($"{A}\n{B}");
        var lines = new StringBuilder();
        for (var sale = 0; sale < 10_010; sale++)
            lines.Append(CultureInfo.InvariantCulture, $$"""{"type":"sale","id":"P{{sale}}","at":"2026-{{1 + (sale % 10_000 / 1200):00}}-{{1 + (sale % 10_000 / 45 % 27):00}}T{{(sale % 12) + 8:00}}:{{sale % 60:00}}:00+08:00","channel":"store","store":"S1","member":"{{(sale < 10_000 ? "many" : "few")}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"taken"}]}""").Append('\n');
        await books.PostAsync(lines.ToString());
        var few = await RowsReadAsync(books, "few", "Q1");
        Assert.InRange(few, 3, 60);
        Assert.Equal(few, await RowsReadAsync(books, "many", "Q2"));
        await books.AssertProvenAsync();
    }

    private static async Task<long> RowsReadAsync(TestBooks books, string member, string id)
    {
        const string RowsRead = "select coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0) from pg_stat_xact_user_tables";
        await books.VacuumAsync();
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var rules = await BookRules.LoadAsync(turn, Stop);
        var before = await turn.CountAsync(RowsRead, Stop);
        var sent = TestBooks.FactsOf($$"""
            {"type":"sale","id":"{{id}}","at":"2026-11-20T12:00:00+08:00","channel":"store","store":"S1","member":"{{member}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"taken"}]}
            {"type":"return","id":"R{{id}}","at":"2026-11-21T12:00:00+08:00","sale":"{{id}}","lines":[{"line":1,"quantity":1}]}
            """);
        var results = await new LiveCommit(turn, rules, TestBooks.Today, new Instant(0)).RunAsync([new Part([.. sent.Select(fact => new Arrival(fact, null))])], Stop);
        Assert.All(results[0].Answers, answer => Assert.Equal(FactStatus.Accepted, answer.Status));
        var rows = await turn.CountAsync(RowsRead, Stop) - before;
        await turn.CommitAsync(Stop);
        return rows;
    }

    private static async Task<List<ParkedRow>> DueAsync(TestBooks books, DateOnly today)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        return await ParkedFacts.DueAsync(turn, await BookRules.LoadAsync(turn, Stop), today, Stop);
    }

    private static Task<string> ParkedAsync(TestBooks books) => books.ReadAsync(async context =>
        string.Join(';', (await context.Parked.Where(row => row.DismissedAtTicks == null).OrderBy(row => row.Id).ToListAsync(Stop)).Select(row => $"{row.Id} {row.WaitsFor}")));

    private static Task<string> NoticesAsync(TestBooks books) => books.ReadAsync(async context =>
        string.Join(';', (await context.Notices.OrderBy(row => row.Seq).ToListAsync(Stop)).Select(row => $"{row.Kind} {row.Fact}")));
}
