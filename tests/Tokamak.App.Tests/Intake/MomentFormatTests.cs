using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Intake;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class MomentFormatTests
{
    [Theory]
    [InlineData("iso", "2026-01-05T12:00:00", "2026-01-05T04:00:00Z")]
    [InlineData("iso", "2026-01-05 12:00:00.25", "2026-01-05T04:00:00.25Z")]
    [InlineData("iso", "2026-01-05", "2026-01-04T16:00:00Z")]
    [InlineData("iso", "2026-01-05T12:00:00+09:00", "2026-01-05T03:00:00Z")]
    [InlineData("iso", "2026-01-05 12:00:00Z", "2026-01-05T12:00:00Z")]
    [InlineData("yyyy/M/d HH:mm", "2026/1/5 12:00", "2026-01-05T04:00:00Z")]
    [InlineData("dd.MM.yyyy", "05.01.2026", "2026-01-04T16:00:00Z")]
    [InlineData("yyyyMMddHHmmss", "20260105120000", "2026-01-05T04:00:00Z")]
    [InlineData("yyyy-MM-dd HH:mm zzz", "2026-01-05 12:00 +00:00", "2026-01-05T12:00:00Z")]
    [InlineData("unix", "1767585600", "2026-01-05T04:00:00Z")]
    [InlineData("unix-ms", "1767585600250", "2026-01-05T04:00:00.25Z")]
    [InlineData("roc:yyy/MM/dd", "115/01/05", "2026-01-04T16:00:00Z")]
    [InlineData("roc:yyy/MM/dd HH:mm", "99/02/28 08:00", "2010-02-28T00:00:00Z")]
    [InlineData("roc:yyyMMdd", "1130229", "2024-02-28T16:00:00Z")]
    public void A_date_is_read_on_the_clocks_of_the_zone(string format, string text, string utc)
    {
        Assert.Null(MomentFormat.FaultOf(format));
        Assert.True(In("Asia/Taipei", format).TryRead(text, out var at));
        Assert.Equal(utc, at.ToString());
    }

    [Theory]
    [InlineData("iso", "05/01/2026")]
    [InlineData("iso", "2026-02-30")]
    [InlineData("yyyy/MM/dd", "2026/1/5")]
    [InlineData("unix", "-1")]
    [InlineData("unix", "99999999999999")]
    [InlineData("roc:yyy/MM/dd", "5/01/05")]
    [InlineData("roc:yyy/MM/dd", "2026/01/05")]
    public void What_does_not_fit_is_no_date(string format, string text) => Assert.False(In("Asia/Taipei", format).TryRead(text, out _));

    [Theory]
    [InlineData("HH:mm")]
    [InlineData("yyyy")]
    [InlineData("yyyy-mm-dd")]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("roc:MM/dd/yyy")]
    [InlineData("%")]
    public void A_format_that_does_not_name_a_day_is_faulty(string format) => Assert.NotNull(MomentFormat.FaultOf(format));

    [Fact]
    public void Of_several_formats_the_first_that_fits_counts()
    {
        Assert.True(new MomentFormat(["yyyy/MM/dd", "dd-MM-yyyy"], Zone.Utc, 0).TryRead("05-01-2026", out var at));
        Assert.Equal("2026-01-05T00:00:00Z", at.ToString());
    }

    [Fact]
    public void Days_added_are_calendar_days_over_a_change_of_summer_time()
    {
        var format = new MomentFormat(["iso"], Zones.Find("America/Los_Angeles")!, 2);
        Assert.True(format.TryRead("2026-03-07 09:00", out var at));
        Assert.Equal("2026-03-09T16:00:00Z", at.ToString());
        Assert.True(format.TryRead("2026-03-07 09:00", out var again));
        Assert.Equal(at, again);
        Assert.False(new MomentFormat(["iso"], Zone.Utc, 10_000).TryRead("9999-12-31", out _));
    }

    private static MomentFormat In(string zone, string format) => new([format], Zones.Find(zone)!, 0);
}
