using System.Text;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What came of a simulation as files to keep: all of it as JSON, and the clerks as CSV.</summary>
public static class SimulationDownloads
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/simulations/{Id}/result.json", (Delegate)(static Task<IResult> (HttpContext request) => AnswerAsync(request, "json", json => json))).WithMetadata(new ReadsBooks());
        app.MapGet("/simulations/{Id}/clerks.csv", (Delegate)(static Task<IResult> (HttpContext request) => AnswerAsync(request, "csv", json => SimulationOutput.ClerksCsv(SimulationOutput.OfJson(json).Report)))).WithMetadata(new ReadsBooks());
    }

    private static async Task<IResult> AnswerAsync(HttpContext request, string form, Func<string, string> write)
    {
        var books = request.RequestServices.GetRequiredService<OpenBooks>();
        var id = Links.IdOf(request, after: 1);
        if (await Simulations.FindAsync(books.Turn, id, request.RequestAborted) is not { State: SimulationState.Done, Result: { } json }) return Results.NotFound();
        await request.RequestServices.GetRequiredService<Audit>().WriteAsync(request, AuditKind.PayRead, $"/simulations/{id}", form);
        return Results.File(Encoding.UTF8.GetBytes(write(json)), form == "json" ? "application/json" : "text/csv; charset=utf-8", $"simulation-{id}.{form}");
    }
}
