using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Closing;

/// <summary>What must hold before a period closes.</summary>
public enum CloseCheck
{
    /// <summary>Its last day is past, in the brand's time zone.</summary>
    IsOver,

    /// <summary>It is not closed yet.</summary>
    IsOpen,

    /// <summary>Everything before it is closed, and it comes next: it is not before anything was posted.</summary>
    IsNext,

    /// <summary>Nobody waits to be derived anew.</summary>
    NobodyWaits,
}

/// <summary>One line of the checklist.</summary>
public sealed record CloseChecked(CloseCheck Check, bool Holds);

/// <summary>What closing a period would freeze, and whether it may.</summary>
/// <param name="Month">The period.</param>
/// <param name="Next">The period that comes next; null before anything is posted.</param>
/// <param name="Waiting">Members and sales that wait to be derived anew.</param>
/// <param name="Checklist">What must hold.</param>
/// <param name="Frozen">What would be frozen.</param>
public sealed record ClosePreview(Month Month, Month? Next, int Waiting, IReadOnlyList<CloseChecked> Checklist, FrozenPeriod Frozen)
{
    public bool MayClose => Checklist.All(item => item.Holds);
}

/// <summary>Closes a period (R14): its statements are frozen, and what later facts change is settled in the next ones.</summary>
public static class ClosePeriod
{
    /// <summary>What closing would freeze now. On a write turn, lines that are due are let vest first.</summary>
    public static async Task<ClosePreview> PreviewAsync(Turn turn, BookRules rules, Month month, DateOnly today, CancellationToken stop)
    {
        await using var books = turn.Books();
        var settlement = await BookSettlement.OfAsync(turn, rules, month, stop);
        Month? first = settlement.Statements.Count == 0 ? null : settlement.Statements.Min(row => row.Period);
        return PreviewOf(rules, FrozenPeriod.Of(settlement, month), first, await books.Work.CountAsync(stop), today);
    }

    /// <summary>The same from what is settled already; <paramref name="earliest"/> is the first month that has a statement.</summary>
    public static ClosePreview PreviewOf(BookRules rules, FrozenPeriod frozen, Month? earliest, int waiting, DateOnly today)
    {
        var month = frozen.Month;
        var isOpen = rules.LastClosed is null || month > rules.LastClosed;
        var next = rules.LastClosed is { } closed ? closed.Next : earliest;
        return new ClosePreview(
            month, next, waiting,
            [
                new(CloseCheck.IsOver, today > month.LastDay),
                new(CloseCheck.IsOpen, isOpen),
                new(CloseCheck.IsNext, !isOpen || month == next),
                new(CloseCheck.NobodyWaits, waiting == 0),
            ],
            frozen);
    }

    /// <summary>Closes the period, or says by its checklist why not. The turn is to be committed.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="month">Which period.</param>
    /// <param name="by">Who closes it, for the record.</param>
    /// <param name="now">When.</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ClosePreview> RunAsync(Turn turn, Month month, string by, Instant now, DateOnly today, CancellationToken stop)
    {
        var (rules, _) = await VestSales.RunAsync(turn, await BookRules.LoadAsync(turn, stop), today, Reached.All, null, stop);
        var preview = await PreviewAsync(turn, rules, month, today, stop);
        if (!preview.MayClose) return preview;
        await turn.InsertAsync<PeriodRow>(
        [
            new PeriodRow
            {
                Month = month.ToString(), ClosedAtTicks = now.Ticks, ClosedBy = by, Facts = rules.Facts, Postings = rules.Postings, Horizon = rules.Horizon!.Value, Sha256 = preview.Frozen.Sha256,
            },
        ], stop);
        await turn.InsertAsync(preview.Frozen.Statements, stop);
        await turn.InsertAsync(preview.Frozen.Earnings, stop);
        return preview;
    }
}
