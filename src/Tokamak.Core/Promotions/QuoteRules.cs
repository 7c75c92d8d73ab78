using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions.Choosing;

namespace Tokamak.Core.Promotions;

/// <summary>Prices a cart (spec promotions): the same cart and offers give the same quote through every door and on every machine.</summary>
public static class QuoteRules
{
    /// <summary>Names the rules and the search with its bound. A quote says which made it; a change that may give a cart another quote changes it.</summary>
    public const string Engine = "2";

    /// <summary>How much the search may do. Part of the engine's version: with another number, some carts get another answer.</summary>
    public const long MostSteps = 400_000;

    /// <param name="mostSteps">With fewer than <see cref="MostSteps"/>, more quotes end without proof; their bound holds all the same.</param>
    public static Quote Quote(OfferBook book, Cart cart, long mostSteps = MostSteps)
    {
        var standings = book.Offers.Select(offer => (Offer: offer, Standing: ConditionRules.Judge(offer, cart, book.Zone))).Where(one => one.Standing != ConditionRules.Standing.Silent).ToList();
        var due = standings.Where(one => one.Standing == ConditionRules.Standing.Due).Select(one => one.Offer).ToList();
        var kinds = PriceRules.Price(cart, book.FloorPercent, due.FindAll(offer => offer.Deal is PriceDeal));
        var board = BoardOf(kinds, cart, due);
        var choice = Chooser.Choose(board, mostSteps);
        var outcome = Outcome.Of(choice.Board, choice.Way);

        var total = board.Total - choice.Way.Discount;
        var points = SpendPoints(book.Points, cart.SpendPoints, total);
        var applied = outcome.Applied();
        var rewards = due.Where(offer => offer.Deal is RewardDeal && NeedsMet(offer, kinds)).SelectMany(offer => RewardRules.Of(offer, outcome)).ToList();
        var given = applied.Select(one => one.Offer).Concat(rewards.Select(one => one.Offer)).ToHashSet(StringComparer.Ordinal);
        var appliedOffers = due.FindAll(offer => given.Contains(offer.Id));
        return new Quote(
            total, choice.IsProven, board.Total - choice.MostDiscount,
            Lines(cart, outcome, points.Amount), applied, rewards,
            [.. standings.Where(one => !given.Contains(one.Offer.Id)).Select(one => NotAppliedRules.Of(one.Offer, one.Standing, outcome, appliedOffers))],
            points) { Steps = choice.Steps };
    }

    private static bool NeedsMet(Offer offer, List<UnitKind> kinds) => offer.Needs is not { } needs || PriceRules.Present(kinds, needs) >= needs.Least;

    private static Board BoardOf(List<UnitKind> kinds, Cart cart, List<Offer> due)
    {
        var units = new List<UnitOffer>();
        var orders = new List<OrderOffer>();
        foreach (var offer in due)
        {
            if (!NeedsMet(offer, kinds)) continue;
            if (offer.Deal is OrderDeal && OrderOffer.Over(offer, kinds) is var order && order.MayDiscount(kinds)) orders.Add(order);
            if (offer.Deal is not UnitDeal) continue;
            var times = ConditionRules.MostTimes(offer, cart);
            if (offer.Needs is { Each: true } needs) times = Math.Min(times, PriceRules.Present(kinds, needs) / needs.Least);
            if (UnitOffer.Over(offer, kinds, times) is { } over) units.Add(over);
        }
        return new Board(kinds, units, orders);
    }

    /// <summary>Points pay whole, up to a part of the total (spec promotions, "How a price comes about", 8).</summary>
    private static SpentPoints SpendPoints(PointTerms? terms, long wanted, long total)
    {
        if (terms is null) return default;
        var spent = Math.Min(wanted, Exact.MulDivFloor(total, terms.MaxPercent, 100) / terms.Value);
        return new SpentPoints(spent, spent * terms.Value);
    }

    private static List<QuotedLine> Lines(Cart cart, Outcome outcome, long pointsAmount)
    {
        // Points pay over all units in proportion to their amounts: in canonical order of what the order stage left.
        var units = outcome.Units.Select((unit, place) => (unit, place)).OrderBy(one => one.unit.Kind).ThenByDescending(one => one.unit.Amount)
            .ThenBy(one => one.unit.TakenBy is not null).ThenBy(one => one.unit.Line).ThenBy(one => one.place).Select(one => one.unit).ToList();
        var shares = new (long Each, int OneMore)[units.Count];
        LargestRemainder.Divide(pointsAmount, [.. units.Select(unit => (unit.Amount, 1))], shares);
        var paid = new Dictionary<int, long>();
        for (var i = 0; i < units.Count; i++) paid[units[i].Line] = paid.GetValueOrDefault(units[i].Line) + shares[i].Each + shares[i].OneMore;
        var byLine = units.ToLookup(unit => unit.Line);
        return [.. cart.Lines.Select(line => new QuotedLine(
            line.Line,
            byLine[line.Line].Sum(unit => unit.Amount),
            [.. byLine[line.Line].SelectMany(unit => unit.Discounts).GroupBy(discount => discount.Offer).Select(all => new LineDiscount(all.Key, all.Sum(one => one.Amount))).OrderBy(one => one.Offer, Utf8Order.Instance)],
            paid.GetValueOrDefault(line.Line))
        {
            Units = [.. byLine[line.Line].GroupBy(unit => unit.Amount).Select(same => new QuotedUnits(same.Key, same.Count()))],
        })];
    }
}
