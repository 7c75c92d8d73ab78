using System.Text;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Integrations.Api;

/// <summary>A member's coupons for shops and apps: what she has, giving her one of a series, or a code that she has on paper.</summary>
public sealed class WalletRoutes(Databases databases, ApiKeys keys, AttemptLimits limits, BodyRoom room, TimeProvider time)
{
    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<WalletRoutes>();
        app.MapGet($"{root}/members/{{id}}/coupons", routes.ListAsync);
        app.MapPost($"{root}/members/{{id}}/coupons", routes.GiveAsync);
    }

    private Instant Now => new(time.GetUtcNow().UtcTicks);

    private async Task ListAsync(HttpContext request)
    {
        var (stop, id) = (request.RequestAborted, new MemberId(Links.IdOf(request, after: 1)));
        await using var turn = await (await databases.BrandAsync(Visit.Of(request).Brand, stop)).BeginReadAsync(stop);
        if (await KeyHolders.LivingAsync(turn, id, stop) is not { } member)
        {
            await MissingAsync(request);
            return;
        }
        var coupons = await Wallet.ListAsync(turn, member, Now, Wallet.MostListed, stop);
        var t = Texts.In(Language.Asked(request));
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("member"u8, member.Value);
            json.WriteStartArray("coupons"u8);
            foreach (var coupon in coupons) CouponJson.Write(json, coupon, t);
            json.WriteEndArray();
        });
    }

    private async Task GiveAsync(HttpContext request)
    {
        if (await Answers.KeyAsync(request) is not (true, var sent)) return;
        if (await ApiJson.ReadAsync(request, room, "series", "code") is not { } read) return;
        var (series, code) = (ApiJson.TextOf(read, "series", SeriesRules.MostLettersOfId), ApiJson.TextOf(read, "code", CouponRoutes.MostLettersOfCode));
        if (series is null == code is null)
        {
            await CouponRoutes.WrongAsync(request, "Name a 'series' to give one coupon of it, or the 'code' that the member has; one of the two.");
            return;
        }
        var (visit, stop, now) = (Visit.Of(request), request.RequestAborted, Now);
        var key = sent is null ? null : new RequestKey(visit.Key!.Id, sent, 0, keys.HashOf(Encoding.UTF8.GetBytes(request.Request.Path), Encoding.UTF8.GetBytes(read.GetRawText())));
        await using var turn = await (await databases.BrandAsync(visit.Brand, stop)).BeginWriteAsync(stop);
        if (await KeyHolders.LivingAsync(turn, new MemberId(Links.IdOf(request, after: 1)), stop) is not { } member)
        {
            await MissingAsync(request);
            return;
        }
        var answers = key is null ? null : await StoredAnswers.LoadAsync(turn, [key], stop);
        if (key is not null && answers!.IsUsed(key))
        {
            await Answers.UndecidedAsync(request, WriteOutcome.KeyUsed);
            return;
        }
        if (key is not null && answers!.Find(key) is [{ Reason: { } given }])
        {
            await GivenAsync(request, member, given.Split(' ') is [var before, var of] ? (before, of) : throw new InvalidOperationException("no answer of this route"));
            return;
        }
        var tries = $"coupon {visit.Brand} member {member}";
        if (code is not null && limits.Take(tries, AttemptLimits.PerName) is { } wait)
        {
            request.Response.Headers.RetryAfter = Math.Max(1, (int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Problem.WriteAsync(request, StatusCodes.Status429TooManyRequests, "too-many-tries", "So many wrong codes are not looked at; Retry-After says when the next may come.");
            return;
        }
        var by = $"key {visit.Key!.Id}";
        var answer = series is not null ? await Wallet.GiveAsync(turn, series, member, IssueCodes.Fresh(), by, now, stop) : await Wallet.ClaimAsync(turn, code!, member, by, now, stop);
        if (code is not null && answer.Outcome != GiveOutcome.NoCode) limits.Forgive(tries);
        if (answer.Code is not { } hers)
        {
            await RefusedAsync(request, answer.Outcome);
            return;
        }
        if (key is not null)
        {
            answers!.Add(key, [new FactAnswer(FactStatus.Accepted, $"{hers.Shown} {answer.Series!.Id}")], now);
            await answers.SaveAsync(turn, stop);
        }
        await turn.CommitAsync(CancellationToken.None);
        await GivenAsync(request, member, (hers.Shown, answer.Series!.Id));
    }

    private static Task GivenAsync(HttpContext request, MemberId member, (string Code, string Series) coupon) => ApiJson.AnswerAsync(request, StatusCodes.Status201Created, json =>
    {
        json.WriteString("member"u8, member.Value);
        json.WriteString("code"u8, coupon.Code);
        json.WriteString("series"u8, coupon.Series);
    });

    private static Task RefusedAsync(HttpContext request, GiveOutcome outcome) => outcome switch
    {
        GiveOutcome.NoSeries => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "There is no such series."),
        GiveOutcome.NoCode => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "There is no such coupon, or it is another member's."),
        GiveOutcome.SharedCode => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "shared-code", "A shared code is in nobody's wallet: whoever knows it uses it."),
        GiveOutcome.Ended => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "series-ended", "The series is over or was stopped."),
        GiveOutcome.Used => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "coupon-used", "The coupon has paid, or a cart holds it."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static Task MissingAsync(HttpContext request) => Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "Nobody has heard of such a member.");
}
