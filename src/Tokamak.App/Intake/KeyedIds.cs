using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Intake;

/// <summary>
/// Opaque ids from personal values: HMAC-SHA-256 of the canonical value under the brand's own key, the first 128 bits
/// as base32. The same key gives the same id in every import; without the key nobody finds the value by trying.
/// </summary>
public sealed class KeyedIds : IDisposable
{
    public const string KeyVariable = "TOKAMAK_IMPORT_KEY";
    public const int MinKeyBytes = 16;
    private const int IdBytes = 16;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private readonly IncrementalHash _hmac;

    public KeyedIds(byte[] key)
    {
        if (key.Length < MinKeyBytes) throw new ArgumentException($"a key has at least {MinKeyBytes} bytes", nameof(key));
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>The kind is part of what is hashed, so that a phone number and a text of the same digits differ.</summary>
    public string IdOf(string canonical, PersonalKind kind, string prefix)
    {
        _hmac.AppendData(Encoding.UTF8.GetBytes($"{kind.ToString().ToLowerInvariant()}:{canonical}"));
        return prefix + Base32(_hmac.GetHashAndReset().AsSpan(0, IdBytes));
    }

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(26);
        int bits = 0, buffer = 0;
        foreach (var b in bytes)
        {
            buffer = ((buffer << 8) | b) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
        }
        if (bits > 0) text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    public void Dispose() => _hmac.Dispose();
}
