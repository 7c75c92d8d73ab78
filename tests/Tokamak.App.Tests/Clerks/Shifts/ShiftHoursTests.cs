using Tokamak.App.Clerks.Shifts;

namespace Tokamak.App.Tests.Clerks.Shifts;

public sealed class ShiftHoursTests
{
    [Theory]
    [InlineData("8", 480, "8")]
    [InlineData(" 8 ", 480, "8")]
    [InlineData("7.5", 450, "7.5")]
    [InlineData("8:30", 510, "8.5")]
    [InlineData("8:05", 485, "8:05")]
    [InlineData("7.25", 435, "7:15")]
    [InlineData("０８：３０", 510, "8.5")]
    [InlineData("0", 0, "")]
    [InlineData("", 0, "")]
    [InlineData(null, 0, "")]
    [InlineData("24", 1440, "24")]
    [InlineData("24:00", 1440, "24")]
    public void Hours_are_typed_as_people_write_them(string? typed, int minutes, string shown)
    {
        Assert.True(ShiftHours.TryParse(typed, out var read));
        Assert.Equal((minutes, shown), (read, ShiftHours.Text(read)));
        Assert.True(ShiftHours.TryParse(ShiftHours.Text(read), out var again) && again == read);
    }

    [Theory]
    [InlineData("eight")]
    [InlineData("-1")]
    [InlineData("24.5")]
    [InlineData("24:01")]
    [InlineData("25:00")]
    [InlineData("8:60")]
    [InlineData("8:3")]
    [InlineData("7.33")]
    [InlineData("1e1")]
    [InlineData("8:30:00")]
    [InlineData("99999999")]
    [InlineData("\ud800")]
    public void Anything_else_is_no_time(string typed) => Assert.False(ShiftHours.TryParse(typed, out _));
}
