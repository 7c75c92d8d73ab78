using System.Globalization;

namespace Tokamak.Core.Kernel;

/// <summary>
/// A moment in UTC, in ticks of 100 ns since 0001-01-01T00:00:00Z. The default is that first moment.
/// Written and read as RFC 3339. Immutable; ordered by time.
/// </summary>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    private const int DateAndTimeLength = 19;
    private const long TicksPerMinute = TimeSpan.TicksPerMinute;
    private static readonly long MaxTicks = DateTime.MaxValue.Ticks;

    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);
    public static bool operator <(Instant a, Instant b) => a.Ticks < b.Ticks;
    public static bool operator >(Instant a, Instant b) => a.Ticks > b.Ticks;
    public static bool operator <=(Instant a, Instant b) => a.Ticks <= b.Ticks;
    public static bool operator >=(Instant a, Instant b) => a.Ticks >= b.Ticks;

    /// <summary>RFC 3339 in UTC, with as many fractional digits as are needed (at most 7).</summary>
    public override string ToString() =>
        new DateTime(Ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads RFC 3339 with an offset (<c>2026-01-05T12:00:00+08:00</c>, <c>…Z</c>). False for anything else, for a
    /// leap second, and for digits below 100 ns that are not zero, since they could not be kept.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (text.Length < DateAndTimeLength + 1
            || text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':'
            || !Digits(text[..4], out var year) || !Digits(text.Slice(5, 2), out var month)
            || !Digits(text.Slice(8, 2), out var day) || !Digits(text.Slice(11, 2), out var hour)
            || !Digits(text.Slice(14, 2), out var minute) || !Digits(text.Slice(17, 2), out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
            return false;

        var rest = text[DateAndTimeLength..];
        if (!Fraction(ref rest, out var fraction) || !Offset(rest, out var offsetMinutes)) return false;

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks
            + fraction - (offsetMinutes * TicksPerMinute);
        if (ticks < 0 || ticks > MaxTicks) return false;
        instant = new Instant(ticks);
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest[0] != '.') return true;
        var scale = TimeSpan.TicksPerSecond;
        var at = 1;
        for (; at < rest.Length && rest[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            scale /= 10;
            if (scale == 0 && rest[at] != '0') return false;
            ticks += scale * (rest[at] - '0');
        }
        if (at == 1) return false;
        rest = rest[at..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, out int minutes)
    {
        minutes = 0;
        if (rest.Length == 1) return (rest[0] | 0x20) == 'z';
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !Digits(rest.Slice(1, 2), out var hour) || !Digits(rest.Slice(4, 2), out var minute)
            || hour > 23 || minute > 59)
            return false;
        minutes = ((hour * 60) + minute) * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') return false;
            value = (value * 10) + (c - '0');
        }
        return true;
    }
}
