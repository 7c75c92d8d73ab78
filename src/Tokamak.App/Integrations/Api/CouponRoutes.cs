using System.Globalization;
using System.Net;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// Coupons for tills and shops: whether a code may be used, holding it for a cart, redeeming, letting go, giving back. Who guesses is stopped as who signs in is: wrong codes are
/// counted by member and by network address where the caller says them, else by the caller's key; a code that nobody has and one that is another member's are answered alike.
/// </summary>
public sealed class CouponRoutes(Databases databases, AttemptLimits limits, BodyRoom room, TimeProvider time)
{
    public const int LeastSeconds = 10, MostSeconds = 7 * 24 * 60 * 60, UsualSeconds = 15 * 60;

    internal const int MostLettersOfCode = 100, MostLettersOfAddress = 64;

    /// <summary>Wrong codes in a window of callers who do not say for whom they ask.</summary>
    private static readonly AttemptLimit PerKey = new(500);

    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<CouponRoutes>();
        app.MapGet($"{root}/coupons/{{code}}", routes.ShowAsync);
        app.MapPost($"{root}/coupon-holds", routes.HoldAsync);
        app.MapPost($"{root}/coupon-holds/{{id}}/redeem", routes.RedeemAsync);
        app.MapPost($"{root}/coupon-holds/{{id}}/release", routes.ReleaseAsync);
        app.MapPost($"{root}/coupon-holds/{{id}}/return", routes.ReturnAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task ShowAsync(HttpContext request)
    {
        var (visit, stop, query) = (Visit.Of(request), request.RequestAborted, request.Request.Query);
        var (code, store, member, from) = (Links.IdOf(request), query["store"].ToString(), query["member"].ToString(), query["from"].ToString());
        IPAddress? address = null;
        if (code.Length > MostLettersOfCode || (store.Length > 0 && !FactForm.IsId(store)) || (member.Length > 0 && !FactForm.IsId(member)) || (from.Length > 0 && !IPAddress.TryParse(from, out address)))
        {
            await Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-query", "'store' and 'member' are ids, as facts name them; 'from' is the network address of whoever typed the code.");
            return;
        }
        var cart = store.Length > 0 ? new CouponCart(CouponSeries.StoreChannel, store, MemberOf(member)) : new CouponCart(CouponSeries.OnlineChannel, null, MemberOf(member));
        if (await TooManyAsync(request, cart, address, 1)) return;
        CouponAnswer answer;
        await using (var turn = await (await databases.BrandAsync(visit.Brand, stop)).BeginReadAsync(stop)) answer = (await PresentedCoupons.JudgeAsync(turn, null, [code], cart, Now, stop))[0];
        Forgive(request, cart, address, [answer]);
        var t = Said(request);
        if (answer.Series is null) await Problem.WriteAsync(request, StatusCodes.Status404NotFound, answer.Refusal == CouponRefusal.Mistyped ? "mistyped" : "not-found", CouponWords.Of(answer.Refusal!.Value, t));
        else await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json => CouponJson.Write(json, answer, "usable", t));
    }

