using System.Text;
using System.Text.Json;
using Tokamak.App.Referral.Live;
using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>What the endpoints that take facts have in common: the key of a request, and the answers when nothing was decided.</summary>
internal static class Answers
{
    public const string KeyHeader = "Idempotency-Key";

    private const int MostLettersOfKey = 255;

    public static string NameOf(FactStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <returns>False: the header cannot be a key, and the request was answered.</returns>
    public static async Task<(bool IsGood, string? Key)> KeyAsync(HttpContext request)
    {
        var values = request.Request.Headers[KeyHeader];
        if (values.Count == 0) return (true, null);
        if (values.Count == 1 && values[0] is { Length: > 0 and <= MostLettersOfKey } key && key.All(letter => letter is > ' ' and <= '~')) return (true, key);
        await Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-key", $"{KeyHeader} is one text of 1 to {MostLettersOfKey} visible ASCII characters, such as a UUID.");
        return (false, null);
    }

    /// <returns>False: it is said to be something else than JSON, and the request was answered.</returns>
    public static async Task<bool> IsJsonAsync(HttpContext request)
    {
        var type = request.Request.ContentType?.Split(';')[0].Trim();
        if (type is null || type.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return true;
        await Problem.WriteAsync(request, StatusCodes.Status415UnsupportedMediaType, "wrong-type", "Send one JSON object as application/json.");
        return false;
    }

    /// <summary>A text as some editors and systems save it begins with a mark that says it is UTF-8.</summary>
    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;

    public static Task BusyAsync(HttpContext request) => Problem.BusyAsync(request);

    /// <summary>The answer to a request none of whose facts were decided.</summary>
    public static Task UndecidedAsync(HttpContext request, WriteOutcome outcome) => outcome switch
    {
        WriteOutcome.KeyUsed => Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "key-used", $"This {KeyHeader} was used before with another request; take a new one for every new request."),
        WriteOutcome.NoPolicy => Problem.WriteAsync(request, StatusCodes.Status409Conflict, "no-policy", "The brand has no policy yet, without which facts mean nothing: 'tokamak policy import' brings one."),
        _ => BusyAsync(request),
    };
}
