using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Access;

/// <summary>Secrets that are given out once and kept as hashes. They are long and random, so a plain hash is enough.</summary>
public static class Tokens
{
    private const int Bytes = 32;

    /// <summary>256 random bits, as they stand in an address.</summary>
    public static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
