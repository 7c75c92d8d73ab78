using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>An appeal as statistics count it.</summary>
public sealed record CountedAppeal(StoreId Store, string Rules, Instant OpenedAt, AppealState State, Instant? SettledAt);

/// <summary>What came of some appeals.</summary>
/// <param name="Count">All, those that were withdrawn included.</param>
/// <param name="Waiting">Not settled.</param>
/// <param name="Ruled">Upheld, partly or rejected.</param>
/// <param name="UpheldBps">Of these the part that was upheld, if only partly; null where none is ruled.</param>
/// <param name="MedianDays">From the appeal to its ruling, in half days doubled: 5 is two days and a half; null where none is ruled.</param>
public sealed record AppealTally(int Count, int Waiting, int Ruled, long? UpheldBps, int? MedianDays)
{
    public static AppealTally Of(IReadOnlyCollection<CountedAppeal> appeals, Zone zone)
    {
        var ruled = appeals.Where(appeal => appeal.State is AppealState.Upheld or AppealState.Partly or AppealState.Rejected).ToList();
        var upheld = ruled.Count(appeal => appeal.State != AppealState.Rejected);
        var days = ruled.Select(appeal => zone.DayOf(appeal.SettledAt!.Value).DayNumber - zone.DayOf(appeal.OpenedAt).DayNumber).Order().ToList();
        return new AppealTally(
            appeals.Count, appeals.Count(appeal => appeal.State is AppealState.Open or AppealState.Late), ruled.Count, ruled.Count == 0 ? null : upheld * 10_000L / ruled.Count,
            days.Count == 0 ? null : days[(days.Count - 1) / 2] + days[days.Count / 2]);
    }
}

/// <summary>Appeals of some months: in all, by the month in which they were opened, by store and by the rule they dispute. One that disputes two rules counts for both.</summary>
public sealed record AppealFigures(
    AppealTally All, IReadOnlyList<(Month Month, AppealTally Tally)> Months, IReadOnlyList<(StoreId Store, AppealTally Tally)> Stores, IReadOnlyList<(string Rule, AppealTally Tally)> Rules)
{
    public static AppealFigures Of(IReadOnlyCollection<CountedAppeal> appeals, Zone zone) => new(
        AppealTally.Of(appeals, zone),
        [.. appeals.GroupBy(appeal => Month.Of(zone.DayOf(appeal.OpenedAt))).OrderByDescending(group => group.Key).Select(group => (group.Key, AppealTally.Of([.. group], zone)))],
        [.. appeals.GroupBy(appeal => appeal.Store).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => (group.Key, AppealTally.Of([.. group], zone)))],
        [
            .. appeals.SelectMany(appeal => appeal.Rules.Split(' ').Select(rule => (Rule: rule, Appeal: appeal))).GroupBy(one => one.Rule, one => one.Appeal)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, AppealTally.Of([.. group], zone))),
        ]);

    public static async Task<AppealFigures> ReadAsync(Turn turn, Zone zone, DateOnly from, CancellationToken stop)
    {
        await using var books = turn.Books();
        var since = zone.InstantOf(from.ToDateTime(TimeOnly.MinValue)).Ticks;
        var rows = await books.Appeals.Where(row => row.OpenedAtTicks >= since).Select(row => new { row.Store, row.Rules, row.OpenedAtTicks, row.State, row.SettledAtTicks }).ToListAsync(stop);
        return Of([.. rows.Select(row => new CountedAppeal(new StoreId(row.Store), row.Rules, new Instant(row.OpenedAtTicks), row.State, row.SettledAtTicks is { } at ? new Instant(at) : null))], zone);
    }
}
