using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Tokamak.App.Members.Line;
using Tokamak.App.Tests.Access;

namespace Tokamak.App.Tests.Members.Line;

/// <summary>A provider of OpenID Connect on this machine that stands in for LINE. It keeps to the rules, but for the tokens that a test makes it give.</summary>
internal sealed class LineProvider : IAsyncDisposable
{
    public const string Channel = "1650000001", Secret = "0123456789abcdef0123456789abcdef", KeyName = "key-1", Person = "U4af4980629f5e7a3c1d2b8a6f0e9d7c5";

    private readonly WebApplication _app;
    private readonly TestClock _clock;
    private readonly ConcurrentDictionary<string, (string Challenge, string Callback, string Nonce)> _codes = new();

    private LineProvider(WebApplication app, TestClock clock) => (_app, _clock) = (app, clock);

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public int KeysAsked { get; private set; }
    public int? Fails { get; set; }

    /// <summary>The ID token for a nonce.</summary>
    public Func<string, string>? Token { get; set; }

    public Uri Address => new(_app.Urls.Single());
    public LineSettings Settings => new LineSettings(Channel, Secret).At(Address);
    public string Keys => new JsonObject { ["keys"] = new JsonArray(PublicKey()) }.ToJsonString();

    public static async Task<LineProvider> StartAsync(TestClock clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new LineProvider(app, clock);
        app.MapPost("/oauth2/v2.1/token", provider.ExchangeAsync);
        app.MapGet("/oauth2/v2.1/certs", () =>
        {
            provider.KeysAsked++;
            return Results.Text(provider.Keys, "application/json");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>The person says yes to what the browser was sent here with.</summary>
    /// <returns>The query that the browser goes back with.</returns>
    public string Approve(string authorize)
    {
        Assert.StartsWith(Settings.Authorize.AbsoluteUri + "?", authorize, StringComparison.Ordinal);
        var asked = QueryHelpers.ParseQuery(new Uri(authorize).Query);
        Assert.Equal(("code", Channel, "S256"), (asked["response_type"].ToString(), asked["client_id"].ToString(), asked["code_challenge_method"].ToString()));
        Assert.Contains("openid", asked["scope"].ToString().Split(' '));
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (asked["code_challenge"].ToString(), asked["redirect_uri"].ToString(), asked["nonce"].ToString());
        return $"?code={code}&state={Uri.EscapeDataString(asked["state"].ToString())}";
    }

    public JsonObject Claims(string? nonce) => new()
    {
        ["iss"] = Settings.Issuer, ["sub"] = Person, ["aud"] = Channel, ["exp"] = Seconds(3600), ["iat"] = Seconds(0), ["nonce"] = nonce, ["amr"] = new JsonArray("linesso"),
    };

    public long Seconds(int fromNow) => _clock.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    public static string Hs256(JsonObject claims, byte[]? secret = null, string? name = null) =>
        Signed(new JsonObject { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = name }, claims, text => HMACSHA256.HashData(secret ?? Encoding.UTF8.GetBytes(Secret), text));

    public string Es256(JsonObject claims, ECDsa? key = null, string? name = KeyName) =>
        Signed(new JsonObject { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = name }, claims, text => (key ?? Key).SignData(text, HashAlgorithmName.SHA256));

    public static string Signed(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Part(header)}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public JsonObject PublicKey()
    {
        var point = Key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["alg"] = "ES256", ["use"] = "sig", ["kid"] = KeyName,
            ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private async Task<IResult> ExchangeAsync(HttpRequest request)
    {
        if (Fails is { } status) return Results.StatusCode(status);
        var form = await request.ReadFormAsync();
        var known = _codes.TryRemove(form["code"].ToString(), out var code) && form["grant_type"] == "authorization_code" && form["client_id"] == Channel && form["client_secret"] == Secret
            && form["redirect_uri"] == code.Callback && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == code.Challenge;
        if (!known) return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        return Results.Json(new { access_token = "a", token_type = "Bearer", expires_in = 1, id_token = (Token ?? (nonce => Hs256(Claims(nonce))))(code.Nonce) }, new JsonSerializerOptions());
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
