using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Previewing;

/// <summary>On which days an offer runs, and when it first does.</summary>
public static class OfferDays
{
    private const int MinutesOfDay = 24 * 60;

    /// <summary>Days of a month and of a week meet within so many days, even where it is the 29th of February on a Monday.</summary>
    private const int MostDays = 366 * 41;

    /// <summary>Whether any moment of the day is one of the offer's.</summary>
    public static bool RunsOn(Offer offer, DateOnly day, Zone zone) => FirstOf(offer.When, day, default, zone) is not null;

    /// <summary>The first moment from <paramref name="from"/> on at which it holds; null where there is none any more.</summary>
    public static Instant? FirstFrom(Offer offer, Instant from, Zone zone)
    {
        var start = offer.When?.From is { } begins && begins > from ? begins : from;
        var day = zone.DayOf(start);
        var last = offer.When?.Until is { } until ? zone.DayOf(until) : DateOnly.MaxValue;
        for (var i = 0; i <= MostDays && day <= last; i++, day = day.AddDays(1))
        {
            if (FirstOf(offer.When, day, start, zone) is { } first) return first;
            if (day == DateOnly.MaxValue) break;
        }
        return null;
    }

    /// <summary>The first moment of a day, and not before <paramref name="earliest"/>, at which it holds.</summary>
    private static Instant? FirstOf(OfferTime? when, DateOnly day, Instant earliest, Zone zone)
    {
        if (when is not null && !IsOf(when, day)) return null;
        var start = zone.InstantOf(day.ToDateTime(TimeOnly.MinValue));
        // The last day there is has no day after it.
        var end = day < DateOnly.MaxValue ? zone.InstantOf(day.AddDays(1).ToDateTime(TimeOnly.MinValue)) : new Instant(start.Ticks + TimeSpan.TicksPerDay);
        var least = Later(Later(start, earliest), when?.From ?? default);
        var most = when?.Until is { } until && until < end ? until : end;
        Instant? first = null;
        foreach (var (from, to) in when?.Hours ?? [(0, MinutesOfDay)])
        {
            var at = Later(least, At(start, from));
            var before = to == MinutesOfDay ? end : At(start, to);
            if (at < before && at < most && (first is null || at < first)) first = at;
        }
        return first;
    }

    private static bool IsOf(OfferTime when, DateOnly day) =>
        when.Weekdays?.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek) != false && when.Days?.Contains(day.Day) != false;

    private static Instant At(Instant start, int minute) => new(start.Ticks + (minute * TimeSpan.TicksPerMinute));

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
}
