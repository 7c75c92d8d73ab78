using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.App.Web.Outgoing;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>The API by which receivers come, are looked at, tried, sent anew, given another secret, and go.</summary>
public sealed class WebhookRoutes(BookShelf shelf, WebhookSender sender, WebhookPost post, WebhookRules rules, Audit audit, BodyRoom room, TimeProvider time)
{
    /// <summary>Receivers of one brand at most.</summary>
    public const int MostOfBrand = 20;

    private const int MostLettersOfUrl = 2000, IdBytes = 8;

    /// <summary>So long the secret before holds beside a new one.</summary>
    private static readonly TimeSpan BothHold = TimeSpan.FromDays(1);

    /// <summary>What was asked to be made; or what is wrong with it.</summary>
    private sealed record Asked(string Url, IReadOnlyList<EventType> Types, bool Pay, long? After);

    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<WebhookRoutes>();
        app.MapGet($"{root}/webhooks", routes.ListAsync);
        app.MapPost($"{root}/webhooks", routes.MakeAsync);
        app.MapGet($"{root}/webhooks/{{id}}", routes.ShowAsync);
        app.MapDelete($"{root}/webhooks/{{id}}", routes.DeleteAsync);
        app.MapPost($"{root}/webhooks/{{id}}/secret", routes.ChangeSecretAsync);
        app.MapPost($"{root}/webhooks/{{id}}/test", routes.TestAsync);
        app.MapPost($"{root}/webhooks/{{id}}/replay", routes.ReplayAsync);
    }

    private async Task MakeAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "url", "types", "pay", "after") is not { } read) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        if (Read(read, out var wrong) is not { } asked)
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-webhook", wrong);
            return;
        }
        if (asked.Pay && !visit.Key!.May(ApiScope.Pay))
        {
            await Problem.WriteAsync(request, StatusCodes.Status403Forbidden, "no-scope", $"The key '{visit.Key.Name}' may not read pay, and so not have it sent; make a key with that scope, or leave 'pay' out.");
            return;
        }
        WebhookRow row;
        await using (var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop))
        {
            var last = await ReadEvents.LastAsync(turn, stop);
            if (asked.After > last)
            {
                await PageAsked.WrongCursor.ExecuteAsync(request);
                return;
            }
            if (await turn.CountAsync("select count(*) from webhook", stop) >= MostOfBrand)
            {
                await Problem.WriteAsync(request, StatusCodes.Status409Conflict, "too-many", $"A brand has {MostOfBrand} webhooks at most; delete one that is not needed any more.");
                return;
            }
            row = new WebhookRow
            {
                Id = "wh" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), Url = asked.Url, Types = WebhookMessage.TypesText(asked.Types), Pay = asked.Pay, MadeBy = visit.Key!.Id,
                CreatedAtTicks = time.GetUtcNow().UtcTicks, Secret = SigningSecret.Make(), CursorSeq = asked.After ?? last,
            };
            await turn.InsertAsync([row], stop);
            await turn.CommitAsync(stop);
        }
        await audit.WriteAsync(request, AuditKind.WebhookMade, row.Id, $"API {visit.Key.Name}");
        sender.Wake(visit.Brand!);
        request.Response.Headers.Location = $"{ApiRoutes.Root}/webhooks/{row.Id}";
        await ApiJson.AnswerAsync(request, StatusCodes.Status201Created, json =>
        {
            Fields(json, row, null);
            json.WriteString("secret"u8, row.Secret);
        });
    }

    private async Task ListAsync(HttpContext request)
    {
        var stop = request.RequestAborted;
        List<WebhookRow> rows;
        long last;
        await using (var turn = await (await DatabaseAsync(Visit.Of(request), stop)).BeginReadAsync(stop))
        await using (var books = turn.Books())
        {
            rows = await books.Webhooks.OrderBy(row => row.CreatedAtTicks).ThenBy(row => row.Id).ToListAsync(stop);
            last = await ReadEvents.LastAsync(turn, stop);
        }
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("webhooks"u8);
            foreach (var row in rows)
            {
                json.WriteStartObject();
                Fields(json, row, last);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async Task ShowAsync(HttpContext request)
    {
        var stop = request.RequestAborted;
        WebhookRow? row;
        long last;
        await using (var turn = await (await DatabaseAsync(Visit.Of(request), stop)).BeginReadAsync(stop)) (row, last) = (await FindAsync(turn, request), await ReadEvents.LastAsync(turn, stop));
        if (row is null) await MissingAsync(request);
        else await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => Fields(json, row, last));
    }

    private async Task DeleteAsync(HttpContext request)
    {
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, IdOf(request));
        await using (var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop))
        {
            if (id is null || await turn.DeleteAsync<WebhookRow>("id", [id], stop) == 0)
            {
                await MissingAsync(request);
                return;
            }
            await turn.CommitAsync(stop);
        }
        await audit.WriteAsync(request, AuditKind.WebhookDeleted, id, $"API {visit.Key!.Name}");
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ChangeSecretAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room) is null) return;
        var until = time.GetUtcNow() + BothHold;
        if (await ChangeAsync(request, row => row with { Secret = SigningSecret.Make(), OldSecret = row.Secret, OldUntilTicks = until.UtcTicks }) is not { } changed) return;
        await audit.WriteAsync(request, AuditKind.WebhookSecretChanged, changed.Id, $"API {Visit.Of(request).Key!.Name}");
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("id"u8, changed.Id);
            json.WriteString("secret"u8, changed.Secret);
            json.WriteString("oldSecretUntil"u8, new Instant(until.UtcTicks).ToString());
        });
    }

    private async Task TestAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room) is null) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        WebhookRow? row;
        await using (var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop)) row = await FindAsync(turn, request);
        if (row is null)
        {
            await MissingAsync(request);
            return;
        }
        var ping = WebhookMessage.Ping(row, visit.Brand!, time.GetUtcNow().UtcTicks);
        var outcome = await post.SendAsync(row, ping.Id, ping.Body, stop);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteBoolean("arrived"u8, outcome.HasArrived);
            Outcome(json, outcome.Status, outcome.Fault);
        });
    }

    private async Task ReplayAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "after") is not { } read) return;
        long? from = null;
        if (read.TryGetProperty("after", out _))
        {
            if (ApiJson.TextOf(read, "after", MostLettersOfUrl) is not { } cursor || !Cursor.TryRead(cursor, out var number))
            {
                await PageAsked.WrongCursor.ExecuteAsync(request);
                return;
            }
            from = number;
        }
        await using (var look = await (await DatabaseAsync(Visit.Of(request), request.RequestAborted)).BeginReadAsync(request.RequestAborted))
            if (from > await ReadEvents.LastAsync(look, request.RequestAborted))
            {
                await PageAsked.WrongCursor.ExecuteAsync(request);
                return;
            }
        if (await ChangeAsync(request, row => WebhookProgress.Replayed(row, from)) is not { } changed) return;
        await audit.WriteAsync(request, AuditKind.WebhookReplayed, changed.Id, $"API {Visit.Of(request).Key!.Name}");
        sender.Wake(Visit.Of(request).Brand!);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => Fields(json, changed, null));
    }

    /// <returns>Null: there is none, and it was answered.</returns>
    private async Task<WebhookRow?> ChangeAsync(HttpContext request, Func<WebhookRow, WebhookRow> change)
    {
        var stop = request.RequestAborted;
        await using (var turn = await (await DatabaseAsync(Visit.Of(request), stop)).BeginWriteAsync(stop))
        {
            if (await FindAsync(turn, request) is { } row)
            {
                var changed = change(row);
                await turn.UpsertAsync<WebhookRow>([changed], stop);
                await turn.CommitAsync(stop);
                return changed;
            }
        }
        await MissingAsync(request);
        return null;
    }

    private Asked? Read(JsonElement read, out string wrong)
    {
        wrong = $"'url' is an address of at most {MostLettersOfUrl} letters that begins with https:// and has no user name, password or '#'.";
        if (ApiJson.TextOf(read, "url", MostLettersOfUrl) is not { } text || !Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || (rules.AllowsPrivate && url.Scheme == Uri.UriSchemeHttp))
            || url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.IdnHost.Length == 0) return null;
        wrong = "'url' leads to an address inside a network, which is never sent to; take one of the open Internet.";
        if (!rules.AllowsPrivate && IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddress.Is(address)) return null;
        wrong = "'pay' is true or false.";
        var pay = read.TryGetProperty("pay", out var asked) && asked.ValueKind == JsonValueKind.True;
        if (!pay && asked.ValueKind is not (JsonValueKind.False or JsonValueKind.Undefined)) return null;
        wrong = $"'types' is a list of some of {string.Join(", ", EventJson.Types.Keys)}; without 'pay', not of commission.posted and bounty.posted. Left out, it is all.";
        List<EventType> types = [];
        if (read.TryGetProperty("types", out var list))
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 100) return null;
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String || EventJson.Types.Where(type => item.ValueEquals(type.Key)).Select(type => (EventType?)type.Value).SingleOrDefault() is not { } type || (!pay && ReadEvents.OfPay.Contains(type))) return null;
                types.Add(type);
            }
        }
        wrong = "'after' is no cursor of the feed: send back the 'next' of an answer as it is, or leave it out to begin with what is posted from now on.";
        long? after = null;
        if (read.TryGetProperty("after", out _))
        {
            if (ApiJson.TextOf(read, "after", MostLettersOfUrl) is not { } cursor || !Cursor.TryRead(cursor, out var number)) return null;
            after = number;
        }
        return new Asked(url.AbsoluteUri, types, pay, after);
    }

    private static void Fields(Utf8JsonWriter json, WebhookRow row, long? last)
    {
        json.WriteString("id"u8, row.Id);
        json.WriteString("url"u8, row.Url);
        json.WriteStartArray("types"u8);
        foreach (var type in WebhookMessage.TypesOf(row).Order()) json.WriteStringValue(EventJson.NameOf(type));
        json.WriteEndArray();
        json.WriteBoolean("pay"u8, row.Pay);
        json.WriteString("madeBy"u8, row.MadeBy);
        json.WriteString("createdAt"u8, new Instant(row.CreatedAtTicks).ToString());
        json.WriteString("state"u8, row.State switch
        {
            WebhookState.Active => "active",
            WebhookState.Paused => "paused",
            WebhookState.Disabled => "disabled",
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.State, null),
        });
        if (NoticeOf(row) is { } notice) json.WriteString("notice"u8, notice);
        json.WriteString("after"u8, Cursor.Of(row.CursorSeq));
        if (last is { } number) json.WriteNumber("behind"u8, Math.Max(0, number - row.CursorSeq));
        json.WriteNumber("attempts"u8, row.Attempts);
        Moment(json, "failingSince", row.FailingSinceTicks);
        if (row is { State: WebhookState.Active, NextTryTicks: > 0 }) Moment(json, "nextTry", row.NextTryTicks);
        Moment(json, "lastTry", row.LastTryTicks);
        Outcome(json, row.LastStatus, row.LastFault);
        Moment(json, "arrivedAt", row.ArrivedAtTicks);
    }

    private static string? NoticeOf(WebhookRow row) => row.State switch
    {
        WebhookState.Paused => $"Paused: it failed for {WebhookProgress.FailsAtMost.Days} days. Mend the receiver, then POST …/replay goes on from where it stands.",
        WebhookState.Disabled => "Disabled: the receiver answered 410 Gone. POST …/replay goes on all the same, DELETE takes it away.",
        _ => null,
    };

    private static void Outcome(Utf8JsonWriter json, int? status, string? fault)
    {
        if (status is { } answered) json.WriteNumber("lastStatus"u8, answered);
        if (fault is not null) json.WriteString("lastFault"u8, fault);
    }

    private static void Moment(Utf8JsonWriter json, string name, long? ticks)
    {
        if (ticks is { } at) json.WriteString(name, new Instant(at).ToString());
    }

    private static string? IdOf(HttpContext request) => request.GetRouteValue("id") is string id && id.All(char.IsAsciiLetterOrDigit) ? id : null;

    private static async Task<WebhookRow?> FindAsync(Turn turn, HttpContext request)
    {
        if (IdOf(request) is not { } id) return null;
        await using var books = turn.Books();
        return await books.Webhooks.SingleOrDefaultAsync(row => row.Id == id, request.RequestAborted);
    }

    private Task<BrandDatabase> DatabaseAsync(Visit visit, CancellationToken stop) => shelf.Databases.BrandAsync(visit.Brand, stop);

    private static Task MissingAsync(HttpContext request) => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "no-webhook", "There is no webhook of this id; GET /api/v1/webhooks lists them.");
}
