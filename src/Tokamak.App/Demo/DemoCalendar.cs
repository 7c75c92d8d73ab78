using Tokamak.Core.Kernel;

namespace Tokamak.App.Demo;

/// <summary>The 18 months of the demo brand in Taiwan: which days are busy, and how trade drifts online.</summary>
public static class DemoCalendar
{
    public static readonly DateOnly First = new(2025, 5, 1);
    public static readonly DateOnly Last = new(2026, 10, 31);

    /// <summary>From here on the second version of the policy is in force.</summary>
    public static readonly DateOnly PolicyChange = new(2026, 1, 1);

    /// <summary>Taiwan keeps UTC+8 all year.</summary>
    public const int OffsetSeconds = 8 * 3600;

    public static readonly int Days = Last.DayNumber - First.DayNumber + 1;

    private const int Opening = 11 * 3600, Closing = (21 * 3600) + (30 * 60);

    private static readonly int[] MonthPercent = [110, 106, 90, 94, 104, 92, 92, 86, 92, 112, 126, 114];
    private static readonly int[] StoreWeekdayPercent = [128, 82, 80, 84, 88, 106, 138];
    private static readonly int[] OnlineWeekdayPercent = [112, 102, 98, 98, 98, 94, 98];
    private static readonly int[] StoreHourWeights = [4, 7, 8, 9, 9, 8, 9, 11, 12, 10, 4];
    private static readonly int[] OnlineHourWeights = [5, 2, 1, 1, 1, 1, 2, 3, 5, 6, 7, 7, 10, 8, 6, 6, 6, 6, 7, 8, 10, 13, 14, 10];

    public static DateOnly DayAt(int index) => First.AddDays(index);

    public static int IndexOf(DateOnly day) => day.DayNumber - First.DayNumber;

    public static int IndexOf(Instant at) => (int)((at.Ticks + (OffsetSeconds * TimeSpan.TicksPerSecond)) / TimeSpan.TicksPerDay) - First.DayNumber;

    public static Instant At(int index, int secondOfDay) =>
        new(((First.DayNumber + index) * TimeSpan.TicksPerDay) + ((secondOfDay - OffsetSeconds) * TimeSpan.TicksPerSecond));

    /// <summary>Trade of the stores that day, 10,000 on an average one. Closed on New Year's Eve and the first day of the lunar year.</summary>
    public static int StoreWeight(DateOnly day)
    {
        if (day == new DateOnly(2026, 2, 16) || day == new DateOnly(2026, 2, 17)) return 0;
        var weight = MonthPercent[day.Month - 1] * StoreWeekdayPercent[(int)day.DayOfWeek];
        return weight * (Anniversary(day) ? 130 : BeforeLunarNewYear(day) ? 140 : MothersDay(day) ? 120 : 100) / 100;
    }

    /// <summary>Trade of the web shop that day on the same scale: double 11 and double 12, quiet family holidays.</summary>
    public static int OnlineWeight(DateOnly day)
    {
        var weight = MonthPercent[day.Month - 1] * OnlineWeekdayPercent[(int)day.DayOfWeek];
        var percent = (day.Month, day.Day) switch
        {
            (11, 11) => 420,
            (11, 9 or 10) => 210,
            (12, 12) => 240,
            (6, 18) => 180,
            (2, >= 15 and <= 19) when day.Year == 2026 => 55,
            _ => Anniversary(day) ? 125 : 100,
        };
        return weight * percent / 100;
    }

    /// <summary>Of a thousand sales, how many are online orders: from a fifth to more than a third in 18 months.</summary>
    public static int OnlinePermille(int index) => 198 + (index * 160 / Days);

    /// <summary>Autumn sale (週年慶) to double 11: deep discounts, many price adjustments.</summary>
    public static bool Anniversary(DateOnly day) => day is { Month: 10, Day: >= 23 } or { Month: 11, Day: <= 11 };

    /// <summary>A second within opening hours, busier in the evening.</summary>
    public static int StoreSecond(Dice dice)
    {
        var second = Opening + (dice.Weighted(StoreHourWeights) * 3600) + dice.Below(3600);
        return Math.Min(second, Closing - 1 - dice.Below(600));
    }

    /// <summary>A second of the day as people shop online: at noon and late in the evening.</summary>
    public static int OnlineSecond(Dice dice) => (dice.Weighted(OnlineHourWeights) * 3600) + dice.Below(3600);

    private static bool BeforeLunarNewYear(DateOnly day) => day >= new DateOnly(2026, 1, 31) && day <= new DateOnly(2026, 2, 15);

    private static bool MothersDay(DateOnly day) => day is { Month: 5, Day: <= 10 };
}
