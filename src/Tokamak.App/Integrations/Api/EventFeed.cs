using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Referral.Reading;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// <c>GET /api/v1/events?after=CURSOR&amp;limit=N</c>: what was posted, each once and in order. Who asks again with the cursor of
/// the last answer misses nothing. What tells of pay is left out for keys that may not read it.
/// </summary>
public sealed class EventFeed(BookShelf shelf)
{
    public async Task AnswerAsync(HttpContext request)
    {
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        if (PageAsked.Of(request, out var wrong) is not { } asked || !asked.IsAfterNumber(out var after))
        {
            await (wrong ?? PageAsked.WrongCursor).ExecuteAsync(request);
            return;
        }
        await using var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginReadAsync(stop);
        var known = await shelf.KnownAsync(turn, visit.Brand!, stop);
        // One from before a backup was restored: to wait until the books have come so far again would miss what they post until then.
        if (after > known.Mark.Postings)
        {
            await PageAsked.WrongCursor.ExecuteAsync(request);
            return;
        }
        var page = await ReadEvents.RunAsync(turn, after, long.MaxValue, visit.Key!.May(ApiScope.Pay) ? ReadEvents.All : ReadEvents.WithoutPay, asked.Limit, stop);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            EventJson.WriteCurrency(json, known.Currency);
            EventJson.WriteEvents(json, page.Events);
            json.WriteString("next"u8, Cursor.Of(page.Next));
            json.WriteBoolean("more"u8, page.HasMore);
        });
    }
}
