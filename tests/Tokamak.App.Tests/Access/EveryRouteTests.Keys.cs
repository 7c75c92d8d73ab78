using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Access;

// Keys and brands; which key opens which route of the API is told by EveryApiRouteTests.
public sealed partial class EveryRouteTests
{
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

    private static Task<AccessWorld.Answer> SendAsync(AccessWorld.Browser browser, HttpMethod method, string path, string? key, string? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, path == "/api/v1/facts" ? "application/x-ndjson" : "application/json");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return browser.SendAsync(request);
    }
}
