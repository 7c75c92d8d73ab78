using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

public enum SeriesMade
{
    Made,

    /// <summary>There is a series of this id.</summary>
    IdTaken,

    /// <summary>Another series has this shared code, or one that reads the same.</summary>
    CodeTaken,
}

/// <summary>Series as the books keep them. What a series says never changes, so that a coupon means what it meant when it was given; it can be stopped.</summary>
public static class StoredSeries
{
    public const int MostListed = 500;

    /// <param name="turn">Writes.</param>
    /// <param name="series">Checked by <see cref="SeriesRules"/>.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<SeriesMade> MakeAsync(Turn turn, CouponSeries series, string by, Instant now, CancellationToken stop)
    {
        if (SeriesRules.Check(series) is { Count: > 0 } faults) throw new ArgumentException($"not a series: {string.Join(", ", faults)}", nameof(series));
        var key = series.SharedCode is { } shared ? CouponKey.Of(shared) : null;
        await using var books = turn.Books();
        if (await books.CouponSeries.AnyAsync(row => row.Id == series.Id, stop)) return SeriesMade.IdTaken;
        if (key is not null && await books.CouponSeries.AnyAsync(row => row.SharedKey == key, stop)) return SeriesMade.CodeTaken;
        await turn.InsertAsync<CouponSeriesRow>(
            [
                new CouponSeriesRow
                {
                    Id = series.Id, NameZh = series.Name.ZhTw, NameEn = series.Name.En, Issuer = series.IssuingStore, Kind = (short)series.Kind, SharedCode = series.SharedCode, SharedKey = key,
                    Channels = Listed(series.Channels), Stores = Listed(series.Stores), Holding = (short)series.Holding, FromTicks = series.From?.Ticks, UntilTicks = series.Until?.Ticks,
                    TotalUses = series.TotalUses, MemberUses = series.MemberUses, OnReturn = (short)series.OnReturn, Bearer = (short)series.Bearer, Department = series.Department,
                    MadeBy = by, MadeAtTicks = now.Ticks, StoppedAtTicks = series.StoppedAt?.Ticks,
                },
            ], stop);
        return SeriesMade.Made;
    }

    /// <summary>Nobody may use its coupons any more; what is redeemed stays so.</summary>
    /// <returns>False: there is no such series, or it was stopped before.</returns>
    public static async Task<bool> StopAsync(Turn turn, string id, Instant now, CancellationToken stop) =>
        await turn.ExecuteAsync("update coupon_series set stopped_at_ticks = @now where id = @id and stopped_at_ticks is null", stop, ("now", now.Ticks), ("id", id)) > 0;

    /// <summary>The latest first, with their counts. Holds whose time is over are taken off the uses.</summary>
    public static async Task<IReadOnlyList<CouponSeriesRow>> ListAsync(Turn turn, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var rows = await books.CouponSeries.OrderByDescending(row => row.MadeAtTicks).ThenByDescending(row => row.Id).Take(MostListed).ToListAsync(stop);
        var lapsed = await books.CouponUses.Where(use => use.State == CouponUseState.Held && use.UntilTicks <= now.Ticks).GroupBy(use => use.Series)
            .Select(uses => new { Series = uses.Key, Count = uses.LongCount() }).ToDictionaryAsync(uses => uses.Series, uses => uses.Count, stop);
        return [.. rows.Select(row => row with { Uses = row.Uses - lapsed.GetValueOrDefault(row.Id) })];
    }

    public static async Task<CouponSeriesRow?> FindAsync(Turn turn, string id, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.CouponSeries.SingleOrDefaultAsync(row => row.Id == id, stop) is not { } found) return null;
        return found with { Uses = found.Uses - await books.CouponUses.LongCountAsync(use => use.State == CouponUseState.Held && use.UntilTicks <= now.Ticks && use.Series == id, stop) };
    }

    public static CouponSeries Of(CouponSeriesRow row) => new()
    {
        Id = row.Id, Name = new CouponName(row.NameZh, row.NameEn), IssuingStore = row.Issuer, Kind = (CouponKind)row.Kind, SharedCode = row.SharedCode,
        Channels = row.Channels?.Split(','), Stores = row.Stores?.Split(','), Holding = (CouponHolding)row.Holding, From = MomentOf(row.FromTicks), Until = MomentOf(row.UntilTicks),
        TotalUses = row.TotalUses, MemberUses = row.MemberUses, OnReturn = (CouponOnReturn)row.OnReturn, Bearer = (CouponBearer)row.Bearer, Department = row.Department, StoppedAt = MomentOf(row.StoppedAtTicks),
    };

    // Ids have no comma (R1).
    private static string? Listed(IReadOnlyList<string>? ids) => ids is null ? null : string.Join(',', ids);

    private static Instant? MomentOf(long? ticks) => ticks is { } at ? new Instant(at) : null;
}
