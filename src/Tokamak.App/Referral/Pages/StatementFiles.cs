using Tokamak.App.Access;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>Statements as files to keep: a clerk's, and all of a period; PDF and CSV. Their names say whose and of when.</summary>
public static class StatementFiles
{
    private const string Pdf = "application/pdf", Csv = "text/csv; charset=utf-8";

    public static void Map(WebApplication app)
    {
        app.MapGet("/clerks/{Id}/statement.pdf", (Delegate)(static Task<IResult> (HttpContext request) => ClerkAsync(request, "pdf"))).WithMetadata(new ReadsBooks());
        app.MapGet("/clerks/{Id}/statement.csv", (Delegate)(static Task<IResult> (HttpContext request) => ClerkAsync(request, "csv"))).WithMetadata(new ReadsBooks());
        app.MapGet("/statements.pdf", (Delegate)(static Task<IResult> (HttpContext request) => PeriodAsync(request, "pdf"))).WithMetadata(new ReadsBooks());
        app.MapGet("/statements.csv", (Delegate)(static Task<IResult> (HttpContext request) => PeriodAsync(request, "csv"))).WithMetadata(new ReadsBooks());
    }

    private static async Task<IResult> ClerkAsync(HttpContext request, string form)
    {
        var (books, t, show) = Of(request);
        var (staff, stop) = (new StaffId(Links.IdOf(request, after: 1)), request.RequestAborted);
        if (!books.MaySee(staff)) return Results.NotFound();
        var month = (await books.MonthsAsync(stop)).Figures.Choose(request.Request.Query["month"], afterTheSalesToo: true);
        if (await books.StatementAsync(staff, month, StatementPart.Whole, stop) is not { } statement) return Results.NotFound();

        var printed = new PrintedStatement(statement, StoreOf(books.Roster, staff, month, books.Zone));
        var kept = request.RequestServices.GetRequiredService<Audit>();
        if (Visit.Of(request).Viewer?.Staff != staff) await kept.WriteAsync(request, AuditKind.StatementsExported, staff.Value, month.ToString());
        var name = $"statement-{month}-{staff}.{form}";
        if (form == "pdf") return Results.File(new StatementPaper(t, show).Write(printed, await OriginAsync(request, books, month, staff)), Pdf, name);
        return Results.Stream(to => new StatementSheet(books.Names, t, show).WriteAsync(to, printed, stop), Csv, name);
    }

    private static async Task<IResult> PeriodAsync(HttpContext request, string form)
    {
        var (books, t, show) = Of(request);
        var stop = request.RequestAborted;
        if (!books.Scope.SeesAll) return Results.NotFound();
        var figures = (await books.MonthsAsync(stop)).Figures;
        var month = figures.Choose(request.Request.Query["month"], afterTheSalesToo: true);
        List<ListedStatement> rows =
        [
            .. figures.StaffStatements(month).OrderBy(row => row.Staff).Select(row => new ListedStatement(row, StoreOf(books.Roster, row.Staff!.Value, month, books.Zone))),
            .. figures.StoreStatements(month).OrderBy(row => row.Store).Select(row => new ListedStatement(row, row.Store)),
        ];
        await request.RequestServices.GetRequiredService<Audit>().WriteAsync(request, AuditKind.StatementsExported, "/statements", month.ToString());
        var name = $"statements-{month}.{form}";
        if (form == "csv") return Results.Stream(to => new StatementSheet(books.Names, t, show).WriteAsync(to, rows.ToAsyncEnumerable(), stop), Csv, name);
        var versions = figures.Earnings.Where(row => row.Period == month).Select(row => books.Policy.SettlingMonth(row.SaleMonth).Version).Distinct().ToList();
        return Results.File(new PeriodPaper(t, show).Write(month, rows, versions, await OriginAsync(request, books, month, null)), Pdf, name);
    }

    private static async Task<PaperOrigin> OriginAsync(HttpContext request, OpenBooks books, Month month, StaffId? staff) => new(
        books.Names, new Instant(request.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcTicks), books.Zone, await books.FrozenHashAsync(month, staff, request.RequestAborted));

    /// <summary>Where the clerk works at the end of the period, or worked last by then.</summary>
    private static StoreId? StoreOf(Roster roster, StaffId staff, Month month, Zone zone) =>
        roster.Find(staff)?.At(new Instant(zone.InstantOf(month.Next.FirstDay.ToDateTime(TimeOnly.MinValue)).Ticks - 1))?.Store;

    private static (OpenBooks, Texts, Show) Of(HttpContext request) =>
        (request.RequestServices.GetRequiredService<OpenBooks>(), request.RequestServices.GetRequiredService<Texts>(), request.RequestServices.GetRequiredService<Show>());
}
