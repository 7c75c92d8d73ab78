using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

public sealed class TypedNumberTests
{
    [Theory]
    [InlineData("3.5", 2, 350)]
    [InlineData("3.50 %", 2, 350)]
    [InlineData("３．５％", 2, 350)]
    [InlineData("0.01", 2, 1)]
    [InlineData("100", 2, 10_000)]
    [InlineData("3.500", 2, 350)]
    [InlineData("300000", 0, 300_000)]
    [InlineData(" 300,000 ", 0, 300_000)]
    [InlineData("NT$ 1,500", 0, 1_500)]
    [InlineData("12.34", 2, 1_234)]
    [InlineData("-5", 0, -5)]
    [InlineData("9223372036854775807", 0, long.MaxValue)]
    public void What_people_type_is_read_exactly(string typed, int decimals, long value)
    {
        Assert.True(TypedNumber.TryRead(typed, decimals, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    [InlineData("三", 0)]
    [InlineData("3,5", 2)]
    [InlineData("1,00", 0)]
    [InlineData("3.555", 2)]
    [InlineData("3.5", 0)]
    [InlineData("1e3", 0)]
    [InlineData("9223372036854775808", 0)]
    [InlineData("1 2", 0)]
    public void What_could_mean_something_else_is_no_number(string? typed, int decimals) => Assert.False(TypedNumber.TryRead(typed, decimals, out _));

    [Fact]
    public void Every_rate_is_read_as_it_is_written()
    {
        for (var bps = 0; bps <= 10_000; bps++)
        {
            Assert.True(TypedNumber.TryRead(TypedNumber.Write(bps, 2), 2, out var read));
            Assert.Equal(bps, read);
        }
    }
}
