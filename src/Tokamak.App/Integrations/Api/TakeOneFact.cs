using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// One fact a request, for whoever writes an integration by hand: the fields of R1 without <c>type</c>, which the route says,
/// and without <c>sale</c> where that stands in the route. 201 accepted, 200 there already, 202 parked, 422 refused.
/// </summary>
public sealed class TakeOneFact(OtherNodes nodes, ApiKeys keys, BodyRoom room)
{
    /// <summary>The routes below the API's root, and the type of fact that each takes.</summary>
    public static readonly IReadOnlyList<(string Route, string Type)> Routes =
    [
        ("/sales", "sale"), ("/sales/{id}/handovers", "handover"), ("/sales/{id}/cancels", "cancel"), ("/sales/{id}/refunds", "refund"), ("/sales/{id}/returns", "return"),
        ("/services", "service"), ("/merges", "merge"), ("/staff", "staff"), ("/voids", "void"),
    ];

    public async Task AnswerAsync(HttpContext request, string type)
    {
        var visit = Visit.Of(request);
        if (!await Answers.IsJsonAsync(request) || await Answers.KeyAsync(request) is not (true, var key)) return;
        using var body = await RequestBody.ReadAsync(request, room);
        if (body is null) return;
        if (!Completed(body.Bytes, type, request.GetRouteValue("id") is null ? null : Links.IdOf(request, after: 1), out var json, out var wrong))
        {
            await Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-json", wrong);
            return;
        }
        if (!FactText.TryRead(json, 0, out var fact, out var fault))
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "refused", fault.Message);
            return;
        }
        var requestKey = key is null ? null : new RequestKey(visit.Key!.Id, key, 0, keys.HashOf(System.Text.Encoding.UTF8.GetBytes(request.Request.Path), body.Bytes));
        if (await nodes.DecideAsync(request, visit.Brand!, body.Bytes, [new Part([new Arrival(fact, visit.Key!.Id)], requestKey)]) is not [var result]) return;
        if (result.Outcome != WriteOutcome.Decided) await Answers.UndecidedAsync(request, result.Outcome);
        else await WriteAsync(request, fact.Id.Value, result.Answers[0]);
    }

    private static bool Completed(byte[] body, string type, string? sale, out byte[] json, out string wrong)
    {
        (json, wrong) = ([], "Send one JSON object with the fields of the fact.");
        try
        {
            if (JsonNode.Parse(Answers.WithoutMark(body).Span) is not JsonObject fact) return false;
            foreach (var (name, value) in ((string, string?)[])[("type", type), ("sale", sale)])
            {
                if (value is null) continue;
                if (fact.TryGetPropertyValue(name, out var given) && !(given is JsonValue said && said.TryGetValue<string>(out var text) && text == value))
                {
                    wrong = $"The address says that '{name}' is '{value}', and the request something else; leave '{name}' out.";
                    return false;
                }
                fact[name] = value;
            }
            json = JsonSerializer.SerializeToUtf8Bytes(fact);
            return true;
        }
        // A key twice, or no JSON, or nested without end.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            wrong = $"This is no JSON that can be read: {e.Message}";
            return false;
        }
    }

    /// <summary>What became of one fact, by status and in words.</summary>
    internal static async Task WriteAsync(HttpContext request, string id, FactAnswer answer)
    {
        if (answer.Status == FactStatus.Refused)
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "refused", answer.Reason!);
            return;
        }
        request.Response.StatusCode = answer.Status switch
        {
            FactStatus.Accepted => StatusCodes.Status201Created,
            FactStatus.Parked => StatusCodes.Status202Accepted,
            _ => StatusCodes.Status200OK,
        };
        request.Response.ContentType = "application/json";
        request.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(request.Response.BodyWriter, ApiJson.Writing);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("status"u8, Answers.NameOf(answer.Status));
        if (answer.Reason is { } reason) json.WriteString("reason"u8, reason);
        json.WriteEndObject();
        await json.FlushAsync(request.RequestAborted);
    }
}
