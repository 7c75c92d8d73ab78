using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

/// <summary>The codes of a batch as CSV, once: made as they are written, so that a million take no more memory than a few. What breaks off on the way may be taken again.</summary>
public static class CouponFiles
{
    public static void Map(WebApplication app) => app.MapPost("/coupons/{Id}/batches/{Number}/codes.csv", (RequestDelegate)SendAsync);

    private static async Task SendAsync(HttpContext request)
    {
        if (!await request.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(request))
        {
            request.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        var (series, now) = ((string)request.GetRouteValue("Id")!, new Instant(request.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcTicks));
        var database = await request.RequestServices.GetRequiredService<Databases>().BrandAsync(visit.Brand, stop);
        if (await TakeAsync(database, series, (string)request.GetRouteValue("Number")!, visit.Viewer!.Account.ToString(), now, stop) is not { } batch)
        {
            request.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        try
        {
            await request.RequestServices.GetRequiredService<Audit>().WriteAsync(request, AuditKind.CouponCodesTaken, series, string.Create(CultureInfo.InvariantCulture, $"{batch.Number}"));
            request.Response.ContentType = "text/csv; charset=utf-8";
            request.Response.Headers.ContentDisposition = $"attachment; filename=\"coupons-{series}-{batch.Number}.csv\"";
            await WriteAsync(request.Response.Body, database, batch, stop);
        }
        catch
        {
            await using var turn = await database.BeginWriteAsync(CancellationToken.None);
            await IssueCodes.PutBackAsync(turn, batch, CancellationToken.None);
            await turn.CommitAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task<CouponBatchRow?> TakeAsync(BrandDatabase database, string series, string number, string by, Instant now, CancellationToken stop)
    {
        if (!SeriesRules.IsId(series) || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var batch)) return null;
        await using var turn = await database.BeginWriteAsync(stop);
        var taken = await IssueCodes.TakeAsync(turn, series, batch, by, now, stop);
        await turn.CommitAsync(stop);
        return taken;
    }

    /// <summary>Ids and codes are letters, digits and hyphens: nothing in them is a formula or needs a quotation mark.</summary>
    public static async Task WriteAsync(Stream to, BrandDatabase database, CouponBatchRow batch, CancellationToken stop)
    {
        await to.WriteAsync("code,series\r\n"u8.ToArray(), stop);
        await foreach (var part in IssueCodes.CodesAsync(database, batch, stop))
        {
            var lines = new StringBuilder(part.Count * 32);
            foreach (var code in part) lines.Append(code.Shown).Append(',').Append(batch.Series).Append("\r\n");
            await to.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()), stop);
        }
        await to.FlushAsync(stop);
    }
}
