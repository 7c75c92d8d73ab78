namespace Tokamak.Core.Promotions;

/// <summary>So often a quote uses an offer whose uses are counted.</summary>
/// <param name="Times">Applications of a unit offer; 1 for any other.</param>
/// <param name="PerMember">How often a member may use it; null without a limit.</param>
/// <param name="Total">How often all may use it together; null without a limit.</param>
public sealed record OfferUse(string Offer, long Times, long? PerMember, long? Total);

/// <summary>Which offers are counted, and how often a quote uses them (spec promotions, "Conditions": <c>perMember</c>, <c>total</c>).</summary>
public static class UseRules
{
    public static bool IsCounted(Offer offer) => offer.PerMember is not null || offer.Total is not null;

    /// <summary>The counted offers that a cart could use if they had uses left: whoever prices it needs to know of these only.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="cart">Without counters.</param>
    public static IReadOnlyList<Offer> CouldUse(OfferBook book, Cart cart) =>
        [.. book.Offers.Where(offer => IsCounted(offer) && ConditionRules.Judge(offer, cart, book.Zone) is ConditionRules.Standing.Due or ConditionRules.Standing.CouponMissing)];

    /// <summary>
    /// What each coupon on a cart took off, 0 where it gave something else than money; those that opened nothing are not there. An offer that several of them open is the
    /// first one's, in the order in which the offer names them.
    /// </summary>
    public static IReadOnlyDictionary<string, long> OfCoupons(OfferBook book, Cart cart, Quote quote)
    {
        var amounts = quote.Applied.ToDictionary(applied => applied.Offer, applied => applied.Amount);
        foreach (var reward in quote.Rewards) amounts.TryAdd(reward.Offer, 0);
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var offer in book.Offers)
            if (amounts.TryGetValue(offer.Id, out var amount) && offer.Coupon?.FirstOrDefault(cart.Coupons.Contains) is { } code) taken[code] = taken.GetValueOrDefault(code) + amount;
        return taken;
    }

    /// <summary>What a quote uses, by id.</summary>
    public static IReadOnlyList<OfferUse> Of(OfferBook book, Quote quote)
    {
        var times = quote.Applied.ToDictionary(applied => applied.Offer, applied => applied.Times);
        foreach (var reward in quote.Rewards) times.TryAdd(reward.Offer, 1);
        return
        [
            .. book.Offers.Where(offer => IsCounted(offer) && times.ContainsKey(offer.Id))
                .Select(offer => new OfferUse(offer.Id, offer.Deal is UnitDeal ? times[offer.Id] : 1, offer.PerMember, offer.Total)),
        ];
    }
}
