namespace Tokamak.Core.Promotions.Choosing;

/// <summary>The way that was taken, on the board it was found on, whether it is proven to be one of the cheapest, and what no way can discount more than.</summary>
internal sealed record Choice(Board Board, Way Way, bool IsProven, long MostDiscount, long Steps);

/// <summary>
/// Finds the way to apply unit and order offers with the lowest total (spec promotions, "How a price comes about", 6; docs/adr/0016). Offers that rule each
/// other out are split into families, and a family by the steps its order offers reach; each such scenario has a bound, the most promising is looked
/// through first, and those that can no longer win are left out.
/// </summary>
internal sealed class Chooser
{
    private const int MostScenarios = 20_000;

    private readonly Board _board;
    private readonly Steps _steps;
    private readonly Dictionary<string, ShadowPrices> _prices = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(Scenario Scenario, Priced? Priced, int Place), (long, int)> _queue = new();
    private Way _best = new([], [], 0);

    /// <summary>What the ways that were not looked through may discount.</summary>
    private long _open;

    private Chooser(Board board, long mostSteps) => (_board, _steps) = (board, new Steps(mostSteps));

    public static Choice Choose(Board board, long mostSteps)
    {
        var within = board.Within();
        var chooser = new Chooser(within ?? board, mostSteps);
        chooser.List();
        if (within is not null) chooser._open = chooser.Headroom;
        chooser.Look();
        var most = Math.Max(chooser._best.Discount, chooser._open);
        return new Choice(chooser._board, chooser._best, most == chooser._best.Discount, most, chooser._steps.Used);
    }

    private void List()
    {
        var (families, whole) = Family.Of(_board);
        var place = 0;
        foreach (var same in families.GroupBy(family => string.Join(',', family.Units)))
        {
            var units = same.First().Units;
            var prices = PricesFor(units, new Worths(_board, [], []), null, 0);
            var greedy = Greedy.Applications(_board, units, prices, _steps);
            foreach (var family in same)
            {
                family.Like = prices;
                Try([], family.Orders);
                Try(greedy, family.Orders);
            }
            var reach = Reach.Of(_board, units, prices.Bound);
            // What none of the rivals in two families reaches is in both.
            foreach (var scenario in same.SelectMany(family => Scenario.Of(_board, family, reach, _best.Discount, _steps)).DistinctBy(scenario => scenario.Key))
            {
                if (place == MostScenarios) break;
                _queue.Enqueue((scenario, null, place), (-scenario.Bound, place));
                place++;
            }
        }
        if (!whole || place == MostScenarios) _open = Headroom;
    }

    private long Headroom => _board.Kinds.Sum(kind => kind.Headroom * kind.Count);

    /// <summary>The most promising first, and of those the earlier: their order follows from the content, too. A scenario is priced before it is looked through, which mostly lowers its bound.</summary>
    private void Look()
    {
        while (_queue.TryDequeue(out var next, out _) && next.Scenario.Bound > _best.Discount)
        {
            if (_steps.Ended) _open = Math.Max(_open, next.Scenario.Bound);
            else if (next.Priced is null) Price(next.Scenario, next.Place);
            else if (!LookThrough(next.Priced)) _open = Math.Max(_open, next.Scenario.Bound);
        }
    }

    private void Price(Scenario scenario, int place)
    {
        var tolls = new long[scenario.Levels.Count];
        var priced = new Priced(scenario, PricesFor(scenario.Family.Units, new Worths(_board, scenario.Levels, tolls), scenario.Family.Like, Target - scenario.Constant), tolls);
        scenario.Lower(priced.Bound);
        if (scenario.Bound > _best.Discount && priced.MayMiss)
        {
            priced = priced.WithTolls(_board, Target, _steps);
            scenario.Lower(priced.Bound);
        }
        if (scenario.Bound <= _best.Discount) return;
        Try(Greedy.Applications(_board, scenario.Family.Units, priced.Prices, _steps), scenario.Family.Orders);
        _queue.Enqueue((scenario, priced, place), (-scenario.Bound, place));
    }

