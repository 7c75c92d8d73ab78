using System.Globalization;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Web;

public sealed class ShowTests
{
    private static readonly Show Chinese = new(Language.Chinese);
    private static readonly Show English = new(Language.English);
    private static readonly DateOnly Day = new(2026, 1, 5);

    [Theory]
    [InlineData(0, "NT$ 0")]
    [InlineData(1_234, "NT$ 1,234")]
    [InlineData(-1_234_567, "−NT$ 1,234,567")]
    [InlineData(long.MinValue, "−NT$ 9,223,372,036,854,775,808")]
    public void Money_has_thousands_and_a_true_minus(long amount, string shown)
    {
        Assert.Equal(shown, Chinese.Money(amount));
        Assert.Equal(shown, English.Money(amount));
    }

    [Theory]
    [InlineData(0, "0.0%")]
    [InlineData(1_234, "12.3%")]
    [InlineData(1_235, "12.4%")]
    [InlineData(-1_235, "−12.4%")]
    [InlineData(-4, "0.0%")]
    [InlineData(1_234_560, "12,345.6%")]
    public void A_rate_has_one_decimal_and_halves_go_away_from_zero(long basisPoints, string shown) =>
        Assert.Equal(shown, Chinese.Rate(basisPoints));

    [Theory]
    [InlineData(120, "+1.2 pp")]
    [InlineData(-120, "−1.2 pp")]
    [InlineData(4, "0.0 pp")]
    public void A_change_of_rate_has_its_sign(long basisPoints, string shown) => Assert.Equal(shown, English.RateChange(basisPoints));

    [Fact]
    public void A_month_is_written_as_its_readers_write_it()
    {
        Assert.Equal("2026年1月", Chinese.Month(Month.Of(Day)));
        Assert.Equal("January 2026", English.Month(Month.Of(Day)));
    }

    [Fact]
    public void A_day_is_written_as_its_readers_write_it()
    {
        Assert.Equal("2026年1月5日", Chinese.Day(Day));
        Assert.Equal("5 January 2026", English.Day(Day));
    }

    [Fact]
    public void A_moment_is_shown_on_the_clock_of_the_brand()
    {
        Assert.True(Instant.TryParse("2026-01-04T17:05:00Z"u8, out var at));
        var taipei = new Zone("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);
        Assert.Equal("2026年1月5日 01:05", Chinese.Moment(at, taipei));
    }

    [Fact]
    public void What_is_shown_does_not_depend_on_the_machine()
    {
        var machine = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
        try
        {
            Assert.Equal("−NT$ 1,234", English.Money(-1234));
            Assert.Equal("2026年1月5日", Chinese.Day(Day));
        }
        finally
        {
            CultureInfo.CurrentCulture = machine;
        }
    }
}
