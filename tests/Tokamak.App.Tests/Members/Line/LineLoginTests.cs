using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tokamak.App.Members.Line;
using Tokamak.App.Tests.Access;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members.Line;

public sealed class LineLoginTests : IAsyncLifetime
{
    private static readonly Uri Callback = new("https://shop.example.com/line");
    private static readonly LineAnswer Refused = new(LineOutcome.Refused);

    private readonly TestClock _clock = new();
    private readonly KeptLog _log = new();
    private readonly IDataProtectionProvider _protection = new EphemeralDataProtectionProvider();
    private LineProvider _provider = null!;
    private LineLogin _line = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await LineProvider.StartAsync(_clock);
        _line = LoginTo(_provider.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        _line.Dispose();
        await _provider.DisposeAsync();
    }

    /// <summary>A browser that has begun: where it was sent, and the cookie it keeps.</summary>
    private sealed record Begun(string Address, string Cookie);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_comes_back_from_LINE_has_proved_who_they_are_there(bool byKeyOfLine)
    {
        if (byKeyOfLine) _provider.Token = nonce => _provider.Es256(_provider.Claims(nonce));
        var begun = Begin();
        var (answer, cookie) = await FinishAsync(begun.Cookie, _provider.Approve(begun.Address));
        Assert.Equal(new LineAnswer(LineOutcome.Proved, new MemberKey(KeyKind.Line, LineProvider.Person)), answer);
        Assert.Equal(DateTimeOffset.UnixEpoch, cookie.Expires);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task An_address_is_claimed_unless_LINE_says_that_it_is_verified(bool? said, bool verified)
    {
        _provider.Token = nonce =>
        {
            var claims = _provider.Claims(nonce);
            claims["email"] = "Ming@Example.TW";
            if (said is { } word) claims["email_verified"] = word;
            return LineProvider.Hs256(claims);
        };
        var answer = await ProveAsync();
        Assert.Equal((new MemberKey(KeyKind.Email, "ming@example.tw"), verified), (answer.Email!.Value, answer.IsEmailVerified));
    }

