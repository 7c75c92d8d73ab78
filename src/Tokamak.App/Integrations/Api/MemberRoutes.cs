using System.Globalization;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// The API by which tills, shops and apps make members and recognise them. Keys stand in bodies, never in addresses, which every log
/// keeps. Names and keys are masked unless the caller's key may read personal data, which the audit log then says.
/// </summary>
public sealed class MemberRoutes(BookShelf shelf, MemberQr codes, Audit audit, BodyRoom room, TimeProvider time)
{
    private const int MostLettersOfCode = 1000;

    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<MemberRoutes>();
        app.MapGet($"{root}/members", routes.ListAsync);
        app.MapPost($"{root}/members", routes.JoinAsync);
        app.MapPost($"{root}/members/lookup", routes.FindAsync);
        app.MapGet($"{root}/members/{{id}}", routes.ShowAsync);
        app.MapPatch($"{root}/members/{{id}}", routes.CorrectAsync);
        app.MapPost($"{root}/members/{{id}}/keys", routes.AddKeysAsync);
        app.MapPost($"{root}/members/{{id}}/consents", routes.SayAsync);
        app.MapPost($"{root}/members/{{id}}/qr", routes.CodeAsync);
        app.MapGet($"{root}/members/{{id}}/data", routes.DataAsync);
        app.MapPost($"{root}/members/{{id}}/erasure", routes.EraseAsync);
        app.MapDelete($"{root}/members/{{id}}/erasure", routes.KeepAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task ListAsync(HttpContext request)
    {
        var (visit, stop, query) = (Visit.Of(request), request.RequestAborted, request.Request.Query);
        if (PageAsked.Of(request, out var wrong) is not { } page)
        {
            await wrong!.ExecuteAsync(request);
            return;
        }
        var place = page.After is null ? null : MemberPlace.Parse(page.After);
        var (channel, store) = (query["channel"].ToString(), query["store"].ToString());
        if (page.After is not null && place is null) wrong = PageAsked.WrongCursor;
        else if (store.Length > 0 && !FactForm.IsId(store)) wrong = Refusal.WrongQuery("'store' is an id, as facts name it.");
        else if (channel.Length > 0 && MemberJson.ChannelOf(channel) is null) wrong = Refusal.WrongQuery("'channel' is one of store, web, app, clerk, import and system.");
        if (wrong is not null)
        {
            await wrong.ExecuteAsync(request);
            return;
        }
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop);
        var search = new MemberSearch(Channel: MemberJson.ChannelOf(channel), Store: store.Length > 0 ? new StoreId(store) : null);
        var listed = await ListMembers.RunAsync(turn, search, place, null, page.Limit, stop);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => MemberJson.Write(json, listed));
    }

    private async Task JoinAsync(HttpContext request)
    {
        if (await ReadAsync(request, "keys", "channel", "name", "birthday", "language", "store", "staff", "consents", "evenSo") is not { } read) return;
        var visit = Visit.Of(request);
        await using var turn = await (await DatabaseAsync(visit, request.RequestAborted)).BeginWriteAsync(request.RequestAborted);
        List<Fault> faults = [];
        var joining = MemberJson.Joining(read, await Regions.OfAsync(turn, request.RequestAborted), faults);
        if (await IsWrongAsync(request, faults) || await MayNotVouchAsync(request, joining.Keys)) return;
        var joined = await JoinMember.RunAsync(turn, joining, MemberIds.Fresh(), By(visit), Now, request.RequestAborted);
        if (joined.Member is not { } member)
        {
            var names = await FindMembers.NamesAsync(turn, joined.MayBe, request.RequestAborted);
            await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
            {
                json.WriteString("outcome"u8, "ask"u8);
                WriteMayBe(json, joined.MayBe, names);
            });
            return;
        }
        await turn.CommitAsync(CancellationToken.None);
        if (joined.Outcome != JoinOutcome.Known) await audit.WriteAsync(request, AuditKind.MemberJoined, member.Value, $"API {visit.Key!.Name}");
        await ApiJson.AnswerAsync(request, joined.Outcome == JoinOutcome.Known ? StatusCodes.Status200OK : StatusCodes.Status201Created, json =>
        {
            json.WriteString("outcome"u8, joined.Outcome == JoinOutcome.Known ? "known"u8 : "new"u8);
            json.WriteString("member"u8, member.Value);
            json.WriteNumber("mayBe"u8, joined.MayBe.Count);
        });
    }

    private static void WriteMayBe(Utf8JsonWriter json, IReadOnlyList<MemberId> members, Dictionary<MemberId, string> names)
    {
        json.WriteStartArray("members"u8);
        foreach (var member in members)
        {
            json.WriteStartObject();
            json.WriteString("member"u8, member.Value);
            if (names.TryGetValue(member, out var name)) json.WriteString("name"u8, KeyMask.OfName(name));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private async Task FindAsync(HttpContext request)
    {
        if (await ReadAsync(request, "kind", "value", "qr") is not { } read) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop);
        IReadOnlyList<FoundMember> found;
        if (read.TryGetProperty("qr", out _))
        {
            // Who shows the code of their own app has proved who they are.
            var shown = ApiJson.TextOf(read, "qr", MostLettersOfCode) is { } text ? codes.Read(visit.Brand!, text) : null;
            if (shown is null || await KeyHolders.LivingAsync(turn, shown.Value, stop) is not { } root)
            {
                await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-code", $"This is no code of a member, or it is older than {MemberQr.Lives.TotalMinutes:N0} minutes: ask them to show a new one.");
                return;
            }
            found = [new FoundMember(root, (await FindMembers.NamesAsync(turn, [root], stop)).GetValueOrDefault(root), true)];
        }
        else
        {
            List<Fault> faults = [];
            var node = new JsonNodeReader(read, "$", faults);
            var key = node.IsObject(["kind", "value"], []) && node.Field("kind") is { } kind && node.Field("value") is { } value ? MemberJson.KeyOf(kind, value, await Regions.OfAsync(turn, stop)) : null;
            if (await IsWrongAsync(request, faults)) return;
            found = await FindMembers.ByKeyAsync(turn, key!.Value, stop);
        }
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("members"u8);
            foreach (var member in found)
            {
                json.WriteStartObject();
                json.WriteString("member"u8, member.Member.Value);
                if (member.Name is { } name) json.WriteString("name"u8, KeyMask.OfName(name));
                json.WriteBoolean("proved"u8, member.IsProved);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async Task ShowAsync(HttpContext request)
    {
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request));
        Profile? profile;
        await using (var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop))
        {
            var known = await shelf.KnownAsync(turn, visit.Brand!, stop);
            profile = await ReadProfile.OfAsync(turn, known.Policy is null ? null : known.Rules, new MemberId(id), Now, stop);
        }
        if (profile is null)
        {
            await MissingAsync(request);
            return;
        }
        var inFull = visit.Key!.May(ApiScope.Personal);
        if (inFull) await audit.WriteAsync(request, AuditKind.PersonalDataRead, profile.Member.Value, $"API {visit.Key.Name}");
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => MemberJson.Write(json, profile, inFull));
    }

    private async Task AddKeysAsync(HttpContext request)
    {
        if (await ReadAsync(request, "keys") is not { } read) return;
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request, after: 1));
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop);
        List<Fault> faults = [];
        var node = new JsonNodeReader(read, "$", faults);
        var claims = node.IsObject(["keys"], []) ? MemberJson.Keys(node, await Regions.OfAsync(turn, stop), faults) : [];
        if (await IsWrongAsync(request, faults) || await MayNotVouchAsync(request, claims)) return;
        var added = await AddKeys.RunAsync(turn, new MemberId(id), claims, Now, stop);
        if (added == AddedKeys.Taken) await Problem.WriteAsync(request, StatusCodes.Status409Conflict, "key-taken", "Another member has proved one of these keys to be theirs. If both are one person, the office merges them.");
        else await SavedAsync(request, turn, id, added == AddedKeys.Added);
    }

    private async Task SayAsync(HttpContext request)
    {
        if (await ReadAsync(request, "consents", "channel") is not { } read) return;
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request, after: 1));
        List<Fault> faults = [];
        var node = new JsonNodeReader(read, "$", faults);
        IReadOnlyList<SaidConsent> said = node.IsObject(["consents", "channel"], []) ? MemberJson.Consents(node) : [];
        var channel = MemberJson.ChannelOf(node);
        if (await IsWrongAsync(request, faults)) return;
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop);
        await SavedAsync(request, turn, id, await Consents.SayAsync(turn, new MemberId(id), said, channel, By(visit), Now, stop));
    }

    private async Task CorrectAsync(HttpContext request)
    {
        if (await ReadAsync(request, "name", "birthday") is not { } read) return;
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request));
        List<Fault> faults = [];
        var right = MemberJson.Correction(read, faults);
        if (await IsWrongAsync(request, faults)) return;
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop);
        // What is right about a person is said of who they are now, under whichever id.
        var member = await KeyHolders.RootOfAsync(turn, new MemberId(id), stop) ?? new MemberId(id);
        await SavedAsync(request, turn, id, await CorrectMember.RunAsync(turn, member, right, Now, stop), () => audit.WriteAsync(request, AuditKind.PersonCorrected, member.Value, $"API {visit.Key!.Name}"));
    }

    /// <summary>Commits what was said of a member, and says whose it is now; or that nobody knows them.</summary>
    private static async Task SavedAsync(HttpContext request, Turn turn, string id, bool isKnown, Func<Task>? note = null)
    {
        if (!isKnown)
        {
            await MissingAsync(request);
            return;
        }
        var member = (await KeyHolders.RootOfAsync(turn, new MemberId(id), request.RequestAborted))!.Value;
        await turn.CommitAsync(CancellationToken.None);
        if (note is not null) await note();
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => json.WriteString("member"u8, member.Value));
    }

    private async Task CodeAsync(HttpContext request)
    {
        if (await ReadAsync(request) is null) return;
        var (visit, stop, id) = (Visit.Of(request), request.RequestAborted, Links.IdOf(request, after: 1));
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop);
        if (await KeyHolders.LivingAsync(turn, new MemberId(id), stop) is not { } member)
        {
            await MissingAsync(request);
            return;
        }
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("qr"u8, codes.Of(visit.Brand!, member));
            json.WriteNumber("seconds"u8, (int)MemberQr.Lives.TotalSeconds);
        });
    }

    private async Task DataAsync(HttpContext request)
    {
        var (visit, stop, member) = (Visit.Of(request), request.RequestAborted, new MemberId(Links.IdOf(request, after: 1)));
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginReadAsync(stop);
        if (await KeyHolders.RootOfAsync(turn, member, stop) is null)
        {
            await MissingAsync(request);
            return;
        }
        await audit.WriteAsync(request, AuditKind.PersonalDataExported, member.Value, $"API {visit.Key!.Name}");
        (request.Response.ContentType, request.Response.Headers.CacheControl) = ("application/json", "no-store");
        await ExportMember.JsonAsync(turn, member, Now, request.Response.Body, stop);
    }

    private async Task EraseAsync(HttpContext request)
    {
        if (await ReadAsync(request) is null) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop);
        var today = (await BookRules.PolicyAsync(turn, stop))?.Zone.DayOf(Now) ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var erasing = await EraseMember.AskAsync(turn, new MemberId(Links.IdOf(request, after: 1)), By(visit), today, Now, stop);
        await turn.CommitAsync(CancellationToken.None);
        if (erasing.Outcome == EraseOutcome.Asked) await audit.WriteAsync(request, AuditKind.ErasureAsked, erasing.Member!.Value.Value, $"API {visit.Key!.Name}");
        await ErasingAsync(request, erasing);
    }

    private async Task KeepAsync(HttpContext request)
    {
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        await using var turn = await (await DatabaseAsync(visit, stop)).BeginWriteAsync(stop);
        var erasing = await EraseMember.TakeBackAsync(turn, new MemberId(Links.IdOf(request, after: 1)), stop);
        await turn.CommitAsync(CancellationToken.None);
        if (erasing.Outcome == EraseOutcome.TakenBack) await audit.WriteAsync(request, AuditKind.ErasureTakenBack, erasing.Member!.Value.Value, $"API {visit.Key!.Name}");
        await ErasingAsync(request, erasing);
    }

    private static Task ErasingAsync(HttpContext request, Erasing erasing) => erasing.Outcome == EraseOutcome.Unknown ? MissingAsync(request)
        : ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("member"u8, erasing.Member!.Value.Value);
            json.WriteString("erasure"u8, erasing.Outcome switch { EraseOutcome.Asked or EraseOutcome.AskedBefore => "asked"u8, EraseOutcome.Gone => "done"u8, _ => "none"u8 });
            if (erasing.Day is { } day) json.WriteString("day"u8, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        });

    private Task<JsonElement?> ReadAsync(HttpContext request, params IReadOnlyList<string> fields) => ApiJson.ReadAsync(request, room, fields);

    private Task<BrandDatabase> DatabaseAsync(Visit visit, CancellationToken stop) => shelf.Databases.BrandAsync(visit.Brand, stop);

    private static string By(Visit visit) => $"key {visit.Key!.Id}";

    /// <summary>That a member has proved a key is for those to say who may read what is in it.</summary>
    private static async Task<bool> MayNotVouchAsync(HttpContext request, IReadOnlyList<ClaimedKey> claims)
    {
        if (!claims.Any(claim => claim.IsVerified) || Visit.Of(request).Key!.May(ApiScope.Personal)) return false;
        await Problem.WriteAsync(request, StatusCodes.Status403Forbidden, "no-scope", "Only a key with the scope personal may say that a member has proved a key; leave 'proved' out.");
        return true;
    }

    private static async Task<bool> IsWrongAsync(HttpContext request, List<Fault> faults)
    {
        if (faults.Count == 0) return false;
        await WrongAsync(request, faults);
        return true;
    }

    internal static Task WrongAsync(HttpContext request, List<Fault> faults) =>
        Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-member", string.Create(CultureInfo.InvariantCulture, $"{string.Join("; ", faults.Take(5))}."));

    private static Task MissingAsync(HttpContext request) => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "Nobody has heard of such a member.");
}
