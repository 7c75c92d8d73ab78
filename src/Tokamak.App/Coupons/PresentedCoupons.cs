using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Coupons;

/// <summary>What became of one code that was presented.</summary>
/// <param name="Typed">As it was presented.</param>
/// <param name="Refusal">Null: it may be used, or is held.</param>
/// <param name="Series">Null where whoever asks may not know.</param>
/// <param name="Code">The random code; null for a shared one.</param>
public sealed record CouponAnswer(string Typed, CouponRefusal? Refusal, CouponSeries? Series, string? Code)
{
    /// <summary>What the pricing cart names: the series' id, or its shared code; null where the coupon may not be used.</summary>
    public string? Opens => Refusal is null ? Series?.Opens : null;
}

/// <summary>Who a member is in the books of coupons: under whichever id a coupon was given, it is hers (docs/adr/0012).</summary>
/// <param name="Own">Who she is now; under this id her uses are counted from now on.</param>
/// <param name="All">Every id that was merged into hers, her own among them.</param>
internal sealed record CouponMember(MemberId Own, IReadOnlyList<string> All)
{
    public static async Task<CouponMember> OfAsync(Turn turn, MemberId member, CancellationToken stop)
    {
        var rows = await turn.ReadAsync(
            "select id, root from member where root = coalesce((select root from member where id = @member), @member)", row => (Id: row.GetString(0), Root: row.GetString(1)), stop, ("member", member.Value));
        var own = rows.Count > 0 ? rows[0].Root : member.Value;
        return new CouponMember(new MemberId(own), [.. rows.Select(row => row.Id).Append(own).Append(member.Value).Distinct()]);
    }

    public bool Is(string? holder) => holder is not null && All.Contains(holder);
}

/// <summary>Codes as they are presented: read together, each judged by the rules. Nothing is written.</summary>
public static class PresentedCoupons
{
    /// <summary>So many codes a cart may present.</summary>
    public const int MostCodes = 20;

    /// <summary>Whether each could be used for a cart now, without holding it.</summary>
    /// <param name="turn">Reads.</param>
    /// <param name="hold">The cart that asks, whose own holds are not in its way; null: none.</param>
    /// <param name="codes">As they were presented, at most <see cref="MostCodes"/>.</param>
    /// <param name="cart">Where, for whom.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>In the order of <paramref name="codes"/>.</returns>
    public static async Task<IReadOnlyList<CouponAnswer>> JudgeAsync(Turn turn, string? hold, IReadOnlyList<string> codes, CouponCart cart, Instant now, CancellationToken stop) =>
        await JudgeAsync(turn, hold, codes, cart, cart.Member is { } member ? await CouponMember.OfAsync(turn, member, stop) : null, now, stop);

