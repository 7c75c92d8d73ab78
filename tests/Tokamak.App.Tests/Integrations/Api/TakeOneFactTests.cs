using System.Net;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>The endpoints that take one fact: the route says the type, the status what became of it.</summary>
public sealed class TakeOneFactTests(PostgresServer server)
{
    private const string Joined = """{"id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}""";

    private const string Sale =
        """{"id":"W/1%2F","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":3,"net":900,"fulfil":"pickup"}]}""";

    /// <summary>The sale's id as an address carries it.</summary>
    private const string OfSale = "/api/v1/sales/W%2F1%252F";

    [Theory, EveryDatabase]
    public async Task The_status_says_what_became_of_the_fact(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        (string Path, string Json)[] facts =
        [
            ("/staff", Joined), ("/services", """{"id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M2","kind":"app-install","store":"S1","staff":"A"}"""),
            ("/merges", """{"id":"G1","at":"2026-01-06T12:00:00+08:00","from":"M2","into":"M1"}"""), ("/sales", Sale),
            ("/sales/W%2F1%252F/handovers", """{"id":"H1","at":"2026-01-17T15:00:00+08:00","store":"S1","staff":"A","lines":[{"line":1,"quantity":1}]}"""),
            ("/sales/W%2F1%252F/cancels", """{"id":"C1","at":"2026-01-18T15:00:00+08:00","lines":[{"line":1,"quantity":1}]}"""),
            ("/sales/W%2F1%252F/refunds", """{"id":"D1","at":"2026-01-19T15:00:00+08:00","lines":[{"line":1,"amount":10}]}"""),
            ("/sales/W%2F1%252F/returns", """{"id":"B1","at":"2026-01-20T15:00:00+08:00","lines":[{"line":1,"quantity":1}]}"""),
            ("/voids", """{"id":"X1","at":"2026-01-21T15:00:00+08:00","fact":"D1"}"""),
        ];
        foreach (var (path, json) in facts)
        {
            var first = (await world.PostAsync("/api/v1" + path, json)).Is(HttpStatusCode.Created);
            Assert.Equal(("application/json", "accepted"), (first.Type, first.Json.GetProperty("status").GetString()));
            Assert.Equal("duplicate", (await world.PostAsync("/api/v1" + path, json)).Is(HttpStatusCode.OK).Json.GetProperty("status").GetString());
        }
        Assert.Equal("refused", (await world.PostAsync("/api/v1/staff", Joined.Replace("S1", "S2", StringComparison.Ordinal))).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("W/1%2F", (await world.GetAsync(OfSale)).Is(HttpStatusCode.OK).Json.GetProperty("id").GetString());
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_cannot_count_yet_is_taken_and_says_what_it_waits_for(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        var handover = """{"id":"H1","at":"2026-01-17T15:00:00+08:00","lines":[{"line":1,"quantity":1}]}""";
        var parked = (await world.PostAsync($"{OfSale}/handovers", handover)).Is(HttpStatusCode.Accepted);
        Assert.Equal(("H1", "parked"), (parked.Json.GetProperty("id").GetString(), parked.Json.GetProperty("status").GetString()));
        Assert.Contains("W/1%2F is not known", parked.Json.GetProperty("reason").GetString(), StringComparison.Ordinal);
        // A till's sale that does not say in which store.
        (await world.PostAsync("/api/v1/sales", Sale.Replace("online", "store", StringComparison.Ordinal).Replace("W/1%2F", "P1", StringComparison.Ordinal))).Is(HttpStatusCode.Accepted);
        (await world.PostAsync("/api/v1/sales", Sale)).Is(HttpStatusCode.Created);
        (await world.PostAsync($"{OfSale}/handovers", handover)).Is(HttpStatusCode.OK);
    }

    [Theory, EveryDatabase]
    public async Task The_same_key_brings_the_same_answer(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        var first = (await world.PostAsync("/api/v1/staff", Joined, "k")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Text, (await world.PostAsync("/api/v1/staff", Joined, "k")).Is(HttpStatusCode.Created).Text);
        Assert.Equal("key-used", (await world.PostAsync("/api/v1/staff", Joined.Replace("S1", "S2", StringComparison.Ordinal), "k")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        // The same body to another address is another request.
        Assert.Equal("key-used", (await world.PostAsync("/api/v1/sales", Sale, "k")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("wrong-key", (await world.PostAsync("/api/v1/staff", Joined, "two words")).Is(HttpStatusCode.BadRequest).Problem);
    }

    [Fact]
    public async Task Whatever_is_no_fact_is_refused_with_what_to_mend()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        foreach (var wrong in new[] { "", "null", "[]", "{", "{}{}", """{"id":"a","id":"b"}""", new string('[', 100_000), """{"type":"staff","id":"x"}""", """{"sale":"other","lines":[]}""" })
            Assert.Equal("wrong-json", (await world.PostAsync($"{OfSale}/returns", wrong)).Is(HttpStatusCode.BadRequest).Problem);
        foreach (var wrong in new[] { "{}", """{"id":"\ud800","at":"2026-01-01T09:00:00+08:00"}""", """{"id":"a b"}""", Joined.Replace("+08:00", "", StringComparison.Ordinal), $$"""{"id":"{{new string('x', 2 << 20)}}"}""" })
            Assert.True((await world.PostAsync("/api/v1/staff", wrong)).Problem is "refused" or "wrong-json");
        using var form = new StringContent(Joined, Encoding.UTF8, "application/x-www-form-urlencoded");
        Assert.Equal("wrong-type", (await world.SendAsync(HttpMethod.Post, "/api/v1/staff", form)).Is(HttpStatusCode.UnsupportedMediaType).Problem);
        (await world.PostAsync("/api/v1/staff", "\uFEFF" + Joined)).Is(HttpStatusCode.Created);
    }
}
