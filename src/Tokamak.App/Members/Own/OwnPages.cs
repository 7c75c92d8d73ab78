using Microsoft.AspNetCore.Antiforgery;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Members.Line;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Own;

/// <summary>Something on the members' own page that another feature has to say: a component that takes the member's <see cref="Profile"/> as <c>Of</c>, and shows nothing where there is nothing.</summary>
public sealed record OwnPart(Type Component);

/// <summary>How a host gets the members' own pages.</summary>
public static class OwnPages
{
    public const string LinePath = "/my/line", CallbackPath = "/my/line/callback";

    /// <remarks>After <c>AddBooks</c>, <c>AddAccess</c> and <c>AddVerification</c>.</remarks>
    public static IServiceCollection AddOwnPages(this IServiceCollection services)
    {
        services.AddSingleton(provider => new MemberSessions(
            provider.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), provider.GetRequiredService<BookShelf>().Databases, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new OwnPart(typeof(OwnCoupons)));
        services.AddSingleton<MemberOfRequest>(provider => provider.GetRequiredService<MemberSessions>().OfAsync);
        return services;
    }

    public static void MapOwnPages(this Microsoft.AspNetCore.Builder.WebApplication app)
    {
        if (app.Services.GetService<MemberSessions>() is not { } sessions) return;
        DataFiles.Map(app);
        app.MapPost("/my/sign-out", request => SignOutAsync(request, sessions));
        if (app.Services.GetService<LineLogin>() is not { } line) return;
        app.MapGet(LinePath, request =>
        {
            request.Response.Redirect(line.Begin(request, Visit.Of(request).Brand!, CallbackOf(request), Language.Asked(request)));
            return Task.CompletedTask;
        });
        app.MapGet(CallbackPath, request => FinishAsync(request, line, sessions));
    }

    // Brands are known by their host names: no other one gets as far as this.
    private static Uri CallbackOf(HttpContext request) => new($"{request.Request.Scheme}://{request.Request.Host}{CallbackPath}");

    /// <summary>Back from LINE: whoever they are there is a member here, or becomes one.</summary>
    private static async Task FinishAsync(HttpContext request, LineLogin line, MemberSessions sessions)
    {
        var (brand, stop) = (Visit.Of(request).Brand!, request.RequestAborted);
        var answer = await line.FinishAsync(request, brand, stop);
        if (answer.Key is not { } key)
        {
            request.Response.Redirect($"{Gate.MemberSignInPath}?line={answer.Outcome.ToString().ToLowerInvariant()}");
            return;
        }
        List<ClaimedKey> claims = [new(key, true)];
        if (answer.Email is { } email) claims.Add(new(email, answer.IsEmailVerified));
        await using (var turn = await (await request.RequestServices.GetRequiredService<BookShelf>().Databases.BrandAsync(brand, stop)).BeginWriteAsync(stop))
        {
            var now = new Instant(request.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcTicks);
            var joined = await JoinMember.RunAsync(turn, new Joining(claims, MemberChannel.App, Language: Language.Asked(request).Code), MemberIds.Fresh(), null, now, stop);
            await turn.CommitAsync(CancellationToken.None);
            sessions.Begin(request, joined.Own!.Value);
        }
        request.Response.Redirect("/my");
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
