using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Pages;

/// <summary>A place in the order of keys, as an address may hold it: sealed, since a key is a person's.</summary>
internal sealed class SealedPlace(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("place-of-key");

    public string Of(MemberKey key) => _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{(short)key.Kind} {key.Value}"));

    /// <returns>Null for the beginning, and for what nobody sealed.</returns>
    public MemberKey? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return _protector.Unprotect(text).Split(' ', 2) is [var kind, var value] ? new MemberKey((KeyKind)short.Parse(kind, CultureInfo.InvariantCulture), value) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
