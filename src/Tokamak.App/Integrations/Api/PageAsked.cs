using System.Globalization;

namespace Tokamak.App.Integrations.Api;

/// <summary>The part of a list that is asked for: <c>limit</c> and <c>after</c>, the cursor that the part before ended with.</summary>
/// <param name="Limit">1 to <see cref="Most"/>.</param>
/// <param name="After">The place that the cursor was made of; null for the beginning.</param>
internal sealed record PageAsked(int Limit, string? After)
{
    public const int Most = 1000, Usual = 100;

    /// <returns>Null, with what is wrong.</returns>
    public static PageAsked? Of(string? limit, string? after, out Refusal? wrong)
    {
        wrong = null;
        var most = Usual;
        string? place = null;
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= Most))
            wrong = new Refusal(StatusCodes.Status400BadRequest, "wrong-limit", $"'limit' is a whole number from 1 to {Most}.");
        else if (!string.IsNullOrEmpty(after) && (place = Cursor.Read(after)) is null) wrong = WrongCursor;
        return wrong is null ? new PageAsked(most, place) : null;
    }

    /// <returns>Null, with what is wrong.</returns>
    public static PageAsked? Of(HttpContext request, out Refusal? wrong)
    {
        var (limit, after) = (request.Request.Query["limit"], request.Request.Query["after"]);
        if (limit.Count <= 1 && after.Count <= 1) return Of(limit.SingleOrDefault(), after.SingleOrDefault(), out wrong);
        wrong = Refusal.WrongQuery("Say 'after' and 'limit' once each.");
        return null;
    }

    /// <summary>The place as a number, 0 for the beginning.</summary>
    /// <returns>False: it is a place of another list.</returns>
    public bool IsAfterNumber(out long number)
    {
        number = 0;
        return After is null || long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static Refusal WrongCursor => new(StatusCodes.Status400BadRequest, "wrong-cursor", "'after' is no cursor of this list: send back the 'next' of an answer as it is, or leave it out to begin at the beginning.");
}
