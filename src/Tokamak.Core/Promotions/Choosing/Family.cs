namespace Tokamak.Core.Promotions.Choosing;

/// <summary>Offers of a board that may all be applied beside each other.</summary>
/// <param name="Units">Places of unit offers on the board, rising.</param>
/// <param name="Orders">In order of their ids.</param>
internal sealed record Family(IReadOnlyList<int> Units, IReadOnlyList<OrderOffer> Orders)
{
    /// <summary>Prices for its unit offers where no order offer looks at their discounts.</summary>
    public ShadowPrices? Like { get; set; }

    /// <summary>More than these are not looked through one by one.</summary>
    public const int Most = 2_000;

    /// <summary>
    /// Every largest family: of the offers that share an exclusive set, and of the order offers that do not stack, one each; an offer of set
    /// <see cref="Offer.Alone"/> by itself. <c>Whole</c> is false where there are more than <see cref="Most"/>.
    /// </summary>
    public static (List<Family> Found, bool Whole) Of(Board board)
    {
        var offers = board.Units.Select(unit => unit.Offer).Concat(board.Orders.Select(order => order.Offer)).ToList();
        var rivals = new List<int[]>();
        var single = Enumerable.Range(board.Units.Count, board.Orders.Count).Where(i => !board.Orders[i - board.Units.Count].Deal.Stacks).ToArray();
        if (single.Length > 1) rivals.Add(single);
        foreach (var set in offers.SelectMany(offer => offer.Exclusive).Where(set => set != Offer.Alone).Distinct().Order(StringComparer.Ordinal))
            rivals.Add([.. Enumerable.Range(0, offers.Count).Where(i => offers[i].Exclusive.Contains(set))]);

        var alone = Enumerable.Range(0, offers.Count).Where(i => offers[i].Exclusive.Contains(Offer.Alone)).ToList();
        var rest = new bool[offers.Count];
        for (var i = 0; i < rest.Length; i++) rest[i] = !alone.Contains(i);
        var found = new List<bool[]>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var whole = Split(rest, 0);
        foreach (var one in alone)
        {
            var by = new bool[offers.Count];
            by[one] = true;
            found.Add(by);
        }
        return (found.ConvertAll(kept => new Family(
            [.. Enumerable.Range(0, board.Units.Count).Where(i => kept[i])],
            [.. board.Orders.Where((_, i) => kept[board.Units.Count + i])])), whole);

        bool Split(bool[] kept, int set)
        {
            while (set < rivals.Count && rivals[set].Count(i => kept[i]) <= 1) set++;
            if (set == rivals.Count)
            {
                if (!seen.Add(string.Concat(kept.Select(one => one ? '1' : '0')))) return true;
                found.Add(kept);
                return found.Count <= Most;
            }
            foreach (var one in rivals[set].Where(i => kept[i]).ToList())
            {
                var fewer = (bool[])kept.Clone();
                foreach (var other in rivals[set]) fewer[other] = other == one;
                if (!Split(fewer, set + 1)) return false;
            }
            return true;
        }
    }
}
