namespace Tokamak.Core.Promotions.Choosing;

/// <summary>What unit discounts are worth in a scenario, in <see cref="Scenario.Scale"/>ths of the smallest unit.</summary>
internal sealed class Worths
{
    private const long PerPercent = Scenario.Scale / 100;

    /// <param name="levels">Those of the scenario; none for what discounts are worth where no order offer looks at them.</param>
    public Worths(Board board, IReadOnlyList<Level> levels)
    {
        (Weight, TakenCost) = (new long[board.Kinds.Count], new long[board.Kinds.Count]);
        Array.Fill(Weight, Scenario.Scale);
        foreach (var level in levels.Where(level => level.Percent > 0))
            for (var k = 0; k < Weight.Length; k++)
            {
                if (!level.Offer.Eligible[k]) continue;
                if (level.Offer.Deal.Untaken) TakenCost[k] += board.Kinds[k].Price * level.Percent * PerPercent;
                else Weight[k] -= level.Percent * PerPercent;
            }
        // No discount is worth less than none: where percents add up to more, its unit's headroom ends before.
        for (var k = 0; k < Weight.Length; k++) Weight[k] = Math.Max(0, Weight[k]);
    }

    /// <summary>By kind, what a discount of 1 on a unit is worth; 0 or more.</summary>
    public long[] Weight { get; }

    /// <summary>By kind, what taking a unit loses, because an order offer wants it untaken.</summary>
    public long[] TakenCost { get; }

    public long Of(Application application)
    {
        long worth = 0;
        foreach (var taken in application.Taken) worth += ((taken.Discount * Weight[taken.Kind]) - TakenCost[taken.Kind]) * taken.Count;
        return worth;
    }

    /// <summary>The same for whatever weighs alike.</summary>
    public string Key => string.Join(',', Weight) + ';' + string.Join(',', TakenCost);
}
