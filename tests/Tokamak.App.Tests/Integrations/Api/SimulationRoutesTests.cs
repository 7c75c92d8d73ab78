using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Drafting;
using Tokamak.App.Referral.Simulating;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Client;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>Simulations by the API: the figures are those of <c>tokamak simulate</c> over the same facts, begun once and stopped by whoever may.</summary>
public sealed class SimulationRoutesTests(PostgresServer server)
{
    private const string Route = "/api/v1/simulations";

    private static readonly string Draft = World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("\"owner\": 40", "\"owner\": 20", StringComparison.Ordinal);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_stored_draft_is_begun_asked_for_until_it_is_done_and_says_what_files_say(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var draft = await DraftAsync(world);
        var taken = (await world.PostAsync(Route, $$"""{"draft":"{{draft}}","from":"2026-01","to":"2026-02","budget":1000,"losersBeyondPercent":5,"vary":"split[online].shares.owner","values":[0,40]}""")).Is(HttpStatusCode.Accepted);
        var id = taken.Json.GetProperty("id").GetString()!;
        Assert.Equal(($"{Route}/{id}", "waiting", "spring", draft), (taken.Headers.Location!.OriginalString, Text(taken.Json, "status"), Text(taken.Json, "name"), Text(taken.Json, "draft")));
        var done = await DoneAsync(world, id);
        Assert.Equal((World.SmallFacts.Split('\n').Length, 1), (done.GetProperty("facts").GetInt32(), done.GetProperty("policyVersion").GetInt32()));
        var expected = FromFiles(new Stretch(Month.Of(new DateOnly(2026, 1, 1)), Month.Of(new DateOnly(2026, 2, 1))), new Questions(5, 1000), "split[online].shares.owner", [0, 40]);
        // The same as the download of its page; only what is absent is left out here.
        var kept = await world.ReadAsync(async books => (await Task.FromResult(books.Simulations.Single(row => row.Id == id))).Result!);
        Assert.Equal(expected, kept);
        var result = done.GetProperty("result");
        Assert.DoesNotContain(":null", result.GetRawText(), StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(WithoutNulls(JsonNode.Parse(expected)!), JsonNode.Parse(result.GetRawText())), result.GetRawText());
        Assert.False((await world.GetAsync(Route)).Is(HttpStatusCode.OK).Json.GetProperty("simulations")[0].TryGetProperty("result", out _));
    }