    [Fact]
    public void What_was_begun_is_kept_by_this_browser_for_this_host_alone()
    {
        var request = Request("https");
        _line.Begin(request, "one", Callback, Language.Chinese);
        var cookie = CookieOf(request);
        Assert.Equal("__Host-tokamak-line", cookie.Name.ToString());
        Assert.Equal((true, true, Microsoft.Net.Http.Headers.SameSiteMode.Lax, "/", null), (cookie.HttpOnly, cookie.Secure, cookie.SameSite, cookie.Path.ToString(), cookie.Domain.Value));
        Assert.Equal(TimeSpan.FromMinutes(10), cookie.MaxAge);
        var begun = Begin();
        foreach (var part in new Uri(begun.Address).Query[1..].Split('&').Where(part => part.StartsWith("state=", StringComparison.Ordinal) || part.StartsWith("nonce=", StringComparison.Ordinal)))
            Assert.DoesNotContain(part[6..], begun.Cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_signs_in_by_what_another_has_begun()
    {
        var (mine, others) = (Begin(), Begin());
        Assert.Equal(Refused, (await FinishAsync(mine.Cookie, _provider.Approve(others.Address))).Answer);
        Assert.Equal(Refused, (await FinishAsync(null, _provider.Approve(mine.Address))).Answer);
        Assert.Equal(Refused, (await FinishAsync("tokamak-line=CfDJ8", _provider.Approve(mine.Address))).Answer);
        Assert.Equal(Refused, (await FinishAsync(mine.Cookie, _provider.Approve(mine.Address), "two")).Answer);
        Assert.Equal(Refused, (await FinishAsync(mine.Cookie, "?code=x")).Answer);
        Assert.Equal(Refused, (await FinishAsync(mine.Cookie, _provider.Approve(mine.Address).Replace("code=", "code=0", StringComparison.Ordinal))).Answer);
        // The other's code with the own state: their verifier is another.
        var (code, state) = (_provider.Approve(others.Address).Split('&')[0], _provider.Approve(mine.Address).Split('&')[1]);
        Assert.Equal(Refused, (await FinishAsync(mine.Cookie, $"{code}&{state}")).Answer);
    }

    [Fact]
    public async Task A_way_back_works_once_and_for_ten_minutes()
    {
        var begun = Begin();
        var back = _provider.Approve(begun.Address);
        Assert.Equal(LineOutcome.Proved, (await FinishAsync(begun.Cookie, back)).Answer.Outcome);
        Assert.Equal(Refused, (await FinishAsync(begun.Cookie, back)).Answer);
        var late = Begin();
        var lateBack = _provider.Approve(late.Address);
        _clock.Go(TimeSpan.FromMinutes(10));
        Assert.Equal(Refused, (await FinishAsync(late.Cookie, lateBack)).Answer);
    }

    [Fact]
    public async Task Who_does_not_want_to_is_not_refused()
    {
        var begun = Begin();
        var state = _provider.Approve(begun.Address).Split('&')[1];
        Assert.Equal(new LineAnswer(LineOutcome.Cancelled), (await FinishAsync(begun.Cookie, $"?error=access_denied&{state}")).Answer);
        Assert.Equal(Refused, (await FinishAsync(begun.Cookie, $"?error=server_error&{state}")).Answer);
        Assert.Equal(Refused, (await FinishAsync(begun.Cookie, "?error=access_denied&state=x")).Answer);
    }

    [Fact]
    public async Task LINE_may_be_away()
    {
        _provider.Fails = 500;
        Assert.Equal(LineOutcome.Unavailable, (await ProveAsync()).Outcome);
        using var nowhere = LoginTo(_provider.Settings with { Token = new Uri("http://127.0.0.1:1/") });
        var begun = Begin(nowhere);
        Assert.Equal(LineOutcome.Unavailable, (await FinishAsync(begun.Cookie, _provider.Approve(begun.Address), line: nowhere)).Answer.Outcome);
    }

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    private static readonly Dictionary<string, Func<LineProvider, JsonObject, string>> Forged = new()
    {
        ["no algorithm"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "none" }, claims, _ => []),
        ["no algorithm, in capitals"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "NONE" }, claims, _ => []),
        ["no signature"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "HS256" }, claims, _ => []),
        ["no signature of LINE's key"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "ES256", ["kid"] = LineProvider.KeyName }, claims, _ => []),
        ["a signature of zeros"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "ES256", ["kid"] = LineProvider.KeyName }, claims, _ => new byte[64]),
        ["another secret"] = (_, claims) => LineProvider.Hs256(claims, Encoding.UTF8.GetBytes("fedcba9876543210fedcba9876543210")),
        ["an empty secret"] = (_, claims) => LineProvider.Hs256(claims, []),
        ["another key under the name"] = (line, claims) => line.Es256(claims, ECDsa.Create(ECCurve.NamedCurves.nistP256)),
        ["an unknown key"] = (line, claims) => line.Es256(claims, name: "key-2"),
        ["a key without a name"] = (line, claims) => line.Es256(claims, name: null),
        ["the public key as the secret"] = (line, claims) => LineProvider.Hs256(claims, line.Key.ExportSubjectPublicKeyInfo(), LineProvider.KeyName),
        ["the public key as the secret, in PEM"] = (line, claims) => LineProvider.Hs256(claims, Encoding.ASCII.GetBytes(line.Key.ExportSubjectPublicKeyInfoPem()), LineProvider.KeyName),
        ["the published keys as the secret"] = (line, claims) => LineProvider.Hs256(claims, Encoding.UTF8.GetBytes(line.Keys), LineProvider.KeyName),
        ["the secret under another algorithm"] = (_, claims) => LineProvider.Signed(new JsonObject { ["alg"] = "HS512" }, claims, text => HMACSHA512.HashData(Encoding.UTF8.GetBytes(LineProvider.Secret), text)),
        ["the key in the token"] = (line, claims) =>
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = own.ExportParameters(false).Q;
            var key = line.PublicKey();
            (key["x"], key["y"]) = (System.Buffers.Text.Base64Url.EncodeToString(point.X), System.Buffers.Text.Base64Url.EncodeToString(point.Y));
            return LineProvider.Signed(new JsonObject { ["alg"] = "ES256", ["kid"] = LineProvider.KeyName, ["jwk"] = key }, claims, text => own.SignData(text, HashAlgorithmName.SHA256));
        },
        ["another's payload"] = (_, claims) =>
        {
            var parts = LineProvider.Hs256(claims).Split('.');
            claims["sub"] = "U" + new string('0', 32);
            return $"{parts[0]}.{LineProvider.Hs256(claims).Split('.')[1]}.{parts[2]}";
        },
        ["another channel"] = With("aud", "1650000002"),
        ["two channels"] = With("aud", new JsonArray(LineProvider.Channel, "1650000002")),
        ["no channel"] = Without("aud"),
        ["another issuer"] = With("iss", "https://access.line.me.example.com"),
        ["no issuer"] = Without("iss"),
        ["over"] = (line, claims) => With("exp", line.Seconds(-61))(line, claims),
        ["without an end"] = Without("exp"),
        ["not yet"] = (line, claims) => With("nbf", line.Seconds(120))(line, claims),
        ["another nonce"] = With("nonce", "n-0S6_WzA2Mj"),
        ["no nonce"] = Without("nonce"),
        ["no subject"] = Without("sub"),
        ["a subject that LINE does not give"] = With("sub", "U123"),
        ["nothing"] = (_, _) => "",
        ["no token"] = (_, _) => "a.b.c",
        ["something encrypted"] = (_, claims) => LineProvider.Hs256(claims) + ".a.b",
        ["something long"] = (_, claims) => With("name", new string('a', 20_000))(null!, claims),
    };

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_token_proves_nothing_with(string forgery)
    {
        _provider.Token = nonce => Forged[forgery](_provider, _provider.Claims(nonce));
        Assert.Equal(Refused, await ProveAsync());
        Assert.DoesNotContain(_log.Lines, line => line.Contains(LineProvider.Person, StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_a_sign_in_before_proves_nothing_now()
    {
        string? before = null;
        _provider.Token = nonce => before ??= LineProvider.Hs256(_provider.Claims(nonce));
        Assert.Equal(LineOutcome.Proved, (await ProveAsync()).Outcome);
        Assert.Equal(Refused, await ProveAsync());
    }

    [Fact]
    public async Task Forged_tokens_have_LINE_asked_for_its_keys_once_a_minute()
    {
        _provider.Token = nonce => _provider.Es256(_provider.Claims(nonce), name: Guid.NewGuid().ToString());
        for (var times = 0; times < 5; times++) Assert.Equal(Refused, await ProveAsync());
        Assert.Equal(1, _provider.KeysAsked);
        _clock.Go(TimeSpan.FromSeconds(61));
        _provider.Token = nonce => _provider.Es256(_provider.Claims(nonce));
        Assert.Equal(LineOutcome.Proved, (await ProveAsync()).Outcome);
        Assert.Equal(1, _provider.KeysAsked);
    }

    [Fact]
    public void LINE_itself_is_where_it_says() =>
        Assert.Equal(
            ("https://access.line.me", "https://access.line.me/oauth2/v2.1/authorize", "https://api.line.me/oauth2/v2.1/token", "https://api.line.me/oauth2/v2.1/certs", "LINE channel 1"),
            new LineSettings("1", "secret") is var line ? (line.Issuer, line.Authorize.AbsoluteUri, line.Token.AbsoluteUri, line.Keys.AbsoluteUri, line.ToString()) : default);

    private static Func<LineProvider, JsonObject, string> With(string name, JsonNode value) => (_, claims) =>
    {
        claims[name] = value.DeepClone();
        return LineProvider.Hs256(claims);
    };

    private static Func<LineProvider, JsonObject, string> Without(string name) => (_, claims) =>
    {
        claims.Remove(name);
        return LineProvider.Hs256(claims);
    };

    private LineLogin LoginTo(LineSettings settings) => new(settings, _protection, _clock, _log.Of<LineLogin>());

    private async Task<LineAnswer> ProveAsync()
    {
        var begun = Begin();
        return (await FinishAsync(begun.Cookie, _provider.Approve(begun.Address))).Answer;
    }

    private Begun Begin(LineLogin? line = null)
    {
        var request = Request();
        var address = (line ?? _line).Begin(request, "one", Callback, Language.Chinese);
        var cookie = CookieOf(request);
        return new Begun(address, $"{cookie.Name}={cookie.Value}");
    }

    private async Task<(LineAnswer Answer, SetCookieHeaderValue Cookie)> FinishAsync(string? cookie, string query, string brand = "one", LineLogin? line = null)
    {
        var request = Request();
        request.Request.QueryString = new QueryString(query);
        request.Request.Headers.Cookie = cookie;
        var answer = await (line ?? _line).FinishAsync(request, brand, Stop);
        return (answer, CookieOf(request));
    }

    private static DefaultHttpContext Request(string scheme = "http") => new() { Request = { Scheme = scheme } };

    private static SetCookieHeaderValue CookieOf(HttpContext request) => SetCookieHeaderValue.Parse(request.Response.Headers.SetCookie.Single()!);
}
