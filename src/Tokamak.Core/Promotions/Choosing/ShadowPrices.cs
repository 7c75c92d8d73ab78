namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// A price on each unit, and beside it what each offer, alone in the basket, would still gain at these prices (<see cref="Passage"/>). Both together bound what
/// any way is worth; and every unit left over, every application that is worth less than its units, and every gain that is not made falls behind that
/// bound by a known <b>loss</b>. Any prices give a bound that holds, better prices a closer one: units that are asked for more often than they are there get
/// dearer, others cheaper (a Lagrangian relaxation, lowered by subgradient steps in whole numbers).
/// </summary>
internal sealed class ShadowPrices
{
    /// <summary>Rounds; how many without a better bound before hoping for half as much; the first hope, a part of the bound.</summary>
    public const int MostRounds = 80;

    private const int Patience = 4;
    private const long HopedParts = 20;

    /// <summary>An offer that takes less than one in so many of its units tells little about their prices; to begin with, both are tried.</summary>
    private static readonly int[] Rarely = [4, 1];

    private readonly Board _board;
    private readonly IReadOnlyList<int> _offers;
    private readonly Pricing[] _pricings;
    private readonly Passage?[] _passages;

    private ShadowPrices(Board board, IReadOnlyList<int> offers, int[] order, Worths worths)
    {
        (_board, _offers, Order, Worths) = (board, offers, order, worths);
        _pricings = [.. offers.Select(offer => new Pricing(board, worths, offer))];
        _passages = [.. offers.Select(offer => Passage.For(board, worths, board.Units[offer], order))];
        Available = [.. board.Kinds.Select(kind => kind.Count)];
        Gains = new long[offers.Count];
    }

    /// <summary>By offer.</summary>
    public IReadOnlyList<Pricing> Pricings => _pricings;

    /// <summary>By offer; null for those that cannot be gone through. Filled for <see cref="Costs"/>.</summary>
    public IReadOnlyList<Passage?> Passages => _passages;

    /// <summary>The kinds in the order that passages go over them.</summary>
    public int[] Order { get; }

    public Worths Worths { get; }

    /// <summary>By kind, 0 or more.</summary>
    public long[] Costs { get; private set; } = [];

    /// <summary>By offer, what it would gain alone in the basket: its applications together are worth no more beyond their units' prices. 0 or more.</summary>
    public long[] Gains { get; private set; }

    /// <summary>What no applications are worth more than, in <see cref="Scenario.Scale"/>ths.</summary>
    public long Bound { get; private set; } = long.MaxValue;

    /// <summary>They could be better: their bound was under the target already.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>By kind, how many units there are.</summary>
    public int[] Available { get; }

    /// <summary>Prices for the unit offers of a family; bettered until their bound is under <paramref name="target"/>, or as far as they go.</summary>
    /// <param name="like">Prices for the same offers under other worths, to begin with.</param>
    public static ShadowPrices For(Board board, IReadOnlyList<int> offers, Worths worths, ShadowPrices? like, long target, int rounds, Steps steps)
    {
        var prices = new ShadowPrices(board, offers, like?.Order ?? Lineup.Of(board, offers), worths);
        foreach (var costs in like is null ? Array.ConvertAll(Rarely, prices.Start) : [prices.Start(like)]) prices.Judge(costs, null, steps);
        prices.Bargain(target, rounds, steps);
        foreach (var passage in prices._passages) passage?.Fill(prices.Costs, steps);
        return prices;
    }

    private long[] Start(int rarely)
    {
        var costs = new long[Available.Length];
        foreach (var offer in _offers)
        {
            var over = _board.Units[offer];
            if (over.MostTimes * over.Deal.Count * rarely < over.DearFirst.Sum(k => Available[k])) continue;
            var shares = over.Shares(_board.Kinds);
            foreach (var k in over.DearFirst) costs[k] = Math.Max(costs[k], (shares[k] / Scenario.Scale * Worths.Weight[k]) - Worths.TakenCost[k]);
        }
        return costs;
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

    private void Bargain(long target, int rounds, Steps steps)
    {
        var costs = Costs;
        var slope = new long[costs.Length];
        var (hope, waited) = (HopedParts, 0);
        for (var round = 0; round < rounds && !steps.Ended && !(IsCutShort = Bound < target); round++)
        {
            var before = Bound;
            var bound = Judge(costs, slope, steps);
            if (Bound < before) waited = 0;
            else if (++waited == Patience) (waited, hope, costs) = (0, hope * 2, Costs);
            long steepness = 0;
            foreach (var one in slope) steepness += one * one;
            if (steepness == 0 || hope > HopedParts << 7) return;
            var step = (bound - Bound + (Bound / hope)) / steepness;
            if (step == 0) return;
            costs = (long[])costs.Clone();
            for (var k = 0; k < costs.Length; k++) costs[k] = Math.Max(0, costs[k] - (step * slope[k]));
        }
    }

    /// <summary>The bound that these prices give; they are kept if it is the best. By kind, how many units more are there than are asked for.</summary>
    private long Judge(long[] costs, long[]? slope, Steps steps)
    {
        var bound = Worths.PaidBack;
        for (var k = 0; k < costs.Length; k++)
        {
            bound += costs[k] * Available[k];
            if (slope is not null) slope[k] = Available[k];
        }
        var gains = new long[_passages.Length];
        for (var i = 0; i < gains.Length; i++) bound += gains[i] = GainOf(i, costs, slope, steps);
        for (var k = 0; slope is not null && k < costs.Length; k++)
            if (costs[k] == 0 && slope[k] > 0) slope[k] = 0;
        if (bound < Bound) (Bound, Costs, Gains) = (bound, costs, gains);
        return bound;
    }

    /// <summary>What an offer gains: by its passage, or its dearest application as often as it may be applied, whatever is less.</summary>
    private long GainOf(int i, long[] costs, long[]? slope, Steps steps)
    {
        var passage = _passages[i];
        var gain = passage?.Fill(costs, steps) ?? long.MaxValue;
        if (passage is null or { IsLoose: true })
        {
            _pricings[i].Fill(costs, Available, steps);
            var times = _board.Units[_offers[i]].MostTimes;
            var most = Math.Max(0, _pricings[i].Most) * times;
            if (most < gain)
            {
                if (most > 0 && slope is not null)
                    foreach (var taken in _pricings[i].Dearest(costs, Available)) slope[taken.Kind] -= Math.Min(Available[taken.Kind], (long)taken.Count * times);
                return most;
            }
        }
        if (slope is not null) passage!.Ask(costs, slope);
        return gain;
    }
}
