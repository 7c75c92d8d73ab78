using Tokamak.App.Brands;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Coupons;

/// <summary>What a series says, as people read it.</summary>
internal static class SeriesSentences
{
    public static string Party(CouponParty party, BrandNames names, Texts t) =>
        party.Store is { } store ? names.StoreName(new StoreId(store)) : party == CouponParty.Hq ? t["coupons.hq"] : t["coupons.online"];

    public static string State(CouponSeries series, Instant now, Texts t) => CouponRules.RunsNot(series, now) switch
    {
        null => t["coupons.runs"],
        CouponRefusal.NotYet => t["coupons.notyet"],
        CouponRefusal.Over => t["coupons.over"],
        _ => t["coupons.stopped"],
    };

    public static string Bearer(CouponSeries series, Texts t) => series.Bearer switch
    {
        CouponBearer.Issuer => t["coupons.bearer.issuer"],
        CouponBearer.Redeemer => t["coupons.bearer.redeemer"],
        CouponBearer.Hq => t["coupons.bearer.hq"],
        _ => throw new ArgumentOutOfRangeException(nameof(series), series.Bearer, null),
    };

    public static string Fault(SeriesFault fault, Texts t, Show show) => fault switch
    {
        SeriesFault.Id => t["coupons.wrong.id", show.Count(SeriesRules.MostLettersOfId)],
        SeriesFault.Name => t["coupons.wrong.name", show.Count(SeriesRules.MostLettersOfName)],
        SeriesFault.SharedCode => t["coupons.wrong.shared", show.Count(CouponKey.Least), show.Count(CouponKey.Most)],
        SeriesFault.SharedHolder => t["coupons.wrong.holder"],
        SeriesFault.Channels or SeriesFault.Stores => t["coupons.wrong.stores"],
        SeriesFault.Validity => t["coupons.wrong.validity"],
        SeriesFault.TotalUses or SeriesFault.MemberUses => t["coupons.wrong.uses"],
        SeriesFault.Department => t["coupons.wrong.department", show.Count(SeriesRules.MostLettersOfDepartment)],
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    /// <summary>Each of its conditions as a name and what holds; names from the data are marked.</summary>
    public static IEnumerable<(string Name, string Text, bool IsData)> Terms(CouponSeries series, BrandNames names, Zone zone, Texts t, Show show)
    {
        if (series.SharedCode is { } shared) yield return (t["coupons.code"], shared, true);
        yield return (t["coupons.issuer"], Party(CouponParty.OfIssuer(series.IssuingStore), names, t), series.IssuingStore is not null);
        yield return (t["coupons.who"], series.Holding == CouponHolding.HolderOnly ? t["coupons.who.holder"] : t["coupons.who.anyone"], false);
        yield return (t["coupons.channels"], series.Channels switch { null => t["coupons.channels.any"], ["store"] => t["coupons.channels.store"], ["online"] => t["coupons.channels.online"], _ => t["coupons.channels.any"] }, false);
        if (series.Stores is { } stores) yield return (t["coupons.stores"], string.Join(t["coupons.and"], stores.Select(store => names.StoreName(new StoreId(store)))), true);
        yield return (t["coupons.valid"], (series.From, series.Until) switch
        {
            ({ } from, { } until) => t["coupons.valid.both", show.Moment(from, zone), show.Moment(until, zone)],
            ({ } from, null) => t["coupons.valid.from", show.Moment(from, zone)],
            (null, { } until) => t["coupons.valid.until", show.Moment(until, zone)],
            _ => t["coupons.valid.always"],
        }, false);
        yield return (t["coupons.total"], series.TotalUses is { } all ? show.Count(all) : t["coupons.unlimited"], false);
        yield return (t["coupons.each"], series.MemberUses is { } each ? show.Count(each) : t["coupons.unlimited"], false);
        yield return (t["coupons.onreturn"], series.OnReturn == CouponOnReturn.GiveBack ? t["coupons.onreturn.back"] : t["coupons.onreturn.keep"], false);
        yield return (t["coupons.bearer"], Bearer(series, t), false);
        if (series.Department.Length > 0) yield return (t["coupons.department"], series.Department, true);
    }
}
