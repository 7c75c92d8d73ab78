using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>What a late change of the roster reaches though it does not name it: by a code that stays, or a link clicked before.</summary>
public sealed class RosterReachTests(PostgresServer server)
{
    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-02-01T09:00:00+08:00","staff":"A","event":"left"}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Sale(string at, string more) =>
        $$"""{"type":"sale","id":"W1","at":"{{at}}","channel":"online",{{more}},"lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"ship"}]}""";

    [Theory]
    [EveryDatabase("""{"type":"staff","id":"F3","at":"2026-03-01T09:00:00+08:00","staff":"A","event":"joined","store":"S2"}""")]
    [EveryDatabase("""{"type":"void","id":"X1","at":"2026-03-06T09:00:00+08:00","fact":"F2"}""")]
    public async Task A_code_that_stays_when_they_join_again_closes_what_it_was_used_for(Provider provider, string change)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff + "\n" + Sale("2026-03-05T12:00:00+08:00", "\"code\":\"A1\""));
        Assert.Equal(0, await CreditOfAAsync(books));
        await books.PostAsync(change);
        Assert.Equal(400, await CreditOfAAsync(books));
        await books.AssertProvenAsync();
    }

    [Theory]
    [EveryDatabase("2026-02-03T12:00:00+08:00", 400)]
    [EveryDatabase("2026-02-04T23:00:00+08:00", 400)]
    [EveryDatabase("2026-02-05T01:00:00+08:00", 0)]
    public async Task A_link_clicked_before_a_leave_that_is_voided_closes_the_sales_of_three_days(Provider provider, string soldAt, long credit)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Staff.Replace("02-01T09", "02-02T09", StringComparison.Ordinal) + "\n"
            + """{"type":"service","id":"V1","at":"2026-02-01T12:00:00+08:00","member":"M1","kind":"link-click","store":"S1","staff":"A"}""" + "\n" + Sale(soldAt, "\"member\":\"M1\""));
        Assert.Equal(0, await CreditOfAAsync(books));
        await books.PostAsync("""{"type":"void","id":"X1","at":"2026-02-06T09:00:00+08:00","fact":"F2"}""");
        Assert.Equal(credit, await CreditOfAAsync(books));
        await books.AssertProvenAsync();
    }

    private static Task<long> CreditOfAAsync(TestBooks books) => books.ReadAsync(context => context.Credits.Where(row => row.Staff == "A").SumAsync(row => row.Amount, Stop));
}
