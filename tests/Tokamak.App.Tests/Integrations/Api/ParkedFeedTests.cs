using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

public sealed class ParkedFeedTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_waits_is_listed_with_what_it_waits_for_the_longest_first(Provider provider)
    {
        await using var api = await LiveApi.CreateAsync(provider, server);
        var (sends, reads) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Read));
        await LiveApi.SendAsync(sends, LiveApi.Staff);
        foreach (var number in Enumerable.Range(1, 5)) await LiveApi.SendAsync(sends, LiveApi.Sale($"P/{number}", staff: "Z9"));
        await LiveApi.SendAsync(sends, LiveApi.Sale("Q1").Replace("\"store\":\"S1\",", "", StringComparison.Ordinal));
        List<JsonElement> seen = [];
        for (var cursor = ""; ;)
        {
            var page = await LiveApi.GetAsync(reads, $"/api/v1/parked?limit=2&after={cursor}");
            seen.AddRange(page.GetProperty("parked").EnumerateArray());
            if (!page.GetProperty("more").GetBoolean()) break;
            cursor = page.GetProperty("next").GetString()!;
        }
        Assert.Equal(["P/1", "P/2", "P/3", "P/4", "P/5", "Q1"], seen.Select(parked => parked.GetProperty("id").GetString()));
        Assert.Equal("""{"kind":"staff","name":"Z9"}""", seen[0].GetProperty("waitsFor").GetRawText());
        Assert.Equal("""{"kind":"store"}""", seen[^1].GetProperty("waitsFor").GetRawText());
        Assert.Equal(1000, seen[0].GetProperty("fact").GetProperty("lines")[0].GetProperty("net").GetInt32());
        Assert.Contains("Z9", seen[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await LiveApi.CallAsync(reads, HttpMethod.Get, "/api/v1/parked?after=bjE")).Status);
    }

    [Theory, EveryDatabase]
    public async Task What_is_dismissed_never_counts_says_why_and_is_told(Provider provider)
    {
        await using var api = await LiveApi.CreateAsync(provider, server);
        var (sends, reads) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Read));
        await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{LiveApi.Sale("P/1", staff: "Z9")}");
        // Twice, as after a lost reply.
        for (var times = 0; times < 2; times++)
            Assert.Equal((HttpStatusCode.OK, null), StatusOf(await LiveApi.CallAsync(sends, HttpMethod.Post, "/api/v1/parked/P%2F1/dismiss", new { reason = "測試交易" })));
        Assert.Equal(0, (await LiveApi.GetAsync(reads, "/api/v1/parked")).GetProperty("parked").GetArrayLength());
        Assert.Equal(["refused"], await LiveApi.SendAsync(sends, LiveApi.Sale("P/1", staff: "Z9")));
        var last = (await LiveApi.GetAsync(reads, "/api/v1/events")).GetProperty("events").EnumerateArray().Last();
        Assert.Equal(("fact.dismissed", "P/1", "測試交易"), (last.GetProperty("type").GetString(), last.GetProperty("fact").GetString(), last.GetProperty("reason").GetString()));
        Assert.Single(await new StaffCatalogue(api.Databases).ReadAsync(context => context.Audit.Where(entry => entry.What == AuditKind.FactDismissed && entry.About == "P/1").ToListAsync(Stop), Stop));
    }

    [Theory]
    [InlineData("P1", """{"reason":" "}""", HttpStatusCode.UnprocessableEntity, "wrong-reason")]
    [InlineData("P1", """{"reason":"a\u0000b"}""", HttpStatusCode.UnprocessableEntity, "wrong-reason")]
    [InlineData("P1", """{"reason":"\ud800"}""", HttpStatusCode.UnprocessableEntity, "wrong-reason")]
    [InlineData("P1", "", HttpStatusCode.UnprocessableEntity, "wrong-reason")]
    [InlineData("P1", """{"why":"x"}""", HttpStatusCode.BadRequest, "wrong-json")]
    [InlineData("P1", """["x"]""", HttpStatusCode.BadRequest, "wrong-json")]
    [InlineData("P1", """{"reason":"x","reason":"y"}""", HttpStatusCode.BadRequest, "wrong-json")]
    [InlineData("P9", """{"reason":"x"}""", HttpStatusCode.NotFound, "not-parked")]
    [InlineData("a%01b", """{"reason":"x"}""", HttpStatusCode.NotFound, "not-parked")]
    public async Task A_dismissal_without_a_reason_or_of_nothing_is_a_problem(string id, string body, HttpStatusCode status, string problem)
    {
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server);
        var sends = await api.ClientAsync(ApiScope.Facts);
        await LiveApi.SendAsync(sends, LiveApi.Sale("P1", staff: "Z9"));
        Assert.Equal((status, $"/problems/{problem}"), StatusOf(await LiveApi.CallAsync(sends, HttpMethod.Post, $"/api/v1/parked/{id}/dismiss", body)));
        Assert.Equal(1, await api.ReadAsync(books => books.Parked.CountAsync(row => row.DismissedAtTicks == null, Stop)));
    }

    private static (HttpStatusCode, string?) StatusOf((HttpStatusCode Status, string? Problem, JsonElement Answer) answer) => (answer.Status, answer.Problem);
}
