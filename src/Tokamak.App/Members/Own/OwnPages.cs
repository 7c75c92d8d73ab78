using Microsoft.AspNetCore.Antiforgery;
using Tokamak.App.Access;

namespace Tokamak.App.Members.Own;

/// <summary>How a host gets the members' own pages.</summary>
public static class OwnPages
{
    /// <remarks>After <c>AddBooks</c>, <c>AddAccess</c> and <c>AddVerification</c>.</remarks>
    public static IServiceCollection AddOwnPages(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MemberSessions(
            provider.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), provider.GetRequiredService<Referral.Reading.BookShelf>().Databases, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MemberOfRequest>(provider => provider.GetRequiredService<MemberSessions>().OfAsync);
        return services;
    }

    public static void MapOwnPages(this Microsoft.AspNetCore.Builder.WebApplication app)
    {
        if (app.Services.GetService<MemberSessions>() is { } sessions) app.MapPost("/my/sign-out", request => SignOutAsync(request, sessions));
    }

    private static async Task SignOutAsync(HttpContext request, MemberSessions sessions)
    {
        if (!await request.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(request))
        {
            request.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        sessions.End(request);
        request.Response.Redirect(Gate.MemberSignInPath);
    }
}
