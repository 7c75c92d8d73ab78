using System.Globalization;
using System.Text;

namespace Tokamak.App.Clerks.Shifts;

/// <summary>Minutes of a shift as people type them: <c>8</c>, <c>7.5</c> or <c>8:30</c>; nothing for none. In letters of full width, too.</summary>
public static class ShiftHours
{
    public const int MostMinutes = 24 * MinutesOfHour;

    private const int MinutesOfHour = 60, MinutesOfHalf = 30, MostLetters = 8;

    public static string Text(long minutes) => minutes == 0 ? "" : InWords(minutes);

    /// <summary>The same, and 0 for none.</summary>
    public static string InWords(long minutes) => (minutes % MinutesOfHour) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{minutes / MinutesOfHour}"),
        MinutesOfHalf => string.Create(CultureInfo.InvariantCulture, $"{minutes / MinutesOfHour}.5"),
        var rest => string.Create(CultureInfo.InvariantCulture, $"{minutes / MinutesOfHour}:{rest:00}"),
    };

    public static bool TryParse(string? typed, out int minutes)
    {
        minutes = 0;
        if (typed is { Length: > MostLetters }) return false;
        var text = Plain(typed ?? "");
        if (text.Length == 0) return true;
        return (text.Split(':') is [var hours, var rest] ? IsClock(hours, rest, out minutes) : IsDecimal(text, out minutes)) && minutes <= MostMinutes;
    }

    private static bool IsClock(string hours, string rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length != 2 || !int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) || !int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var part)) return false;
        if (whole > MostMinutes / MinutesOfHour || part >= MinutesOfHour) return false;
        minutes = (whole * MinutesOfHour) + part;
        return true;
    }

    /// <summary>Hours that come to whole minutes: 7.25 does, 7.33 does not.</summary>
    private static bool IsDecimal(string text, out int minutes)
    {
        minutes = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) || hours > MostMinutes / MinutesOfHour) return false;
        if (hours * MinutesOfHour % 1 != 0) return false;
        minutes = (int)(hours * MinutesOfHour);
        return true;
    }

    // A lone surrogate cannot be normalized, and is no number either.
    private static string Plain(string text) => (text.EnumerateRunes().Contains(Rune.ReplacementChar) ? text : text.Normalize(NormalizationForm.FormKC)).Trim();
}
