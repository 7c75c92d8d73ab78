using Tokamak.Core.Kernel;

namespace Tokamak.Core.Coupons;

/// <summary>Why a coupon may not be used, here and now. Stored nowhere; the shell says each in words.</summary>
public enum CouponRefusal : byte
{
    /// <summary>There is no such code, or it is somebody else's: to whoever asks it is the same.</summary>
    Unknown,

    /// <summary>One letter at least was mistyped: the check letter says so.</summary>
    Mistyped,

    /// <summary>Only a holder may use it, and it is in nobody's wallet yet.</summary>
    NotInWallet,
    Stopped,
    NotYet,
    Over,
    OtherChannel,
    OtherStore,

    /// <summary>So many uses a member, and nobody said who they are.</summary>
    MemberNeeded,
    MemberUsedUp,
    UsedUp,

    /// <summary>This code has paid.</summary>
    Redeemed,

    /// <summary>Another cart has it for the moment.</summary>
    HeldElsewhere,

    /// <summary>The cart has a coupon of this series.</summary>
    SeriesTwice,
}

/// <summary>What one party owes another for a discount, or gets back of it.</summary>
/// <param name="From">Who bears it.</param>
/// <param name="To">Who gave it.</param>
/// <param name="AmountMinor">In the brand's smallest unit; below 0 where it is taken back.</param>
public sealed record CouponClearing(CouponParty From, CouponParty To, long AmountMinor);

/// <summary>How much of what a sale sold has come back, all returns together.</summary>
/// <param name="Returned">0 to <paramref name="Whole"/>, in the same measure: money before coupons, or units.</param>
/// <param name="Whole">All that was sold, 1 or more.</param>
public readonly record struct ReturnedShare(long Returned, long Whole)
{
    public bool IsPossible => Whole >= 1 && Returned >= 0 && Returned <= Whole;
    public bool IsAll => Returned == Whole;
}

/// <summary>What becomes of a redeemed coupon.</summary>
/// <param name="CostMinor">What its discount still costs.</param>
/// <param name="GivenBack">It can be used again.</param>
public sealed record CouponAfterReturn(long CostMinor, bool GivenBack);

/// <summary>Coupons: who may use which, who bears what they cost, and what a return does to them. Each hold has one coupon of a series at most.</summary>
public static class CouponRules
{
    /// <summary>What may be wrong with typed text before anybody looks it up.</summary>
    public static CouponRefusal? Misread(string typed) =>
        CouponKey.Of(typed) is var key && CouponCode.IsOfShape(key) && !CouponCode.TryParse(key, out _) ? CouponRefusal.Mistyped : null;

    /// <summary>May it be used now? Whose it is comes first, so that whoever tries another's coupon learns nothing about it.</summary>
    /// <returns>Null: it may.</returns>
    public static CouponRefusal? Judge(PresentedCoupon coupon, CouponCart cart, Instant now)
    {
        var series = coupon.Series;
        if (series.Holding == CouponHolding.HolderOnly && !coupon.IsHolders) return coupon.Holder is null ? CouponRefusal.NotInWallet : CouponRefusal.Unknown;
        if (coupon.Use == CouponUse.Redeemed) return CouponRefusal.Redeemed;
        if (RunsNot(series, now) is { } ended) return ended;
        if (series.Channels?.Contains(cart.Channel) == false) return CouponRefusal.OtherChannel;
        if (series.Stores is { } stores && (cart.Channel != CouponSeries.StoreChannel || !stores.Contains(cart.Store!))) return cart.Channel == CouponSeries.StoreChannel ? CouponRefusal.OtherStore : CouponRefusal.OtherChannel;
        if (series.MemberUses is { } each)
        {
            if (cart.Member is null) return CouponRefusal.MemberNeeded;
            if (coupon.MemberUsed >= each) return CouponRefusal.MemberUsedUp;
        }
        if (coupon.Use == CouponUse.Held) return CouponRefusal.HeldElsewhere;
        return series.TotalUses is { } all && coupon.TotalUsed >= all ? CouponRefusal.UsedUp : null;
    }

    /// <summary>Is the series over, stopped or not begun?</summary>
    public static CouponRefusal? RunsNot(CouponSeries series, Instant now) =>
        series.StoppedAt <= now ? CouponRefusal.Stopped : now < series.From ? CouponRefusal.NotYet : now >= series.Until ? CouponRefusal.Over : null;

    public static CouponParty BearerOf(CouponSeries series, CouponParty redeemer) => series.Bearer switch
    {
        CouponBearer.Issuer => CouponParty.OfIssuer(series.IssuingStore),
        CouponBearer.Redeemer => redeemer,
        CouponBearer.Hq => CouponParty.Hq,
        _ => throw new ArgumentOutOfRangeException(nameof(series), series.Bearer, null),
    };

    /// <summary>What is posted when a discount's cost becomes another.</summary>
    /// <param name="bearer">Who bears it.</param>
    /// <param name="redeemer">Who gave it.</param>
    /// <param name="beforeMinor">What it cost, 0 or more.</param>
    /// <param name="afterMinor">What it costs from now on, 0 or more.</param>
    /// <returns>Null: nothing, since both are one party or nothing changes.</returns>
    public static CouponClearing? Clear(CouponParty bearer, CouponParty redeemer, long beforeMinor, long afterMinor) =>
        bearer == redeemer || beforeMinor == afterMinor ? null : new CouponClearing(bearer, redeemer, afterMinor - beforeMinor);

    /// <summary>
    /// What is left of a coupon's cost when part of its sale has come back: as much of the discount as of the goods, half up as a line's remaining net (referral R11). It
    /// follows from all returns together, so that any sequence of them ends at nothing. What is given back stays so, whatever becomes of the return.
    /// </summary>
    /// <param name="onReturn">As the series says.</param>
    /// <param name="amountMinor">The whole discount, 0 or more.</param>
    /// <param name="share">All that has come back.</param>
    public static CouponAfterReturn Return(CouponOnReturn onReturn, long amountMinor, ReturnedShare share)
    {
        if (!share.IsPossible) throw new ArgumentOutOfRangeException(nameof(share), share, null);
        return new CouponAfterReturn(Exact.PartLeftHalfUp(amountMinor, share.Whole, share.Returned), share.IsAll && onReturn == CouponOnReturn.GiveBack);
    }
}