    [Theory, EveryDatabase]
    public async Task A_request_that_is_sent_again_with_its_key_is_answered_the_same_and_begun_once(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var asked = $$"""{"policy":{{Draft}},"from":"2026-01","to":"2026-02"}""";
        var first = (await world.PostAsync(Route, asked, "k1")).Is(HttpStatusCode.Accepted);
        await DoneAsync(world, first.Json.GetProperty("id").GetString()!);
        var again = (await world.PostAsync(Route, asked, "k1")).Is(HttpStatusCode.Accepted);
        Assert.Equal((first.Text, first.Headers.Location), (again.Text, again.Headers.Location));
        Assert.Equal("key-used", (await world.PostAsync(Route, asked.Replace("2026-02", "2026-01", StringComparison.Ordinal), "k1")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("key-used", (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", new StringContent(ApiWorld.Joined, Encoding.UTF8, ApiWorld.JsonLines), idempotency: "k1")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("wrong-key", (await world.PostAsync(Route, asked, new string('k', 256))).Problem);
        Assert.Equal(1, (await world.GetAsync(Route)).Json.GetProperty("simulations").GetArrayLength());
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task They_are_listed_part_by_part_the_latest_first_and_stopped(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        await using (var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop))
        {
            foreach (var (id, at) in new[] { ("a", 5L), ("c", 5L), ("b", 5L), ("d", 9L) })
                await turn.InsertAsync([new SimulationRow { Id = id, Name = id, Body = Draft, FirstMonth = "2026-01", LastMonth = "2026-01", LosersPercent = 10, AskedBy = "test", AskedAtTicks = at, AliveAtTicks = DateTime.UtcNow.AddHours(1).Ticks }], Stop);
            await turn.CommitAsync(Stop);
        }
        var ids = new List<string>();
        for (string? after = "";;)
        {
            var page = (await world.GetAsync($"{Route}?limit=1{after}")).Is(HttpStatusCode.OK).Json;
            ids.AddRange(page.GetProperty("simulations").EnumerateArray().Select(one => Text(one, "id")!));
            if (!page.TryGetProperty("next", out var next)) break;
            after = "&after=" + next.GetString();
        }
        Assert.Equal(["d", "c", "b", "a"], ids);
        Assert.Equal("wrong-cursor", (await world.GetAsync($"{Route}?after=MTI")).Problem);
        Assert.Equal("wrong-limit", (await world.GetAsync($"{Route}?limit=0")).Problem);

        // Nobody runs it here, as far as this node knows another does, and it says that it runs until somebody stops it.
        Assert.Equal("running", Text((await world.GetAsync($"{Route}/b")).Json, "status"));
        var stopped = (await world.PostAsync($"{Route}/b/stop", "{}")).Is(HttpStatusCode.OK);
        Assert.Equal("stopped", Text(stopped.Json, "status"));
        Assert.Equal(stopped.Text, (await world.PostAsync($"{Route}/b/stop", "{}")).Is(HttpStatusCode.OK).Text);
        Assert.Equal(stopped.Text, (await world.GetAsync($"{Route}/b")).Text);
        Assert.Equal("not-found", (await world.PostAsync($"{Route}/z/stop", "{}")).Is(HttpStatusCode.NotFound).Problem);
        Assert.Equal("not-found", (await world.GetAsync($"{Route}/z")).Is(HttpStatusCode.NotFound).Problem);
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { """{"from":"2026-01","to":"2026-02"}""", "#", "'draft'" },
        { """{"draft":"D","policy":{},"from":"2026-01","to":"2026-02"}""", "#", "one of the two" },
        { """{"draft":7,"from":"2026-01","to":"2026-02"}""", "#/draft", "id" },
        { """{"policy":[],"from":"2026-01","to":"2026-02"}""", "#/policy", "object" },
        { """{"draft":"D","from":"spring","to":"2026-02"}""", "#/from", "month" },
        { """{"draft":"D","from":"2026-02"}""", "#/to", "month" },
        { """{"draft":"D","from":"2026-02","to":"2026-01"}""", "#/to", "later" },
        { """{"draft":"D","from":"2020-01","to":"2026-01"}""", "#/to", "60" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","budget":-1}""", "#/budget", "0 or more" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","budget":"much"}""", "#/budget", "0 or more" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","losersBeyondPercent":101}""", "#/losersBeyondPercent", "100" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","losersBeyondPercent":4294967306}""", "#/losersBeyondPercent", "100" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","values":[]}""", "#/values", "1 to 100" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","vary":"linkDays","values":[1,1.5]}""", "#/values/1", "whole" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","values":[1]}""", "#/values", "both" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","vary":"linkDays"}""", "#/values", "both" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","vary":"linkDays","values":[-1]}""", "#/values", "linkDays" },
        { """{"draft":"D","from":"2026-01","to":"2026-02","vary":"nothing","values":[1]}""", "#/vary", "nothing" },
        { """{"policy":{"policy":"referral"},"from":"2026-01","to":"2026-02"}""", "#/policy", "" },
        { $$"""{"policy":{{World.Policy.Replace("\"linkDays\": 3", "\"linkDays\": -3", StringComparison.Ordinal)}},"from":"2026-01","to":"2026-02"}""", "#/policy/linkDays", "" },
        { $$"""{"policy":{{World.Policy.Replace("\"lockDays\": 14", "\"lockDays\": -14", StringComparison.Ordinal)}},"from":"2026-01","to":"2026-02"}""", "#/policy/services/1/lockDays", "" },
    };

    [Fact]
    public async Task What_cannot_be_simulated_is_pointed_to_and_nothing_is_kept()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, World.SmallFacts);
        var draft = await DraftAsync(world);
        foreach (var row in Wrong)
        {
            var (sent, pointer, detail) = row.Data;
            var answer = (await world.PostAsync(Route, sent.Replace("\"D\"", $"\"{draft}\"", StringComparison.Ordinal))).Is(HttpStatusCode.UnprocessableEntity);
            Assert.Equal("wrong-simulation", answer.Problem);
            var places = answer.Json.GetProperty("errors").EnumerateArray().Select(error => (Pointer: error.GetProperty("pointer").GetString()!, Detail: error.GetProperty("detail").GetString()!)).ToList();
            Assert.True(places.Exists(place => place.Pointer == pointer || (pointer == "#/policy" && place.Pointer.StartsWith(pointer, StringComparison.Ordinal))), $"{sent}: {answer.Text}");
            Assert.Contains(places, place => place.Detail.Contains(detail, StringComparison.Ordinal));
        }
        Assert.Equal("not-found", (await world.PostAsync(Route, """{"draft":"none","from":"2026-01","to":"2026-02"}""")).Is(HttpStatusCode.NotFound).Problem);
        Assert.Equal("wrong-json", (await world.PostAsync(Route, """{"month":"2026-01"}""")).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("wrong-json", (await world.PostAsync(Route, "[1]")).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("no-scope", (await world.SendAsync(HttpMethod.Post, Route, new StringContent("{}", Encoding.UTF8, "application/json"), await world.KeyAsync([ApiScope.Read, ApiScope.Facts]))).Is(HttpStatusCode.Forbidden).Problem);
        Assert.Equal(0, (await world.GetAsync(Route)).Json.GetProperty("simulations").GetArrayLength());
    }

    [Fact]
    public async Task Who_has_no_policy_yet_simulates_nothing()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, _ => { }, facts: null);
        Assert.Equal("no-policy", (await world.PostAsync(Route, $$"""{"policy":{{Draft}},"from":"2026-01","to":"2026-02"}""")).Is(HttpStatusCode.Conflict).Problem);
    }

    [Fact]
    public async Task The_client_begins_one_sees_it_through_and_reads_appeals()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, World.SmallFacts);
        using var client = new TokamakClient(world.Address, world.Key);
        var begun = await client.BeginSimulationAsync(new SimulationQuestion("2026-01", "2026-02") { Policy = JsonElement.Parse(Draft), Vary = "linkDays", Values = [0, 3] }, Stop);
        await DoneAsync(world, begun.Id);
        var done = (await client.SimulationAsync(begun.Id, Stop))!;
        Assert.Equal((SimulationStatus.Done, true, 2), (done.Status, done.IsOver, done.Result!.Value.GetProperty("curve").GetArrayLength()));
        Assert.Equal(SimulationStatus.Done, (await client.StopSimulationAsync(begun.Id, Stop)).Status);
        Assert.Equal([begun.Id], await client.SimulationsAsync(Stop).Select(one => one.Id).ToListAsync(Stop));
        Assert.Null(await client.SimulationAsync("none", Stop));
        Assert.Equal("wrong-simulation", (await Assert.ThrowsAsync<TokamakException>(() => client.BeginSimulationAsync(new SimulationQuestion("2026-02", "2026-01") { Policy = JsonElement.Parse(Draft) }, Stop))).Problem);
        Assert.Empty(await client.AppealsAsync("open", Stop).ToListAsync(Stop));
    }

