using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tokamak.App.Integrations.Api;

/// <summary>The part of a list that is asked for: <c>limit</c> and <c>after</c>, the cursor that the part before ended with.</summary>
/// <param name="Limit">1 to <see cref="Most"/>.</param>
/// <param name="After">What <see cref="Cursor"/> was made of; null for the beginning.</param>
internal sealed record PageAsked(int Limit, string? After)
{
    public const int Most = 1000, Usual = 100;

    private const int MostLettersOfCursor = 1000;

    /// <returns>Null, with what is wrong.</returns>
    public static PageAsked? Of(string? limit, string? after, out Refusal? wrong)
    {
        wrong = null;
        var most = Usual;
        string? place = null;
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= Most))
            wrong = new Refusal(StatusCodes.Status400BadRequest, "wrong-limit", $"'limit' is a whole number from 1 to {Most}.");
        else if (after is not null && (place = Read(after)) is null) wrong = WrongCursor;
        return wrong is null ? new PageAsked(most, place) : null;
    }

    public static Refusal WrongCursor => new(StatusCodes.Status400BadRequest, "wrong-cursor", "'after' is no cursor of this list: send back the 'next' of an answer as it is, or leave it out to begin at the beginning.");

    /// <summary>A place in a list as opaque text: nobody need know what it is made of.</summary>
    public static string Cursor(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    private static string? Read(string cursor)
    {
        if (cursor.Length is 0 or > MostLettersOfCursor || !Base64Url.IsValid(cursor)) return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }
}
