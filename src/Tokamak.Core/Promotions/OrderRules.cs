using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>
/// Units of a kind that the unit stage left at one amount. In canonical order: by kind, then the larger amount, then units in no application first.
/// </summary>
public readonly record struct Portion(int Kind, long Amount, bool IsTaken, int Count);

/// <summary>What an order offer gives the units of one portion: each so much, the first of them one more.</summary>
public readonly record struct OrderShare(int Portion, long Each, int OneMore);

/// <summary>An order offer over a basket: which kinds of unit it may look at.</summary>
/// <param name="Eligible">By kind.</param>
public sealed record OrderOffer(Offer Offer, OrderDeal Deal, bool[] Eligible)
{
    public static OrderOffer Over(Offer offer, IReadOnlyList<UnitKind> kinds)
    {
        var deal = (OrderDeal)offer.Deal;
        return new OrderOffer(offer, deal, [.. kinds.Select(kind => kind.IsMeant(deal.Items) && !(offer.RegularOnly && kind.PricedBy is not null))]);
    }

    /// <summary>Whether it could discount anything of this basket, whatever unit offers do: they only lower what it looks at.</summary>
    public bool MayDiscount(IReadOnlyList<UnitKind> kinds)
    {
        long headroom = 0;
        for (var k = 0; k < Eligible.Length; k++) headroom += Eligible[k] ? kinds[k].Headroom : 0;
        return headroom > 0 && Base(kinds, [.. kinds.Select((kind, k) => new Portion(k, kind.Price, false, kind.Count))]) >= Deal.Steps[0].From;
    }

    public bool IsEligible(in Portion portion) => Eligible[portion.Kind] && !(Deal.Untaken && portion.IsTaken);

    /// <summary>What its threshold looks at.</summary>
    public long Base(IReadOnlyList<UnitKind> kinds, IReadOnlyList<Portion> portions)
    {
        long sum = 0;
        foreach (var portion in portions)
            if (IsEligible(portion)) sum += portion.Count * (Deal.Measure == Measure.Count ? 1 : Deal.Before ? kinds[portion.Kind].Price : portion.Amount);
        return sum;
    }

    /// <summary>Which step a base reaches, and how often; null for none.</summary>
    public (OrderStep Step, long Times)? Reached(long basis)
    {
        OrderStep? reached = null;
        foreach (var step in Deal.Steps)
            if (basis >= step.From) reached = step;
        if (reached is not { } highest) return null;
        return (highest, Deal.Every ? Math.Min(basis / highest.From, Deal.MaxRepeat ?? long.MaxValue) : 1);
    }
}

/// <summary>The order stage (spec promotions, "How a price comes about", 3 to 5).</summary>
public static class OrderRules
{
    /// <summary>
    /// What each offer takes off, all of them looking at the amounts the unit stage left; where several would take more from a unit than its headroom, they
    /// take their shares in the order of their ids, and what is cut off is not moved elsewhere.
    /// </summary>
    /// <param name="portions">In canonical order.</param>
    /// <param name="offers">In order of their ids; those that may be applied together.</param>
    /// <param name="taken">Receives, by unit of each portion, what each offer takes; null where only the sum is asked.</param>
    public static long Apply(IReadOnlyList<UnitKind> kinds, IReadOnlyList<Portion> portions, IReadOnlyList<OrderOffer> offers, List<OrderTaken>? taken = null)
    {
        if (offers.Count == 0) return 0;
        var shares = new List<(OrderOffer Offer, (long Each, int OneMore)[] Of, long Sum)>(offers.Count);
        foreach (var offer in offers)
            if (Shares(kinds, portions, offer) is { } found) shares.Add((offer, found.Shares, found.Discount));
        // One offer alone never takes more than a headroom.
        if (shares.Count <= 1 && taken is null) return shares.Count == 0 ? 0 : shares[0].Sum;

        long whole = 0;
        for (var p = 0; p < portions.Count; p++)
        {
            var portion = portions[p];
            var headroom = Headroom(kinds, portion);
            // Units between two of these places are alike: each offer's extra ones are the first of the portion.
            var ends = shares.ConvertAll(share => share.Of[p].OneMore);
            ends.Add(portion.Count);
            ends.Sort();
            var from = 0;
            foreach (var end in ends)
            {
                if (end == from) continue;
                var left = headroom;
                foreach (var (offer, of, _) in shares)
                {
                    var discount = Math.Min(left, of[p].Each + (of[p].OneMore > from ? 1 : 0));
                    left -= discount;
                    if (discount > 0) taken?.Add(new OrderTaken(p, from, end - from, offer.Offer.Id, discount));
                }
                whole += (headroom - left) * (end - from);
                from = end;
            }
        }
        return whole;
    }

    private static long Headroom(IReadOnlyList<UnitKind> kinds, in Portion portion) => Math.Max(0, portion.Amount - kinds[portion.Kind].Floor);

    private static ((long Each, int OneMore)[] Shares, long Discount)? Shares(IReadOnlyList<UnitKind> kinds, IReadOnlyList<Portion> portions, OrderOffer offer)
    {
        if (offer.Reached(offer.Base(kinds, portions)) is not { } reached) return null;
        long amounts = 0, headrooms = 0;
        var groups = new (long Weight, int Count)[portions.Count];
        for (var p = 0; p < portions.Count; p++)
        {
            var portion = portions[p];
            if (offer.IsEligible(portion)) groups[p] = (Headroom(kinds, portion), portion.Count);
            else continue;
            amounts += portion.Amount * portion.Count;
            headrooms += groups[p].Weight * portion.Count;
        }
        var discount = Math.Min(Math.Min(Benefit(offer.Deal, reached.Step, reached.Times, amounts), offer.Deal.MaxOff ?? long.MaxValue), headrooms);
        if (discount == 0) return null;
        var shares = new (long Each, int OneMore)[groups.Length];
        LargestRemainder.Divide(discount, groups, shares);
        return (shares, discount);
    }

    /// <summary>Percents of an amount round half up.</summary>
    public static long Benefit(OrderDeal deal, OrderStep step, long times, long amounts) =>
        deal.Percent ? Exact.PartLeftHalfUp(amounts, 100, 100 - step.Benefit) : (long)Int128.Min((Int128)step.Benefit * times, Cart.MaxMoney);
}

/// <summary>What an order offer takes from some units of a portion, each.</summary>
/// <param name="First">The first of them, from 0.</param>
public readonly record struct OrderTaken(int Portion, int First, int Count, string Offer, long Discount);
