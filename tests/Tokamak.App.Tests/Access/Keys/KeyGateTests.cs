using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Api;
using Tokamak.App.Tests.Referral;

namespace Tokamak.App.Tests.Access.Keys;

/// <summary>Who may call the API: by a key that holds, for its own brand, as often as it may.</summary>
public sealed class KeyGateTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Without_a_key_that_holds_nothing_is_told(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var (id, rest) = (world.Key.Split('_')[1], world.Key[..^1]);
        foreach (var wrong in new[] { "", "x", "tok_", $"tok_{id}_", rest + (world.Key[^1] == '0' ? '1' : '0'), $"tok_0000000000000000_{world.Key.Split('_')[2]}", world.Key + "0", new string('x', 5000) })
        {
            var answer = await world.GetAsync("/api/v1/sales", wrong);
            Assert.Equal("no-key", answer.Is(HttpStatusCode.Unauthorized).Problem);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
        using var other = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sales");
        other.Headers.Add("Authorization", $"Basic {world.Key}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client.SendAsync(other, Stop)).StatusCode);
        Assert.Equal("no-scope", (await world.GetAsync("/api/v1/sales", await world.KeyAsync([ApiScope.Facts]))).Is(HttpStatusCode.Forbidden).Problem);
    }

    [Theory, EveryDatabase]
    public async Task A_revoked_key_ends_within_a_second(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        var key = await world.KeyAsync([ApiScope.Read]);
        (await world.GetAsync("/api/v1/sales", key)).Is(HttpStatusCode.OK);
        // By another process: this one is not told.
        using var elsewhere = new ApiKeys(new App.Access.StaffCatalogue(world.Databases), TimeProvider.System);
        Assert.True(await elsewhere.RevokeAsync("one", key.Split('_')[1], Stop));
        var began = TimeProvider.System.GetTimestamp();
        while ((await world.GetAsync("/api/v1/sales", key)).Status == HttpStatusCode.OK)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
            await Task.Delay(50, Stop);
        }
        Assert.Equal("no-key", (await world.GetAsync("/api/v1/sales", key)).Problem);
        Assert.False(await elsewhere.RevokeAsync("one", key.Split('_')[1], Stop));
    }

    [Fact]
    public async Task Who_comes_too_often_is_asked_to_come_later()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, World.SmallFacts);
        var key = await world.KeyAsync([ApiScope.Read], perSecond: 1);
        ApiWorld.Answer answer;
        do answer = await world.GetAsync("/api/v1/sales", key);
        while (answer.Status == HttpStatusCode.OK);
        Assert.Equal("too-often", answer.Is(HttpStatusCode.TooManyRequests).Problem);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        (await world.GetAsync("/api/v1/sales")).Is(HttpStatusCode.OK);
        await Task.Delay(TimeSpan.FromSeconds(1.2), Stop);
        (await world.GetAsync("/api/v1/sales", key)).Is(HttpStatusCode.OK);
    }

    [Theory, EveryDatabase]
    public async Task A_key_reaches_its_own_brand_under_whatever_name_the_server_is_called(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, "", "one", "two");
        var two = await world.KeyAsync([ApiScope.Facts, ApiScope.Read], brand: "two");
        (await world.FactsAsync($"{ApiWorld.Joined}\n{ApiWorld.Sale}", two)).Is(HttpStatusCode.OK);
        foreach (var host in new[] { "one.example", "two.example", "nowhere.example" })
            foreach (var (key, sales) in new[] { (two, 1), (world.Key, 0) })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sales");
                request.Headers.Host = host;
                request.Headers.Authorization = new("Bearer", key);
                using var answer = await world.Client.SendAsync(request, Stop);
                Assert.Equal(sales, System.Text.Json.JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop)).GetProperty("sales").GetArrayLength());
            }
    }

    [Theory]
    [InlineData("GET", "/api", 404, "")]
    [InlineData("GET", "/api/v1/nothing", 404, "")]
    [InlineData("GET", "/api/v1/nothing.html", 404, "")]
    [InlineData("POST", "/API/v2/facts", 404, "")]
    [InlineData("GET", "/api/v1/facts", 405, "POST")]
    [InlineData("DELETE", "/api/v1/sales", 405, "GET, POST")]
    [InlineData("POST", "/api/v1/sales/a%2Fb", 405, "GET")]
    [InlineData("HEAD", "/api/v1/staff", 405, "GET, POST")]
    public async Task What_is_not_there_is_said_to_programs_as_problems(string method, string path, int status, string allowed)
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        foreach (var key in new[] { world.Key, "" })
        {
            var answer = (await world.SendAsync(new HttpMethod(method), path, null, key)).Is((HttpStatusCode)status);
            Assert.Equal(("application/problem+json", allowed), (answer.Type, answer.Allow));
            if (method != "HEAD") Assert.Equal(status == 404 ? "not-found" : "wrong-method", answer.Problem);
        }
    }

    [Fact]
    public async Task Keys_that_were_used_are_noted()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        var keys = world.Parts.GetRequiredService<ApiKeys>();
        Assert.All(await keys.ListAsync("one", Stop), key => Assert.Null(key.LastUsedAtUtc));
        await world.GetAsync("/api/v1/sales");
        await keys.NoteUsesAsync(Stop);
        Assert.All(await keys.ListAsync("one", Stop), key => Assert.NotNull(key.LastUsedAtUtc));
    }
}
