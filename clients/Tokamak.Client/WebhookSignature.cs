using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tokamak.Client;

/// <summary>
/// Tells webhooks of the server from forged ones, as Standard Webhooks has it: HMAC-SHA-256 over id, time and body, keyed with the
/// webhook's secret.
/// </summary>
public static class WebhookSignature
{
    /// <summary>How far the time of a webhook may be from ours: one that somebody kept and sends again later is not taken.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_", Version = "v1,";

    /// <summary>Did the server send this?</summary>
    /// <param name="secret">The webhook's secret, <c>whsec_…</c>.</param>
    /// <param name="id">The header <c>webhook-id</c>; keep it to notice what comes twice.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>.</param>
    /// <param name="signatures">The header <c>webhook-signature</c>: one or several, divided by a space, while a secret changes.</param>
    /// <param name="body">The body, byte for byte as it came.</param>
    /// <param name="now">Our clock.</param>
    /// <exception cref="FormatException">The secret is none.</exception>
    public static bool IsGenuine(string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds) return false;
        var key = Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        var genuine = false;
        // All are looked at, so that the time it takes says nothing.
        foreach (var signature in signatures.Split(' ')) genuine |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        return genuine;
    }
}
