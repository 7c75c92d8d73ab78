using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.Core.Tests.Kernel;

public sealed class MonthTests
{
    [Theory]
    [InlineData("2026-01", "2026-01-01", "2026-01-31", "2026-02")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29", "2024-03")]
    [InlineData("2025-12", "2025-12-01", "2025-12-31", "2026-01")]
    [InlineData("0001-01", "0001-01-01", "0001-01-31", "0001-02")]
    public void A_month_runs_from_its_first_day_to_its_last(string text, string first, string last, string next)
    {
        Assert.True(Month.TryParse(text, out var month));
        Assert.Equal((first, last, next, text), (Text(month.FirstDay), Text(month.LastDay), month.Next.ToString(), month.ToString()));
        Assert.Equal((month, month), (Month.Of(month.FirstDay), Month.Of(month.LastDay)));
        Assert.True(month < month.Next && month.Next > month && month <= month.Next && month.Next >= month);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("2026-01-01")]
    [InlineData(" 2026-01")]
    public void Anything_else_is_no_month(string? text) => Assert.False(Month.TryParse(text, out _));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
