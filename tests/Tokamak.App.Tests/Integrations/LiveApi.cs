using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Integrations;

/// <summary>The real server over a fresh database with one brand, called by keys; the small world's policy (<see cref="World"/>).</summary>
internal sealed class LiveApi : IAsyncDisposable
{
    public const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        """;

    private readonly TestDatabase _test;
    private readonly Databases _databases;
    private readonly List<IDisposable> _clients = [];
    private WebApplication _app = null!;

    private LiveApi(TestDatabase test, Databases databases, BrandDatabase brand) => (_test, _databases, Brand) = (test, databases, brand);

    public BrandDatabase Brand { get; }
    public Databases Databases => _databases;
    public IServiceProvider Parts => _app.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<LiveApi> CreateAsync(Provider provider, PostgresServer server, WebhookRules? webhooks = null, TimeProvider? clock = null)
    {
        var test = await TestDatabase.CreateAsync(provider, server);
        var databases = await test.OpenAsync();
        var api = new LiveApi(test, databases, await databases.AddBrandAsync("main", null, Stop));
        await using (var turn = await api.Brand.BeginWriteAsync(Stop))
        {
            await ImportPolicy.RunAsync(turn, Encoding.UTF8.GetBytes(World.Policy), default, TestBooks.Today, Stop);
            await turn.CommitAsync(Stop);
        }
        await api.StartAsync(webhooks, clock);
        return api;
    }

    /// <summary>A sale of a clerk in a store.</summary>
    public static string Sale(string id, long net = 1000, string staff = "A") =>
        $$"""{"type":"sale","id":"{{id}}","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"{{staff}}","lines":[{"line":1,"category":"tops","quantity":1,"net":{{net}},"fulfil":"taken"}]}""";

    public async Task StartAsync(WebhookRules? webhooks = null, TimeProvider? clock = null)
    {
        _app = ServeCommand.Build(_databases, ["http://127.0.0.1:0"], services =>
        {
            if (clock is not null) services.AddSingleton(clock);
        }, webhooks: webhooks);
        await _app.StartAsync(Stop);
    }

    public async Task StopAsync()
    {
        await _app.StopAsync(Stop);
        await _app.DisposeAsync();
    }

    /// <summary>A caller with a key of its own.</summary>
    public async Task<HttpClient> ClientAsync(params ApiScope[] scopes)
    {
        var (_, text) = await Parts.GetRequiredService<ApiKeys>().CreateAsync("main", "test", scopes, ApiKeys.MostPerSecond, Stop);
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", text);
        _clients.Add(client);
        return client;
    }

    /// <summary>Sends facts and gives the status of each.</summary>
    public static async Task<IReadOnlyList<string>> SendAsync(HttpClient client, string lines)
    {
        while (true)
        {
            using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var answer = await client.PostAsync("/api/v1/facts", content, Stop);
            // Until the node has the lease.
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) continue;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return [.. (await answer.Content.ReadAsStringAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("status").GetString()!)];
        }
    }

    public static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>The status, and the problem's type or the answer.</summary>
    public static async Task<(HttpStatusCode Status, string? Problem, JsonElement Answer)> CallAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        var read = text.Length == 0 ? default : JsonElement.Parse(text);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? read.GetProperty("type").GetString() : null, read);
    }

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await read(books);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await StopAsync();
        await _databases.DisposeAsync();
        await _test.DisposeAsync();
    }
}
