using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Tokamak.App.Access;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Line;

public enum LineOutcome
{
    Proved,

    /// <summary>The person does not want to.</summary>
    Cancelled,

    /// <summary>For every reason the same: too late, not begun in this browser, not from LINE.</summary>
    Refused,

    /// <summary>LINE cannot be reached.</summary>
    Unavailable,
}

/// <param name="Key">Who they are at LINE, once proved.</param>
/// <param name="Email">Their address as LINE knows it, if it says.</param>
/// <param name="IsEmailVerified">Whether LINE says that it is theirs; else it is only claimed.</param>
public sealed record LineAnswer(LineOutcome Outcome, MemberKey? Key = null, MemberKey? Email = null, bool IsEmailVerified = false);

/// <summary>
/// Signing in with LINE, by OpenID Connect's authorization code flow with state, nonce and PKCE. What was begun is kept by the browser
/// alone, in an encrypted cookie that its way back from another site may carry (SameSite=Lax) and that works once.
/// </summary>
public sealed partial class LineLogin : IDisposable
{
    private const string Cookie = "tokamak-line", Purpose = "line-login";
    private const int MostBytesOfAnswer = 65_536, MostLettersOfCode = 2_000;
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(10), Patience = TimeSpan.FromSeconds(10);

    private readonly LineSettings _line;
    private readonly IDataProtector _protector;
    private readonly TimeProvider _time;
    private readonly ILogger<LineLogin> _log;
    private readonly SessionCookies _cookies = new();
    private readonly HttpClient _client;
    private readonly LineIdToken _tokens;

    public LineLogin(LineSettings line, IDataProtectionProvider protection, TimeProvider time, ILogger<LineLogin> log)
    {
        (_line, _protector, _time, _log) = (line, protection.CreateProtector(Purpose), time, log);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        { Timeout = Patience, MaxResponseContentBufferSize = MostBytesOfAnswer };
        _tokens = new LineIdToken(line, _client, time);
    }

    /// <summary>What was begun.</summary>
    private sealed record Attempt(string Brand, string State, string Nonce, string Verifier, string Callback, long BegunAtTicks);

    /// <summary>Begins, and remembers it in the browser.</summary>
    /// <param name="callback">The page's own address that LINE leads back to; the channel must know it.</param>
    /// <returns>Where to send the browser.</returns>
    public string Begin(HttpContext request, string brand, Uri callback, Language language)
    {
        var attempt = new Attempt(brand, Tokens.Make(), Tokens.Make(), Tokens.Make(), callback.AbsoluteUri, _time.GetUtcNow().UtcTicks);
        _cookies.AppendResponseCookie(request, Cookie, _protector.Protect(JsonSerializer.Serialize(attempt)), Options(request));
        return QueryHelpers.AddQueryString(_line.Authorize.AbsoluteUri, new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = _line.Channel, ["redirect_uri"] = attempt.Callback, ["scope"] = _line.AsksEmail ? "openid email" : "openid",
            ["state"] = attempt.State, ["nonce"] = attempt.Nonce, ["ui_locales"] = language.Code,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))), ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>What the browser brings back from LINE. Whatever it is, it can be brought once.</summary>
    public async Task<LineAnswer> FinishAsync(HttpContext request, string brand, CancellationToken stop)
    {
        var attempt = AttemptOf(request);
        _cookies.DeleteCookie(request, Cookie, Options(request));
        var query = request.Request.Query;
        if (attempt is null || attempt.Brand != brand || _time.GetUtcNow().UtcTicks - attempt.BegunAtTicks >= Good.Ticks || !IsSame(query["state"].ToString(), attempt.State))
            return Refused("state");
        if (query["error"].ToString() is { Length: > 0 } error) return error == "access_denied" ? new(LineOutcome.Cancelled) : Refused("error");
        if (query["code"].ToString() is not { Length: > 0 and <= MostLettersOfCode } code) return Refused("code");
        try
        {
            if (await ExchangeAsync(attempt, code, stop) is not { } token) return Refused("exchange");
            return await _tokens.CheckAsync(token, attempt.Nonce, stop) is { } proof ? AnswerOf(proof) : Refused("token");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            Away(_log, e.GetType().Name);
            return new(LineOutcome.Unavailable);
        }
    }

    public void Dispose()
    {
        _tokens.Dispose();
        _client.Dispose();
    }

    /// <returns>The ID token; null: LINE does not know the code.</returns>
    private async Task<string?> ExchangeAsync(Attempt attempt, string code, CancellationToken stop)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = attempt.Callback,
            ["client_id"] = _line.Channel, ["client_secret"] = _line.Secret, ["code_verifier"] = attempt.Verifier,
        });
        using var answer = await _client.PostAsync(_line.Token, form, stop);
        if ((int)answer.StatusCode is >= 400 and < 500) return null;
        answer.EnsureSuccessStatusCode();
        try
        {
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), cancellationToken: stop);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String ? token.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private LineAnswer AnswerOf(JsonWebToken proof)
    {
        if (!MemberKey.TryRead(KeyKind.Line, proof.Subject, NumberingFile.Plans, "", out var key)) return Refused("subject");
        if (!proof.TryGetPayloadValue<string>("email", out var text) || !MemberKey.TryRead(KeyKind.Email, text, NumberingFile.Plans, "", out var email)) return new(LineOutcome.Proved, key);
        return new(LineOutcome.Proved, key, email, proof.TryGetClaim("email_verified", out var verified) && verified.Value == "true");
    }

    private Attempt? AttemptOf(HttpContext request)
    {
        if (_cookies.GetRequestCookie(request, Cookie) is not { } kept) return null;
        try
        {
            return JsonSerializer.Deserialize<Attempt>(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private LineAnswer Refused(string why)
    {
        NotProved(_log, why);
        return new(LineOutcome.Refused);
    }

    private static CookieOptions Options(HttpContext request) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = request.Request.IsHttps, Path = "/", MaxAge = Good, IsEssential = true,
    };

    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in with LINE was refused ({Why}).")]
    private static partial void NotProved(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "LINE could not be reached for a sign-in ({Kind}).")]
    private static partial void Away(ILogger log, string kind);
}
