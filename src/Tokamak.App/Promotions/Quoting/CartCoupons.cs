using System.Text.Json;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Quoting;

/// <summary>A cart whose codes are what they open, and what became of each code.</summary>
internal sealed record OpenedCart(Cart Cart, IReadOnlyList<CouponAnswer> Answers);

/// <summary>
/// Codes on a cart: an offer names a series or its shared code, a customer presents a code of it. One that no series knows is left as it is, for offers whose code
/// nobody counts; the id of a series by itself opens nothing.
/// </summary>
internal static class CartCoupons
{
    /// <summary>What the codes would open now; nothing is held.</summary>
    public static async Task<OpenedCart> JudgedAsync(Turn turn, Cart cart, Instant now, CancellationToken stop) =>
        cart.Coupons.Count == 0 ? new OpenedCart(cart, []) : await OpenAsync(turn, cart, await PresentedCoupons.JudgeAsync(turn, null, cart.Coupons, Of(cart), now, stop), stop);

    /// <summary>Holds the codes that may be used, for the quote; what it held before is let go.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="quote">Its id.</param>
    /// <param name="before">What is stored of it.</param>
    /// <param name="cart">With codes as they were typed.</param>
    /// <param name="until">Until when they are held.</param>
    /// <param name="now">The moment.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<OpenedCart> HeldAsync(Turn turn, string quote, QuoteRow? before, Cart cart, Instant until, Instant now, CancellationToken stop)
    {
        if (cart.Coupons.Count > 0) return await OpenAsync(turn, cart, (await CouponUses.HoldAsync(turn, HoldOf(quote), cart.Coupons, Of(cart), until, now, stop)).Coupons, stop);
        if (before is { Coupons: not null }) await ReleaseAsync(turn, quote, now, stop);
        return new OpenedCart(cart, []);
    }

    public static Task ReleaseAsync(Turn turn, string quote, Instant now, CancellationToken stop) => CouponUses.ReleaseAsync(turn, HoldOf(quote), now, stop);

    /// <summary>A coupon that the lowest price does without is not held from anybody.</summary>
    public static async Task KeepUsedAsync(Turn turn, string quote, Cart cart, OpenedCart opened, IReadOnlyDictionary<string, long> used, Instant until, Instant now, CancellationToken stop)
    {
        var held = opened.Answers.Where(answer => answer.Opens is not null).ToList();
        if (held.TrueForAll(answer => used.ContainsKey(answer.Opens!))) return;
        await CouponUses.HoldAsync(turn, HoldOf(quote), [.. held.Where(answer => used.ContainsKey(answer.Opens!)).Select(answer => answer.Typed)], Of(cart), until, now, stop);
    }

    /// <summary>What each coupon takes off, as it is kept; null without one.</summary>
    public static string? Text(IReadOnlyDictionary<string, long> used) => used.Count == 0 ? null : JsonSerializer.Serialize(used);

    /// <summary>The sale is stored: its coupons have paid.</summary>
    public static async Task RedeemAsync(Turn turn, QuoteRow quote, string sale, Instant now, CancellationToken stop)
    {
        if (quote.Coupons is null) return;
        var used = JsonSerializer.Deserialize<Dictionary<string, long>>(quote.Coupons)!;
        // Codes that no series knows are nobody's to redeem.
        var held = await turn.ReadAsync(
            "select coalesce(s.shared_code, s.id) from coupon_use u join coupon_series s on s.id = u.series where u.hold = @hold", row => row.GetString(0), stop, ("hold", HoldOf(quote.Id)));
        var amounts = used.Where(one => held.Contains(one.Key)).ToDictionary(one => one.Key, one => one.Value);
        await CouponUses.RedeemAsync(turn, HoldOf(quote.Id), sale, amounts, now, stop, forRewards: [.. amounts.Where(one => one.Value == 0).Select(one => one.Key)]);
    }

    /// <summary>Nobody who holds coupons by themselves can give a hold this name: ids have no control characters.</summary>
    private static string HoldOf(string quote) => $"quote\n{quote}";

    private static CouponCart Of(Cart cart) => new(cart.Channel, cart.Store, cart.Member is { } member ? new MemberId(member.Id) : null);

    private static async Task<OpenedCart> OpenAsync(Turn turn, Cart cart, IReadOnlyList<CouponAnswer> answers, CancellationToken stop)
    {
        // A code with a check letter is of some series, or of none: nobody means it as a word of an offer.
        var unknown = answers.Where(answer => answer is { Refusal: CouponRefusal.Unknown, Series: null } && !CouponCode.TryParse(answer.Typed, out _)).Select(answer => answer.Typed).ToList();
        var series = unknown.Count == 0 ? [] : await turn.ReadAsync($"select id from coupon_series where {turn.IsOneOf("id", "ids")}", row => row.GetString(0), stop, turn.List("ids", unknown));
        var free = unknown.Except(series).ToHashSet(StringComparer.Ordinal);
        return new OpenedCart(
            cart with { Coupons = [.. answers.Select(answer => answer.Opens).OfType<string>(), .. free] },
            [.. answers.Where(answer => !free.Contains(answer.Typed))]);
    }
}
