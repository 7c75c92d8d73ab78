using Microsoft.AspNetCore.Http.Features;

namespace Tokamak.App.Web;

/// <summary>
/// The id in the address of a page, from the line the browser sent: the path a server hands on has lost the difference between an escaped
/// slash and the escape of an escape.
/// </summary>
public static class IdInAddress
{
    /// <param name="request">Whose address.</param>
    /// <param name="after">How many parts of the path come after the id.</param>
    public static string Of(HttpContext request, int after = 0)
    {
        var parts = request.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/');
        return Uri.UnescapeDataString(parts[Math.Max(0, parts.Length - 1 - after)]);
    }
}