    private async Task HoldAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "id", "codes", "channel", "store", "member", "seconds", "from") is not { } read) return;
        if (AskedOf(read, out var wrong) is not { } asked)
        {
            await WrongAsync(request, wrong!);
            return;
        }
        if (await TooManyAsync(request, asked.Cart, asked.From, asked.Codes.Count)) return;
        var (stop, now) = (request.RequestAborted, Now);
        var until = new Instant(now.Ticks + (asked.Seconds * TimeSpan.TicksPerSecond));
        HoldAnswer answer;
        await using (var turn = await (await databases.BrandAsync(Visit.Of(request).Brand, stop)).BeginWriteAsync(stop))
        {
            answer = await CouponUses.HoldAsync(turn, asked.Id, asked.Codes, asked.Cart, until, now, stop);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (answer.IsOver)
        {
            await PaidAsync(request);
            return;
        }
        Forgive(request, asked.Cart, asked.From, answer.Coupons);
        var t = Said(request);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("hold"u8, asked.Id);
            json.WriteString("until"u8, until.ToString());
            json.WriteStartArray("coupons"u8);
            foreach (var coupon in answer.Coupons)
            {
                json.WriteStartObject();
                CouponJson.Write(json, coupon, "held", t);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private sealed record Asked(string Id, IReadOnlyList<string> Codes, CouponCart Cart, IPAddress? From, int Seconds);

    private static Asked? AskedOf(JsonElement read, out string? wrong)
    {
        wrong = null;
        var (id, channel, store, member, from) = (TextOf(read, "id"), TextOf(read, "channel"), TextOf(read, "store"), TextOf(read, "member"), ApiJson.TextOf(read, "from", MostLettersOfAddress));
        var seconds = UsualSeconds;
        IPAddress? address = null;
        if (IsOther(read, "id", id) || (id is not null && !FactForm.IsId(id))) wrong = "'id' is the cart's or quote's own, 1 to 100 characters without white space; without it the answer says one.";
        else if (CouponJson.Texts(read, "codes", PresentedCoupons.MostCodes, MostLettersOfCode) is null) wrong = $"'codes' is a list of 1 to {PresentedCoupons.MostCodes} codes as they were presented.";
        else if (channel is null || (channel == CouponSeries.StoreChannel) != store is not null || IsOther(read, "store", store) || (store is not null && !FactForm.IsId(store))) wrong = "'channel' is store, with the 'store' as facts name it, or another, such as online, without one.";
        else if (IsOther(read, "member", member) || (member is not null && !FactForm.IsId(member))) wrong = "'member' is a member's id.";
        else if (read.TryGetProperty("seconds", out var said) && !(said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out seconds) && seconds is >= LeastSeconds and <= MostSeconds)) wrong = $"'seconds' is how long to hold, {LeastSeconds} to {MostSeconds}.";
        else if (read.TryGetProperty("from", out _) && (from is null || !IPAddress.TryParse(from, out address))) wrong = "'from' is the network address of whoever typed the codes.";
        else return new Asked(id ?? Guid.CreateVersion7().ToString("N"), CouponJson.Texts(read, "codes", PresentedCoupons.MostCodes, MostLettersOfCode)!, new CouponCart(channel, store, MemberOf(member)), address, seconds);
        return null;
    }

    private async Task RedeemAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "sale", "coupons") is not { } read) return;
        if (TextOf(read, "sale") is not { } sale || !FactForm.IsId(sale) || CouponJson.Amounts(read, PresentedCoupons.MostCodes) is not { } amounts)
        {
            await WrongAsync(request, "'sale' is the sale's id, 'coupons' a list of {\"opens\": …, \"amount\": …}: what each coupon opened, once, and how much that took off, in the smallest unit.");
            return;
        }
        var (hold, stop) = (Links.IdOf(request, after: 1), request.RequestAborted);
        RedeemAnswer answer;
        await using (var turn = await (await databases.BrandAsync(Visit.Of(request).Brand, stop)).BeginWriteAsync(stop))
        {
            answer = await CouponUses.RedeemAsync(turn, hold, sale, amounts, Now, stop);
            if (answer.Outcome == RedeemOutcome.Redeemed) await turn.CommitAsync(CancellationToken.None);
        }
        switch (answer.Outcome)
        {
            case RedeemOutcome.Redeemed or RedeemOutcome.AlreadyRedeemed:
                await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
                {
                    json.WriteString("hold"u8, hold);
                    json.WriteString("sale"u8, sale);
                });
                break;
            case RedeemOutcome.OtherSale:
                await PaidAsync(request);
                break;
            default:
                await Problem.WriteAsync(request, StatusCodes.Status409Conflict, "not-held", $"Not held, or not any more: {string.Join(", ", answer.Missing)}. Hold the codes again, and price the cart with what is held then; nothing was redeemed.");
                break;
        }
    }

    private async Task ReleaseAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room) is null) return;
        var (hold, stop) = (Links.IdOf(request, after: 1), request.RequestAborted);
        ReleaseOutcome outcome;
        await using (var turn = await (await databases.BrandAsync(Visit.Of(request).Brand, stop)).BeginWriteAsync(stop))
        {
            outcome = await CouponUses.ReleaseAsync(turn, hold, Now, stop);
            await turn.CommitAsync(CancellationToken.None);
        }
        if (outcome == ReleaseOutcome.AlreadyRedeemed) await PaidAsync(request);
        else
            await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
            {
                json.WriteString("hold"u8, hold);
                json.WriteBoolean("released"u8, outcome == ReleaseOutcome.Released);
            });
    }

    private async Task ReturnAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "returned", "of") is not { } read) return;
        if (!IsWhole(read, "returned", out var returned) || !IsWhole(read, "of", out var whole) || new ReturnedShare(returned, whole) is not { IsPossible: true } share)
        {
            await WrongAsync(request, "'returned' of 'of' has come back, all returns together, in the same measure: money before coupons, or units; whole numbers.");
            return;
        }
        var (hold, stop) = (Links.IdOf(request, after: 1), request.RequestAborted);
        ReturnAnswer? answer = null;
        await using (var turn = await (await databases.BrandAsync(Visit.Of(request).Brand, stop)).BeginWriteAsync(stop))
        {
            if (await CouponUses.SaleOfAsync(turn, hold, stop) is { } sale)
            {
                answer = await CouponUses.ReturnAsync(turn, sale, share, Now, stop);
                await turn.CommitAsync(CancellationToken.None);
            }
        }
        if (answer is null) await Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "No sale was paid with coupons of such a hold.");
        else
            await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
            {
                json.WriteString("hold"u8, hold);
                json.WriteStartArray("givenBack"u8);
                foreach (var series in answer.GivenBack) json.WriteStringValue(series);
                json.WriteEndArray();
            });
    }

    /// <summary>Counts as many attempts as there are codes; answers where there were too many wrong ones.</summary>
    private async Task<bool> TooManyAsync(HttpContext request, CouponCart cart, IPAddress? from, int codes)
    {
        TimeSpan? wait = null;
        foreach (var (key, limit) in KeysOf(request, cart, from))
            for (var i = 0; i < codes; i++) wait ??= limits.Take(key, limit);
        if (wait is not { } time) return false;
        request.Response.Headers.RetryAfter = Math.Max(1, (int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Problem.WriteAsync(request, StatusCodes.Status429TooManyRequests, "too-many-tries", "So many wrong codes are not looked at; Retry-After says when the next may come.");
        return true;
    }

    /// <summary>Only codes that nobody may know count as wrong: whoever holds one of those is guessing.</summary>
    private void Forgive(HttpContext request, CouponCart cart, IPAddress? from, IReadOnlyList<CouponAnswer> answers)
    {
        foreach (var (key, _) in KeysOf(request, cart, from))
            foreach (var _ in answers.Where(answer => answer.Refusal != CouponRefusal.Unknown)) limits.Forgive(key);
    }

    private static IEnumerable<(string Key, AttemptLimit Limit)> KeysOf(HttpContext request, CouponCart cart, IPAddress? from)
    {
        var visit = Visit.Of(request);
        if (from is not null) yield return ($"coupon {visit.Brand} {AttemptLimits.KeyOf(from)}", AttemptLimits.PerAddress);
        if (cart.Member is { } member) yield return ($"coupon {visit.Brand} member {member}", AttemptLimits.PerName);
        else if (from is null) yield return ($"coupon {visit.Brand} key {visit.Key!.Id}", PerKey);
    }

    internal static Texts Said(HttpContext request)
    {
        var language = Language.Asked(request);
        request.Response.Headers.ContentLanguage = language.Code;
        request.Response.Headers.Append("Vary", "Accept-Language");
        return Texts.In(language);
    }

    private static string? TextOf(JsonElement read, string field) => ApiJson.TextOf(read, field, CouponUses.MostLettersOfHold);

    /// <summary>Is something said there that is no such text?</summary>
    private static bool IsOther(JsonElement read, string field, string? text) => text is null && read.TryGetProperty(field, out _);

    private static bool IsWhole(JsonElement read, string field, out long number)
    {
        number = 0;
        return read.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static MemberId? MemberOf(string? member) => string.IsNullOrEmpty(member) ? null : new MemberId(member);

    internal static Task WrongAsync(HttpContext request, string detail) => Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "wrong-coupon", detail);

    private static Task PaidAsync(HttpContext request) => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "hold-redeemed", "This hold has paid for a sale: take a new id for every cart.");
}
