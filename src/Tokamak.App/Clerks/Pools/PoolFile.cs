using System.Globalization;
using CsvHelper;
using Tokamak.App.Access;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Clerks.Pools;

/// <summary>What every store's people receive of a period's pools, as CSV for payroll: the division that counts of each store, its heads the same in every language.</summary>
public static class PoolFile
{
    private static readonly string[] Heads = ["period", "store", "staff", "amount", "way", "decided_at"];

    public static void Map(WebApplication app) => app.MapGet("/pools.csv", (Delegate)(static Task<IResult> (HttpContext request) => GetAsync(request))).WithMetadata(new ReadsBooks());

    private static async Task<IResult> GetAsync(HttpContext request)
    {
        var (books, show, stop) = (request.RequestServices.GetRequiredService<OpenBooks>(), request.RequestServices.GetRequiredService<Show>(), request.RequestAborted);
        if (!books.Scope.SeesAll || books.PolicyOrNone is null) return Results.NotFound();
        var months = await books.MonthsAsync(stop);
        var month = Month.TryParse(request.Request.Query["month"], out var asked) ? asked : months.LastClosed ?? months.Figures.LastFull;
        var shares = await ReadPools.OfPeriodAsync(books.Turn, books.Scope, month, stop);
        await request.RequestServices.GetRequiredService<Audit>().WriteAsync(request, AuditKind.StatementsExported, "/pools", month.ToString());
        var (zone, decimals) = (books.Zone, show.Currency.Decimals);
        return Results.Stream(to => WriteAsync(to, shares, zone, decimals, stop), "text/csv; charset=utf-8", $"pools-{month}.csv");
    }

    private static async Task WriteAsync(Stream to, IReadOnlyList<PoolShare> shares, Zone zone, int decimals, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(to, new CsvWriterOptions { WriteByteOrderMark = true, NewLine = "\r\n", Injection = CsvInjection.None }, leaveOpen: true);
        await csv.WriteRecordAsync(Heads, stop);
        foreach (var share in shares)
            await csv.WriteRecordAsync(
            [
                share.Period.ToString(), SheetCell.Text(share.Store.Value), SheetCell.Text(share.Staff.Value), SheetCell.Amount(share.Amount, decimals),
                PoolWords.Code(share.Way), MomentOf(share.DecidedAt, zone),
            ], stop);
        await csv.FlushAsync(stop);
    }

    private static string MomentOf(Instant at, Zone zone)
    {
        var offset = TimeSpan.FromSeconds(zone.OffsetSecondsAt(at));
        return new DateTimeOffset(at.Ticks, TimeSpan.Zero).ToOffset(offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }
}
