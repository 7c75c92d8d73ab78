using System.Net;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// By which an app has a key proved: <c>POST /api/v1/members/codes</c> sends a code there, <c>…/codes/check</c> says whether it came back. What
/// was proved is then said with <c>"proved": true</c>. No member is looked up on the way.
/// </summary>
public sealed class MemberCodes(BookShelf shelf, IServiceProvider provided, BodyRoom room)
{
    private const int MostLettersOfChallenge = 2_000, MostLettersOfCode = 20, MostLettersOfAddress = 64;

    public static void Map(WebApplication app, string root)
    {
        var routes = app.Services.GetRequiredService<MemberCodes>();
        app.MapPost($"{root}/members/codes", routes.SendAsync);
        app.MapPost($"{root}/members/codes/check", routes.CheckAsync);
    }

    private async Task SendAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "kind", "value", "language", "from") is not { } read) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        var database = await shelf.Databases.BrandAsync(visit.Brand, stop);
        List<Fault> faults = [];
        MemberKey? key = null;
        var (name, language) = (visit.Brand!, Language.Asked(request));
        await using (var turn = await database.BeginReadAsync(stop))
        {
            var node = new JsonNodeReader(read, "$", faults);
            if (node.IsObject(["kind", "value"], ["language", "from"]) && node.Field("kind") is { } kind && node.Field("value") is { } value) key = MemberJson.KeyOf(kind, value, await Regions.OfAsync(turn, stop));
            if (node.Field("language") is { } spoken) language = MemberJson.LanguageOf(spoken);
            name = (await shelf.KnownAsync(turn, visit.Brand!, stop)).Names.Brand ?? name;
        }
        // The address of the person, whom the app knows and we do not: so many codes an hour are sent for one.
        var from = ApiJson.TextOf(read, "from", MostLettersOfAddress) is { } text && IPAddress.TryParse(text, out var address) ? address : null;
        if (read.TryGetProperty("from", out _) && from is null) faults.Add(new Fault("must be the network address that the person asked from", Path: "$.from"));
        if (faults.Count > 0)
        {
            await MemberRoutes.WrongAsync(request, faults);
            return;
        }
        if (provided.GetService<SendCode>() is not { } sender)
        {
            await NotReachableAsync(request);
            return;
        }
        var answer = await sender.RunAsync(database, new CodeRequest(key!.Value, VerificationPurpose.SignIn, from, language, name), stop);
        switch (answer.Outcome)
        {
            case SendOutcome.Sent:
                await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
                {
                    json.WriteString("challenge"u8, answer.Challenge!);
                    json.WriteNumber("seconds"u8, (int)answer.Time.TotalSeconds);
                });
                break;
            case SendOutcome.Wait or SendOutcome.TooMany:
                request.Response.Headers.RetryAfter = Math.Max(1, (int)answer.Time.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
                await Problem.WriteAsync(request, StatusCodes.Status429TooManyRequests, "too-many-codes", "So many codes are not sent there; Retry-After says when the next may go.");
                break;
            case SendOutcome.NotReachable:
                await NotReachableAsync(request);
                break;
            default:
                await Problem.WriteAsync(request, StatusCodes.Status502BadGateway, "not-sent", "Whoever sends the messages did not take it; try again in a minute.");
                break;
        }
    }

    private async Task CheckAsync(HttpContext request)
    {
        if (await ApiJson.ReadAsync(request, room, "challenge", "code") is not { } read) return;
        var (visit, stop) = (Visit.Of(request), request.RequestAborted);
        var (challenge, code) = (ApiJson.TextOf(read, "challenge", MostLettersOfChallenge) ?? "", ApiJson.TextOf(read, "code", MostLettersOfCode) ?? "");
        if (provided.GetService<CheckCode>() is not { } check)
        {
            await NotReachableAsync(request);
            return;
        }
        var answer = await check.RunAsync(await shelf.Databases.BrandAsync(visit.Brand, stop), challenge, code, VerificationPurpose.SignIn, stop);
        await ApiJson.AnswerAsync(request, StatusCodes.Status200OK, json =>
        {
            json.WriteString("verdict"u8, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(answer.Verdict.ToString()));
            if (answer.Verdict == CodeVerdict.Wrong) json.WriteNumber("triesLeft"u8, answer.TriesLeft);
            if (answer.Key is not { } key) return;
            json.WriteString("kind"u8, MemberJson.NameOf(key.Kind));
            json.WriteString("value"u8, key.Value);
        });
    }

    private static Task NotReachableAsync(HttpContext request) =>
        Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "not-reachable", "No code can be sent there: docs/messages.md says how messages are set up, and to which countries they go.");
}
