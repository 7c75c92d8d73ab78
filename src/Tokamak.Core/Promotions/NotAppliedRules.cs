using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions.Choosing;

namespace Tokamak.Core.Promotions;

/// <summary>Why an offer that holds was not applied: the first reason that fits, judged on the outcome (spec promotions, "Result").</summary>
internal static class NotAppliedRules
{
    public static NotApplied Of(Offer offer, ConditionRules.Standing standing, Outcome outcome, IReadOnlyCollection<Offer> applied)
    {
        if (standing == ConditionRules.Standing.CouponMissing) return new NotApplied(offer.Id, NotAppliedReason.CouponMissing);
        if (standing == ConditionRules.Standing.UsedUp) return new NotApplied(offer.Id, NotAppliedReason.UsedUp);
        if (Short(offer, outcome) is var (missing, of)) return new NotApplied(offer.Id, NotAppliedReason.ShortBy, missing, of);
        if (applied.Where(other => Exclude(offer, other)).Select(other => other.Id).ToList() is { Count: > 0 } excluding) return By(NotAppliedReason.Exclusive, excluding);
        return Holders(offer, outcome) is { Count: > 0 } holders ? By(NotAppliedReason.BetterOffer, holders) : new NotApplied(offer.Id, NotAppliedReason.NoBenefit);

        NotApplied By(NotAppliedReason reason, List<string> offers) => new(offer.Id, reason, By: [.. offers.Distinct().Order(Utf8Order.Instance)]);
    }

    private static (long Missing, Measure Of)? Short(Offer offer, Outcome outcome)
    {
        if (offer.Needs is { } needs && needs.Least - PriceRules.Present(outcome.Board.Kinds, needs) is > 0 and var needed) return (needed, needs.Measure);
        return offer.Deal switch
        {
            OrderDeal deal when deal.Steps[0].From - OrderOffer.Over(offer, outcome.Board.Kinds).Base(outcome.Board.Kinds, outcome.Portions) is > 0 and var missing => (missing, deal.Measure),
            RewardDeal deal when deal.Steps[0].From - RewardRules.Base(offer, outcome) is > 0 and var missing => (missing, deal.Measure),
            UnitDeal deal when MissingToTake(offer, deal, outcome.Board.Kinds) is > 0 and var missing => (missing, Measure.Count),
            _ => null,
        };
    }

    /// <summary>How many more units one application would need, wherever the present ones went.</summary>
    private static long MissingToTake(Offer offer, UnitDeal deal, IReadOnlyList<UnitKind> kinds)
    {
        var there = kinds.Where(kind => !(offer.RegularOnly && kind.PricedBy is not null)).ToList();
        var missing = deal.Take.Sum(take =>
        {
            var meant = there.Where(kind => kind.IsMeant(take.Items)).ToList();
            var most = take.SameSku ? meant.GroupBy(kind => kind.Sku).Select(kinds => kinds.Sum(kind => kind.Count)).DefaultIfEmpty().Max() : meant.Sum(kind => kind.Count);
            return Math.Max(0, take.Count - most);
        });
        // Two selectors that mean the same units need enough for both.
        var either = there.Where(kind => deal.Take.Any(take => kind.IsMeant(take.Items))).Sum(kind => kind.Count);
        return Math.Max(missing, deal.Count - either);
    }

    /// <summary>Whether of these two at most one is applied to a cart.</summary>
    private static bool Exclude(Offer offer, Offer other) =>
        offer.Deal is UnitDeal or OrderDeal && other.Deal is UnitDeal or OrderDeal
        && (offer.Exclusive.Contains(Offer.Alone) || other.Exclusive.Contains(Offer.Alone)
            || offer.Exclusive.Any(other.Exclusive.Contains)
            || (offer.Deal is OrderDeal { Stacks: false } && other.Deal is OrderDeal { Stacks: false }));

    /// <summary>The offers that discount the units that this one would.</summary>
    private static List<string> Holders(Offer offer, Outcome outcome)
    {
        bool Meant(PricedUnit unit) => offer.Deal switch
        {
            PriceDeal deal => outcome.Board.Kinds[unit.Kind].IsMeant(deal.Items),
            UnitDeal deal => deal.Take.Any(take => outcome.Board.Kinds[unit.Kind].IsMeant(take.Items)),
            OrderDeal deal => outcome.Board.Kinds[unit.Kind].IsMeant(deal.Items),
            _ => false,
        };

        var units = outcome.Units.Where(Meant).ToList();
        if (offer.Deal is PriceDeal) return [.. units.Select(unit => outcome.Board.Kinds[unit.Kind].PricedBy).OfType<string>()];
        var takers = units.Select(unit => unit.TakenBy).OfType<string>().ToList();
        return takers.Count > 0 ? takers : [.. units.SelectMany(unit => unit.Discounts.Select(discount => discount.Offer).Where(id => outcome.Way.Orders.Any(order => order.Offer.Id == id)))];
    }
}
