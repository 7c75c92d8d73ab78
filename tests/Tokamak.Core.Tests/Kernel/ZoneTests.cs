using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.Core.Tests.Kernel;

public sealed class ZoneTests
{
    // One hour forward at 01:00 UTC on 29 March 2026, back at 01:00 UTC on 25 October.
    private static readonly Zone Berlin = new("Europe/Berlin",
        [new ZoneSpan(default, 3600), new ZoneSpan(Utc(3, 29, 1), 7200), new ZoneSpan(Utc(10, 25, 1), 3600)]);

    [Theory]
    [InlineData(1, 10, 22, 59, "2026-01-10")]
    [InlineData(1, 10, 23, 0, "2026-01-11")]
    [InlineData(7, 10, 21, 59, "2026-07-10")]
    [InlineData(7, 10, 22, 0, "2026-07-11")]
    [InlineData(3, 28, 22, 59, "2026-03-28")]
    [InlineData(3, 29, 21, 59, "2026-03-29")]
    [InlineData(3, 29, 22, 0, "2026-03-30")]
    [InlineData(10, 24, 22, 0, "2026-10-25")]
    [InlineData(10, 25, 22, 59, "2026-10-25")]
    [InlineData(10, 25, 23, 0, "2026-10-26")]
    public void A_day_is_the_date_that_clocks_show_there(int month, int day, int hour, int minute, string date) =>
        Assert.Equal(date, Berlin.DayOf(Utc(month, day, hour, minute)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void The_offset_changes_at_its_very_instant()
    {
        var change = Utc(3, 29, 1);
        Assert.Equal(3600, Berlin.OffsetSecondsAt(new Instant(change.Ticks - 1)));
        Assert.Equal(7200, Berlin.OffsetSecondsAt(change));
        Assert.Equal(3600, Berlin.OffsetSecondsAt(Utc(10, 25, 1)));
        Assert.Equal(3600, Berlin.OffsetSecondsAt(default));
    }

    [Fact]
    public void A_time_skipped_by_clocks_counts_by_the_offset_before() => Assert.Equal(Utc(3, 29, 1, 30), Berlin.InstantOf(Local(3, 29, 2, 30)));

    [Fact]
    public void A_time_shown_twice_is_the_earlier() => Assert.Equal(Utc(10, 25, 0, 30), Berlin.InstantOf(Local(10, 25, 2, 30)));

    [Theory]
    [InlineData(3, 29, 1, 59)]
    [InlineData(3, 29, 3, 0)]
    [InlineData(10, 25, 1, 59)]
    [InlineData(10, 25, 3, 0)]
    [InlineData(12, 31, 23, 59)]
    public void Every_other_time_is_shown_by_its_instant(int month, int day, int hour, int minute)
    {
        var local = Local(month, day, hour, minute);
        var instant = Berlin.InstantOf(local);
        Assert.Equal(local.Ticks, instant.Ticks + (Berlin.OffsetSecondsAt(instant) * TimeSpan.TicksPerSecond));
    }

    [Fact]
    public void Days_stay_within_the_calendar()
    {
        Assert.Equal(DateOnly.MinValue, new Zone("West", [new ZoneSpan(default, -3600)]).DayOf(default));
        Assert.Equal(DateOnly.MaxValue, Berlin.DayOf(new Instant(DateTime.MaxValue.Ticks)));
    }

    private static DateTime Local(int month, int day, int hour, int minute) => new(2026, month, day, hour, minute, 0, DateTimeKind.Unspecified);

    private static Instant Utc(int month, int day, int hour, int minute = 0) => new(Local(month, day, hour, minute).Ticks);
}
