using System.Buffers;
using System.Globalization;
using System.Text;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Promotions.Offering;

/// <summary>Moments and hours between an offer's JSON and what people type.</summary>
internal static class OfferTimes
{
    private const int MinutesOfHour = 60;
    private static readonly string[] Typed = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd' 'HH:mm:ss", "yyyy/MM/dd' 'HH:mm", "yyyy/M/d' 'H:mm"];
    private static readonly SearchValues<char> Dashes = SearchValues.Create("-–—~～至");
    private static readonly string[] TypedDays = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d"];

    /// <summary>Minutes of the day as HH:mm; the end of the day is 24:00.</summary>
    public static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / MinutesOfHour:00}:{minutes % MinutesOfHour:00}");

    /// <summary>A moment as a field for date and time has it, on the zone's clocks; what such a field cannot hold stays as it is written.</summary>
    public static string ToField(string written, Zone zone)
    {
        if (!Instant.TryParse(Encoding.UTF8.GetBytes(written), out var at)) return written;
        var local = at.Ticks + (zone.OffsetSecondsAt(at) * TimeSpan.TicksPerSecond);
        if (local < 0 || local > DateTime.MaxValue.Ticks || local % TimeSpan.TicksPerSecond != 0) return written;
        var clock = new DateTime(local);
        // An hour that clocks show twice: only the moment itself says which.
        if (zone.InstantOf(clock) != at) return written;
        return clock.ToString(clock.Second == 0 ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a browser's field for date and time shows it.</summary>
    public static bool FitsField(string value) => DateTime.TryParseExact(value, Typed[..2], CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>What was typed as RFC 3339 with the zone's offset; anything else as it was typed.</summary>
    /// <param name="through">A day alone means all of it: the moment is its end.</param>
    public static string ToJson(string typed, Zone zone, bool through)
    {
        var text = Plain(typed);
        if (DateOnly.TryParseExact(text, TypedDays, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Written(zone, (through && day < DateOnly.MaxValue ? day.AddDays(1) : day).ToDateTime(TimeOnly.MinValue));
        return DateTime.TryParseExact(text, Typed, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? Written(zone, local) : typed.Trim();
    }

    /// <summary>
    /// Hours such as 9:00–21:30 as two times of day; what is no time stays as it was typed.
    /// </summary>
    /// <returns>The end is null where none was typed.</returns>
    public static (string From, string? Until) Span(string typed)
    {
        var text = Plain(typed);
        var dash = text.AsSpan().IndexOfAny(Dashes);
        return dash < 0 ? (Time(text), null) : (Time(text[..dash]), Time(text[(dash + 1)..]));
    }

    private static string Time(string text) => text.Trim() is [var hour, ':', var tens, var ones] && char.IsAsciiDigit(hour) ? $"0{hour}:{tens}{ones}" : text.Trim();

    /// <summary>Full-width digits and signs as plain ones.</summary>
    private static string Plain(string typed) => (typed.Contains('\uFFFE', StringComparison.Ordinal) ? typed : typed.Normalize(NormalizationForm.FormKC)).Trim();

    private static string Written(Zone zone, DateTime local)
    {
        var at = zone.InstantOf(local);
        var offset = TimeSpan.FromSeconds(zone.OffsetSecondsAt(at));
        // Offsets of the distant past have seconds, which RFC 3339 has not.
        if (offset.Seconds != 0 || at.Ticks + offset.Ticks != local.Ticks) return at.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd'T'HH:mm:ss}{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
    }
}
