namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// A price on each unit, such that no application is worth more than its units' prices add up to. All units' prices, and for each offer as often as it
/// may be applied what its dearest application is worth beyond them, then bound what any way is worth; and every unit left over, and every application
/// that is worth less than the dearest, falls behind that bound by a known <b>loss</b>. (Any prices give a bound that holds, better prices a closer one: the
/// dual of the set-packing relaxation, lowered price by price as far as its applications allow, in whole numbers.)
/// </summary>
internal sealed class ShadowPrices
{
    /// <summary>Sweeps that lower each price by half of what it could be, then those that lower it by all.</summary>
    private const int Halving = 3, MostSweeps = 8;

    /// <summary>An offer that takes less than one in so many of its units is bounded by how often it applies, not by its units' prices; both are tried.</summary>
    private static readonly int[] Rarely = [4, 1];

    /// <summary>Tolls to try: 16ths of what a discount of 1 is worth, for each 1 that a base falls.</summary>
    private static readonly long[] Tries = [1, 2, 4, 8, 12, 16];

    private readonly Board _board;
    private readonly Scenario _scenario;
    private readonly Pricing[] _pricings;
    private readonly int[] _available;
    private readonly int[] _dearFirst;

    private ShadowPrices(Board board, Scenario scenario)
    {
        (_board, _scenario, Worths) = (board, scenario, new Worths(board, scenario));
        _pricings = [.. scenario.Family.Units.Select(offer => new Pricing(board, Worths, offer))];
        _available = [.. board.Kinds.Select(kind => kind.Count)];
        Costs = new long[_available.Length];
        Beyond = new long[_pricings.Length];
        Tolls = new long[scenario.Levels.Count];
        _dearFirst = [.. Enumerable.Range(0, _available.Length).OrderByDescending(k => board.Kinds[k].Price).ThenBy(k => k)];
    }

    public IReadOnlyList<Pricing> Pricings => _pricings;

    public Worths Worths { get; }

    /// <summary>By kind, 0 or more.</summary>
    public long[] Costs { get; private set; }

    /// <summary>By offer of the family, what its dearest application is worth beyond its units; 0 or more.</summary>
    public long[] Beyond { get; private set; }

    /// <summary>By level, what each 1 costs that its base falls; 0 or more.</summary>
    public long[] Tolls { get; private set; }

    /// <summary>What no way of the scenario is worth more than, in <see cref="Scenario.Scale"/>ths.</summary>
    public long Bound { get; private set; }

    public int[] Available => _available;

    /// <summary>Prices for a scenario; lowered until they show that it cannot beat <paramref name="least"/>, or as far as they go.</summary>
    public static ShadowPrices For(Board board, Scenario scenario, long least, Steps steps)
    {
        var prices = new ShadowPrices(board, scenario);
        var target = (least + 1) * Scenario.Scale;
        prices.Bound = long.MaxValue;
        prices.Lower(new long[scenario.Levels.Count], target, steps);
        for (var l = 0; l < scenario.Levels.Count && prices.Bound >= target; l++)
            if (scenario.Levels[l].Least > 0) prices.TryTolls(l, target, steps);
        // Tables and worths stand for the prices that were kept.
        prices.Worths.Toll(prices.Tolls);
        foreach (var pricing in prices._pricings) pricing.Fill(prices.Costs, prices._available, steps);
        return prices;
    }

    private void TryTolls(int level, long target, Steps steps)
    {
        var deal = _scenario.Levels[level].Offer.Deal;
        var size = deal is { Untaken: true, Measure: Measure.Count } ? Math.Max(1, _board.Total / Math.Max(1, _available.Sum())) : 1;
        foreach (var sixteenths in Tries)
            if (!Try(sixteenths * size * (Scenario.Scale / 16))) break;
        // Then closer to the best of these, from both sides.
        for (var near = Tolls[level] / 2; near > Scenario.Scale / 64 && Bound >= target; near /= 2)
        {
            var middle = Tolls[level];
            if (Try(middle - near)) continue;
            Try(middle + near);
        }

        bool Try(long toll)
        {
            if (Bound < target || steps.Ended) return false;
            var (before, tolls) = (Bound, (long[])Tolls.Clone());
            tolls[level] = toll;
            Lower(tolls, target, steps);
            return Bound < before;
        }
    }

    /// <summary>Finds prices under these tolls, and keeps them if their bound is lower.</summary>
    private void Lower(long[] tolls, long target, Steps steps)
    {
        Worths.Toll(tolls);
        var starts = Array.ConvertAll(Rarely, Start);
        foreach (var costs in starts[0].AsSpan().SequenceEqual(starts[1]) ? starts.AsSpan(1) : starts)
            if (Bound >= target) Lower(costs, tolls, target, steps);
    }

    private void Lower(long[] costs, long[] tolls, long target, Steps steps)
    {
        var beyond = new long[_pricings.Length];
        for (var sweep = 0; sweep < MostSweeps && !steps.Ended; sweep++)
        {
            var bound = Judge(costs, beyond, steps);
            if (bound < Bound) (Bound, Costs, Beyond, Tolls) = (bound, (long[])costs.Clone(), (long[])beyond.Clone(), tolls);
            else if (sweep > Halving) break;
            if (Bound < target) break;
            Sweep(costs, beyond, sweep < Halving ? 2 : 1);
        }
    }

    private long[] Start(int rarely)
    {
        var costs = new long[_available.Length];
        foreach (var offer in _scenario.Family.Units)
        {
            var over = _board.Units[offer];
            if (over.MostTimes * over.Deal.Count * rarely < over.DearFirst.Sum(k => _available[k])) continue;
            var shares = over.Shares(_board.Kinds);
            var widest = over.DearFirst.Max(k => Worths.Weight[k]);
            foreach (var k in over.DearFirst)
                costs[k] = Math.Max(costs[k], (shares[k] / Scenario.Scale * (over.Deal.OnWhole ? widest : Worths.Weight[k])) - Worths.TakenCost[k]);
        }
        return costs;
    }

    /// <summary>The bound that prices give, and what each offer is worth beyond them; begins a sweep.</summary>
    private long Judge(long[] costs, long[] beyond, Steps steps)
    {
        var bound = Worths.Constant;
        for (var k = 0; k < costs.Length; k++) bound += costs[k] * _available[k];
        for (var i = 0; i < _pricings.Length; i++)
        {
            _pricings[i].Begin(costs, _available, steps);
            beyond[i] = Math.Max(0, _pricings[i].Most);
            bound += beyond[i] * _board.Units[_scenario.Family.Units[i]].MostTimes;
        }
        return bound;
    }

    /// <summary>Lowers each price, dear kinds first, by a part of what no application misses.</summary>
    private void Sweep(long[] costs, long[] beyond, long part)
    {
        foreach (var k in _dearFirst)
        {
            var spare = costs[k];
            for (var i = 0; i < _pricings.Length && spare > 0; i++) spare = Math.Min(spare, _pricings[i].SpareOf(k, beyond[i], costs, _available));
            costs[k] -= (spare + part - 1) / part;
            foreach (var pricing in _pricings) pricing.Pass(k, costs, _available);
        }
    }
}
