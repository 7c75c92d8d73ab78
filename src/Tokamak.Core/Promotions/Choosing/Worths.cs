namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// What unit discounts are worth in a scenario, in <see cref="Scenario.Scale"/>ths of the smallest unit. A threshold that applications could miss
/// asks a toll for whatever lowers its base, and pays it back on all that it can spare: so a way that keeps the threshold is never worth less than it was.
/// </summary>
internal sealed class Worths
{
    private const long PerPercent = Scenario.Scale / 100;

    /// <param name="levels">Those of the scenario; none for what discounts are worth where no order offer looks at them.</param>
    /// <param name="tolls">By level, for each 1 that its base falls; 0 where it cannot be missed.</param>
    public Worths(Board board, IReadOnlyList<Level> levels, long[] tolls)
    {
        (Weight, TakenCost) = (new long[board.Kinds.Count], new long[board.Kinds.Count]);
        Array.Fill(Weight, Scenario.Scale);
        for (var l = 0; l < levels.Count; l++)
        {
            var (level, percent) = (levels[l], levels[l].Percent * PerPercent);
            if (tolls[l] > 0) PaidBack += tolls[l] * (level.Base - level.Least);
            if (percent + tolls[l] == 0) continue;
            var deal = level.Offer.Deal;
            for (var k = 0; k < Weight.Length; k++)
            {
                if (!level.Offer.Eligible[k]) continue;
                if (deal.Untaken) TakenCost[k] += (board.Kinds[k].Price * percent) + (tolls[l] * (deal.Measure == Measure.Count ? 1 : board.Kinds[k].Price));
                else Weight[k] -= percent + tolls[l];
            }
        }
        // No discount is worth less than none: where percents add up to more, its unit's headroom ends before.
        for (var k = 0; k < Weight.Length; k++) Weight[k] = Math.Max(0, Weight[k]);
    }

    /// <summary>By kind, what a discount of 1 on a unit is worth; 0 or more.</summary>
    public long[] Weight { get; }

    /// <summary>By kind, what taking a unit loses, because an order offer wants it untaken.</summary>
    public long[] TakenCost { get; }

    /// <summary>Tolls on all that thresholds can spare.</summary>
    public long PaidBack { get; }

    public long Of(Application application)
    {
        long worth = 0;
        foreach (var taken in application.Taken) worth += ((taken.Discount * Weight[taken.Kind]) - TakenCost[taken.Kind]) * taken.Count;
        return worth;
    }

    /// <summary>The same for whatever weighs alike.</summary>
    public string Key => string.Join(',', Weight) + ';' + string.Join(',', TakenCost);
}
