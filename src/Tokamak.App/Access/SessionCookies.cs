using Microsoft.AspNetCore.Authentication.Cookies;

namespace Tokamak.App.Access;

/// <summary>
/// Over HTTPS a cookie's name begins with <c>__Host-</c>: a browser then takes it only from this very host, secure and for all paths.
/// The name is chosen request by request, since a host may be reached both ways.
/// </summary>
public sealed class SessionCookies : ICookieManager
{
    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext request, string key) => request.Request.IsHttps ? "__Host-" + key : key;
}
