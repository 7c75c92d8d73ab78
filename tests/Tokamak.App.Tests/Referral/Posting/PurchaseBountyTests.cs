using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>A bounty that takes a purchase (R15), once earned: what comes later about the member's sales may take it away, or give it to another.</summary>
public sealed class PurchaseBountyTests(PostgresServer server)
{
    private const string Served =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
        """;

    private const string Return = """{"type":"return","id":"R1","at":"2026-01-17T15:00:00+08:00","sale":"P1","lines":[{"line":1,"quantity":1}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Sale(string id, string at, string fulfil = "taken", string member = "M1") =>
        $$"""{"type":"sale","id":"{{id}}","at":"{{at}}","channel":"store","store":"S1","member":"{{member}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"{{fulfil}}"}]}""";

    private static string Handover(string id, string at, string sale) =>
        $$"""{"type":"handover","id":"{{id}}","at":"{{at}}","sale":"{{sale}}","store":"S1","staff":"A","lines":[{"line":1,"quantity":1}]}""";

    [Theory, EveryDatabase]
    public async Task A_return_on_the_day_that_earned_it_takes_it_away(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Served + "\n" + Sale("P1", "2026-01-10T12:00:00+08:00"), new DateOnly(2026, 1, 17));
        Assert.Equal("2026-01-17 P1 50", await BountiesAsync(books));
        await books.PostAsync(Return, new DateOnly(2026, 1, 17));
        Assert.Equal("", await BountiesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_month_imported_after_the_lines_of_the_one_before_have_vested_takes_it_away(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var today = new DateOnly(2026, 7, 1);
        await books.PostAsync(Served + "\n" + Sale("P1", "2026-01-30T12:00:00+08:00"), today);
        Assert.Equal("2026-02-06 P1 50", await BountiesAsync(books));
        await books.PostAsync(Return.Replace("01-17", "02-03", StringComparison.Ordinal) + "\n" + Sale("P2", "2026-02-03T16:00:00+08:00"), today);
        Assert.Equal("2026-02-10 P2 50", await BountiesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_sale_that_vests_before_the_one_that_earned_it_earns_it_instead(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var today = new DateOnly(2026, 1, 30);
        await books.PostAsync(Served + "\n" + Sale("P1", "2026-01-10T12:00:00+08:00", "pickup") + "\n" + Handover("H1", "2026-01-22T12:00:00+08:00", "P1"), today);
        Assert.Equal("2026-01-29 P1 50", await BountiesAsync(books));
        await books.PostAsync(Sale("P2", "2026-01-20T12:00:00+08:00"), today);
        Assert.Equal("2026-01-27 P2 50", await BountiesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Days_that_vest_late_vest_one_after_the_other_in_steps_of_any_size(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        // By the order of ids, P2 would come first; two people, so that one step does not do.
        await books.PostAsync(
            Served + "\n" + Sale("P9", "2026-01-10T12:00:00+08:00") + "\n" + Sale("P2", "2026-01-11T12:00:00+08:00") + "\n" + Sale("P1", "2026-01-10T12:00:00+08:00", member: "M2"),
            new DateOnly(2026, 1, 12));
        Assert.Equal([(new DateOnly(2026, 1, 17), true), (new DateOnly(2026, 1, 17), false), (new DateOnly(2026, 1, 20), false)], await VestAsync(books, new DateOnly(2026, 1, 20), 1));
        Assert.Equal("2026-01-17 P9 50", await BountiesAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_fact_between_two_steps_has_the_other_sales_of_its_member_vest_with_it(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(
            Served + "\n" + Sale("P3", "2026-01-10T12:00:00+08:00") + "\n" + Sale("P4", "2026-01-10T13:00:00+08:00", "pickup") + "\n" + Sale("P1", "2026-01-10T12:00:00+08:00", member: "M2"),
            new DateOnly(2026, 1, 12));
        var today = new DateOnly(2026, 1, 17);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            var (rules, vested, more) = await VestSales.StepAsync(turn, await BookRules.LoadAsync(turn, Stop), today, Reached.All, 1, Stop);
            Assert.Equal((1, true, true), (vested, more, rules.Vesting));
            // Its handover came late: it vests on the 17th as well, after P3.
            var arrival = new Arrival(Assert.Single(TestBooks.FactsOf(Handover("H4", "2026-01-10T18:00:00+08:00", "P4"))), null);
            var results = await new LiveCommit(turn, rules, today, new Instant(0)).RunAsync([new Part([arrival])], Stop);
            Assert.Equal(FactStatus.Accepted, Assert.Single(results[0].Answers).Status);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal("2026-01-17 P3 50", await BountiesAsync(books));
        await VestAsync(books, today, 1);
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Whoever_waits_is_no_reason_to_go_on_for_ever(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Served + "\n" + Sale("P1", "2026-01-10T12:00:00+08:00"), new DateOnly(2026, 1, 12));
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await turn.InsertAsync<WorkRow>([new WorkRow { Kind = WorkKind.Member, Name = "M1", Cause = "V1" }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal([(new DateOnly(2026, 2, 1), false)], await VestAsync(books, new DateOnly(2026, 2, 1), 1));
        Assert.Equal(1, await PostFacts.WorkOffAsync(books.Brand, null, Stop));
        Assert.Equal("2026-01-17 P1 50", await BountiesAsync(books));
        await books.AssertProvenAsync();
    }

    /// <summary>Steps until nothing is due; where the books stood after each, and whether more was due that day.</summary>
    private static async Task<List<(DateOnly? Horizon, bool Vesting)>> VestAsync(TestBooks books, DateOnly today, int most)
    {
        var stood = new List<(DateOnly?, bool)>();
        for (var more = true; more;)
        {
            await using var turn = await books.Brand.BeginWriteAsync(Stop);
            (var rules, _, more) = await VestSales.StepAsync(turn, await BookRules.LoadAsync(turn, Stop), today, Reached.All, most, Stop);
            stood.Add((rules.Horizon, rules.Vesting));
            await turn.CommitAsync(Stop);
            Assert.True(stood.Count < 20, "it does not end");
        }
        return stood;
    }

    /// <summary>Day, earning sale and sum of what stands.</summary>
    private static Task<string> BountiesAsync(TestBooks books) => books.ReadAsync(async context => string.Join("; ",
        (await context.Bounties.ToListAsync(Stop)).GroupBy(row => (row.ForDay, row.Sale)).Select(g => (g.Key, Sum: g.Sum(row => row.Amount))).Where(g => g.Sum != 0)
        .Select(g => $"{g.Key.ForDay:yyyy-MM-dd} {g.Key.Sale} {g.Sum}").Order(StringComparer.Ordinal)));
}
