using System.Security.Cryptography;
using System.Text;

namespace Tokamak.App.Integrations.Api;

/// <summary>How reads are answered: never kept by a cache in between, and with a tag where it can be said cheaply that nothing has changed.</summary>
internal static class Reply
{
    /// <summary>For what may be another in a moment.</summary>
    public static IResult Fresh<T>(HttpContext request, T value)
    {
        request.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(value);
    }

    /// <summary>For what stays the same as long as <paramref name="state"/> does: who has it already is told so.</summary>
    public static IResult Tagged<T>(HttpContext request, string state, Func<T> value)
    {
        var asked = $"{request.Request.Path}{request.Request.QueryString} {state}";
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)).AsSpan(0, 16))}\"";
        var headers = request.Response.Headers;
        (headers.CacheControl, headers.ETag) = ("private, no-cache", tag);
        headers.Append("Vary", "Authorization");
        var has = request.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(tag);
        return has ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(value());
    }
}
