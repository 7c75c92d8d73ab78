namespace Tokamak.Core.Promotions.Choosing;

/// <summary>A scenario with shadow prices, and tolls for the thresholds that it could miss.</summary>
/// <param name="Tolls">By level.</param>
internal sealed record Priced(Scenario Scenario, ShadowPrices Prices, long[] Tolls)
{
    /// <summary>Tolls to try: 16ths of what a discount of 1 is worth, for each 1 that a base falls.</summary>
    private const int FewRounds = 3, MostRounds = 40;
    private static readonly long[] Tries = [1, 2, 4, 8, 12, 16];

    /// <summary>What no way of the scenario is worth more than, in <see cref="Scenario.Scale"/>ths.</summary>
    public long Bound => Scenario.Constant + Prices.Bound;

    public bool MayMiss => Scenario.Levels.Exists(level => level.BaseLooks is not null);

    /// <summary>The scenario under the tolls that bound it closest; found until the bound is under <paramref name="target"/>.</summary>
    public Priced WithTolls(Board board, long target, Steps steps)
    {
        var best = this;
        for (var l = 0; l < Scenario.Levels.Count; l++)
            if (Scenario.Levels[l].BaseLooks is not null) best = best.WithTollAt(l, board, target, steps);
        if (best == this || best.Bound < target) return best;
        var more = best.With(best.Tolls, board, target, MostRounds, steps);
        return more.Bound < best.Bound ? more : best;
    }

    private Priced With(long[] tolls, Board board, long target, int rounds, Steps steps) =>
        new(Scenario, ShadowPrices.For(board, Scenario.Family.Units, new Worths(board, Scenario.Levels, tolls), Prices, target - Scenario.Constant, rounds, steps), tolls);


    private Priced WithTollAt(int level, Board board, long target, Steps steps)
    {
        var deal = Scenario.Levels[level].Offer.Deal;
        var units = Math.Max(1, board.Kinds.Sum(kind => kind.Count));
        var size = deal is { Untaken: true, Measure: Measure.Count } ? Math.Max(1, board.Total / units) : 1;
        var best = this;
        foreach (var sixteenths in Tries)
            if (!Try(sixteenths * size * (Scenario.Scale / 16))) break;
        // Then closer to the best of these, from both sides.
        for (var near = best.Tolls[level] / 2; near > size * (Scenario.Scale / 64); near /= 2)
        {
            var middle = best.Tolls[level];
            if (!Try(middle - near)) Try(middle + near);
        }
        return best;

        bool Try(long toll)
        {
            if (best.Bound < target || steps.Ended) return false;
            var tolls = (long[])best.Tolls.Clone();
            tolls[level] = toll;
            var tried = best.With(tolls, board, target, FewRounds, steps);
            if (tried.Bound >= best.Bound) return false;
            best = tried;
            return true;
        }
    }
}
