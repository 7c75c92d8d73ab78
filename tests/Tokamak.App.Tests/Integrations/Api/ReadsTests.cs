using System.Net;
using System.Text;
using System.Text.Json;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>The reads of the API over the small world (<see cref="World.SmallFacts"/>), on both databases.</summary>
public sealed class ReadsTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Sales_are_found_by_time_store_staff_and_member_and_read_in_parts(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        Assert.Equal(["W2", "P2", "W1", "P1"], await IdsAsync(world, ""));
        Assert.Equal(["P2", "W1"], await IdsAsync(world, "?since=2026-01-15&until=2026-02-01"));
        Assert.Equal(["P2"], await IdsAsync(world, "?since=2026-01-15T21:00:00.0000001%2B08:00&until=2026-01-20T12:00:00.0000001%2B08:00"));
        Assert.Equal(["W1", "P1"], await IdsAsync(world, "?member=M1"));
        Assert.Equal(["W1"], await IdsAsync(world, "?staff=B"));
        Assert.Equal(["P2", "W1", "P1"], await IdsAsync(world, "?store=S1"));
        Assert.Equal(["P1"], await IdsAsync(world, "?member=M1&store=S1&until=2026-01-11"));
        Assert.Empty(await IdsAsync(world, "?member=M9"));
        Assert.Equal(["W2", "P2", "W1", "P1"], await PagesAsync(world, "/api/v1/sales?limit=1", "sales", "id"));
        Assert.Equal(["W1", "P1"], await PagesAsync(world, "/api/v1/sales?limit=1&member=M1", "sales", "id"));
        var sale = (await world.GetAsync("/api/v1/sales?member=M1&limit=1")).Json.GetProperty("sales")[0];
        Assert.Equal("""{"id":"W1","at":"2026-01-15T13:00:00Z","day":"2026-01-15","channel":"online","sold":1501,"net":1501,"credited":["A","B"],"member":"M1"}""", sale.GetRawText());
        foreach (var (wrong, problem) in new[] { ("since=yesterday", "wrong-query"), ("until=2026-01-01T00:00:00", "wrong-query"), ("store=a%20b", "wrong-query"), ("limit=0", "wrong-limit"), ("limit=1001", "wrong-limit"), ("limit=x", "wrong-limit"), ("after=x!", "wrong-cursor"), ("after=eA", "wrong-cursor") })
            Assert.Equal(problem, (await world.GetAsync("/api/v1/sales?" + wrong)).Is(HttpStatusCode.BadRequest).Problem);
    }

    [Theory, EveryDatabase]
    public async Task Ids_that_were_merged_are_one_member(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        Assert.Equal(["1 G1 accepted"], (await world.FactsAsync("""{"type":"merge","id":"G1","at":"2026-03-01T00:00:00Z","from":"M1","into":"M2"}""")).Facts);
        Assert.Equal(["W1", "P1"], await IdsAsync(world, "?member=M2"));
        Assert.Equal("M2", (await world.GetAsync("/api/v1/members/M1/binding")).Json.GetProperty("member").GetString());
    }

    [Theory, EveryDatabase]
    public async Task A_sale_says_how_it_stands_and_what_it_pays_only_to_whom_may_read_that(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var sale = (await world.GetAsync("/api/v1/sales/W1")).Is(HttpStatusCode.OK).Json;
        var line = sale.GetProperty("lines")[0];
        Assert.Equal((2, 2, 1000, true), (line.GetProperty("quantity").GetInt32(), line.GetProperty("handedOver").GetInt32(), line.GetProperty("net").GetInt32(), line.GetProperty("vested").GetBoolean()));
        Assert.Equal(
            ["owner A S1 400", "handover B S2 100", "host - online 500"],
            line.GetProperty("credits").EnumerateArray().Select(credit => $"{credit.GetProperty("role").GetString()} {(credit.TryGetProperty("staff", out var staff) ? staff.GetString() : "-")} {credit.GetProperty("store").GetString()} {credit.GetProperty("amount")}"));
        Assert.Equal(["handover H1 S2", "handover H2 -"], sale.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("type").GetString()} {change.GetProperty("id").GetString()} {(change.TryGetProperty("store", out var store) ? store.GetString() : "-")}"));
        Assert.Contains(sale.GetProperty("commission").EnumerateArray(), paid => paid.GetProperty("cause").GetString() == "perHandover" && !paid.TryGetProperty("line", out _) && paid.GetProperty("amountE4").GetInt64() == 50_000);
        var reader = await world.KeyAsync([ApiScope.Read]);
        Assert.False((await world.GetAsync("/api/v1/sales/W1", reader)).Is(HttpStatusCode.OK).Json.TryGetProperty("commission", out _));
        Assert.Equal("no-scope", (await world.GetAsync("/api/v1/sales/W1/trace", reader)).Is(HttpStatusCode.Forbidden).Problem);
        Assert.Equal("not-found", (await world.GetAsync("/api/v1/sales/W9")).Is(HttpStatusCode.NotFound).Problem);
        (await world.FactsAsync("""{"type":"void","id":"X1","at":"2026-03-01T00:00:00Z","fact":"W1"}""")).Is(HttpStatusCode.OK);
        var voided = (await world.GetAsync("/api/v1/sales/W1")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((true, "X1", 0), (voided.GetProperty("voided").GetBoolean(), voided.GetProperty("voidedBy").GetString(), voided.GetProperty("lines").GetArrayLength()));
    }

    [Theory, EveryDatabase]
    public async Task A_trace_speaks_the_language_that_is_asked_for_and_cites_rules(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        foreach (var (asked, spoken, says) in new[] { (null, "zh-TW", "林怡君"), ("en-GB,zh;q=0.5", "en", "林怡君"), ("fr", "zh-TW", "林怡君"), ("fr, en;q=0.1", "en", "林怡君"), ("zh-Hant", "zh-TW", "林怡君") })
        {
            var answer = (await world.GetAsync("/api/v1/sales/W1/trace", language: asked)).Is(HttpStatusCode.OK);
            Assert.Equal(spoken, answer.Json.GetProperty("language").GetString());
            Assert.Contains(says, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\u2068", answer.Text, StringComparison.Ordinal);
            var owner = answer.Json.GetProperty("sections")[0].GetProperty("sentences")[0];
            Assert.Equal(("given", 600, "owner", "V1", "2026-01-15"), (owner.GetProperty("outcome").GetString(), owner.GetProperty("amount").GetInt32(), owner.GetProperty("role").GetString(), owner.GetProperty("fact").GetString(), owner.GetProperty("day").GetString()));
            Assert.Equal(["R8", "R7", "R9"], owner.GetProperty("rules").EnumerateArray().Select(rule => rule.GetString()));
        }
        Assert.Equal("not-found", (await world.GetAsync("/api/v1/sales/W9/trace")).Is(HttpStatusCode.NotFound).Problem);
    }

    [Theory, EveryDatabase]
    public async Task Statements_are_a_preview_until_they_are_frozen(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var preview = (await world.GetAsync("/api/v1/statements?period=2026-01")).Is(HttpStatusCode.OK);
        Assert.Equal("preview", preview.Json.GetProperty("status").GetString());
        Assert.False(preview.Json.TryGetProperty("sha256", out _));
        var a = preview.Json.GetProperty("statements").EnumerateArray().First(row => row.TryGetProperty("staff", out var staff) && staff.GetString() == "A");
        var own = (await world.GetAsync("/api/v1/statements/2026-01/A", language: "en")).Is(HttpStatusCode.OK).Json;
        foreach (var field in new[] { "credit", "commission", "staffPay", "storePool", "bounty", "paid", "carried" }) Assert.Equal(a.GetProperty(field).GetInt64(), own.GetProperty(field).GetInt64());
        Assert.Equal(own.GetProperty("entryCount").GetInt32(), own.GetProperty("entries").GetArrayLength());
        Assert.Equal(await PagesAsync(world, "/api/v1/statements/2026-01/A?limit=1", "credits", "sale"), own.GetProperty("credits").EnumerateArray().Select(row => row.GetProperty("sale").GetString()!));
        Assert.Equal(
            preview.Json.GetProperty("statements").EnumerateArray().Select(row => row.GetProperty("name").GetString()!), await PagesAsync(world, "/api/v1/statements?period=2026-01&limit=1", "statements", "name"));
        await CloseAsync(world);
        JsonElement frozen;
        while ((frozen = (await world.GetAsync("/api/v1/statements?period=2026-01")).Json).GetProperty("status").GetString() == "preview") await Task.Delay(50, Stop);
        Assert.Equal(preview.Json.GetProperty("statements").GetRawText(), frozen.GetProperty("statements").GetRawText());
        Assert.Equal(64, frozen.GetProperty("sha256").GetString()!.Length);
        Assert.Equal(64, (await world.GetAsync("/api/v1/statements/2026-01/A")).Json.GetProperty("sha256").GetString()!.Length);
        foreach (var wrong in new[] { "statements", "statements?period=2026-13", "statements/january/A" }) Assert.Equal("wrong-query", (await world.GetAsync("/api/v1/" + wrong)).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("not-found", (await world.GetAsync("/api/v1/statements/2026-01/Z")).Is(HttpStatusCode.NotFound).Problem);
    }

    [Theory, EveryDatabase]
    public async Task Staff_and_stores_are_listed_by_the_names_they_are_given(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var staff = (await world.GetAsync("/api/v1/staff")).Json.GetProperty("staff");
        Assert.Equal("""{"id":"A","name":"林怡君","employed":true,"store":"S1","since":"2026-01-01T01:00:00Z","code":"A1"}""", staff[0].GetRawText());
        Assert.Equal(["A", "B"], await PagesAsync(world, "/api/v1/staff?limit=1", "staff", "id"));
        Assert.Equal(["大安店", "板橋店"], await PagesAsync(world, "/api/v1/stores?limit=1", "stores", "name"));
        Assert.Equal("""{"id":"S/3","name":"新店"}""", (await NameAsync(world, "/api/v1/stores/S%2F3", """{"name":" 新店 "}""")).Is(HttpStatusCode.OK).Text);
        (await NameAsync(world, "/api/v1/staff/B", """{"name":"Bea"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(["S/3", "S1", "S2"], await PagesAsync(world, "/api/v1/stores?limit=2", "stores", "id"));
        Assert.Equal(["林怡君", "Bea"], await PagesAsync(world, "/api/v1/staff", "staff", "name"));
        foreach (var wrong in new[] { "", "{}", """{"name":""}""", """{"name":1}""", """{"name":"a","other":1}""", """{"name":"a\nb"}""", """{"name":"\ud800"}""", $$"""{"name":"{{new string('x', 101)}}"}""" })
            Assert.Equal("wrong-json", (await NameAsync(world, "/api/v1/stores/S1", wrong)).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("refused", (await NameAsync(world, "/api/v1/stores/online", """{"name":"x"}""")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("refused", (await NameAsync(world, "/api/v1/stores/a%20b", """{"name":"x"}""")).Is(HttpStatusCode.UnprocessableEntity).Problem);
    }

    [Theory, EveryDatabase]
    public async Task A_member_belongs_to_whom_the_rules_say_today(Provider provider)
    {
        var now = DateTimeOffset.UtcNow;
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        string Fact(string type, string id, int daysAgo, string rest) => $$"""{"type":"{{type}}","id":"{{id}}","at":"{{now.AddDays(-daysAgo):yyyy-MM-dd'T'HH:mm:ss'Z'}}",{{rest}}}""";
        var lines = string.Join('\n', Fact("service", "V2", 5, "\"member\":\"M5\",\"kind\":\"app-install\",\"store\":\"S2\",\"staff\":\"B\""), Fact("service", "V3", 4, "\"member\":\"M6\",\"kind\":\"member-decline\",\"store\":\"S2\""));
        Assert.Equal(["1 V2 accepted", "2 V3 accepted"], (await world.FactsAsync(lines)).Facts);
        var bound = (await world.GetAsync("/api/v1/members/M5/binding")).Is(HttpStatusCode.OK).Json.GetProperty("binding");
        Assert.Equal(("B", "S2", 3, true, "V2"), (bound.GetProperty("staff").GetString(), bound.GetProperty("store").GetString(), bound.GetProperty("strength").GetInt32(), bound.GetProperty("locked").GetBoolean(), bound.GetProperty("cause").GetString()));
        var declined = (await world.GetAsync("/api/v1/members/M6/binding")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((true, false), (declined.GetProperty("declined").GetBoolean(), declined.TryGetProperty("binding", out _)));
        Assert.False((await world.GetAsync("/api/v1/members/M1/binding")).Json.TryGetProperty("binding", out _));
        Assert.Equal("not-found", (await world.GetAsync("/api/v1/members/M9/binding")).Is(HttpStatusCode.NotFound).Problem);
        // She leaves: the store keeps the member, without a fact about the member.
        Assert.Equal(["1 F9 accepted"], (await world.FactsAsync(Fact("staff", "F9", 1, "\"staff\":\"B\",\"event\":\"left\""))).Facts);
        var kept = (await world.GetAsync("/api/v1/members/M5/binding")).Json.GetProperty("binding");
        Assert.Equal(("S2", false, "F9"), (kept.GetProperty("store").GetString(), kept.TryGetProperty("staff", out _), kept.GetProperty("cause").GetString()));
    }

    [Theory, EveryDatabase]
    public async Task Who_has_an_answer_already_is_told_that_it_still_holds(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        foreach (var path in new[] { "/api/v1/staff", "/api/v1/stores", "/api/v1/policy", "/api/v1/statements?period=2026-01", "/api/v1/statements/2026-01/A" })
        {
            var tag = (await world.GetAsync(path)).Is(HttpStatusCode.OK).Headers.ETag!;
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.Authorization = new("Bearer", world.Key);
            again.Headers.IfNoneMatch.Add(tag);
            using var answer = await world.Client.SendAsync(again, Stop);
            Assert.Equal((HttpStatusCode.NotModified, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop)));
        }
        var before = (await world.GetAsync("/api/v1/staff")).Headers.ETag;
        await NameAsync(world, "/api/v1/staff/A", """{"name":"Ann"}""");
        Assert.NotEqual(before, (await world.GetAsync("/api/v1/staff")).Headers.ETag);
        foreach (var path in new[] { "/api/v1/sales", "/api/v1/sales/W1", "/api/v1/sales/W1/trace", "/api/v1/members/M1/binding" })
            Assert.True((await world.GetAsync(path)).Headers.CacheControl!.NoStore);
        var policy = (await world.GetAsync("/api/v1/policy")).Json;
        Assert.Equal((1, 1, 200), (policy.GetProperty("inForce").GetInt32(), policy.GetProperty("versions").GetArrayLength(), policy.GetProperty("versions")[0].GetProperty("capPerMonth").GetInt32()));
    }

    private static async Task<IEnumerable<string>> IdsAsync(ApiWorld world, string query) =>
        (await world.GetAsync("/api/v1/sales" + query)).Is(HttpStatusCode.OK).Json.GetProperty("sales").EnumerateArray().Select(sale => sale.GetProperty("id").GetString()!);

    /// <summary>A field of everything on a list, read by its cursors.</summary>
    private static async Task<List<string>> PagesAsync(ApiWorld world, string path, string list, string field)
    {
        var read = new List<string>();
        string? next = null;
        do
        {
            var page = (await world.GetAsync(next is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}after={next}")).Is(HttpStatusCode.OK).Json;
            read.AddRange(page.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(field).GetString()!));
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        while (next is not null);
        return read;
    }

    private static Task<ApiWorld.Answer> NameAsync(ApiWorld world, string path, string json) => world.SendAsync(HttpMethod.Put, path, new StringContent(json, Encoding.UTF8, "application/json"));

    private static async Task CloseAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop);
        Assert.True(Month.TryParse("2026-01", out var month));
        Assert.True((await ClosePeriod.RunAsync(turn, month, "test", new Instant(0), new DateOnly(2027, 12, 1), Stop)).MayClose);
        await turn.CommitAsync(Stop);
    }
}
