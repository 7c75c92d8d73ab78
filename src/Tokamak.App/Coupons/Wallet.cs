using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Coupons;

public enum GiveOutcome
{
    Given,

    /// <summary>She has it already.</summary>
    Hers,
    NoSeries,

    /// <summary>A shared code is in nobody's wallet: whoever knows it uses it.</summary>
    SharedCode,

    /// <summary>The series is over or stopped.</summary>
    Ended,

    /// <summary>There is no such code, or it is somebody else's.</summary>
    NoCode,

    /// <summary>It has paid, or another cart has it.</summary>
    Used,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Code">The coupon that is hers now.</param>
/// <param name="Series">Of it.</param>
public sealed record GiveAnswer(GiveOutcome Outcome, CouponCode? Code = null, CouponSeries? Series = null);

/// <summary>A coupon in a wallet.</summary>
/// <param name="Code">That she shows.</param>
/// <param name="Series">What it is good for.</param>
/// <param name="GivenAt">Since then she has it.</param>
/// <param name="Use">What is being done with it; a hold whose time is over is none.</param>
/// <param name="Ended">Why nobody may use it now; null: it runs.</param>
public sealed record WalletCoupon(CouponCode Code, CouponSeries Series, Instant GivenAt, CouponUse Use, CouponRefusal? Ended)
{
    public bool IsUsable => Use == CouponUse.None && Ended is null;
}

/// <summary>Coupons that members have. Whose a member id is now, merges say: a wallet is a person's, whichever id a coupon was given to.</summary>
public static class Wallet
{
    public const int MostListed = 500;

    /// <summary>Makes a coupon of a series for a member.</summary>
    /// <param name="turn">Writes.</param>
    /// <param name="series">With random codes.</param>
    /// <param name="member">Who gets it; that there is such a member is the caller's to see.</param>
    /// <param name="fresh">Its code (<see cref="IssueCodes.Fresh"/>).</param>
    /// <param name="by">Who gives it.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<GiveAnswer> GiveAsync(Turn turn, string series, MemberId member, CouponCode fresh, string by, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.CouponSeries.SingleOrDefaultAsync(row => row.Id == series, stop) is not { } row) return new GiveAnswer(GiveOutcome.NoSeries);
        var found = StoredSeries.Of(row);
        if (found.Kind == CouponKind.SharedCode) return new GiveAnswer(GiveOutcome.SharedCode, null, found);
        // What has not begun may be given: she sees from when on it counts.
        if (CouponRules.RunsNot(found, now) is not (null or CouponRefusal.NotYet)) return new GiveAnswer(GiveOutcome.Ended, null, found);
        var own = (await CouponMember.OfAsync(turn, member, stop)).Own;
        await turn.InsertAsync<CouponRow>([new CouponRow { Code = fresh.Value, Series = series, Holder = own.Value, GivenAtTicks = now.Ticks, GivenBy = by }], stop);
        await turn.ExecuteAsync("update coupon_series set issued = issued + 1, given = given + 1 where id = @series", stop, ("series", series));
        return new GiveAnswer(GiveOutcome.Given, fresh, found);
    }

    /// <summary>Puts a code that a member has on paper, or got from somebody, into her wallet. What only its holder may use stays with its holder.</summary>
    public static async Task<GiveAnswer> ClaimAsync(Turn turn, string typed, MemberId member, string by, Instant now, CancellationToken stop)
    {
        if (!CouponCode.TryParse(typed, out var code)) return new GiveAnswer(GiveOutcome.NoCode);
        await using var books = turn.Books();
        if (await books.Coupons.SingleOrDefaultAsync(row => row.Code == code.Value, stop) is not { } coupon) return new GiveAnswer(GiveOutcome.NoCode);
        var series = StoredSeries.Of(await books.CouponSeries.SingleAsync(row => row.Id == coupon.Series, stop));
        var hers = await CouponMember.OfAsync(turn, member, stop);
        if (hers.Is(coupon.Holder)) return new GiveAnswer(GiveOutcome.Hers, code, series);
        if (coupon.Holder is not null && series.Holding == CouponHolding.HolderOnly) return new GiveAnswer(GiveOutcome.NoCode);
        if (CouponRules.RunsNot(series, now) is not (null or CouponRefusal.NotYet)) return new GiveAnswer(GiveOutcome.Ended, null, series);
        // A hold whose time is over does not keep it.
        var moved = await turn.ExecuteAsync(
            """
            update coupon set holder = @member, given_at_ticks = @now, given_by = @by where code = @code
            and not exists (select 1 from coupon_use u where u.hold = coupon.hold and u.series = coupon.series and (u.state = 1 or (u.state = 0 and u.until_ticks > @now)))
            """, stop, ("member", hers.Own.Value), ("now", now.Ticks), ("by", by), ("code", code.Value));
        if (moved == 0) return new GiveAnswer(GiveOutcome.Used, null, series);
        if (coupon.Holder is null) await turn.ExecuteAsync("update coupon_series set given = given + 1 where id = @series", stop, ("series", series.Id));
        return new GiveAnswer(GiveOutcome.Given, code, series);
    }

    /// <summary>A member's coupons, the latest first.</summary>
    public static async Task<IReadOnlyList<WalletCoupon>> ListAsync(Turn turn, MemberId member, Instant now, int most, CancellationToken stop)
    {
        var hers = await CouponMember.OfAsync(turn, member, stop);
        var rows = await turn.ReadAsync(
            $"""
             select c.code, c.series, c.given_at_ticks, u.state, u.until_ticks from coupon c left join coupon_use u on u.hold = c.hold and u.series = c.series
             where {turn.IsOneOf("c.holder", "ids")} order by c.given_at_ticks desc, c.code limit @most
             """,
            row => (Code: row.GetString(0), Series: row.GetString(1), At: row.GetInt64(2), State: row.IsDBNull(3) ? (CouponUseState?)null : (CouponUseState)row.GetInt16(3), Until: row.IsDBNull(4) ? 0 : row.GetInt64(4)),
            stop, turn.List("ids", [.. hers.All]), ("most", most));
        var ids = rows.Select(row => row.Series).Distinct().ToList();
        await using var books = turn.Books();
        var series = (await books.CouponSeries.Where(row => ids.Contains(row.Id)).ToListAsync(stop)).ToDictionary(row => row.Id, StoredSeries.Of);
        return
        [
            .. rows.Select(row => new WalletCoupon(
                CouponCode.TryParse(row.Code, out var code) ? code : throw new InvalidOperationException("a stored code does not read as one"), series[row.Series], new Instant(row.At),
                row.State == CouponUseState.Redeemed ? CouponUse.Redeemed : row.State == CouponUseState.Held && row.Until > now.Ticks ? CouponUse.Held : CouponUse.None, CouponRules.RunsNot(series[row.Series], now))),
        ];
    }
}
