using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tokamak.App.Members.Line;

/// <summary>
/// Whether an ID token is LINE's, for this channel, of this sign-in and still good. LINE signs with the channel's secret (HS256) where a
/// web page asks, and with a key of its own (ES256) elsewhere. Each way has its own keys, so that what is published can be no secret.
/// </summary>
internal sealed class LineIdToken(LineSettings line, HttpClient client, TimeProvider time) : IDisposable
{
    private const int MostLetters = 16_000;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1), KeysKept = TimeSpan.FromHours(1), BetweenLooks = TimeSpan.FromMinutes(1);
    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MostLetters };

    private readonly SemaphoreSlim _looking = new(1, 1);
    private IList<JsonWebKey> _keys = [];
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    /// <returns>Null: it proves nothing.</returns>
    /// <exception cref="HttpRequestException">LINE's keys are needed, and cannot be had.</exception>
    public async Task<JsonWebToken?> CheckAsync(string text, string nonce, CancellationToken stop)
    {
        if (text.Length > MostLetters || Read(text) is not { } token) return null;
        SecurityKey[] keys = token.Alg switch
        {
            SecurityAlgorithms.HmacSha256 => [new SymmetricSecurityKey(Encoding.UTF8.GetBytes(line.Secret))],
            SecurityAlgorithms.EcdsaSha256 => [.. await KeysAsync(token.Kid, stop)],
            _ => [],
        };
        if (keys.Length == 0) return null;
        var result = await Tokens.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidAlgorithms = [token.Alg], IssuerSigningKeys = keys, RequireSignedTokens = true,
            ValidIssuer = line.Issuer, ValidAudience = line.Channel, RequireAudience = true,
            RequireExpirationTime = true, LifetimeValidator = IsGoodNow,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { Subject.Length: > 0 } good || good.Audiences.Count() != 1) return null;
        // Of this very sign-in: a token that was seen elsewhere has another.
        return good.TryGetPayloadValue<string>("nonce", out var given) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(nonce)) ? good : null;
    }

    public void Dispose() => _looking.Dispose();

    private static JsonWebToken? Read(string text)
    {
        try
        {
            // Three parts: one that is encrypted has five, and LINE sends none.
            return text.Count(letter => letter == '.') == 2 ? Tokens.ReadJsonWebToken(text) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private bool IsGoodNow(DateTime? from, DateTime? until, SecurityToken token, TokenValidationParameters rules)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return until is { } end && now < end + Skew && (from is not { } start || now >= start - Skew);
    }

    /// <summary>LINE's own key of a name. They change: one that is not known is looked up, and not on every forged token.</summary>
    private async Task<IEnumerable<JsonWebKey>> KeysAsync(string? name, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(name)) return [];
        await _looking.WaitAsync(stop);
        try
        {
            var age = time.GetUtcNow() - _lookedAt;
            if (age > KeysKept || (age > BetweenLooks && !_keys.Any(key => key.Kid == name)))
            {
                _keys = new JsonWebKeySet(await client.GetStringAsync(line.Keys, stop)).Keys;
                _lookedAt = time.GetUtcNow();
            }
            return _keys.Where(key => key.Kid == name && key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve);
        }
        catch (ArgumentException e)
        {
            throw new HttpRequestException("LINE's keys cannot be read.", e);
        }
        finally
        {
            _looking.Release();
        }
    }
}
