using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>The real server over a database of its own, with the small world's policy, and keys to call it with.</summary>
internal sealed class ApiWorld : IAsyncDisposable
{
    public const string JsonLines = "application/x-ndjson";

    public const string Joined = """{"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}""";

    public const string Sale =
        """{"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}""";

    private readonly TestDatabase _test;
    private readonly WebApplication _app;

    private ApiWorld(TestDatabase test, Databases databases, WebApplication app) => (_test, Databases, _app) = (test, databases, app);

    public Databases Databases { get; }
    public IServiceProvider Parts => _app.Services;
    public Uri Address => new(_app.Urls.First());
    public HttpClient Client { get; private set; } = null!;

    /// <summary>A key with every scope.</summary>
    public string Key { get; private set; } = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ApiWorld> CreateAsync(Provider provider, PostgresServer server, string? facts = "", params string[] brands) =>
        await StartAsync(await TestDatabase.CreateAsync(provider, server), facts, brands.Length == 0 ? ["one"] : brands, VerificationSettings.None, null, "");

    /// <param name="provider">Of the database.</param>
    /// <param name="server">For PostgreSQL.</param>
    /// <param name="more">Parts in place of those that are served, such as a clock, or a sender that keeps the messages.</param>
    /// <param name="verification">How keys are proved.</param>
    /// <param name="facts">Of the one brand there is; null: it has no policy either.</param>
    /// <param name="connection">What is added to a connection string.</param>
    public static async Task<ApiWorld> CreateAsync(
        Provider provider, PostgresServer server, Action<IServiceCollection> more, VerificationSettings? verification = null, string? facts = "", string connection = "") =>
        await StartAsync(await TestDatabase.CreateAsync(provider, server), facts, ["one"], verification ?? VerificationSettings.None, more, connection);

    private static async Task<ApiWorld> StartAsync(TestDatabase test, string? facts, string[] brands, VerificationSettings verification, Action<IServiceCollection>? more, string connection)
    {
        var databases = await Databases.OpenAsync(test.Address with { Text = test.Text + connection }, Stop);
        foreach (var brand in brands)
        {
            var database = await databases.AddBrandAsync(brand, $"{brand}.example", Stop);
            if (facts is not null) await WorldBooks.FillAsync(database, facts);
        }
        var app = ServeCommand.Build(databases, ["http://127.0.0.1:0"], more, verification: verification);
        await app.StartAsync(Stop);
        var world = new ApiWorld(test, databases, app);
        world.Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = world.Address };
        world.Key = await world.KeyAsync(Enum.GetValues<ApiScope>());
        return world;
    }

    public async Task<string> KeyAsync(ApiScope[] scopes, int perSecond = 10_000, string brand = "one") =>
        (await Parts.GetRequiredService<ApiKeys>().CreateAsync(brand, "test", scopes, perSecond, Stop)).Text;

    public Task<Answer> GetAsync(string path, string? key = null, string? language = null) => SendAsync(HttpMethod.Get, path, null, key: key, language: language);

    /// <summary>Facts as JSON Lines.</summary>
    public Task<Answer> FactsAsync(string lines, string? key = null, string? idempotency = null) =>
        SendAsync(HttpMethod.Post, "/api/v1/facts", new StringContent(lines, Encoding.UTF8, JsonLines), key, idempotency);

    public Task<Answer> PostAsync(string path, string json, string? idempotency = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), idempotency: idempotency);

    /// <param name="method">Of HTTP.</param>
    /// <param name="path">Below the server.</param>
    /// <param name="content">The body.</param>
    /// <param name="key">Null: the one with every scope; empty: none.</param>
    /// <param name="idempotency">The <c>Idempotency-Key</c>.</param>
    /// <param name="language">What <c>Accept-Language</c> says.</param>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, string? key = null, string? idempotency = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key != "") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? Key);
        if (idempotency is not null) request.Headers.Add("Idempotency-Key", idempotency);
        if (language is not null) request.Headers.Add("Accept-Language", language);
        using var answer = await Client.SendAsync(request, Stop);
        return new Answer(answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync(Stop), answer.Headers, answer.Content.Headers);
    }

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read, string brand = "one")
    {
        await using var turn = await (await Databases.BrandAsync(brand, Stop)).BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await read(books);
    }

    public async Task AssertProvenAsync()
    {
        await using var turn = await (await Databases.BrandAsync("one", Stop)).BeginReadAsync(Stop);
        var verified = await VerifyBooks.RunAsync(turn, null, Stop);
        Assert.True(verified.Found == 0, string.Join(Environment.NewLine, verified.Findings));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // The writers let go of the books before these are closed.
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await Databases.DisposeAsync();
        await _test.DisposeAsync();
    }

    /// <summary>An answer of the server; whatever it is, it is no page.</summary>
    internal sealed record Answer(HttpStatusCode Status, string? Type, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
    {
        public JsonElement Json => JsonElement.Parse(Text);

        /// <summary>The word that a problem is known by.</summary>
        public string Problem
        {
            get
            {
                Assert.True(Type == "application/problem+json", $"{Status} {Type}: {Text}");
                Assert.Equal((int)Status, Json.GetProperty("status").GetInt32());
                Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
                Assert.NotEmpty(Json.GetProperty("title").GetString()!);
                return Json.GetProperty("type").GetString()!["/problems/".Length..];
            }
        }

        /// <summary>Of each fact its line, id and status, such as <c>1 P1 accepted</c>.</summary>
        public IEnumerable<string> Facts
        {
            get
            {
                Assert.True(Status == HttpStatusCode.OK && Type == JsonLines, $"{Status} {Type}: {Text}");
                return Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Select(line =>
                    $"{line.GetProperty("line")} {(line.TryGetProperty("id", out var id) ? id.GetString() : "-")} {line.GetProperty("status").GetString()}");
            }
        }

        /// <summary>The reasons, in the order of the facts; empty where there is none.</summary>
        public IEnumerable<string> Reasons => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Select(line =>
            line.TryGetProperty("reason", out var reason) ? reason.GetString()! : "");

        public string Allow => string.Join(", ", ContentHeaders.Allow);

        public Answer Is(HttpStatusCode status)
        {
            Assert.True(Status == status, $"{Status} {Type}: {Text}");
            return this;
        }
    }
}
