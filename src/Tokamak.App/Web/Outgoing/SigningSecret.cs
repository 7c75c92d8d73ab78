using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Web.Outgoing;

/// <summary>Secrets and signatures of Standard Webhooks: HMAC-SHA-256 over <c>id.timestamp.body</c>.</summary>
internal static class SigningSecret
{
    public const int Bytes = 32;

    private const string Prefix = "whsec_";

    /// <summary>As Standard Webhooks has it; a shorter one could be guessed.</summary>
    private const int FewestBytes = 24;

    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text that somebody else made can be signed with.</summary>
    public static bool Holds(string? secret) =>
        secret is not null && secret.StartsWith(Prefix, StringComparison.Ordinal) && Base64.IsValid(secret.AsSpan(Prefix.Length), out var bytes) && bytes >= FewestBytes;

    /// <summary>One signature of the header <c>webhook-signature</c>.</summary>
    public static string Sign(string secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
