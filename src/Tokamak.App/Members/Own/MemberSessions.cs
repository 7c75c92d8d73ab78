using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Own;

/// <summary>
/// Who of the members is signed in: an encrypted cookie of the member's own pages, good for a month, for one brand. It holds an id and
/// nothing about the person; whoever was erased meanwhile is signed in no more.
/// </summary>
public sealed class MemberSessions(IDataProtectionProvider protection, Databases databases, TimeProvider time)
{
    private const string Cookie = "tokamak-member", Path = "/my";

    private static readonly TimeSpan Lives = TimeSpan.FromDays(30);

    public void Begin(HttpContext request, MemberId member)
    {
        var until = time.GetUtcNow() + Lives;
        var text = Protector(request).Protect(string.Create(CultureInfo.InvariantCulture, $"{until.UtcTicks} {member}"));
        request.Response.Cookies.Append(Cookie, text, Options(request, until));
    }

    public void End(HttpContext request) => request.Response.Cookies.Delete(Cookie, Options(request, null));

    /// <returns>Their own id, which stays theirs whatever is merged and parted; null: nobody is signed in.</returns>
    public async ValueTask<MemberId?> OfAsync(HttpContext request)
    {
        if (Visit.Of(request).Brand is not { } brand || request.Request.Cookies[Cookie] is not { } text) return null;
        string plain;
        try
        {
            plain = Protector(request).Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
        if (plain.Split(' ', 2) is not [var until, var id] || long.Parse(until, CultureInfo.InvariantCulture) < time.GetUtcNow().UtcTicks) return null;
        await using var turn = await (await databases.BrandAsync(brand, request.RequestAborted)).BeginReadAsync(request.RequestAborted);
        return await KeyHolders.LivingAsync(turn, new MemberId(id), request.RequestAborted) is null ? null : new MemberId(id);
    }

    private IDataProtector Protector(HttpContext request) => protection.CreateProtector("member-session", Visit.Of(request).Brand!);

    private static CookieOptions Options(HttpContext request, DateTimeOffset? until) =>
        new() { HttpOnly = true, Secure = request.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = Path, Expires = until, IsEssential = true };
}
