using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>
/// What a member shows at a counter: a code that says who they are to this brand alone and for a moment only, so that a picture of it is
/// worth nothing soon. It holds no phone number, and its reader learns no id from it without the brand's keys.
/// </summary>
public sealed class MemberQr(IDataProtectionProvider protection, TimeProvider time)
{
    public static readonly TimeSpan Lives = TimeSpan.FromMinutes(2);

    private const string Mark = "TKM1:";

    /// <summary>Whether a text is one of these codes, as a scanner types it.</summary>
    public static bool Is(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    private const int MostLetters = 600;

    /// <summary>The text of the code.</summary>
    public string Of(string brand, MemberId member)
    {
        var name = Encoding.UTF8.GetBytes(member.Value);
        var plain = new byte[sizeof(long) + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, (time.GetUtcNow() + Lives).UtcTicks);
        name.CopyTo(plain, sizeof(long));
        return Mark + WebEncoders.Base64UrlEncode(Protector(brand).Protect(plain));
    }

    /// <returns>Null: it is no code of this brand, or its moment is over.</returns>
    public MemberId? Read(string brand, string text)
    {
        if (!Is(text) || text.Length > MostLetters) return null;
        try
        {
            var plain = Protector(brand).Unprotect(WebEncoders.Base64UrlDecode(text[Mark.Length..]));
            return BinaryPrimitives.ReadInt64BigEndian(plain) >= time.GetUtcNow().UtcTicks ? new MemberId(Encoding.UTF8.GetString(plain.AsSpan(sizeof(long)))) : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string brand) => protection.CreateProtector("member-qr", brand);
}