    /// <summary>Prices are the same for all scenarios whose unit offers and weights are.</summary>
    private ShadowPrices PricesFor(IReadOnlyList<int> units, Worths worths, ShadowPrices? like, long target)
    {
        var key = string.Join(',', units) + ';' + worths.Key;
        if (!_prices.TryGetValue(key, out var prices) || (prices.IsCutShort && prices.Bound >= target)) _prices[key] = prices = ShadowPrices.For(_board, units, worths, like, target, ShadowPrices.MostRounds, _steps);
        return prices;
    }

    /// <summary>What a way must be worth to be better.</summary>
    private long Target => (_best.Discount + 1) * Scenario.Scale;

    /// <summary>Finds the best way of a scenario, if it beats the best so far; false if the steps ended before. Lowers its bound to what was shown.</summary>
    private bool LookThrough(Priced priced)
    {
        var orders = priced.Scenario.Family.Orders;
        if (Allot(priced)) return true;
        if (!Narrow(priced, allowance => Packing.LeastLoss(_board, priced, allowance, _steps, Judge))) return false;
        return priced.Scenario.Bound <= _best.Discount || Packing.All(_board, priced, priced.Bound - Target, _steps, Judge);

        long Judge(IReadOnlyList<Application> way)
        {
            Try(way, orders);
            return priced.Bound - Target;
        }
    }

    /// <summary>The same by giving units to offers, one after the other; false also where that is not enough to tell.</summary>
    private bool Allot(Priced priced)
    {
        var orders = priced.Scenario.Family.Orders;
        if (Allotment.For(_board, priced, false, _steps) is not { } allotment) return false;
        if (!_steps.Part(3, () => Narrow(priced, allowance => allotment.LeastLoss(allowance, way => Try(way, orders))))) return false;
        if (priced.Scenario.Bound <= _best.Discount) return true;
        // Where it is not told what drops, applications listed one by one may be fewer.
        if (Allotment.For(_board, priced, true, _steps) is not { } apart) return false;
        if (_steps.Part(apart.IsTold ? 3 : 1, () => apart.Open(priced.Bound - Target, _best.Discount, Judge)) is not { } open) return false;
        priced.Scenario.Lower(Math.Max(open, _best.Discount) * Scenario.Scale);
        return priced.Scenario.Bound <= _best.Discount;

        long Judge(IReadOnlyList<Application> way)
        {
            Try(way, orders);
            return _best.Discount;
        }
    }

    /// <summary>Lowers a scenario's bound to the most that any of its ways is worth, or to what cannot win; false if the steps ended before.</summary>
    /// <param name="leastLoss">The least loss of a way within an allowance, beyond it some larger number; null if the steps ended before.</param>
    private bool Narrow(Priced priced, Func<long, long?> leastLoss)
    {
        // A small allowance first: the fewer choices come near the bound, the fewer ways there are.
        for (var allowance = Math.Max(Scenario.Scale, priced.Bound / 512); ; allowance *= 4)
        {
            // What a way may lose behind the bound and still be better by one.
            var enough = priced.Bound - Target;
            if (enough < 0 || leastLoss(Math.Min(allowance, enough)) is not { } loss)
            {
                if (enough < 0) priced.Scenario.Lower(priced.Bound);
                return enough < 0;
            }
            priced.Scenario.Lower(priced.Bound - Math.Min(loss, Math.Min(allowance, enough) + 1));
            if (loss <= allowance || allowance >= enough) return true;
        }
    }

    private void Try(IReadOnlyList<Application> applications, IReadOnlyList<OrderOffer> orders)
    {
        long discount = 0;
        foreach (var application in applications) discount += application.Discount;
        if (orders.Count > 0) discount += OrderRules.Apply(_board.Kinds, Way.Portions(_board.Kinds, applications), orders);
        if (discount > _best.Discount) _best = new Way([.. applications], orders, discount);
    }
}
