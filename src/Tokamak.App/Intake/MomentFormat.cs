using System.Globalization;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>
/// Reads dates and times by a named format (<c>iso</c>, <c>unix</c>, <c>unix-ms</c>), by .NET's letters
/// (<c>yyyy/MM/dd HH:mm:ss</c>), or with Minguo years (<c>roc:yyy/MM/dd</c>: 113/02/29 is 2024-02-29).
/// </summary>
public sealed class MomentFormat(IReadOnlyList<string> formats, Zone zone, int addDays)
{
    public const string Iso = "iso";
    private const string Unix = "unix", UnixMilliseconds = "unix-ms", RocPrefix = "roc:";
    private const int RocYearZero = 1911;

    private static readonly string[] IsoLocal =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    private string? _lastText;
    private Instant _last;

    /// <summary>What is wrong with a format, or null.</summary>
    public static string? FaultOf(string format)
    {
        if (format is Iso or Unix or UnixMilliseconds) return null;
        var (pattern, roc) = Pattern(format);
        if (roc && !format.StartsWith("roc:yyy", StringComparison.Ordinal)) return "with roc: must begin with the year, such as \"roc:yyy/MM/dd\"";
        try
        {
            var written = new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero).ToString(pattern, CultureInfo.InvariantCulture);
            if (pattern.Length >= 6 && DateTimeOffset.TryParseExact(written, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
                && read.UtcDateTime == new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc)) return null;
        }
        catch (FormatException)
        {
        }
        return "must be iso, unix, unix-ms, or a pattern that names year, month and day, such as \"yyyy/MM/dd HH:mm:ss\" or \"roc:yyy/MM/dd\"";
    }

    public bool TryRead(string text, out Instant at)
    {
        if (text == _lastText)
        {
            at = _last;
            return true;
        }
        foreach (var format in formats)
            if (TryRead(text, format, out at))
            {
                if (addDays != 0 && !TryAddDays(ref at)) return false;
                (_lastText, _last) = (text, at);
                return true;
            }
        at = default;
        return false;
    }

    private bool TryRead(string text, string format, out Instant at)
    {
        at = default;
        if (format is Unix or UnixMilliseconds) return TryReadUnix(text, format == Unix ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond, out at);
        if (format == Iso) return TryReadIso(text, out at);
        var (pattern, roc) = Pattern(format);
        if (roc && !TryFromRoc(ref text)) return false;
        if (NamesOffset(pattern))
        {
            if (!DateTimeOffset.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)) return false;
            at = new Instant(moment.UtcTicks);
            return true;
        }
        if (!DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) return false;
        at = zone.InstantOf(local);
        return true;
    }

    private bool TryReadIso(string text, out Instant at)
    {
        if (DateTime.TryParseExact(text, IsoLocal, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            at = zone.InstantOf(local);
            return true;
        }
        return Instant.TryParse(System.Text.Encoding.UTF8.GetBytes(text.Replace(' ', 'T')), out at);
    }

    private static bool TryReadUnix(string text, long ticks, out Instant at)
    {
        at = default;
        var limit = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / ticks;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var since) || since < 0 || since > limit) return false;
        at = new Instant(DateTime.UnixEpoch.Ticks + (since * ticks));
        return true;
    }

    /// <summary>Whole calendar days on the clocks of the zone, so that a change of summer time does not shift the hour.</summary>
    private bool TryAddDays(ref Instant at)
    {
        var local = new DateTime(Math.Clamp(at.Ticks + (zone.OffsetSecondsAt(at) * TimeSpan.TicksPerSecond), 0, DateTime.MaxValue.Ticks));
        var days = (double)addDays;
        if (local.Ticks / TimeSpan.TicksPerDay + days < 1 || local.Ticks / TimeSpan.TicksPerDay + days >= DateTime.MaxValue.Ticks / TimeSpan.TicksPerDay) return false;
        at = zone.InstantOf(local.AddDays(days));
        return true;
    }

    private static bool TryFromRoc(ref string text)
    {
        var digits = 0;
        while (digits < text.Length && digits < 3 && char.IsAsciiDigit(text[digits])) digits++;
        if (digits < 2) return false;
        var year = int.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) + RocYearZero;
        text = year.ToString("0000", CultureInfo.InvariantCulture) + text[digits..];
        return true;
    }

    private static (string Pattern, bool Roc) Pattern(string format) =>
        format.StartsWith(RocPrefix, StringComparison.Ordinal) ? ("y" + format[RocPrefix.Length..], true) : (format, false);

    private static bool NamesOffset(string pattern)
    {
        var quoted = false;
        foreach (var c in pattern)
        {
            if (c == '\'') quoted = !quoted;
            else if (!quoted && c is 'z' or 'K') return true;
        }
        return false;
    }
}
