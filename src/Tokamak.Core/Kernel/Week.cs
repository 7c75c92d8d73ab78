using System.Globalization;

namespace Tokamak.Core.Kernel;

/// <summary>A week from Monday to Sunday (ISO 8601), by its Monday. Written <c>2026-W47</c>. The default is that of 1 January of the year 1.</summary>
public readonly record struct Week
{
    private const int Days = 7;

    private Week(DateOnly monday) => FirstDay = monday;

    public DateOnly FirstDay { get; }
    public DateOnly LastDay => FirstDay.AddDays(Days - 1);
    public Week Next => new(FirstDay.AddDays(Days));
    public Week Before => new(FirstDay.AddDays(-Days));

    public static Week Of(DateOnly day) => new(day.AddDays(-(((int)day.DayOfWeek + Days - 1) % Days)));

    /// <summary>Its seven days, rising.</summary>
    public IEnumerable<DateOnly> EachDay()
    {
        for (var i = 0; i < Days; i++) yield return FirstDay.AddDays(i);
    }

    public override string ToString()
    {
        var first = FirstDay.ToDateTime(TimeOnly.MinValue);
        return string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(first):0000}-W{ISOWeek.GetWeekOfYear(first):00}");
    }

    public static bool TryParse(string? text, out Week week)
    {
        week = default;
        if (text is not { Length: 8 } || text[4..6] is not "-W") return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1 or > 9998) return false;
        if (!int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > ISOWeek.GetWeeksInYear(year)) return false;
        week = new(DateOnly.FromDateTime(ISOWeek.ToDateTime(year, number, DayOfWeek.Monday)));
        return true;
    }
}
