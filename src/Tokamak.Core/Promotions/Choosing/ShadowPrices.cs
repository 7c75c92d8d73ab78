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
    private const int Halving = 1, MostSweeps = 4;

    /// <summary>Rounds of bargaining; how many without a better bound before hoping for half; the first hope, a part of the bound; rounds that raise prices for an offer.</summary>
    private const int MostRounds = 60, Patience = 4, MostRaises = 40;
    private const long HopedParts = 20;

    /// <summary>An offer that takes less than one in so many of its units is bounded by how often it applies, not by its units' prices; both are tried.</summary>
    private static readonly int[] Rarely = [4, 1];

    private readonly Board _board;
    private readonly IReadOnlyList<int> _offers;
    private readonly Pricing[] _pricings;
    private readonly Bid?[] _bids;
    private readonly int[] _dearFirst;

    private ShadowPrices(Board board, IReadOnlyList<int> offers, Worths worths)
    {
        (_board, _offers, Worths) = (board, offers, worths);
        _pricings = [.. offers.Select(offer => new Pricing(board, worths, offer))];
        _bids = [.. offers.Select(offer => Bid.For(board, worths, board.Units[offer]))];
        Available = [.. board.Kinds.Select(kind => kind.Count)];
        _dearFirst = [.. Enumerable.Range(0, Available.Length).OrderByDescending(k => board.Kinds[k].Price).ThenBy(k => k)];
    }

    public IReadOnlyList<Pricing> Pricings => _pricings;

    public Worths Worths { get; }

    /// <summary>By kind, 0 or more.</summary>
    public long[] Costs { get; private set; } = [];

    /// <summary>By offer of the family, what its dearest application is worth beyond its units; 0 or more.</summary>
    public long[] Beyond { get; private set; } = [];

    /// <summary>What no applications are worth more than, in <see cref="Scenario.Scale"/>ths; tolls paid back included.</summary>
    public long Bound { get; private set; } = long.MaxValue;

    /// <summary>The same, and closer, but no sum of losses: what all offers bid together at the best prices, each alone in the basket.</summary>
    public long Tight { get; private set; } = long.MaxValue;

    /// <summary>They could be lowered further: their bound was under the target already.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>By kind, how many units there are.</summary>
    public int[] Available { get; }

    /// <summary>Prices for the unit offers of a family; lowered until their bound is under <paramref name="target"/>, or as far as they go.</summary>
    /// <param name="like">Prices for the same offers under other worths, to begin with.</param>
    public static ShadowPrices For(Board board, IReadOnlyList<int> offers, Worths worths, ShadowPrices? like, long target, Steps steps)
    {
        var prices = new ShadowPrices(board, offers, worths);
        var costs = like is null ? prices.Cheaper(Array.ConvertAll(Rarely, prices.Start), steps) : prices.Start(like);
        costs = prices.Bargain(costs, target, steps);
        if (prices.Tight >= target || prices.Bound == long.MaxValue) prices.Lower(costs, target, steps);
        prices.IsCutShort = Math.Min(prices.Bound, prices.Tight) < target;
        // The tables stand for the prices that were kept.
        foreach (var pricing in prices._pricings) pricing.Fill(prices.Costs, prices.Available, steps);
        return prices;
    }

    private long[] Cheaper(long[][] starts, Steps steps) =>
        starts[0].AsSpan().SequenceEqual(starts[1]) || Bids(starts[0], null, steps) <= Bids(starts[1], null, steps) ? starts[0] : starts[1];

    /// <summary>
    /// Each offer asks for what pays at the prices; units that are asked for more often than they are there get dearer, others cheaper (subgradient steps
    /// towards a target a little under the best bound so far). Gives the best prices, and sets <see cref="Tight"/>.
    /// </summary>
    private long[] Bargain(long[] costs, long target, Steps steps)
    {
        var best = costs;
        var slope = new long[costs.Length];
        var (hope, waited) = (HopedParts, 0);
        for (var round = 0; round < MostRounds; round++)
        {
            var bound = Bids(costs, slope, steps);
            if (bound < Tight) (Tight, best, waited) = (bound, costs, 0);
            else if (++waited == Patience) (waited, hope, costs) = (0, hope * 2, best);
            if (Tight < target) break;
            long steepness = 0;
            foreach (var one in slope) steepness += one * one;
            if (steepness == 0 || hope > HopedParts << 6) break;
            var step = (bound - Tight + (Tight / hope)) / steepness;
            if (step == 0) break;
            costs = (long[])costs.Clone();
            for (var k = 0; k < costs.Length; k++) costs[k] = Math.Max(0, costs[k] - (step * slope[k]));
        }
        return best;
    }

    /// <summary>The bound that all bids at these prices give; and by kind, how many units more are there than are asked for.</summary>
    private long Bids(long[] costs, long[]? slope, Steps steps)
    {
        var bound = Worths.PaidBack;
        for (var k = 0; k < costs.Length; k++) bound += costs[k] * Available[k];
        for (var k = 0; slope is not null && k < slope.Length; k++) slope[k] = Available[k];
        for (var i = 0; i < _bids.Length; i++)
        {
            if (_bids[i] is { } bid)
            {
                bound += bid.Take(costs, steps);
                if (slope is null) continue;
                foreach (var (kind, asked) in bid.Asked) slope[kind] -= asked;
                continue;
            }
            _pricings[i].Fill(costs, Available, steps);
            if (_pricings[i].Most <= 0) continue;
            var times = _board.Units[_offers[i]].MostTimes;
            bound += _pricings[i].Most * times;
            if (slope is null) continue;
            foreach (var taken in _pricings[i].Dearest(costs, Available)) slope[taken.Kind] -= Math.Min(Available[taken.Kind], (long)taken.Count * times);
        }
        if (slope is not null)
            for (var k = 0; k < costs.Length; k++)
                if (costs[k] == 0 && slope[k] > 0) slope[k] = 0;
        return bound;
    }

    private void Lower(long[] costs, long target, Steps steps)
    {
        Raise(costs = (long[])costs.Clone(), steps);
        var beyond = new long[_pricings.Length];
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var bound = Judge(costs, beyond, steps);
            if (bound < Bound) (Bound, Costs, Beyond) = (bound, (long[])costs.Clone(), (long[])beyond.Clone());
            else if (sweep > Halving) break;
            if (Bound < target) break;
            Sweep(costs, beyond, sweep < Halving ? 2 : 1);
        }
    }

    /// <summary>Prices dear enough that no application of an offer without limit is worth more than its units: such an offer would count too often.</summary>
    private void Raise(long[] costs, Steps steps)
    {
        for (var i = 0; i < _pricings.Length; i++)
        {
            if (_board.Units[_offers[i]].IsLimited) continue;
            for (var round = 0; round < MostRaises; round++)
            {
                _pricings[i].Fill(costs, Available, steps);
                if (_pricings[i].Most <= 0) break;
                var dearest = _pricings[i].Dearest(costs, Available);
                var units = dearest.Sum(taken => taken.Count);
                if (units == 0) break;
                foreach (var kind in dearest.Select(taken => taken.Kind).Distinct()) costs[kind] += (_pricings[i].Most / units) + 1;
            }
        }
    }

    private long[] Start(ShadowPrices like)
    {
        var costs = (long[])like.Costs.Clone();
        for (var k = 0; k < costs.Length; k++)
        {
            var of = like.Worths.Weight[k];
            costs[k] = of == 0 ? costs[k] : (long)((Int128)costs[k] * Worths.Weight[k] / of);
            costs[k] = Math.Max(0, costs[k] - Worths.TakenCost[k] + like.Worths.TakenCost[k]);
        }
        return costs;
    }

    private long[] Start(int rarely)
    {
        var costs = new long[Available.Length];
        foreach (var offer in _offers)
        {
            var over = _board.Units[offer];
            if (over.MostTimes * over.Deal.Count * rarely < over.DearFirst.Sum(k => Available[k])) continue;
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
        var bound = Worths.PaidBack;
        for (var k = 0; k < costs.Length; k++) bound += costs[k] * Available[k];
        for (var i = 0; i < _pricings.Length; i++)
        {
            _pricings[i].Begin(costs, Available, steps);
            beyond[i] = Math.Max(0, _pricings[i].Most);
            bound += beyond[i] * _board.Units[_offers[i]].MostTimes;
        }
        return bound;
    }

    /// <summary>Lowers each price, dear kinds first, by a part of what no application misses.</summary>
    private void Sweep(long[] costs, long[] beyond, long part)
    {
        foreach (var k in _dearFirst)
        {
            var spare = costs[k];
            for (var i = 0; i < _pricings.Length && spare > 0; i++) spare = Math.Min(spare, _pricings[i].SpareOf(k, beyond[i], costs, Available));
            costs[k] -= (spare + part - 1) / part;
            foreach (var pricing in _pricings) pricing.Pass(k, costs, Available);
        }
    }
}
