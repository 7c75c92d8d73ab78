using System.Globalization;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// Facts that were taken and cannot count yet: <c>GET /api/v1/parked</c> says what each waits for and since when, and
/// <c>POST /api/v1/parked/{id}/dismiss</c> with <c>{"reason": "…"}</c> lets one go for ever.
/// </summary>
public sealed class ParkedFeed(BookShelf shelf, Audit audit, BodyRoom room, TimeProvider time)
{
    public async Task ListAsync(HttpContext request)
    {
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        if (PageAsked.Of(request, out var wrong) is not { } asked || !IsPlace(asked.After, out var afterTicks, out var afterId))
        {
            await (wrong ?? PageAsked.WrongCursor).ExecuteAsync(request);
            return;
        }
        List<ParkedRow> rows;
        await using (var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginReadAsync(stop)) rows = await ReadParked.WaitingAsync(turn, afterTicks, afterId, asked.Limit + 1, stop);
        var page = rows.Take(asked.Limit).ToList();
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("parked"u8);
            foreach (var row in page) Write(json, row);
            json.WriteEndArray();
            if ((page.Count > 0 ? PlaceOf(page[^1]) : asked.After) is { } next) json.WriteString("next"u8, Cursor.Of(next));
            json.WriteBoolean("more"u8, rows.Count > asked.Limit);
        });
    }

    public async Task DismissAsync(HttpContext request)
    {
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request, after: 1));
        if (await ApiJson.ReadAsync(request, room, "reason") is not { } read) return;
        if (ApiJson.TextOf(read, "reason", ParkedFacts.MostLettersOfReason) is not { } reason)
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-reason", $"Say in 'reason' why the fact shall never count, in 1 to {ParkedFacts.MostLettersOfReason} letters without line breaks.");
            return;
        }
        var outcome = await DismissAsync(visit, id, reason, stop);
        if (outcome == DismissOutcome.Unknown)
        {
            await Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-parked", "No fact of this id waits; it may count by now: send it again, and the answer says so.");
            return;
        }
        if (outcome == DismissOutcome.Done) await audit.WriteAsync(request, AuditKind.FactDismissed, id, $"API {visit.Key!.Name}");
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("id"u8, id);
            json.WriteString("status"u8, "dismissed"u8);
        });
    }

    private async Task<DismissOutcome> DismissAsync(Visit visit, string id, string reason, CancellationToken stop)
    {
        if (id.Any(char.IsControl)) return DismissOutcome.Unknown;
        await using var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginWriteAsync(stop);
        var outcome = await ParkedFacts.DismissAsync(turn, id, $"key {visit.Key!.Id}", reason, new Instant(time.GetUtcNow().UtcTicks), stop);
        if (outcome == DismissOutcome.Done) await turn.CommitAsync(stop);
        return outcome;
    }

    private static string PlaceOf(ParkedRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.SinceTicks} {row.Id}");

    private static bool IsPlace(string? place, out long ticks, out string id)
    {
        (ticks, id) = (-1, "");
        if (place is null) return true;
        if (place.Split(' ', 2) is not [var at, var of] || of.Any(char.IsControl) || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out ticks)) return false;
        id = of;
        return true;
    }

    private static void Write(Utf8JsonWriter json, ParkedRow row)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, row.Id);
        json.WriteString("since"u8, new Instant(row.SinceTicks).ToString());
        var waits = row.WaitsFor.Split(' ', 2);
        json.WriteStartObject("waitsFor"u8);
        json.WriteString("kind"u8, waits[0]);
        if (waits.Length > 1) json.WriteString("name"u8, waits[1]);
        json.WriteEndObject();
        json.WriteString("reason"u8, row.Reason);
        if (row.Sender is { } sender) json.WriteString("sender"u8, sender);
        json.WritePropertyName("fact"u8);
        json.WriteRawValue(row.Body, skipInputValidation: true);
        json.WriteEndObject();
    }
}
