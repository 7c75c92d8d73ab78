namespace Tokamak.Core.Kernel;

/// <summary>
/// The rules of one time zone as data: from <c>From</c> on, local time is UTC plus <c>OffsetSeconds</c>.
/// The shell builds it from the IANA database (docs/adr/0004), so that Core reads no machine setting.
/// </summary>
/// <param name="Name">IANA name, such as <c>Asia/Taipei</c>.</param>
/// <param name="Spans">At least one, rising; the first holds for everything before it too.</param>
public sealed record Zone(string Name, IReadOnlyList<ZoneSpan> Spans)
{
    public static readonly Zone Utc = new("UTC", [new ZoneSpan(default, 0)]);

    /// <summary>The calendar date of an instant here. Dates outside year 1 to 9999 are the first or last date.</summary>
    public DateOnly DayOf(Instant at)
    {
        var local = at.Ticks + (SpanAt(at).OffsetSeconds * TimeSpan.TicksPerSecond);
        return DateOnly.FromDayNumber((int)Math.Clamp(local / TimeSpan.TicksPerDay, 0, DateOnly.MaxValue.DayNumber));
    }

    /// <summary>
    /// The instant at which clocks here show this date and time: the earlier of two where they are set back, and
    /// where they are set forward over it, the instant by the offset that held before.
    /// </summary>
    public Instant InstantOf(DateTime local)
    {
        for (var i = 0; i < Spans.Count - 1; i++)
        {
            var instant = At(local, Spans[i]);
            if (instant < Spans[i + 1].From || At(local, Spans[i + 1]) < Spans[i + 1].From) return instant;
        }
        return At(local, Spans[^1]);

        static Instant At(DateTime local, ZoneSpan span) => new(Math.Max(0, local.Ticks - (span.OffsetSeconds * TimeSpan.TicksPerSecond)));
    }

    /// <summary>Seconds by which local time is ahead of UTC at an instant.</summary>
    public int OffsetSecondsAt(Instant at) => SpanAt(at).OffsetSeconds;

    private ZoneSpan SpanAt(Instant at)
    {
        int low = 0, high = Spans.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Spans[middle].From <= at) low = middle; else high = middle - 1;
        }
        return Spans[low];
    }
}

/// <summary>One stretch of a zone: the offset that holds from an instant on.</summary>
public readonly record struct ZoneSpan(Instant From, int OffsetSeconds);
