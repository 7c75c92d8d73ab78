using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

public sealed class DuplicateRoutesTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Two_are_suggested_merged_and_after_their_void_said_to_be_two(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var (one, other) = await FatherAndSonAsync(world);
        var pair = Assert.Single((await world.GetAsync("/api/v1/duplicates")).Is(HttpStatusCode.OK).Json.GetProperty("pairs").EnumerateArray());
        Assert.Equal(new[] { one, other }.Order(StringComparer.Ordinal), new[] { pair.GetProperty("one").GetString()!, pair.GetProperty("other").GetString()! }.Order(StringComparer.Ordinal));
        Assert.Equal((true, "phone"), (pair.GetProperty("sameName").GetBoolean(), pair.GetProperty("shared")[0].GetString()));

        var both = JsonSerializer.Serialize(new { one, other });
        Assert.Equal(one, (await world.PostAsync("/api/v1/duplicates/merge", both)).Is(HttpStatusCode.OK).Json.GetProperty("member").GetString());
        Assert.Equal(one, (await world.GetAsync($"/api/v1/members/{other}")).Json.GetProperty("member").GetString());
        Assert.Empty((await world.GetAsync("/api/v1/duplicates")).Json.GetProperty("pairs").EnumerateArray());
        // Once more changes nothing.
        Assert.Equal(one, (await world.PostAsync("/api/v1/duplicates/merge", both)).Is(HttpStatusCode.OK).Json.GetProperty("member").GetString());

        var merge = await world.ReadAsync(books => books.Facts.Where(fact => fact.Id.StartsWith("merge-")).Select(fact => fact.Id).SingleAsync(Stop));
        (await world.FactsAsync(JsonSerializer.Serialize(new { type = "void", id = "V1", at = DateTimeOffset.UtcNow, fact = merge }))).Is(HttpStatusCode.OK);
        Assert.Equal(other, (await world.GetAsync($"/api/v1/members/{other}")).Json.GetProperty("member").GetString());
        (await world.PostAsync("/api/v1/duplicates/two-people", JsonSerializer.Serialize(new { one, other, reason = "asked: father and son" }))).Is(HttpStatusCode.OK);
        Assert.Empty((await world.GetAsync("/api/v1/duplicates")).Json.GetProperty("pairs").EnumerateArray());

        await using var catalogue = await world.Databases.BeginCatalogueReadAsync(Stop);
        var entries = await catalogue.ReadAsync("select what from audit where about = @one", row => row.GetString(0), Stop, ("one", one));
        Assert.Equal([$"{AuditKind.MemberJoined}", $"{AuditKind.MembersAreTwo}", $"{AuditKind.MembersMerged}", $"{AuditKind.PersonalDataRead}"], entries.Order());
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Who_has_asked_to_be_erased_is_made_part_of_nobody(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, ApiWorld.Joined);
        var (one, other) = await FatherAndSonAsync(world);
        (await world.PostAsync($"/api/v1/members/{other}/erasure", "")).Is(HttpStatusCode.OK);
        Assert.Equal("not-merged", (await world.PostAsync("/api/v1/duplicates/merge", JsonSerializer.Serialize(new { one, other }))).Problem);
        Assert.Equal(0, await world.ReadAsync(books => books.Facts.CountAsync(fact => fact.Id.StartsWith("merge-"), Stop)));
    }

    [Theory]
    [InlineData("merge", """{}""", "wrong-member")]
    [InlineData("merge", """{"one":"M1","other":"M1"}""", "wrong-member")]
    [InlineData("merge", """{"one":"M 1","other":"M2"}""", "wrong-member")]
    [InlineData("merge", """{"one":"M1","other":7}""", "wrong-member")]
    [InlineData("merge", """{"one":"M1","other":"M2"}""", "not-found")]
    [InlineData("merge", """{"one":"M1","other":"M2","into":"M1"}""", "wrong-json")]
    [InlineData("two-people", """{"one":"M1","other":"M2"}""", "wrong-reason")]
    [InlineData("two-people", """{"one":"M1","other":"M2","reason":"a\nb"}""", "wrong-reason")]
    [InlineData("two-people", """{"one":"M1","other":"M2","reason":"asked"}""", "not-found")]
    public async Task What_cannot_be_is_refused(string what, string body, string problem)
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, ApiWorld.Joined);
        Assert.Equal(problem, (await world.PostAsync($"/api/v1/duplicates/{what}", body)).Problem);
    }

    [Fact]
    public async Task A_place_in_the_list_tells_nothing_of_the_key_it_stands_for()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, ApiWorld.Joined);
        await FatherAndSonAsync(world);
        var next = (await world.GetAsync("/api/v1/duplicates?limit=1")).Is(HttpStatusCode.OK).Json.GetProperty("next").GetString()!;
        Assert.DoesNotContain("912345678", System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(next)), StringComparison.Ordinal);
        Assert.Empty((await world.GetAsync($"/api/v1/duplicates?after={next}")).Is(HttpStatusCode.OK).Json.GetProperty("pairs").EnumerateArray());
        Assert.Equal("wrong-cursor", (await world.GetAsync("/api/v1/duplicates?after=eA")).Problem);
        Assert.Equal("wrong-limit", (await world.GetAsync("/api/v1/duplicates?limit=0")).Problem);
    }

    private static async Task<(string One, string Other)> FatherAndSonAsync(ApiWorld world)
    {
        async Task<string> JoinAsync(string evenSo) => (await world.PostAsync(
            "/api/v1/members", $$"""{"keys":[{"kind":"phone","value":"0912345678"}],"channel":"store","name":"王小明"{{evenSo}}}""")).Is(HttpStatusCode.Created).Json.GetProperty("member").GetString()!;
        return (await JoinAsync(""), await JoinAsync(""","evenSo":true"""));
    }
}
