namespace Tokamak.Core.Promotions.Choosing;

/// <summary>A good way to begin with: the application worth most beyond its units' prices, as often as it fits, and so on.</summary>
internal static class Greedy
{
    /// <summary>Parts of the prices, of four, that units cost in one round after the other: what is dear for its units first, then whatever still fits.</summary>
    private static readonly long[] Quarters = [4, 2, 0];

    public static List<Application> Applications(Board board, IReadOnlyList<int> offers, ShadowPrices prices, Steps steps)
    {
        var available = board.Kinds.Select(kind => kind.Count).ToArray();
        var times = offers.Select(offer => board.Units[offer].MostTimes).ToArray();
        var pricings = offers.Select(offer => new Pricing(board, prices.Worths, offer)).ToArray();
        var applications = new List<Application>();
        foreach (var quarters in Quarters)
        {
            var costs = Array.ConvertAll(prices.Costs, price => price * quarters / 4);
            while (!steps.Ended && Next(board, offers, prices.Worths, pricings, costs, available, times, steps) is var (place, found, often))
            {
                for (var i = 0; i < often; i++) applications.Add(found);
                times[place] -= often;
                foreach (var taken in found.Taken) available[taken.Kind] -= taken.Count * often;
            }
        }
        return applications;
    }

    private static (int Place, Application Found, int Often)? Next(
        Board board, IReadOnlyList<int> offers, Worths worths, Pricing[] pricings, long[] costs, int[] available, int[] times, Steps steps)
    {
        (int Place, Application Found)? best = null;
        long most = -1;
        for (var place = 0; place < pricings.Length; place++)
        {
            if (times[place] == 0) continue;
            pricings[place].Fill(costs, available, steps);
            if (pricings[place].Most <= most) continue;
            var offer = offers[place];
            var units = pricings[place].Dearest(costs, available);
            if (units.Count == 0) continue;
            var application = new Application(offer, UnitRules.Apply(board.Units[offer].Deal, board.Kinds, units));
            var beyond = worths.Of(application) - units.Sum(taken => costs[taken.Kind] * taken.Count);
            if (application.Discount > 0 && beyond > most) (best, most) = ((place, application), beyond);
        }
        if (best is not var (at, found)) return null;
        var often = times[at];
        foreach (var kind in found.Taken.GroupBy(taken => taken.Kind)) often = Math.Min(often, available[kind.Key] / kind.Sum(taken => taken.Count));
        return (at, found, often);
    }
}
