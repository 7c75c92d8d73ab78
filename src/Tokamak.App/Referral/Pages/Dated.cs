using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Pages;

/// <summary>Finds what is dated in a month in a list that is sorted by day.</summary>
public static class Dated
{
    public static IEnumerable<T> In<T>(IReadOnlyList<T> byDay, Month month, Func<T, DateOnly> dayOf)
    {
        for (var i = FirstFrom(byDay, month.FirstDay, dayOf); i < byDay.Count && dayOf(byDay[i]) <= month.LastDay; i++) yield return byDay[i];
    }

    private static int FirstFrom<T>(IReadOnlyList<T> byDay, DateOnly day, Func<T, DateOnly> dayOf)
    {
        int low = 0, high = byDay.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (dayOf(byDay[middle]) < day) low = middle + 1; else high = middle;
        }
        return low;
    }
}
