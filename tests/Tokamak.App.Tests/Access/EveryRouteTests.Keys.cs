using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Access;

// The routes of the API: who comes without a key, with one that may, with one that may not, and with one of another brand.
public sealed partial class EveryRouteTests
{
    /// <summary>What a key must be allowed for each method of each route; said here once more, on purpose.</summary>
    private static readonly Dictionary<string, ApiScope> ExpectedOfKeys = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/facts"] = ApiScope.Facts,
        ["POST /api/v1/sales"] = ApiScope.Facts,
        ["POST /api/v1/sales/{id}/handovers"] = ApiScope.Facts,
        ["POST /api/v1/sales/{id}/cancels"] = ApiScope.Facts,
        ["POST /api/v1/sales/{id}/refunds"] = ApiScope.Facts,
        ["POST /api/v1/sales/{id}/returns"] = ApiScope.Facts,
        ["POST /api/v1/services"] = ApiScope.Facts,
        ["POST /api/v1/merges"] = ApiScope.Facts,
        ["POST /api/v1/staff"] = ApiScope.Facts,
        ["POST /api/v1/voids"] = ApiScope.Facts,
        ["GET /api/v1/events"] = ApiScope.Read,
        ["GET /api/v1/parked"] = ApiScope.Read,
        ["POST /api/v1/parked/{id}/dismiss"] = ApiScope.Facts,
        ["GET /api/v1/webhooks"] = ApiScope.Webhooks,
        ["POST /api/v1/webhooks"] = ApiScope.Webhooks,
        ["GET /api/v1/webhooks/{id}"] = ApiScope.Webhooks,
        ["DELETE /api/v1/webhooks/{id}"] = ApiScope.Webhooks,
        ["POST /api/v1/webhooks/{id}/secret"] = ApiScope.Webhooks,
        ["POST /api/v1/webhooks/{id}/test"] = ApiScope.Webhooks,
        ["POST /api/v1/webhooks/{id}/replay"] = ApiScope.Webhooks,
    };

    [Fact]
    public async Task Every_route_of_the_API_opens_for_keys_with_its_scope_and_for_nobody_else()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, api: true);
        await world.AddAsync("Hana", AccountRole.Hq);
        var person = await world.SignedInAsync("hana");
        var routes = EndpointsOf(world).Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}")).ToList();
        Assert.Equal(ExpectedOfKeys.Keys.Order(), routes.Order());
        var keys = world.Parts.GetRequiredService<ApiKeys>();
        var (ended, endedText) = await keys.CreateAsync("one", "ended", Enum.GetValues<ApiScope>(), ApiKeys.MostPerSecond, AccessWorld.Stop);
        await keys.RevokeAsync("one", ended.Id, AccessWorld.Stop);
        var wrong = new List<string>();
        foreach (var (route, scope) in ExpectedOfKeys)
        {
            var may = (await keys.CreateAsync("one", "may", [scope], ApiKeys.MostPerSecond, AccessWorld.Stop)).Text;
            var mayNot = (await keys.CreateAsync("one", "may not", [.. Enum.GetValues<ApiScope>().Where(other => other != scope)], ApiKeys.MostPerSecond, AccessWorld.Stop)).Text;
            foreach (var (caller, key, expected) in ((string, string?, string)[])
                     [
                         ("nobody", null, "401 no-key"), ("a person", null, "401 no-key"), ("a key without the scope", mayNot, "403 no-scope"), ("a key with the scope", may, "open"),
                         ("a revoked key", endedText, "401 no-key"), ("no key at all", "tok_0_0", "401 no-key"),
                     ])
            {
                var seen = await CallAsync(caller == "a person" ? person : world.Open(), route, key);
                if (seen != expected) wrong.Add($"{route} by {caller}: expected {expected}, was {seen}.");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_key_opens_its_own_brand_whatever_the_host_name()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, api: true);
        var keys = world.Parts.GetRequiredService<ApiKeys>();
        var own = (await keys.CreateAsync("one", "own", Enum.GetValues<ApiScope>(), ApiKeys.MostPerSecond, AccessWorld.Stop)).Text;
        var other = (await keys.CreateAsync("two", "other", Enum.GetValues<ApiScope>(), ApiKeys.MostPerSecond, AccessWorld.Stop)).Text;
        var browser = world.Open();
        var made = await SendAsync(browser, HttpMethod.Post, "/api/v1/webhooks", own, """{"url":"https://example.com/hook"}""");
        var id = JsonElement.Parse(made.Page).GetProperty("id").GetString();
        AccessWorld.Answer parked;
        do
        {
            parked = await SendAsync(browser, HttpMethod.Post, "/api/v1/voids", own, """{"id":"V9","at":"2026-01-20T12:00:00+08:00","fact":"P9"}""");
        }
        while (parked.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.Accepted, parked.Status);
        foreach (var (method, path, body) in ((HttpMethod, string, string?)[])
                 [
                     (HttpMethod.Get, $"/api/v1/webhooks/{id}", null), (HttpMethod.Post, $"/api/v1/webhooks/{id}/secret", null), (HttpMethod.Post, $"/api/v1/webhooks/{id}/test", null),
                     (HttpMethod.Post, $"/api/v1/webhooks/{id}/replay", null), (HttpMethod.Delete, $"/api/v1/webhooks/{id}", null), (HttpMethod.Post, "/api/v1/parked/V9/dismiss", """{"reason":"x"}"""),
                 ])
            Assert.Equal((path, HttpStatusCode.NotFound), (path, (await SendAsync(browser, method, path, other, body)).Status));
        foreach (var (path, list) in ((string, string)[])[("/api/v1/webhooks", "webhooks"), ("/api/v1/parked", "parked")])
        {
            Assert.Equal(0, JsonElement.Parse((await SendAsync(browser, HttpMethod.Get, path, other)).Page).GetProperty(list).GetArrayLength());
            Assert.Equal(1, JsonElement.Parse((await SendAsync(browser, HttpMethod.Get, path, own)).Page).GetProperty(list).GetArrayLength());
        }
        Assert.DoesNotContain("V9", (await SendAsync(browser, HttpMethod.Get, "/api/v1/events?limit=1000", other)).Page, StringComparison.Ordinal);
    }

    private static async Task<string> CallAsync(AccessWorld.Browser browser, string route, string? key)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1].Replace("{id}", "none", StringComparison.Ordinal));
        var answer = await SendAsync(browser, new HttpMethod(method), path, key, method == "POST" ? "{}" : null);
        var problem = answer.Message.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonElement.Parse(answer.Page).GetProperty("type").GetString()!["/problems/".Length..] : null;
        return answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || problem is "not-found" or "wrong-method" ? $"{(int)answer.Status} {problem}"
            : (int)answer.Status >= 500 && answer.Status != HttpStatusCode.ServiceUnavailable ? $"{(int)answer.Status}" : "open";
    }

    private static Task<AccessWorld.Answer> SendAsync(AccessWorld.Browser browser, HttpMethod method, string path, string? key, string? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, path == "/api/v1/facts" ? "application/x-ndjson" : "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return browser.SendAsync(request);
    }
}