    private static async Task<string> DraftAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop);
        var id = (await Drafts.MakeAsync(turn, new DraftTexts("spring", "", ""), Draft, Guid.Empty, new Instant(1), Stop))!;
        await turn.CommitAsync(Stop);
        return id;
    }

    private static async Task<JsonElement> DoneAsync(ApiWorld world, string id)
    {
        for (var tries = 0; ; tries++)
        {
            var now = (await world.GetAsync($"{Route}/{id}")).Is(HttpStatusCode.OK).Json;
            if (Text(now, "status") is "done" or "failed") return now;
            Assert.True(tries < 600, "it does not end");
            await Task.Delay(50, Stop);
        }
    }

    private static string FromFiles(Stretch stretch, Questions questions, string vary, long[] values)
    {
        var folder = Directory.CreateTempSubdirectory("simulated").FullName;
        try
        {
            string Keep(string name, string text)
            {
                var file = Path.Combine(folder, name);
                File.WriteAllText(file, text);
                return file;
            }
            var (result, wrong) = SimulateFiles.Run(new SimulationFiles(Keep("facts.jsonl", World.SmallFacts), Keep("policy.json", World.Policy), Keep("draft.json", Draft), stretch, null, questions, vary, values));
            Assert.Empty(wrong);
            return SimulationOutput.ToJson(result!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonNode WithoutNulls(JsonNode node)
    {
        if (node is JsonObject fields)
        {
            foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList()) fields.Remove(name);
            foreach (var (_, value) in fields) WithoutNulls(value!);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list) WithoutNulls(item!);
        }
        return node;
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();
}
