using System.Globalization;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.Core.Tests.Kernel;

public sealed class WeekTests
{
    [Theory]
    [InlineData("2026-W47", "2026-11-16", "2026-11-22")]
    [InlineData("2026-W01", "2025-12-29", "2026-01-04")]
    [InlineData("2026-W53", "2026-12-28", "2027-01-03")]
    [InlineData("0001-W01", "0001-01-01", "0001-01-07")]
    public void A_week_runs_from_monday_to_sunday(string text, string first, string last)
    {
        Assert.True(Week.TryParse(text, out var week));
        Assert.Equal((first, last, text), (Text(week.FirstDay), Text(week.LastDay), week.ToString()));
        Assert.All(week.EachDay(), day => Assert.Equal(week, Week.Of(day)));
        Assert.Equal(7, week.EachDay().Count());
        Assert.Equal((week, week.LastDay.AddDays(1)), (week.Next.Before, week.Next.FirstDay));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-47")]
    [InlineData("2026-W00")]
    [InlineData("2025-W53")]
    [InlineData("2026-W1")]
    [InlineData("0000-W01")]
    [InlineData("9999-W01")]
    [InlineData("2026-W 1")]
    public void Anything_else_is_no_week(string? text) => Assert.False(Week.TryParse(text, out _));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
