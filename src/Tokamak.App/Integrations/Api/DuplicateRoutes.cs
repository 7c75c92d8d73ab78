using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Members.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// Members who may be one person, and what is decided of them, for an office that works in another system. A merge is a fact like any
/// other: its void takes it back.
/// </summary>
public sealed class DuplicateRoutes(BookShelf shelf, IDataProtectionProvider protection, Audit audit, BodyRoom room, TimeProvider time)
{
    private readonly SealedPlace _places = new(protection);

    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<DuplicateRoutes>();
        app.MapGet($"{root}/duplicates", routes.ListAsync);
        app.MapPost($"{root}/duplicates/merge", routes.MergeAsync);
        app.MapPost($"{root}/duplicates/two-people", routes.AreTwoAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task ListAsync(HttpContext request)
    {
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        var page = PageAsked.Of(request, out var wrong);
        var place = page?.After is { } after ? _places.Read(after) : null;
        if (page is null || (page.After is not null && place is null))
        {
            await (wrong ?? PageAsked.WrongCursor).ExecuteAsync(request);
            return;
        }
        await using var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginReadAsync(stop);
        var (pairs, next) = await LikelySame.RunAsync(turn, place, page.Limit, stop);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("pairs"u8);
            foreach (var pair in pairs) Write(json, pair);
            json.WriteEndArray();
            if (next is { } key) json.WriteString("next"u8, Cursor.Of(_places.Of(key)));
        });
    }

    private static void Write(Utf8JsonWriter json, LikelyPair pair)
    {
        json.WriteStartObject();
        json.WriteString("one"u8, pair.One.Value);
        json.WriteString("other"u8, pair.Other.Value);
        json.WriteStartArray("shared"u8);
        foreach (var kind in pair.Because.Shared.Select(key => key.Kind).Distinct()) json.WriteStringValue(MemberJson.NameOf(kind));
        json.WriteEndArray();
        json.WriteBoolean("oneProved"u8, pair.Because.OneProved);
        json.WriteBoolean("sameName"u8, pair.Because.SameName);
        if (pair.Because.SameBirthday is { } same) json.WriteBoolean("sameBirthday"u8, same);
        json.WriteEndObject();
    }

    private async Task MergeAsync(HttpContext request)
    {
        if (await ReadAsync(request, "one", "other") is not var (_, one, other)) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        await using var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginWriteAsync(stop);
        var merged = await MergeMembers.RunAsync(turn, one, other, $"key {visit.Key!.Id}", Now, stop);
        switch (merged.Outcome)
        {
            case MergeOutcome.Done:
                await turn.CommitAsync(CancellationToken.None);
                await audit.WriteAsync(request, AuditKind.MembersMerged, one.Value, other.Value);
                break;
            case MergeOutcome.NothingToDo: break;
            case MergeOutcome.Unknown:
                await MissingAsync(request);
                return;
            default:
                await Problem.WriteAsync(
                    request, StatusCodes.Status409Conflict, "not-merged",
                    merged.Outcome == MergeOutcome.Erasing ? "One of them was erased, or has asked to be: nobody is made part of that. If they want to stay, take the request back first." : $"The books cannot take this merge: {merged.Reason}");
                return;
        }
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => json.WriteString("member"u8, merged.Member!.Value.Value));
    }

    private async Task AreTwoAsync(HttpContext request)
    {
        if (await ReadAsync(request, "one", "other", "reason") is not var (read, one, other)) return;
        if (ApiJson.TextOf(read, "reason", MergeMembers.MostLettersOfReason) is not { } reason)
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-reason", $"'reason' says on one line of at most {MergeMembers.MostLettersOfReason} letters how you know that they are two.");
            return;
        }
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        await using var turn = await (await shelf.Databases.BrandAsync(visit.Brand, stop)).BeginWriteAsync(stop);
        if (!await MergeMembers.AreTwoAsync(turn, one, other, $"key {visit.Key!.Id}", reason, Now, stop))
        {
            await MissingAsync(request);
            return;
        }
        await turn.CommitAsync(CancellationToken.None);
        await audit.WriteAsync(request, AuditKind.MembersAreTwo, one.Value, other.Value);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => json.WriteBoolean("two"u8, true));
    }

    private async Task<(JsonElement Read, MemberId One, MemberId Other)?> ReadAsync(HttpContext request, params IReadOnlyList<string> fields)
    {
        if (await ApiJson.ReadAsync(request, room, fields) is not { } read) return null;
        if (IdOf(read, "one") is { } one && IdOf(read, "other") is { } other && one != other) return (read, one, other);
        await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-member", "'one' and 'other' are the ids of two members.");
        return null;
    }

    private static MemberId? IdOf(JsonElement read, string field) => ApiJson.TextOf(read, field, FactForm.MaxIdLength) is { } id && FactForm.IsId(id) ? new MemberId(id) : null;

    private static Task MissingAsync(HttpContext request) => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "Nobody has heard of one of these members, or they were erased.");
}
