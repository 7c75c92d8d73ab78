using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

public sealed class EventFeedTests(PostgresServer server)
{
    private const string Handover = """{"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}""";
    private const string Online = """{"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Whoever_goes_on_from_the_last_cursor_gets_every_posting_once_and_in_order(Provider provider)
    {
        await using var api = await LiveApi.CreateAsync(provider, server);
        var (sends, reads) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Read, ApiScope.Pay));
        Assert.Equal(["accepted", "accepted", "parked", "parked"], await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{Handover}\n{LiveApi.Sale("P0", staff: "Z")}"));
        List<JsonElement> seen = [];
        var cursor = await WalkAsync(reads, "", 3, seen);
        await LiveApi.SendAsync(sends, $"{Online}\n{string.Join('\n', Enumerable.Range(1, 40).Select(number => LiveApi.Sale($"P{number}", 1000 + number)))}");
        // What is due vests beside the traffic.
        while (await api.ReadAsync(books => books.Commissions.Select(row => row.Sale).Distinct().CountAsync(Stop)) < 41) await Task.Delay(20, Stop);
        await WalkAsync(reads, cursor, 7, seen);

        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(posted => posted.GetProperty("seq").GetInt32()));
        Assert.Equal(await api.ReadAsync(books => books.Credits.OrderBy(row => row.Seq).Select(row => $"{row.Sale} {row.Staff} {row.Amount}").ToListAsync(Stop)),
            seen.Where(posted => TypeOf(posted) == "credit.posted").Select(posted => $"{posted.GetProperty("sale")} {(posted.TryGetProperty("staff", out var staff) ? staff.GetString() : "")} {posted.GetProperty("amount")}"));
        Assert.Equal(await api.ReadAsync(books => books.Commissions.SumAsync(row => row.AmountE4, Stop)), seen.Where(posted => TypeOf(posted) == "commission.posted").Sum(posted => posted.GetProperty("amountE4").GetInt64()));
        Assert.Equal(["fact.parked H1", "fact.parked P0", "fact.accepted H1"], seen.Where(posted => TypeOf(posted).StartsWith("fact.", StringComparison.Ordinal)).Select(posted => $"{TypeOf(posted)} {posted.GetProperty("fact")}"));
        Assert.Equal("2026-01-10", seen.First(posted => TypeOf(posted) == "credit.posted" && posted.GetProperty("sale").GetString() == "P1").GetProperty("day").GetString());
    }

    [Theory, EveryDatabase]
    public async Task A_key_that_may_not_read_pay_sees_none_and_comes_as_far(Provider provider)
    {
        await using var api = await LiveApi.CreateAsync(provider, server);
        var (sends, reads, pays) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Read), await api.ClientAsync(ApiScope.Read, ApiScope.Pay));
        await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}\n{LiveApi.Sale("P2")}");
        while (await api.ReadAsync(books => books.Commissions.CountAsync(Stop)) < 2) await Task.Delay(20, Stop);
        List<JsonElement> without = [], with = [];
        Assert.Equal(await WalkAsync(pays, "", 1, with), await WalkAsync(reads, "", 1, without));
        Assert.Equal(["credit.posted", "credit.posted"], without.Select(TypeOf));
        Assert.Contains("commission.posted", with.Select(TypeOf));
    }

    [Fact]
    public async Task Amounts_have_one_currency_and_an_empty_feed_has_a_cursor()
    {
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server);
        var page = await LiveApi.GetAsync(await api.ClientAsync(ApiScope.Read), "/api/v1/events");
        Assert.Equal(("TWD", 0, 0, false), (page.GetProperty("currency").GetString(), page.GetProperty("currencyDecimals").GetInt32(), page.GetProperty("events").GetArrayLength(), page.GetProperty("more").GetBoolean()));
        Assert.NotEqual("", page.GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("after=zzz", "wrong-cursor")]
    [InlineData("after=bjEyMzQ1", "wrong-cursor")]
    [InlineData("after=bi0x", "wrong-cursor")]
    [InlineData("after=dDEgeA", "wrong-cursor")]
    [InlineData("after=%F0%9F", "wrong-cursor")]
    [InlineData("after=a&after=b", "wrong-query")]
    [InlineData("limit=0", "wrong-limit")]
    [InlineData("limit=1001", "wrong-limit")]
    [InlineData("limit=ten", "wrong-limit")]
    public async Task What_is_no_cursor_or_limit_of_the_feed_is_a_problem(string query, string problem)
    {
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server);
        var answer = await LiveApi.CallAsync(await api.ClientAsync(ApiScope.Read), HttpMethod.Get, $"/api/v1/events?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, $"/problems/{problem}"), (answer.Status, answer.Problem));
    }

    /// <returns>The last cursor.</returns>
    private static async Task<string> WalkAsync(HttpClient client, string cursor, int limit, List<JsonElement> seen)
    {
        while (true)
        {
            var page = await LiveApi.GetAsync(client, $"/api/v1/events?limit={limit}&after={cursor}");
            var events = page.GetProperty("events").EnumerateArray().ToList();
            Assert.True(events.Count <= limit);
            seen.AddRange(events);
            cursor = page.GetProperty("next").GetString()!;
            if (!page.GetProperty("more").GetBoolean()) return cursor;
        }
    }

    private static string TypeOf(JsonElement posted) => posted.GetProperty("type").GetString()!;
}
