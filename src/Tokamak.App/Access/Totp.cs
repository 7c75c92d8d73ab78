using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Access;

/// <summary>
/// The codes of authenticator apps (RFC 6238: SHA-1, 30 seconds, 6 digits). Identity's own check takes a code twice and takes old ones for
/// minutes; here a code is good a half minute early or late, and once: after one was taken, only later ones are.
/// </summary>
public static class Totp
{
    public const int Digits = 6;

    private const int Seconds = 30, Early = 1, Late = 1, Power = 1_000_000, BitsOfLetter = 5;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Takes the code, or says no. The account then has to be saved.</summary>
    public static bool TryTake(Account account, string code, DateTimeOffset now)
    {
        if (account.TotpKey is not { } key) return false;
        var step = now.ToUnixTimeSeconds() / Seconds;
        for (var tried = Math.Max(step - Late, account.LastTotpStep + 1); tried <= step + Early; tried++)
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeAt(key, tried)), Encoding.UTF8.GetBytes(code))) continue;
            account.LastTotpStep = tried;
            return true;
        }
        return false;
    }

    /// <summary>What an app shows at a moment.</summary>
    public static string CodeAt(string key, DateTimeOffset at) => CodeAt(key, at.ToUnixTimeSeconds() / Seconds);

    private static string CodeAt(string key, long step)
    {
        Span<byte> moment = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(moment, step);
#pragma warning disable CA5350 // Authenticator apps know no other, and HMAC does not rest on what SHA-1 has lost.
        var hash = HMACSHA1.HashData(Decode(key), moment);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xf)) & int.MaxValue;
        return (number % Power).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * BitsOfLetter / 8];
        for (var bit = 0; bit < bytes.Length * 8; bit++)
            if ((Base32.IndexOf(key[bit / BitsOfLetter], StringComparison.Ordinal) >> (BitsOfLetter - 1 - (bit % BitsOfLetter)) & 1) == 1)
                bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return bytes;
    }
}
