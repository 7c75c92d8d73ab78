using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Own;

/// <summary>What is held about a person, as files to take along: for themselves, and for the office on their behalf.</summary>
internal static class DataFiles
{
    public static void Map(Microsoft.AspNetCore.Builder.WebApplication app)
    {
        app.MapGet("/my/data.json", (Delegate)(static Task<IResult> (HttpContext request) => OwnAsync(request, "json")));
        app.MapGet("/my/data.html", (Delegate)(static Task<IResult> (HttpContext request) => OwnAsync(request, "html")));
        app.MapGet("/members/{Id}/data.json", (Delegate)(static Task<IResult> (HttpContext request) => OfOfficeAsync(request, "json")));
        app.MapGet("/members/{Id}/data.html", (Delegate)(static Task<IResult> (HttpContext request) => OfOfficeAsync(request, "html")));
    }

    private static Task<IResult> OwnAsync(HttpContext request, string form) => Task.FromResult(FileOf(request, Visit.Of(request).Member!.Value, form));

    private static async Task<IResult> OfOfficeAsync(HttpContext request, string form)
    {
        var (member, stop) = (new MemberId(Links.IdOf(request, after: 1)), request.RequestAborted);
        if (member.Value.Any(char.IsControl)) return Results.NotFound();
        await using (var turn = await (await DatabaseAsync(request)).BeginReadAsync(stop))
            if (await KeyHolders.RootOfAsync(turn, member, stop) is null) return Results.NotFound();
        await request.RequestServices.GetRequiredService<Audit>().WriteAsync(request, AuditKind.PersonalDataExported, member.Value);
        return FileOf(request, member, form);
    }

    /// <summary>Written as it is read, however long the history.</summary>
    private static IResult FileOf(HttpContext request, MemberId member, string form) => Results.Stream(
        async to =>
        {
            var (stop, now) = (request.RequestAborted, new Instant(request.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcTicks));
            await using var turn = await (await DatabaseAsync(request)).BeginReadAsync(stop);
            if (form == "json") await ExportMember.JsonAsync(turn, member, now, to, stop);
            else await ExportMember.HtmlAsync(turn, member, request.RequestServices.GetRequiredService<Texts>(), now, to, stop);
        },
        form == "json" ? "application/json" : "text/html; charset=utf-8", $"member-data.{form}");

    private static Task<BrandDatabase> DatabaseAsync(HttpContext request) =>
        request.RequestServices.GetRequiredService<BookShelf>().Databases.BrandAsync(Visit.Of(request).Brand, request.RequestAborted);
}
