using System.Text.Json;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;

namespace Tokamak.App.Coupons;

/// <summary>Coupons in words: why one may not be used, and what a series says.</summary>
public static class CouponWords
{
    /// <summary>The reason as programs read it, such as <c>other-store</c>.</summary>
    public static string Code(CouponRefusal refusal) => JsonNamingPolicy.KebabCaseLower.ConvertName(refusal.ToString());

    /// <summary>The reason as the person at the counter says it.</summary>
    public static string Of(CouponRefusal refusal, Texts t) => refusal switch
    {
        CouponRefusal.Unknown => t["coupon.refused.unknown"],
        CouponRefusal.Mistyped => t["coupon.refused.mistyped"],
        CouponRefusal.NotInWallet => t["coupon.refused.wallet"],
        CouponRefusal.Stopped => t["coupon.refused.stopped"],
        CouponRefusal.NotYet => t["coupon.refused.notyet"],
        CouponRefusal.Over => t["coupon.refused.over"],
        CouponRefusal.OtherChannel => t["coupon.refused.channel"],
        CouponRefusal.OtherStore => t["coupon.refused.store"],
        CouponRefusal.MemberNeeded => t["coupon.refused.member"],
        CouponRefusal.MemberUsedUp => t["coupon.refused.memberused"],
        CouponRefusal.UsedUp => t["coupon.refused.usedup"],
        CouponRefusal.Redeemed => t["coupon.refused.redeemed"],
        CouponRefusal.HeldElsewhere => t["coupon.refused.held"],
        CouponRefusal.SeriesTwice => t["coupon.refused.twice"],
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    public static string NameOf(CouponSeries series, Texts t) => t.Language == Language.Chinese ? series.Name.ZhTw : series.Name.En;
}
