namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// What discounts are worth in a scenario, in <see cref="Scenario.Scale"/>ths of the smallest unit. A threshold that applications could miss
/// asks a toll for whatever lowers its base, and pays it back on all that it can spare: so a way that keeps the threshold is never worth less than it was.
/// </summary>
internal sealed class Worths
{
    private const long PerPercent = Scenario.Scale / 100;

    private readonly Board _board;
    private readonly Scenario _scenario;
    private readonly long[] _bases;

    public Worths(Board board, Scenario scenario)
    {
        (_board, _scenario) = (board, scenario);
        (Weight, TakenCost) = (new long[board.Kinds.Count], new long[board.Kinds.Count]);
        var untouched = Way.Portions(board.Kinds, []);
        _bases = [.. scenario.Levels.Select(level => level.Offer.Base(board.Kinds, untouched))];
        Toll(new long[scenario.Levels.Count]);
    }

    /// <summary>By kind, what a discount of 1 on a unit is worth; 0 or more.</summary>
    public long[] Weight { get; }

    /// <summary>By kind, what taking a unit loses, because an order offer wants it untaken.</summary>
    public long[] TakenCost { get; }

    /// <summary>What order offers are worth where no unit offer is applied, and the tolls on all that thresholds can spare.</summary>
    public long Constant { get; private set; }

    /// <summary>By level, its base where no unit offer is applied.</summary>
    public IReadOnlyList<long> Bases => _bases;

    /// <summary>By level, how much its base may fall.</summary>
    public long Spare(int level) => _bases[level] - _scenario.Levels[level].Least;

    /// <param name="tolls">By level, for each 1 that its base falls; 0 where it cannot be missed.</param>
    public void Toll(long[] tolls)
    {
        Array.Fill(Weight, Scenario.Scale);
        Array.Clear(TakenCost);
        Constant = 0;
        for (var l = 0; l < tolls.Length; l++)
        {
            var level = _scenario.Levels[l];
            Constant += level.Worth + (tolls[l] * (tolls[l] == 0 ? 0 : Spare(l)));
            var deal = level.Offer.Deal;
            var percent = level.Percent * PerPercent;
            for (var k = 0; k < Weight.Length; k++)
            {
                if (!level.Offer.Eligible[k]) continue;
                if (deal.Untaken) TakenCost[k] += (_board.Kinds[k].Price * percent) + (tolls[l] * (deal.Measure == Measure.Count ? 1 : _board.Kinds[k].Price));
                else Weight[k] -= percent + tolls[l];
            }
        }
        // No discount is worth less than none: where percents add up to more, its unit's headroom ends before.
        for (var k = 0; k < Weight.Length; k++) Weight[k] = Math.Max(0, Weight[k]);
    }

    public long Of(Application application)
    {
        long worth = 0;
        foreach (var taken in application.Taken) worth += ((taken.Discount * Weight[taken.Kind]) - TakenCost[taken.Kind]) * taken.Count;
        return worth;
    }
}
