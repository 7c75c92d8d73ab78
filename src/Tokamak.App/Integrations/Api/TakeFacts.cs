using System.Text;
using System.Text.Json;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Referral.Live;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// <c>POST /api/v1/facts</c>: JSON Lines of facts (R1) in any order, and one line of answer for each, in the order they came:
/// <c>{"line": 1, "id": "…", "status": "accepted"}</c>; parked and refused ones say the reason.
/// </summary>
public sealed class TakeFacts(OtherNodes nodes, ApiKeys keys, BodyRoom room)
{
    public const int MostFacts = 10_000;

    public const string JsonLines = "application/x-ndjson";

    private static readonly string[] Taken = [JsonLines, "application/jsonl", "application/json-lines", "text/plain"];

    /// <summary>A line as it was read: one of the two.</summary>
    private readonly record struct Line(int Number, Arrival? Arrival, Fault? Fault);

    public async Task AnswerAsync(HttpContext request)
    {
        var visit = Visit.Of(request);
        var type = request.Request.ContentType?.Split(';')[0].Trim();
        if (type is not null && !Taken.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            await Problem.WriteAsync(request, StatusCodes.Status415UnsupportedMediaType, "wrong-type", $"Send facts as {JsonLines}: one JSON object on each line.");
            return;
        }
        if (await Answers.KeyAsync(request) is not (true, var key)) return;
        using var body = await RequestBody.ReadAsync(request, room);
        if (body is null) return;
        var lines = new List<Line>();
        if (!Read(body.Bytes, visit.Key!.Id, lines))
        {
            await Problem.WriteAsync(request, StatusCodes.Status413PayloadTooLarge, "too-many", $"A request may have {MostFacts:N0} facts; send them in several.");
            return;
        }
        if (lines.Count == 0)
        {
            await Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "no-facts", "There is no fact in the request: write one JSON object on each line.");
            return;
        }
        var parts = PartsOf(lines, key is null ? null : number => new RequestKey(visit.Key.Id, key, number, keys.HashOf("facts"u8.ToArray(), body.Bytes)));
        if (await nodes.DecideAsync(request, visit.Brand!, body.Bytes, parts) is not { } results) return;
        if (results.FirstOrDefault(result => result.Outcome != WriteOutcome.Decided) is { } undecided) await Answers.UndecidedAsync(request, undecided.Outcome);
        else await WriteAsync(request, lines, [.. results.SelectMany(result => result.Answers)]);
    }

    /// <returns>False: there are too many.</returns>
    private static bool Read(ReadOnlySpan<byte> body, string sender, List<Line> lines)
    {
        if (body.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        for (var number = 1; !body.IsEmpty; number++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            if (lines.Count == MostFacts) return false;
            lines.Add(FactText.TryRead(line, number, out var fact, out var fault) ? new Line(number, new Arrival(fact, sender), null) : new Line(number, null, fault));
        }
        return true;
    }

    /// <summary>The same lines make the same parts, so that a request that is sent again finds the answers of its parts.</summary>
    private static List<Part> PartsOf(List<Line> lines, Func<int, RequestKey>? keyOf) =>
        [.. lines.Chunk(Part.MostFacts).Select((chunk, number) => new Part([.. chunk.Select(line => line.Arrival).OfType<Arrival>()], keyOf?.Invoke(number)))];

    private static async Task WriteAsync(HttpContext request, List<Line> lines, List<FactAnswer> answers)
    {
        request.Response.ContentType = JsonLines;
        request.Response.Headers.CacheControl = "no-store";
        var next = 0;
        await using var json = new Utf8JsonWriter(request.Response.BodyWriter, ApiJson.Writing);
        foreach (var line in lines)
        {
            var answer = line.Arrival is null ? new FactAnswer(FactStatus.Refused, line.Fault!.Message) : answers[next++];
            json.WriteStartObject();
            json.WriteNumber("line"u8, line.Number);
            if (line.Arrival is { } arrival) json.WriteString("id"u8, arrival.Fact.Id.Value);
            json.WriteString("status"u8, Answers.NameOf(answer.Status));
            if (answer.Reason is { } reason) json.WriteString("reason"u8, reason);
            json.WriteEndObject();
            await json.FlushAsync(request.RequestAborted);
            json.Reset();
            await request.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), request.RequestAborted);
        }
    }
}
