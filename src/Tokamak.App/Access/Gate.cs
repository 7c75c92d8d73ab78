using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Extensions;
using Tokamak.App.Access.Keys;

namespace Tokamak.App.Access;

/// <summary>Stands before every route and asks the table: open, sign in first, or not there.</summary>
public sealed class Gate(RequestDelegate next, Permissions permissions, KeyGate keys)
{
    public const string SignInPath = "/sign-in", MemberSignInPath = "/my/sign-in";

    public Task InvokeAsync(HttpContext request)
    {
        var rule = permissions.RuleOf(request.GetEndpoint());
        var visit = Visit.Of(request);
        if (rule is { Reach: Reach.Key }) return keys.AdmitAsync(request, rule, next);
        if (rule is null or { Reach: Reach.Nobody } || (visit.Brand is null && rule.Reach != Reach.Anyone)) return NotThere(request);
        if (rule.Reach == Reach.Member) return AdmitMemberAsync(request, visit);
        if (permissions.MayOpen(visit.Viewer, rule)) return next(request);
        if (visit.Viewer is null) return AskToSignIn(request);
        if (rule.Pattern == "/" && Permissions.HomeOf(visit.Viewer) is not "/" and var home) request.Response.Redirect(home);
        else return NotThere(request);
        return Task.CompletedTask;
    }

    private async Task AdmitMemberAsync(HttpContext request, Visit visit)
    {
        visit.Member = request.RequestServices.GetService<MemberOfRequest>() is { } memberOf ? await memberOf(request) : null;
        if (visit.Member is null) request.Response.Redirect(MemberSignInPath);
        else await next(request);
    }

    // The page of what is not there is written by the status code pages, the same for every reason.
    private static Task NotThere(HttpContext request)
    {
        request.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task AskToSignIn(HttpContext request)
    {
        var asked = request.Request;
        var isPage = HttpMethods.IsGet(asked.Method) || HttpMethods.IsHead(asked.Method);
        var signIn = isPage ? $"{SignInPath}?return={Uri.EscapeDataString(asked.GetEncodedPathAndQuery())}" : SignInPath;
        if (asked.Headers.ContainsKey("HX-Request"))
        {
            // A part of a page was asked for: the whole page goes to the sign-in.
            request.Response.Headers["HX-Redirect"] = signIn;
            request.Response.StatusCode = StatusCodes.Status401Unauthorized;
            if (request.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        }
        else if (isPage && asked.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            // The strict cookie stays away when a link elsewhere leads here. Asked for from here it comes along, and the sign-in goes on.
            request.Response.Headers["Refresh"] = $"0; url={signIn}";
            request.Response.ContentType = "text/html";
        }
        else
        {
            request.Response.Redirect(signIn);
        }
        return Task.CompletedTask;
    }
}
