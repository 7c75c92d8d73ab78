using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Where people buy.</summary>
/// <param name="Store">Exactly for <see cref="Cart.StoreChannel"/>.</param>
public readonly record struct SalesPlace(string Channel, string? Store);

/// <summary>Places in which the same offers hold at a moment, and so every price is the same.</summary>
/// <param name="Places">By channel, then store.</param>
/// <param name="Only">Offers that hold here and not in every place, by id.</param>
public sealed record PlaceGroup(IReadOnlyList<SalesPlace> Places, IReadOnlyList<string> Only);

/// <summary>What a cart costs in a group of places.</summary>
/// <param name="IsOptimal">Proven to be the least.</param>
/// <param name="By">The offers that lower it here and do not hold everywhere, by id.</param>
public sealed record ParityPrice(long Total, bool IsOptimal, IReadOnlyList<string> By);

/// <summary>A cart that does not cost the same everywhere.</summary>
/// <param name="Prices">One for each group, in their order.</param>
public sealed record ParityDifference(Cart Cart, IReadOnlyList<ParityPrice> Prices)
{
    /// <summary>The offers that cause it, by id.</summary>
    public IReadOnlyList<string> Causes => [.. Prices.SelectMany(price => price.By).Distinct().Order(Utf8Order.Instance)];

    /// <summary>Between the dearest and the cheapest place.</summary>
    public long Spread => Prices.Max(price => price.Total) - Prices.Min(price => price.Total);
}

/// <summary>Where channels and stores differ in price, and which offer causes it (spec promotions, "Parity report").</summary>
public static class ParityRules
{
    /// <summary>Places by the offers that hold there at a moment; weekdays and hours count.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="at">The moment.</param>
    /// <param name="places">In any order; each counts once.</param>
    public static IReadOnlyList<PlaceGroup> Groups(OfferBook book, Instant at, IEnumerable<SalesPlace> places)
    {
        var offers = book.Offers.Where(offer => ConditionRules.Holds(offer.When, at, book.Zone)).ToList();
        var held = places.Distinct().OrderBy(place => place.Channel, StringComparer.Ordinal).ThenBy(place => place.Store, StringComparer.Ordinal)
            .Select(place => (Place: place, Offers: offers.Where(offer => ConditionRules.Holds(offer.Where, place.Channel, place.Store)).Select(offer => offer.Id).ToHashSet())).ToList();
        if (held.Count == 0) return [];
        var everywhere = held.Select(one => one.Offers).Aggregate((a, b) => [.. a.Intersect(b)]);
        return
        [
            .. held.GroupBy(one => string.Join('\n', one.Offers.Except(everywhere).Order(Utf8Order.Instance)), StringComparer.Ordinal)
                .Select(group => new PlaceGroup([.. group.Select(one => one.Place)], [.. group.First().Offers.Except(everywhere).Order(Utf8Order.Instance)])),
        ];
    }

    /// <summary>Prices a cart in every group; null where it costs the same everywhere.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="cart">Its channel, store and moment are replaced.</param>
    /// <param name="at">The moment.</param>
    /// <param name="groups">Of <see cref="Groups"/>.</param>
    /// <param name="mostSteps">Of the search in each group.</param>
    public static ParityDifference? Compare(OfferBook book, Cart cart, Instant at, IReadOnlyList<PlaceGroup> groups, long mostSteps)
    {
        var prices = new List<ParityPrice>(groups.Count);
        foreach (var group in groups)
        {
            var place = group.Places[0];
            var quote = QuoteRules.Quote(book, cart with { At = at, Channel = place.Channel, Store = place.Store }, mostSteps);
            prices.Add(new ParityPrice(quote.Total, quote.IsOptimal, [.. quote.Applied.Select(applied => applied.Offer).Where(group.Only.Contains)]));
        }
        return prices.Select(price => price.Total).Distinct().Count() > 1 ? new ParityDifference(cart, prices) : null;
    }
}
