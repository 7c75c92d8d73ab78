using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>
/// The units of a cart that nothing tells apart (one sku, price and floor), after the price stage. A basket holds them in canonical order: by sku as
/// UTF-8 bytes, then unit price, then floor.
/// </summary>
public sealed class UnitKind
{
    public required string Sku { get; init; }
    public required long UnitPrice { get; init; }

    /// <summary>No discount takes a unit below it.</summary>
    public required long Floor { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>What the price stage left: 0 to <see cref="UnitPrice"/>.</summary>
    public required long Price { get; init; }

    /// <summary>The offer that made <see cref="Price"/>, null where it is the unit price.</summary>
    public required string? PricedBy { get; init; }

    /// <summary>Which lines, rising, hold how many of the units.</summary>
    public required IReadOnlyList<(int Line, int Count)> Lines { get; init; }

    public required int Count { get; init; }

    /// <summary>What discounts may still take: 0 or more.</summary>
    public long Headroom => Math.Max(0, Price - Floor);

    public bool IsMeant(Items items) => items.Match(Sku, Categories, Tags);
}

/// <summary>The price stage: each unit at the lowest price that a due price offer gives it (spec promotions, "How a price comes about", 1).</summary>
public static class PriceRules
{
    /// <summary>The cart's units at their prices, in canonical order.</summary>
    /// <param name="offers">Due price offers in order of their ids; their needs are judged here, at unit prices.</param>
    public static List<UnitKind> Price(Cart cart, int floorPercent, IReadOnlyList<Offer> offers)
    {
        var due = offers.Where(offer => offer.Needs is not { } needs || Present(cart, needs) >= needs.Least).ToList();
        var kinds = new List<UnitKind>();
        foreach (var units in cart.Lines.GroupBy(line => (line.Sku, line.UnitPrice, Floor: line.Floor ?? FloorOf(line.UnitPrice, floorPercent))))
        {
            var (sku, unitPrice, floor) = units.Key;
            var any = units.First();
            var (price, by) = Lowest(any, floor, due);
            kinds.Add(new UnitKind
            {
                Sku = sku, UnitPrice = unitPrice, Floor = floor, Categories = any.Categories, Tags = any.Tags, Price = price, PricedBy = by,
                Lines = [.. units.Select(line => (line.Line, line.Quantity)).Order()],
                Count = units.Sum(line => line.Quantity),
            });
        }
        kinds.Sort((a, b) => Utf8Order.Instance.Compare(a.Sku, b.Sku) is not 0 and var bySku ? bySku : (a.UnitPrice, a.Floor).CompareTo((b.UnitPrice, b.Floor)));
        return kinds;
    }

    /// <summary>What a line without a floor of its own may not go below: so many percent of its price, rounded up.</summary>
    public static long FloorOf(long unitPrice, int floorPercent) => (long)(((Int128)unitPrice * floorPercent + 99) / 100);

    private static (long Price, string? By) Lowest(CartLine line, long floor, List<Offer> due)
    {
        var (lowest, by) = (line.UnitPrice, (string?)null);
        foreach (var offer in due)
        {
            var deal = (PriceDeal)offer.Deal;
            if (!deal.Items.Match(line.Sku, line.Categories, line.Tags)) continue;
            var price = Math.Max(floor, deal.Cut.PriceAfter(line.UnitPrice));
            if (price < lowest) (lowest, by) = (price, offer.Id);
        }
        return (lowest, by);
    }

    /// <summary>How much of what a price offer needs is there, at unit prices.</summary>
    private static long Present(Cart cart, Needs needs) =>
        cart.Lines.Where(line => needs.Items.Match(line.Sku, line.Categories, line.Tags)).Sum(line => needs.Measure == Measure.Count ? line.Quantity : line.UnitPrice * line.Quantity);

    /// <summary>How much of what another offer needs is there, at prices after the price stage; taken units and discounted ones included.</summary>
    public static long Present(IReadOnlyList<UnitKind> kinds, Needs needs) =>
        kinds.Where(kind => kind.IsMeant(needs.Items)).Sum(kind => needs.Measure == Measure.Count ? kind.Count : kind.Price * kind.Count);
}
