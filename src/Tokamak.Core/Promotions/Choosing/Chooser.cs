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

        // Promising ones first; the order of equal ones follows from the content, too.
        long open = whole ? 0 : board.Kinds.Sum(kind => kind.Headroom * kind.Count);
        foreach (var scenario in scenarios.OrderByDescending(one => one.Bound))
        {
            if (scenario.Bound <= best.Discount) break;
            if (steps.Ended || !LookThrough(board, scenario, best, steps)) open = Math.Max(open, scenario.Bound);
        }
        var most = Math.Max(best.Discount, open);
        return new Choice(best.Way, most == best.Discount, most, steps.Used);
    }

    /// <summary>Whether no better way is left in a scenario; lowers its bound to what was shown.</summary>
    private static bool LookThrough(Board board, Scenario scenario, Best best, Steps steps)
    {
        var prices = ShadowPrices.For(board, scenario, best.Discount, steps);
        scenario.Bound = Math.Min(scenario.Bound, prices.Bound / Scenario.Scale);
        if (scenario.Bound <= best.Discount) return true;

        best.Try(Greedy.Applications(board, scenario, prices, steps), scenario.Family.Orders);
        // A small allowance first: the fewer applications come near the bound, the fewer ways there are.
        for (var allowance = Math.Max(Scenario.Scale, prices.Bound / 512); scenario.Bound > best.Discount; allowance *= 4)
        {
            var enough = Allowance();
            if (!Packing.Look(board, scenario, prices, Math.Min(allowance, enough), steps, way =>
                {
                    best.Try(way, scenario.Family.Orders);
                    return Math.Min(allowance, Allowance());
                }))
                return false;
            if (allowance >= Allowance()) return true;
        }
        return true;

        // What a way may lose behind the bound and still be better by one.
        long Allowance() => prices.Bound - ((best.Discount + 1) * Scenario.Scale);
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
