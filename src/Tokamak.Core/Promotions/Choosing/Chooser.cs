namespace Tokamak.Core.Promotions.Choosing;

/// <summary>The way that was taken, whether it is proven to be one of the cheapest, and what no way can discount more than.</summary>
internal sealed record Choice(Way Way, bool IsProven, long MostDiscount, long Steps);

/// <summary>
/// Finds the way to apply unit and order offers with the lowest total (spec promotions, "How a price comes about", 6; docs/adr/0016). Offers that rule each
/// other out are split into families, and a family by the steps its order offers reach; each such scenario has a bound, the most promising is looked
/// through first, and those that can no longer win are left out.
/// </summary>
internal static class Chooser
{
    /// <summary>How much the search may do in all. Part of the engine's version: with another number, some carts get another answer.</summary>
    public const long MostSteps = 3_000_000;

    private const int MostScenarios = 20_000;

    public static Choice Choose(Board board, long mostSteps = MostSteps)
    {
        var steps = new Steps(mostSteps);
        var best = new Best(board);
        var (families, whole) = Family.Of(board);
        best.Try([], []);
        foreach (var family in families) best.Try([], family.Orders);

        var scenarios = new List<Scenario>();
        foreach (var family in families)
        {
            foreach (var scenario in Scenario.Of(board, family, Reach.Of(board, family.Units), best.Discount, steps))
            {
                scenarios.Add(scenario);
                if (scenarios.Count == MostScenarios) break;
            }
            if (scenarios.Count == MostScenarios) break;
        }
        whole &= scenarios.Count < MostScenarios;

        // The most promising first, and of those the earlier: their order follows from the content, too. A scenario comes twice: to be priced, which
        // mostly lowers its bound, and if it still leads then, to be looked through.
        long open = whole ? 0 : board.Kinds.Sum(kind => kind.Headroom * kind.Count);
        var queue = new PriorityQueue<(Scenario Scenario, ShadowPrices? Prices, int Place), (long, int)>();
        for (var i = 0; i < scenarios.Count; i++) queue.Enqueue((scenarios[i], null, i), (-scenarios[i].Bound, i));
        while (queue.TryDequeue(out var next, out _) && next.Scenario.Bound > best.Discount)
        {
            if (steps.Ended)
                open = Math.Max(open, next.Scenario.Bound);
            else if (next.Prices is null)
                Price(next.Scenario, next.Place);
            else if (!LookThrough(board, next.Scenario, next.Prices, best, steps))
                open = Math.Max(open, next.Scenario.Bound);
        }
        var most = Math.Max(best.Discount, open);
        return new Choice(best.Way, most == best.Discount, most, steps.Used);

        void Price(Scenario scenario, int place)
        {
            var prices = ShadowPrices.For(board, scenario, best.Discount, steps);
            scenario.Bound = Math.Min(scenario.Bound, prices.Bound / Scenario.Scale);
            if (scenario.Bound <= best.Discount) return;
            best.Try(Greedy.Applications(board, scenario, prices, steps), scenario.Family.Orders);
            queue.Enqueue((scenario, prices, place), (-scenario.Bound, place));
        }
    }

    /// <summary>Finds the best way of a scenario, if it beats the best so far; false if the steps ended before. Lowers its bound to what was shown.</summary>
    private static bool LookThrough(Board board, Scenario scenario, ShadowPrices prices, Best best, Steps steps)
    {
        // A small allowance first: the fewer applications come near the bound, the fewer ways there are.
        for (var allowance = Math.Max(Scenario.Scale, prices.Bound / 512); ; allowance *= 4)
        {
            var enough = Allowance();
            if (enough < 0) return true;
            if (Packing.LeastLoss(board, scenario, prices, Math.Min(allowance, enough), steps, Judge) is not { } loss) return false;
            if (loss > Allowance() && allowance >= Allowance()) return true;
            if (loss > allowance) continue;
            // By worth, that is the best of the scenario. What it discounts may be a little less.
            scenario.Bound = Math.Min(scenario.Bound, (prices.Bound - loss) / Scenario.Scale);
            return scenario.Bound <= best.Discount || Packing.All(board, scenario, prices, Allowance(), steps, Judge);
        }

        // What a way may lose behind the bound and still be better by one.
        long Allowance() => prices.Bound - ((best.Discount + 1) * Scenario.Scale);

        long Judge(IReadOnlyList<Application> way)
        {
            best.Try(way, scenario.Family.Orders);
            return Allowance();
        }
    }

    /// <summary>The best way so far.</summary>
    private sealed class Best(Board board)
    {
        public Way Way { get; private set; } = new([], [], 0);
        public long Discount => Way.Discount;

        public void Try(IReadOnlyList<Application> applications, IReadOnlyList<OrderOffer> orders)
        {
            long discount = 0;
            foreach (var application in applications) discount += application.Discount;
            if (orders.Count > 0) discount += OrderRules.Apply(board.Kinds, Way.Portions(board.Kinds, applications), orders);
            if (discount > Way.Discount) Way = new Way([.. applications], orders, discount);
        }
    }
}
