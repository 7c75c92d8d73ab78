using Tokamak.Core.Promotions;

namespace Tokamak.Bench.Quotes;

/// <summary>The baseline: offers one after the other in the order of their ids, each on the dearest units still free, as shops do that rank offers by priority.</summary>
internal static class InTheirOrder
{
    public static long Total(OfferBook book, Cart cart)
    {
        var due = book.Offers.Where(offer => ConditionRules.Judge(offer, cart, book.Zone) == ConditionRules.Standing.Due).ToList();
        var kinds = PriceRules.Price(cart, book.FloorPercent, due.FindAll(offer => offer.Deal is PriceDeal));
        var free = kinds.ConvertAll(kind => kind.Count);
        var taken = new List<Taken>();
        var applied = new List<Offer>();
        bool May(Offer offer) => applied.TrueForAll(other => other == offer
            || (!offer.Exclusive.Contains(Offer.Alone) && !other.Exclusive.Contains(Offer.Alone) && !offer.Exclusive.Any(other.Exclusive.Contains)));

        foreach (var offer in due.Where(offer => offer.Deal is UnitDeal && NeedsMet(offer, kinds)))
        {
            var times = ConditionRules.MostTimes(offer, cart);
            for (var i = 0L; i < times && May(offer) && Take(offer, kinds, free) is { } found; i++)
            {
                taken.AddRange(found);
                foreach (var some in found) free[some.Kind] -= some.Count;
                if (!applied.Contains(offer)) applied.Add(offer);
            }
        }
        var portions = kinds.Select((kind, k) => new Portion(k, kind.Price, false, free[k])).Where(portion => portion.Count > 0)
            .Concat(taken.Select(some => new Portion(some.Kind, kinds[some.Kind].Price - some.Discount, true, some.Count)))
            .OrderBy(portion => portion.Kind).ThenByDescending(portion => portion.Amount).ThenBy(portion => portion.IsTaken).ToList();
        var orders = new List<OrderOffer>();
        foreach (var offer in due.Where(offer => offer.Deal is OrderDeal && NeedsMet(offer, kinds)))
        {
            if (!May(offer) || (offer.Deal is OrderDeal { Stacks: false } && orders.Exists(other => !other.Deal.Stacks))) continue;
            var over = OrderOffer.Over(offer, kinds);
            if (OrderRules.Apply(kinds, portions, [over]) == 0) continue;
            orders.Add(over);
            applied.Add(offer);
        }
        return kinds.Sum(kind => kind.Price * kind.Count) - taken.Sum(some => some.Discount * some.Count) - OrderRules.Apply(kinds, portions, orders);
    }

    private static bool NeedsMet(Offer offer, List<UnitKind> kinds) => offer.Needs is not { } needs || PriceRules.Present(kinds, needs) >= needs.Least;

    private static List<Taken>? Take(Offer offer, List<UnitKind> kinds, List<int> free)
    {
        var deal = (UnitDeal)offer.Deal;
        var left = free.ToArray();
        var units = new List<Taken>();
        for (var s = 0; s < deal.Take.Count; s++)
        {
            var missing = deal.Take[s].Count;
            foreach (var k in Enumerable.Range(0, kinds.Count).OrderByDescending(k => kinds[k].Price))
            {
                if (missing == 0 || !kinds[k].IsMeant(deal.Take[s].Items) || (offer.RegularOnly && kinds[k].PricedBy is not null)) continue;
                var count = Math.Min(missing, left[k]);
                if (count == 0) continue;
                units.Add(new Taken(k, s, count, 0));
                (missing, left[k]) = (missing - count, left[k] - count);
            }
            if (missing > 0) return null;
        }
        var found = UnitRules.Apply(deal, kinds, units);
        return found.Exists(some => some.Discount > 0) ? found : null;
    }
}
