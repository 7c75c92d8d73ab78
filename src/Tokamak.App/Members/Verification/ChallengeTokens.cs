using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <summary>
/// What the browser of somebody who waits for a code keeps: the challenge and the key, encrypted with the key ring, so that the
/// database needs to know no key. It opens for the same brand and purpose only.
/// </summary>
public sealed class ChallengeTokens(IDataProtectionProvider protection)
{
    private const int MostLetters = 2_000;
    private const char Divider = '\n';

    public string Make(string brand, VerificationPurpose purpose, string id, MemberKey key) =>
        ProtectorOf(brand, purpose).Protect(string.Join(Divider, id, ((short)key.Kind).ToString(CultureInfo.InvariantCulture), key.Value));

    /// <returns>Null: it is none, or for something else.</returns>
    public (string Id, MemberKey Key)? Read(string brand, VerificationPurpose purpose, string token)
    {
        if (token.Length > MostLetters) return null;
        try
        {
            var parts = ProtectorOf(brand, purpose).Unprotect(token).Split(Divider, 3);
            return (parts[0], new MemberKey((KeyKind)short.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(string brand, VerificationPurpose purpose) => protection.CreateProtector("verification", brand, purpose.ToString());
}

/// <summary>The keyed hashes of a brand's verifications. What is hashed cannot be guessed from them without the catalogue.</summary>
internal sealed class VerificationHashes(byte[] secret)
{
    public static async ValueTask<VerificationHashes> OfAsync(HashSecret secrets, string brand, CancellationToken stop) => new(await secrets.OfBrandAsync(brand, "verification", stop));

    public string OfKey(MemberKey key) => Of("key", string.Create(CultureInfo.InvariantCulture, $"{(short)key.Kind} {key.Value}"));

    /// <summary>Of the address, or of the network that somebody has of IPv6.</summary>
    public string OfSource(System.Net.IPAddress? address) => Of("source", AttemptLimits.KeyOf(address));

    public string OfCode(string id, string code) => Of("code", $"{id} {code}");

    private string Of(string what, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{what}\n{text}")));
}
