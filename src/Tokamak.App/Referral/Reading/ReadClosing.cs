using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>A period that is closed.</summary>
public sealed record ClosedPeriod(Month Month, Instant At, string By, string Sha256);

/// <summary>What somebody prepared and another is to confirm.</summary>
public sealed record AskedClosing(Month Month, string Sha256, Guid By, Instant At);

/// <summary>Where closing stands: how many wait to be derived anew, what is prepared, and the closed periods, the latest first.</summary>
public sealed record ClosingState(int Waiting, AskedClosing? Asked, Part<ClosedPeriod> Closed);

public static class ReadClosing
{
    /// <summary>Only for those who see all: what a period comes to is everybody's pay.</summary>
    public static async Task<ClosingState> OfAsync(Turn turn, Scope scope, int page, int pageSize, CancellationToken stop)
    {
        if (!scope.SeesAll) return new ClosingState(0, null, Part<ClosedPeriod>.Empty);
        await using var books = turn.Books();
        var rows = await books.Periods.OrderByDescending(period => period.Month).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(stop);
        return new ClosingState(
            await books.Work.CountAsync(stop), await AskedAsync(turn, stop),
            new([.. rows.Select(row => new ClosedPeriod(StoredForms.MonthOf(row.Month), new Instant(row.ClosedAtTicks), row.ClosedBy, row.Sha256))], await books.Periods.CountAsync(stop)));
    }

    public static async Task<AskedClosing?> AskedAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.CloseRequests.SingleOrDefaultAsync(stop) is { } row
            ? new AskedClosing(StoredForms.MonthOf(row.Month), row.Sha256, Guid.Parse(row.AskedBy), new Instant(row.AskedAtTicks)) : null;
    }

    public static async Task<string?> HashAsync(Turn turn, Scope scope, Month period, StaffId? staff, CancellationToken stop)
    {
        await using var books = turn.Books();
        var month = period.ToString();
        if (scope.HidesPay) return null;
        if (staff is { } of) return await books.Statements.Where(row => row.Period == month && row.Staff == of.Value).Select(row => row.Sha256).SingleOrDefaultAsync(stop);
        return scope.SeesAll ? await books.Periods.Where(row => row.Month == month).Select(row => row.Sha256).SingleOrDefaultAsync(stop) : null;
    }
}
