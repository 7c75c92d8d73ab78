using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Closing;

/// <summary>What a close freezes, what may close, and how later facts are settled (R10, R14).</summary>
public sealed class ClosePeriodTests(PostgresServer server)
{
    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        """;

    /// <summary>A has sold 800 in January in the store, and 1,000 online that wait to be picked up.</summary>
    private const string January = Staff + "\n" +
        """
        {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":10000,"fulfil":"pickup"}]}
        """;

    private static readonly StaffId A = new("A");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_handover_in_March_of_a_January_sale_that_lifts_its_band_is_settled_in_March(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        var paid = Row((await books.SettleAsync()).Statements, "2026-01");
        // 3 % of 800, all of it below the step at 1,000.
        Assert.Equal((24, 19, 50), ((int)paid.Commission, (int)paid.StaffPay, (int)paid.Bounty));
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        Assert.True((await books.CloseAsync("2026-02")).MayClose);

        await books.PostAsync("""{"type":"handover","id":"H1","at":"2026-03-05T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":1}]}""");
        var settlement = await books.SettleAsync();
        Assert.Equal(paid, Row(settlement.Statements, "2026-01"));
        var earning = settlement.Earnings.Single(row => row.Staff == A && row.Period.ToString() == "2026-03");
        // 4,000 credit more: 144 gross on 4,800, of which the part above 1,000 counts 150 %: 201, less the 24 paid.
        Assert.Equal(("2026-01", 4800, 200, 176), (earning.SaleMonth.ToString(), (int)earning.Credit, (int)earning.Earned, (int)earning.Change));
        Assert.True((await books.CloseAsync("2026-03")).MayClose);
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_void_of_a_paid_bounty_is_taken_from_the_next_statement_and_carried(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        await books.PostAsync("""{"type":"void","id":"X1","at":"2026-01-31T12:00:00+08:00","fact":"V1"}""");

        var february = Row((await books.SettleAsync()).Statements, "2026-02");
        Assert.Equal((-50, 0, -50), ((int)february.Bounty, (int)february.Paid, (int)february.Carried));
        var row = await books.ReadAsync(context => context.Bounties.OrderByDescending(bounty => bounty.Seq).FirstAsync(Stop));
        Assert.Equal((new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 17), "X1", -50L), (row.Day, row.ForDay, row.Cause, row.Amount));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_return_after_the_close_is_settled_in_its_own_month(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        var before = await FrozenAsync(books);
        await books.PostAsync("""{"type":"return","id":"R1","at":"2026-02-20T12:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":1}]}""");

        var february = Row((await books.SettleAsync()).Statements, "2026-02");
        Assert.Equal((-24, -19, 0), ((int)february.Commission, (int)february.StaffPay, (int)february.Paid));
        Assert.Equal(before, await FrozenAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_return_dated_in_a_closed_period_is_posted_on_the_first_open_day(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        await books.PostAsync("""{"type":"return","id":"R1","at":"2026-01-20T12:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":1}]}""");
        var rows = await books.ReadAsync(context => context.Credits.Where(row => row.Cause == "R1").ToListAsync(Stop));
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal((new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 20)), (row.Day, row.ForDay)));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task All_facts_imported_again_after_a_close_change_nothing(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        var before = await FrozenAsync(books);
        Assert.Equal(new Posted(0, 5, 0), await books.PostAsync(January));
        Assert.Equal(before, await FrozenAsync(books));
        Assert.Equal(5, await books.ReadAsync(context => context.Facts.CountAsync(Stop)));
    }

    [Theory, EveryDatabase]
    public async Task A_period_closes_once_in_order_when_it_is_over_and_nobody_waits(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.Equal([CloseCheck.IsOver], Failed(await books.CloseAsync("2026-01", new DateOnly(2026, 1, 31))));
        Assert.Equal([CloseCheck.IsNext], Failed(await books.CloseAsync("2026-02")));
        Assert.Equal([CloseCheck.IsNext], Failed(await books.CloseAsync("2016-01")));
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await turn.InsertAsync<WorkRow>([new WorkRow { Kind = WorkKind.Member, Name = "M1", Cause = "V1" }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal([CloseCheck.NobodyWaits], Failed(await books.CloseAsync("2026-01")));
        // What a crash left in the queue is worked off by whoever comes next.
        Assert.Equal(1, await PostFacts.WorkOffAsync(books.Brand, null, Stop));
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        Assert.Contains(CloseCheck.IsOpen, Failed(await books.CloseAsync("2026-01")));
    }

    [Theory, EveryDatabase]
    public async Task Nothing_closes_before_anything_is_posted(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff);
        var preview = await books.CloseAsync("2026-01");
        Assert.Equal([CloseCheck.IsNext], Failed(preview));
        Assert.Null(preview.Next);
    }

    [Theory, EveryDatabase]
    public async Task A_statement_is_frozen_with_the_hash_of_its_canonical_bytes(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        var frozen = await books.ReadAsync(context => context.Statements.SingleAsync(row => row.Staff == "A", Stop));
        var bytes = System.Text.Encoding.UTF8.GetBytes("2026-01,A,,4800,24,19,5,50,69,0\n2026-01,A,2026-01,800,240000,24,24\n");
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), frozen.Sha256);
    }

    [Theory, EveryDatabase]
    public async Task A_policy_version_that_begins_in_a_closed_or_past_period_is_refused(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(January, new DateOnly(2026, 2, 10));
        Assert.True((await books.CloseAsync("2026-01", new DateOnly(2026, 2, 10))).MayClose);
        var second = World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal);
        string From(string day) => second.Replace("2026-01-01", day, StringComparison.Ordinal);
        Assert.Contains("closed", Assert.Single(await books.PolicyAsync(From("2026-01-20"), new DateOnly(2026, 2, 10))).Message, StringComparison.Ordinal);
        Assert.Contains("past", Assert.Single(await books.PolicyAsync(From("2026-02-20"), new DateOnly(2026, 3, 10))).Message, StringComparison.Ordinal);
        Assert.Contains("never change", Assert.Single(await books.PolicyAsync(World.Policy.Replace("\"staffPercent\": 80", "\"staffPercent\": 81", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
        Assert.Empty(await books.PolicyAsync(World.Policy));
        Assert.Empty(await books.PolicyAsync(From("2026-02-20"), new DateOnly(2026, 2, 10)));
    }

    [Theory, EveryDatabase]
    public async Task A_policy_version_that_begins_more_than_two_years_ahead_is_refused(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var second = World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal);
        foreach (var day in (string[])["9999-12-31", "2206-01-01", "2028-02-11"])
            Assert.Contains("2028-02-10 or earlier", Assert.Single(await books.PolicyAsync(second.Replace("2026-01-01", day, StringComparison.Ordinal), new DateOnly(2026, 2, 10))).Message, StringComparison.Ordinal);
        Assert.Empty(await books.PolicyAsync(second.Replace("2026-01-01", "2028-02-10", StringComparison.Ordinal), new DateOnly(2026, 2, 10)));
    }

    [Theory, EveryDatabase]
    public async Task A_policy_version_of_the_running_month_reaches_what_is_posted_already(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var today = new DateOnly(2026, 1, 20);
        await books.PostAsync(January, today);
        var second = World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("2026-01-01", "2026-01-12", StringComparison.Ordinal)
            .Replace("\"owner\": 40, \"closer\": 40", "\"owner\": 30, \"closer\": 60", StringComparison.Ordinal);
        Assert.Empty(await books.PolicyAsync(second, today));
        Assert.Equal(1, await PostFacts.WorkOffAsync(books.Brand, null, Stop));
        Assert.Equal(6000, await books.ReadAsync(context => context.Credits.Where(row => row.Sale == "W1" && row.Staff == "A").SumAsync(row => row.Amount, Stop)));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_policy_version_reaches_who_has_facts_since_and_sales_of_nobodys_made_since_and_no_others(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        string Sale(string id, string day, string member) => $$"""{"type":"sale","id":"{{id}}","at":"2026-{{day}}T12:00:00+08:00","channel":"store","store":"S1",{{member}}"lines":[{"line":1,"category":"tops","quantity":1,"net":900,"fulfil":"taken"}]}""";
        await books.PostAsync(string.Join('\n',
            """{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}""",
            Sale("P1", "01-10", ""), Sale("P2", "02-02", ""), Sale("P3", "01-10", "\"member\":\"M1\","), Sale("P4", "02-01", "\"member\":\"M2\","), Sale("P5", "01-31", "\"member\":\"M3\","),
            """{"type":"service","id":"V1","at":"2026-02-01T00:00:00+08:00","member":"M4","kind":"app-install","store":"S1","staff":"A"}""",
            // Of a sale that an earlier version governs for ever (R16).
            """{"type":"return","id":"R1","at":"2026-02-03T12:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":1}]}"""), new DateOnly(2026, 2, 4));
        Assert.Empty(await books.PolicyAsync(World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("2026-01-01", "2026-02-01", StringComparison.Ordinal), new DateOnly(2026, 2, 4)));
        Assert.Equal(["Member M2", "Member M4", "Sale P2"], await books.ReadAsync(context => Task.FromResult(context.Work.AsEnumerable().Select(row => $"{row.Kind} {row.Name}").Order(StringComparer.Ordinal).ToList())));
        await PostFacts.WorkOffAsync(books.Brand, null, Stop);
        await books.AssertProvenAsync();
    }

    private static StatementRow Row(IEnumerable<StatementRow> statements, string period) => statements.Single(row => row.Staff == A && row.Period.ToString() == period);

    private static IEnumerable<CloseCheck> Failed(ClosePreview preview) => preview.Checklist.Where(item => !item.Holds).Select(item => item.Check);

    private static async Task<string> FrozenAsync(TestBooks books) => await books.ReadAsync(async context =>
        string.Join('\n', (await context.Statements.OrderBy(row => row.Staff).ThenBy(row => row.Store).ToListAsync(Stop)).Select(row => $"{row.Period} {row.Staff} {row.Store} {row.Paid} {row.Sha256}"))
        + string.Join('\n', (await context.Periods.ToListAsync(Stop)).Select(row => row.Sha256)));
}
