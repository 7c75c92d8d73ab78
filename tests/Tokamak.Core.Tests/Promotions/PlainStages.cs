namespace Tokamak.Core.Tests.Promotions;

/// <summary>What one offer does to units, stage by stage. All arrays are by the cart's units.</summary>
internal static class PlainStages
{
    /// <summary>An amount less a percentage of it, rounded half up.</summary>
    public static long Less(long amount, long percent) => ((amount * (100 - percent)) + 50) / 100;

    /// <summary>Step 1: the lowest price of any due price offer, stopped at the floor, never above the unit price.</summary>
    public static long[] Prices(PlainCart cart, IEnumerable<PlainPriceOffer> offers)
    {
        var unitPrices = cart.Units.Select(unit => unit.UnitPrice).ToArray();
        var due = offers.Where(offer => offer.TimesDue(cart, unitPrices) > 0).ToList();
        return [.. cart.Units.Select(unit => Math.Min(
            unit.UnitPrice, Math.Max(unit.Floor, due.Select(offer => offer.PriceOf(unit)).Append(unit.UnitPrice).Min()!.Value)))];
    }

    /// <summary>
    /// Step 2: what one application takes off each unit. <paramref name="selector"/> says which selector a unit was taken by;
    /// units that it does not take have a number beyond the selectors.
    /// </summary>
    public static long[] Application(PlainUnitOffer offer, PlainUnit[] units, long[] prices, int[] selector)
    {
        var taken = Enumerable.Range(0, units.Length).Where(u => selector[u] < offer.Take.Length).ToList();
        if ((offer.Off ?? offer.Whole) is not null)
        {
            var whole = offer.Off ?? Math.Max(0, taken.Sum(u => prices[u]) - offer.Whole!.Value);
            return ByHeadroom(Math.Min(whole, offer.MaxOff ?? whole), units, prices, taken);
        }
        // Later in canonical order is cheaper among equals, and a stable sort keeps the order it is given.
        var given = offer.Cheapest is { } k ? taken.AsEnumerable().Reverse().OrderBy(u => prices[u]).Take(k)
            : offer.Last ? taken.Where(u => selector[u] == offer.Take.Length - 1)
            : taken;
        var discounts = new long[units.Length];
        foreach (var u in given)
        {
            var lower = offer.Price ?? Less(prices[u], offer.Percent!.Value);
            if (prices[u] > units[u].Floor) discounts[u] = prices[u] - Math.Max(units[u].Floor, Math.Min(prices[u], lower));
        }
        return discounts.Sum() <= (offer.MaxOff ?? long.MaxValue) ? discounts : LargestRemainder(offer.MaxOff!.Value, discounts, taken);
    }

    /// <summary>The canonical order of the order stage: among units alike the larger amount, then the free one, then the line.</summary>
    /// <param name="alike">The same number for units alike, rising with the units, which stand in the order of their lines.</param>
    public static int[] OrderOf(int[] alike, long[] amounts, bool[] taken) =>
        [.. Enumerable.Range(0, alike.Length).OrderBy(u => alike[u]).ThenByDescending(u => amounts[u]).ThenBy(u => taken[u])];

    /// <summary>Step 3: what an order offer by itself takes off each unit, of the amounts that the unit stage left.</summary>
    /// <param name="order">The units in the canonical order of this stage.</param>
    public static long[] OrderShares(PlainOrderOffer offer, PlainUnit[] units, long[] prices, long[] amounts, bool[] taken, int[] order)
    {
        var eligible = order
            .Where(u => offer.Items.Match(units[u]) && !(offer.Untaken && taken[u]) && !(offer.RegularOnly && prices[u] < units[u].UnitPrice)).ToList();
        var reached = offer.Counts ? eligible.Count : eligible.Sum(u => offer.Before ? prices[u] : amounts[u]);
        var step = offer.Steps.LastOrDefault(step => step.From <= reached);
        if (step is null) return new long[units.Length];
        var times = offer.Every ? Math.Min(reached / step.From, offer.MaxRepeat ?? long.MaxValue) : 1;
        var discount = step.Off is { } off ? off * times : ((eligible.Sum(u => amounts[u]) * step.Percent!.Value) + 50) / 100;
        return ByHeadroom(Math.Min(discount, offer.MaxOff ?? discount), units, amounts, eligible);
    }

    /// <summary>Step 4: a discount over some units, in proportion to what each has above its floor.</summary>
    /// <param name="among">In canonical order.</param>
    private static long[] ByHeadroom(long discount, PlainUnit[] units, long[] amounts, IReadOnlyList<int> among)
    {
        var headrooms = new long[units.Length];
        foreach (var u in among) headrooms[u] = Math.Max(0, amounts[u] - units[u].Floor);
        return LargestRemainder(Math.Min(discount, headrooms.Sum()), headrooms, among);
    }

    /// <summary>Step 5. Nobody with a weight of 0 has a remainder, and there are always more remainders than units left over.</summary>
    private static long[] LargestRemainder(long amount, long[] weights, IReadOnlyList<int> among)
    {
        var shares = new long[weights.Length];
        var sum = weights.Sum();
        if (sum == 0) return shares;
        foreach (var u in among) shares[u] = amount * weights[u] / sum;
        foreach (var u in among.OrderByDescending(u => amount * weights[u] % sum).Take((int)(amount - shares.Sum())).ToList()) shares[u]++;
        return shares;
    }
}