    internal static async Task<IReadOnlyList<CouponAnswer>> JudgeAsync(Turn turn, string? hold, IReadOnlyList<string> codes, CouponCart cart, CouponMember? member, Instant now, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codes.Count, MostCodes);
        if (cart.Channel == CouponSeries.StoreChannel != cart.Store is not null) throw new ArgumentException("exactly the channel store has a store", nameof(cart));
        var keys = codes.Select(CouponKey.Of).ToList();
        var known = await KnownAsync(turn, hold, [.. keys.Distinct()], member, now, stop);
        var (answers, bySeries) = (new Dictionary<string, CouponAnswer>(), new HashSet<string>());
        foreach (var (typed, key) in codes.Zip(keys))
            if (!answers.ContainsKey(key)) answers.Add(key, AnswerOf(typed, known.GetValueOrDefault(key), cart, now, bySeries));
        return [.. codes.Zip(keys, (typed, key) => answers[key] with { Typed = typed })];
    }

    private static CouponAnswer AnswerOf(string typed, Known? known, CouponCart cart, Instant now, HashSet<string> bySeries)
    {
        if (known is null) return new CouponAnswer(typed, CouponRules.Misread(typed) ?? CouponRefusal.Unknown, null, null);
        var series = known.Coupon.Series;
        var refusal = CouponRules.Judge(known.Coupon, cart, now);
        if (refusal == CouponRefusal.Unknown) return new CouponAnswer(typed, refusal, null, null);
        if (refusal is null && !bySeries.Add(series.Id)) refusal = CouponRefusal.SeriesTwice;
        return new CouponAnswer(typed, refusal, series, known.Code);
    }

    private sealed record Known(PresentedCoupon Coupon, string? Code);

    private sealed record Found(string Code, string Series, string? Holder, CouponUse Use);

    private static async Task<Dictionary<string, Known>> KnownAsync(Turn turn, string? hold, IReadOnlyList<string> keys, CouponMember? member, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var shared = await books.CouponSeries.Where(row => row.SharedKey != null && keys.Contains(row.SharedKey)).ToListAsync(stop);
        var found = await turn.ReadAsync(
            $"""
             select c.code, c.series, c.holder, u.state, u.until_ticks, u.hold from coupon c
             left join coupon_use u on u.hold = c.hold and u.series = c.series where {turn.IsOneOf("c.code", "codes")}
             """,
            row => new Found(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? CouponUse.None
                : (CouponUseState)row.GetInt16(3) == CouponUseState.Redeemed ? CouponUse.Redeemed
                : (CouponUseState)row.GetInt16(3) == CouponUseState.Held && row.GetInt64(4) > now.Ticks && row.GetString(5) != hold ? CouponUse.Held : CouponUse.None),
            stop, turn.List("codes", [.. keys]));
        var ids = found.Select(coupon => coupon.Series).Distinct().ToList();
        var series = await books.CouponSeries.Where(row => ids.Contains(row.Id)).ToListAsync(stop);
        series.AddRange(shared);
        if (series.Count == 0) return [];
        var used = await UsedAsync(turn, hold, series, member, now, stop);
        var known = new Dictionary<string, Known>();
        foreach (var row in shared) known[row.SharedKey!] = new Known(PresentedOf(row, null, CouponUse.None), null);
        foreach (var coupon in found) known[coupon.Code] = new Known(PresentedOf(series.First(row => row.Id == coupon.Series), coupon.Holder, coupon.Use), coupon.Code);
        return known;

        PresentedCoupon PresentedOf(CouponSeriesRow row, string? holder, CouponUse use)
        {
            var (byMember, let) = used.GetValueOrDefault(row.Id);
            return new PresentedCoupon(StoredSeries.Of(row), holder is null ? null : new MemberId(holder), use, row.Uses - let, byMember) { IsHolders = member?.Is(holder) == true };
        }
    }

    /// <summary>Of each series the uses by the member, and how many of all uses are none: holds that are over, and those of the cart that asks.</summary>
    private static async Task<Dictionary<string, (long ByMember, long Let)>> UsedAsync(Turn turn, string? hold, List<CouponSeriesRow> series, CouponMember? member, Instant now, CancellationToken stop)
    {
        var used = series.DistinctBy(row => row.Id).ToDictionary(row => row.Id, _ => (ByMember: 0L, Let: 0L));
        var ids = turn.List("ids", used.Keys);
        var theirs = member?.All ?? [];
        if (member is not null)
            foreach (var (id, uses) in await turn.ReadAsync(
                $"select series, sum(uses) from coupon_member where {turn.IsOneOf("series", "ids")} and {turn.IsOneOf("member", "members")} group by series",
                row => (row.GetString(0), Convert.ToInt64(row.GetValue(1), System.Globalization.CultureInfo.InvariantCulture)), stop, ids, turn.List("members", [.. theirs])))
                used[id] = (uses, 0);
        foreach (var (id, whose) in await turn.ReadAsync(
            $"select series, member from coupon_use where state = 0 and (until_ticks <= @now or hold = @hold) and {turn.IsOneOf("series", "ids")}",
            row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), stop, ("now", now.Ticks), ("hold", hold ?? ""), ids))
            used[id] = (Math.Max(0, used[id].ByMember - (whose is not null && theirs.Contains(whose) ? 1 : 0)), used[id].Let + 1);
        return used;
    }
}
