using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

public sealed class MemberRoutesTests(PostgresServer server)
{
    private const string Ming = """{"keys":[{"kind":"phone","value":"0912-345-678"}],"channel":"store","name":"王小明","birthday":"1990-04-01","store":"S1","staff":"A","consents":[{"purpose":"marketing","given":true,"wording":"2026-01"}]}""";

    [Theory, EveryDatabase]
    public async Task From_the_counter_to_the_app_and_back_one_member(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var joined = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json;
        var member = joined.GetProperty("member").GetString()!;
        Assert.Equal("new", joined.GetProperty("outcome").GetString());

        // The app has sent a code there.
        var app = (await world.PostAsync("/api/v1/members", """{"keys":[{"kind":"phone","value":"+886912345678","proved":true},{"kind":"email","value":"Ming@Example.TW"}],"channel":"app"}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("known", member), (app.GetProperty("outcome").GetString(), app.GetProperty("member").GetString()));

        var found = Assert.Single((await world.PostAsync("/api/v1/members/lookup", """{"kind":"phone","value":"(0912)345678"}""")).Is(HttpStatusCode.OK).Json.GetProperty("members").EnumerateArray());
        Assert.Equal((member, "王*明", true), (found.GetProperty("member").GetString(), found.GetProperty("name").GetString(), found.GetProperty("proved").GetBoolean()));
        var code = (await world.PostAsync($"/api/v1/members/{member}/qr", "")).Is(HttpStatusCode.OK).Json.GetProperty("qr").GetString();
        Assert.Equal(member, (await world.PostAsync("/api/v1/members/lookup", JsonSerializer.Serialize(new { qr = code }))).Is(HttpStatusCode.OK).Json.GetProperty("members")[0].GetProperty("member").GetString());

        (await world.FactsAsync($$"""{"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"{{member}}","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}""")).Is(HttpStatusCode.OK);
        (await world.PostAsync($"/api/v1/members/{member}/consents", """{"consents":[{"purpose":"marketing","given":false,"wording":"2026-01"}],"channel":"app"}""")).Is(HttpStatusCode.OK);
        var profile = (await world.GetAsync($"/api/v1/members/{member}")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("王小明", "1990-04-01", 3000, false), (profile.GetProperty("name").GetString(), profile.GetProperty("birthday").GetString(), profile.GetProperty("bought").GetProperty("inStores").GetInt64(), profile.GetProperty("consents")[0].GetProperty("given").GetBoolean()));
        Assert.Equal(["+886912345678", "ming@example.tw"], profile.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("value").GetString()));
    }

    [Theory, EveryDatabase]
    public async Task Without_the_scope_everything_is_masked_and_nothing_is_vouched_for(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var member = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!;
        var till = await world.KeyAsync([ApiScope.Members]);
        var shown = (await world.GetAsync($"/api/v1/members/{member}", till)).Is(HttpStatusCode.OK);
        foreach (var secret in new[] { "王小明", "912345", "1990" }) Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        Assert.Equal("王*明", shown.Json.GetProperty("name").GetString());
        using var vouching = new StringContent("""{"keys":[{"kind":"phone","value":"0922333444","proved":true}],"channel":"app"}""", null, "application/json");
        Assert.Equal("no-scope", (await world.SendAsync(HttpMethod.Post, "/api/v1/members", vouching, till)).Problem);

        // Who looks at it in full stands in the log, which itself says nothing about the person.
        await world.GetAsync($"/api/v1/members/{member}");
        await using var catalogue = await world.Databases.BeginCatalogueReadAsync(TestContext.Current.CancellationToken);
        var entries = await catalogue.ReadAsync("select what, about, detail from audit where about = @member", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}", TestContext.Current.CancellationToken, ("member", member));
        Assert.Equal([$"{AuditKind.MemberJoined} {member} API test", $"{AuditKind.PersonalDataRead} {member} API test"], entries.Order());
    }

    [Theory, EveryDatabase]
    public async Task All_members_are_walked_through_the_newest_first_each_once(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        List<string> joined = [];
        for (var number = 0; number < 7; number++)
            joined.Add((await world.PostAsync("/api/v1/members", $$"""{"keys":[{"kind":"card","value":"C{{number}}"}],"channel":"{{(number % 2 == 0 ? "store" : "web")}}","name":"王小明"}""")).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!);
        List<string> seen = [];
        for (var path = "/api/v1/members?limit=3"; ;)
        {
            var part = (await world.GetAsync(path)).Is(HttpStatusCode.OK).Json;
            seen.AddRange(part.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("member").GetString()!));
            Assert.All(part.GetProperty("members").EnumerateArray(), member => Assert.Equal("王*明", member.GetProperty("name").GetString()));
            if (!part.TryGetProperty("next", out var next)) break;
            path = $"/api/v1/members?limit=3&after={next.GetString()}";
        }
        Assert.Equal(joined.AsEnumerable().Reverse(), seen);
        Assert.Equal(3, (await world.GetAsync("/api/v1/members?channel=web")).Json.GetProperty("members").GetArrayLength());
        foreach (var (wrong, problem) in new[] { ("channel=moon", "wrong-query"), ("store=a%20b", "wrong-query"), ("after=eA", "wrong-cursor"), ("limit=0", "wrong-limit") })
            Assert.Equal(problem, (await world.GetAsync($"/api/v1/members?{wrong}")).Problem);
    }

    [Theory, EveryDatabase]
    public async Task What_is_right_about_somebody_replaces_what_was_known_and_the_rest_stays(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var member = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!;
        Task<ApiWorld.Answer> CorrectAsync(string id, string json) => world.SendAsync(HttpMethod.Patch, $"/api/v1/members/{id}", new StringContent(json, null, "application/json"));
        (await CorrectAsync(member, """{"name":"王曉明"}""")).Is(HttpStatusCode.OK);
        var shown = (await world.GetAsync($"/api/v1/members/{member}")).Json;
        Assert.Equal(("王曉明", "1990-04-01"), (shown.GetProperty("name").GetString(), shown.GetProperty("birthday").GetString()));
        foreach (var (json, problem) in new[] { ("{}", "wrong-member"), ("""{"name":""}""", "wrong-member"), ("""{"birthday":"1990-02-30"}""", "wrong-member"), ("""{"phone":"1"}""", "wrong-json") })
            Assert.Equal(problem, (await CorrectAsync(member, json)).Problem);
        Assert.Equal("not-found", (await CorrectAsync("nobody", """{"name":"王"}""")).Problem);
    }

    [Theory, EveryDatabase]
    public async Task A_counter_is_asked_before_a_second_member_is_made(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var first = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString();
        var asked = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("ask", first), (asked.GetProperty("outcome").GetString(), asked.GetProperty("members")[0].GetProperty("member").GetString()));
        var second = (await world.PostAsync("/api/v1/members", Ming.Replace("\"channel\"", "\"evenSo\":true,\"channel\"", StringComparison.Ordinal))).Is(HttpStatusCode.Created).Json;
        Assert.Equal(1, second.GetProperty("mayBe").GetInt32());
        Assert.Equal(2, (await world.PostAsync("/api/v1/members/lookup", """{"kind":"phone","value":"0912345678"}""")).Json.GetProperty("members").GetArrayLength());
        Assert.Equal(2, await world.ReadAsync(books => books.People.CountAsync(TestContext.Current.CancellationToken)));
        await world.AssertProvenAsync();
    }

    [Theory]
    [InlineData("/api/v1/members", """{}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[],"channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"110"}],"channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":912345678}],"channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":"0912345678","channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"fax","value":"0912345678"}],"channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"moon"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","birthday":"1990-02-30"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","name":""}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","name":"\u0000"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"email","value":"\ud83d@example.tw"}],"channel":"store"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","store":"a b"}""", "wrong-member")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","pay":1}""", "wrong-json")]
    [InlineData("/api/v1/members", """[]""", "wrong-json")]
    [InlineData("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"web","store":"online"}""", "wrong-member")]
    [InlineData("/api/v1/members/lookup", """{}""", "wrong-member")]
    [InlineData("/api/v1/members/lookup", """{"qr":"TKM1:AAAA"}""", "wrong-code")]
    [InlineData("/api/v1/members/lookup", """{"qr":"M1"}""", "wrong-code")]
    [InlineData("/api/v1/members/lookup", """{"qr":7}""", "wrong-code")]
    [InlineData("/api/v1/members/nobody/keys", """{"keys":[{"kind":"card","value":"1"}]}""", "not-found")]
    [InlineData("/api/v1/members/nobody/consents", """{"consents":[{"purpose":"marketing","given":true,"wording":"1"}],"channel":"web"}""", "not-found")]
    [InlineData("/api/v1/members/nobody/consents", """{"consents":[{"purpose":"a b","given":true,"wording":"1"}],"channel":"web"}""", "wrong-member")]
    [InlineData("/api/v1/members/nobody/qr", "", "not-found")]
    [InlineData("/api/v1/members/codes", """{"kind":"phone","value":"0912345678"}""", "not-reachable")]
    [InlineData("/api/v1/members/codes", """{"kind":"phone","value":"110"}""", "wrong-member")]
    [InlineData("/api/v1/members/codes", """{"kind":"phone","value":"0912345678","from":"home"}""", "wrong-member")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string path, string body, string problem)
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, ApiWorld.Joined);
        Assert.Equal(problem, (await world.PostAsync(path, body)).Problem);
        Assert.Equal(0, await world.ReadAsync(books => books.People.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(0, await world.ReadAsync(books => books.MemberKeys.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Theory, EveryDatabase]
    public async Task A_member_s_data_is_handed_over_and_they_may_ask_to_be_erased_and_stay_after_all(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var member = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!;
        Assert.Contains("王小明", (await world.GetAsync($"/api/v1/members/{member}/data")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        var asked = (await world.PostAsync($"/api/v1/members/{member}/erasure", "")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("asked", asked.GetProperty("erasure").GetString());
        Assert.True(DateOnly.Parse(asked.GetProperty("day").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > DateOnly.FromDateTime(DateTime.UtcNow));
        Assert.Equal("none", (await world.SendAsync(HttpMethod.Delete, $"/api/v1/members/{member}/erasure", null)).Is(HttpStatusCode.OK).Json.GetProperty("erasure").GetString());
        Assert.Equal("not-found", (await world.PostAsync("/api/v1/members/nobody/erasure", "")).Problem);
        Assert.Equal("not-found", (await world.GetAsync("/api/v1/members/nobody/data")).Problem);
    }

    [Theory, EveryDatabase]
    public async Task Of_somebody_erased_nothing_more_is_taken_and_they_may_join_anew(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var member = (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!;
        var code = (await world.PostAsync($"/api/v1/members/{member}/qr", "")).Is(HttpStatusCode.OK).Json.GetProperty("qr").GetString();
        await using (var turn = await (await world.Databases.BrandAsync("one", TestContext.Current.CancellationToken)).BeginWriteAsync(TestContext.Current.CancellationToken))
        {
            await EraseMember.AskAsync(turn, new(member), null, new DateOnly(2026, 1, 1), new(0), TestContext.Current.CancellationToken);
            Assert.Equal(1, await EraseMember.RunDueAsync(turn, new DateOnly(2026, 12, 1), 10, TestContext.Current.CancellationToken));
            await turn.CommitAsync(TestContext.Current.CancellationToken);
        }
        foreach (var (path, body) in new[] { ("keys", """{"keys":[{"kind":"card","value":"1"}]}"""), ("consents", """{"consents":[{"purpose":"marketing","given":true,"wording":"1"}],"channel":"web"}"""), ("qr", "") })
            Assert.Equal("not-found", (await world.PostAsync($"/api/v1/members/{member}/{path}", body)).Problem);
        Assert.Equal("wrong-code", (await world.PostAsync("/api/v1/members/lookup", JsonSerializer.Serialize(new { qr = code }))).Problem);
        Assert.DoesNotContain("王", (await world.GetAsync($"/api/v1/members/{member}")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.NotEqual(member, (await world.PostAsync("/api/v1/members", Ming)).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString());
        await world.AssertProvenAsync();
    }

    [Fact]
    public async Task A_key_that_another_proved_is_not_added()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, ApiWorld.Joined);
        await world.PostAsync("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912345678","proved":true}],"channel":"app"}""");
        var other = (await world.PostAsync("/api/v1/members", """{"keys":[{"kind":"phone","value":"0922333444","proved":true}],"channel":"app"}""")).Json.GetProperty("member").GetString();
        Assert.Equal("key-taken", (await world.PostAsync($"/api/v1/members/{other}/keys", """{"keys":[{"kind":"phone","value":"0912345678","proved":true}]}""")).Problem);
        // To say it is another thing than to prove it.
        (await world.PostAsync($"/api/v1/members/{other}/keys", """{"keys":[{"kind":"phone","value":"0912345678"}]}""")).Is(HttpStatusCode.OK);
    }
}
