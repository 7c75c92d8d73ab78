namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// A price on each unit, such that what no application is worth more than its units' prices add up to. All units' prices, and for each offer as often as it
/// may be applied what its dearest application is worth beyond them, then bound what any way is worth; and every unit left over, and every application
/// that is worth less than the dearest, falls behind that bound by a known <b>loss</b>. (The dual of the set-packing relaxation, lowered by subgradient
/// steps in whole numbers: any prices give a bound that holds, better prices a closer one.)
/// </summary>
internal sealed class ShadowPrices
{
    private const int MostRounds = 60, Patience = 6;

    private readonly Board _board;
    private readonly Scenario _scenario;
    private readonly Pricing[] _pricings;
    private readonly int[] _available;

    private ShadowPrices(Board board, Scenario scenario)
    {
        (_board, _scenario) = (board, scenario);
        _pricings = [.. scenario.Family.Units.Select(offer => new Pricing(board, scenario, offer))];
        _available = [.. board.Kinds.Select(kind => kind.Count)];
        Costs = new long[_available.Length];
        Beyond = new long[_pricings.Length];
    }

    public IReadOnlyList<Pricing> Pricings => _pricings;

    /// <summary>By kind, 0 or more.</summary>
    public long[] Costs { get; private set; }

    /// <summary>By offer of the family, what its dearest application is worth beyond its units; 0 or more.</summary>
    public long[] Beyond { get; private set; }

    /// <summary>What no way of the scenario is worth more than, in <see cref="Scenario.Scale"/>ths.</summary>
    public long Bound { get; private set; }

    public int[] Available => _available;

    /// <summary>Prices for a scenario; lowered until they show that it cannot beat <paramref name="least"/>, or as far as they go.</summary>
    public static ShadowPrices For(Board board, Scenario scenario, long least, Steps steps)
    {
        var prices = new ShadowPrices(board, scenario);
        prices.Lower(prices.Start(), (least + 1) * Scenario.Scale, steps);
        return prices;
    }

    private long[] Start()
    {
        var costs = new long[_available.Length];
        foreach (var offer in _scenario.Family.Units)
        {
            var shares = _board.Units[offer].Shares(_board.Kinds);
            for (var k = 0; k < costs.Length; k++) costs[k] = Math.Max(costs[k], shares[k] / Scenario.Scale * _scenario.Weight[k]);
        }
        return costs;
    }

    private void Lower(long[] costs, long target, Steps steps)
    {
        var slope = new long[costs.Length];
        var beyond = new long[_pricings.Length];
        (long pace, var waited) = (64, 0);
        for (var round = 0; round < MostRounds && !steps.Ended; round++)
        {
            var bound = Judge(costs, beyond, slope, steps);
            if (round == 0 || bound < Bound)
            {
                (Bound, Costs, Beyond) = (bound, (long[])costs.Clone(), (long[])beyond.Clone());
                waited = 0;
            }
            else if (++waited == Patience)
            {
                (waited, pace) = (0, pace / 2);
                costs = (long[])Costs.Clone();
                if (pace == 0) break;
                continue;
            }
            if (Bound < target) break;
            long steepness = 0;
            foreach (var one in slope) steepness += one * one;
            if (steepness == 0) break;
            var step = (long)Int128.Max(1, (Int128)(bound - target + Scenario.Scale) * pace / (64 * (Int128)steepness));
            for (var k = 0; k < costs.Length; k++) costs[k] = Math.Max(0, costs[k] - (step * slope[k]));
        }
        // The tables stand for the prices that were kept.
        Judge(Costs, beyond, slope, steps);
    }

    /// <summary>The bound that costs give, what each offer is worth beyond them, and by kind how many units too few are asked for.</summary>
    private long Judge(long[] costs, long[] beyond, long[] slope, Steps steps)
    {
        var bound = _scenario.Constant;
        for (var k = 0; k < costs.Length; k++)
        {
            bound += costs[k] * _available[k];
            // A unit that costs nothing cannot cost less.
            slope[k] = _available[k];
        }
        for (var i = 0; i < _pricings.Length; i++)
        {
            _pricings[i].Fill(costs, _available, steps);
            beyond[i] = Math.Max(0, _pricings[i].Most);
            if (beyond[i] == 0) continue;
            var times = _board.Units[_scenario.Family.Units[i]].MostTimes;
            bound += beyond[i] * times;
            foreach (var taken in _pricings[i].Dearest(costs, _available)) slope[taken.Kind] -= (long)taken.Count * times;
        }
        for (var k = 0; k < costs.Length; k++)
            if (costs[k] == 0 && slope[k] > 0) slope[k] = 0;
        return bound;
    }
}
