using Tokamak.App.Intake;
using Xunit;

namespace Tokamak.App.Tests.Intake;

public sealed class ExactDecimalTests
{
    private static readonly NumberStyle Plain = new('.', ',');

    [Theory]
    [InlineData("1234.5678", 10000, 12345678)]
    [InlineData("1,234.50", 100, 123450)]
    [InlineData(".0120", 10000, 120)]
    [InlineData("-5.", 1, -5)]
    [InlineData("+7", 100, 700)]
    [InlineData("000000000000000000000001.5", 10, 15)]
    [InlineData("10.0000", 1, 10)]
    public void A_decimal_becomes_units_exactly(string text, long scale, long units)
    {
        Assert.True(ExactDecimal.TryParse(text, Plain, out var value));
        Assert.Equal(units, value.ToUnits(scale, Rounding.Refuse));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1.2,3")]
    [InlineData(",5")]
    [InlineData("1e3")]
    [InlineData("$5")]
    [InlineData("5 ")]
    [InlineData("1234567890123456789")]
    public void Anything_else_is_no_decimal(string text) => Assert.False(ExactDecimal.TryParse(text, Plain, out _));

    [Fact]
    public void Marks_of_other_countries_are_read_where_the_mapping_says_so()
    {
        Assert.True(ExactDecimal.TryParse("1.234,5", new NumberStyle(',', '.'), out var value));
        Assert.Equal(12345, value.ToUnits(10, Rounding.Refuse));
    }

    [Theory]
    [InlineData("0.5", Rounding.Refuse, null)]
    [InlineData("0.5", Rounding.HalfAwayFromZero, 1L)]
    [InlineData("-0.5", Rounding.HalfAwayFromZero, -1L)]
    [InlineData("0.5", Rounding.HalfEven, 0L)]
    [InlineData("1.5", Rounding.HalfEven, 2L)]
    [InlineData("0.51", Rounding.HalfEven, 1L)]
    [InlineData("-1.9", Rounding.Down, -1L)]
    public void What_does_not_fit_the_scale_is_refused_or_rounded_as_named(string text, Rounding rounding, long? units)
    {
        Assert.True(ExactDecimal.TryParse(text, Plain, out var value));
        Assert.Equal(units, value.ToUnits(1, rounding));
    }

    [Fact]
    public void Products_and_sums_are_exact_as_decimals_are()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var (a, b) = (Some(), Some());
            Assert.True(ExactDecimal.TryParse(Text(a), Plain, out var x));
            Assert.True(ExactDecimal.TryParse(Text(b), Plain, out var y));
            Assert.Equal((long)(a * b * 1_000_000), (x * y).ToUnits(1_000_000, Rounding.Refuse));
            Assert.Equal((long)((a + b) * 1000), (x + y).ToUnits(1000, Rounding.Refuse));
            Assert.Equal(a.CompareTo(b), x.CompareTo(y));
        }

        decimal Some() => random.NextInt64(-99_999_999, 99_999_999) / 1000m;
        static string Text(decimal value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
