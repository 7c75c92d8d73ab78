using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tokamak.App.Integrations.Api;

/// <summary>A place in a list as an answer gives it: a text to send back as it is, with nothing in it to rely on.</summary>
internal static class Cursor
{
    private const char OfNumbers = 'n', OfTexts = 't';
    private const int MostLetters = 600;

    // Half a character would be written as another: what cannot be read back was never given out.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Of(long number) => Write(OfNumbers, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Of a list in the order of a moment and an id.</summary>
    public static string Of(long ticks, string id) => Write(OfTexts, string.Create(CultureInfo.InvariantCulture, $"{ticks} {id}"));

    public static bool TryRead(string text, out long number)
    {
        number = 0;
        return Read(OfNumbers, text) is { } place && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static bool TryRead(string text, out long ticks, out string id)
    {
        (ticks, id) = (0, "");
        if (Read(OfTexts, text)?.Split(' ', 2) is not [var at, var of] || of.Any(char.IsControl) || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out ticks)) return false;
        id = of;
        return true;
    }

    private static string Write(char kind, string place) => Base64Url.EncodeToString(Strict.GetBytes(kind + place));

    private static string? Read(char kind, string text)
    {
        if (text.Length > MostLetters || !Base64Url.IsValid(text)) return null;
        try
        {
            return Strict.GetString(Base64Url.DecodeFromChars(text)) is [var first, .. var place] && first == kind ? place : null;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>How much of a list a request asks for: <c>?after=CURSOR&amp;limit=N</c>.</summary>
internal readonly record struct Paging(string? After, int Limit)
{
    public const int MostRows = 1000;

    private const int DefaultRows = 100;

    /// <returns>Null: it asks for what cannot be, and was answered.</returns>
    public static async Task<Paging?> ReadAsync(HttpContext request)
    {
        var (after, limit) = (request.Request.Query["after"], request.Request.Query["limit"]);
        if (after.Count > 1 || limit.Count > 1)
        {
            await Web.Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-query", "Say 'after' and 'limit' once each.");
            return null;
        }
        var rows = DefaultRows;
        if (limit.Count == 1 && !(int.TryParse(limit[0], NumberStyles.None, CultureInfo.InvariantCulture, out rows) && rows is >= 1 and <= MostRows))
        {
            await Web.Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-limit", $"'limit' is a whole number from 1 to {MostRows}.");
            return null;
        }
        return new Paging(after.Count == 1 && after[0] is { Length: > 0 } cursor ? cursor : null, rows);
    }

    public static Task WrongCursorAsync(HttpContext request) =>
        Web.Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-cursor", "'after' is no cursor of this list: send back the 'next' of an answer as it is, or leave it out to begin at the beginning.");
}
