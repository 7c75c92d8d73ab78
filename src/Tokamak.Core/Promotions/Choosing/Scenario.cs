using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// A family of offers, and for each of its order offers the step it is taken to reach. Order offers then are no more than weights: an amount off is a
/// constant, and with so many percent off a unit, a discount on it is worth that much less. What a way is worth under these weights is never less than
/// what it really discounts, so the best worth bounds every way that reaches just these steps.
/// Worths are in <see cref="Scale"/>ths of the smallest unit.
/// </summary>
internal sealed class Scenario
{
    public const long Scale = 6_000;

    private Scenario(Family family, List<Level> levels, long bound)
    {
        (Family, Levels, Bound) = (family, levels, bound);
        foreach (var level in levels) Constant += level.Worth;
    }

    public Family Family { get; }

    public List<Level> Levels { get; }

    /// <summary>What order offers are worth where no unit offer is applied, in <see cref="Scale"/>ths.</summary>
    public long Constant { get; }

    /// <summary>The same for scenarios of the same unit offers whose order offers reach the same.</summary>
    public string Key => string.Join(';', Levels.Where(level => level.Worth > 0).Select(level => $"{level.Offer.Offer.Id} {level.Least} {level.Worth}"));

    /// <summary>No way under it discounts more.</summary>
    public long Bound { get; private set; }

    /// <param name="worth">What no way of it is worth more than, in <see cref="Scale"/>ths.</param>
    public void Lower(long worth) => Bound = Math.Min(Bound, worth / Scale);

    /// <summary>What a family can come to, by the steps its order offers may reach, each with a first bound; those that cannot beat <paramref name="least"/> are left out.</summary>
    public static IEnumerable<Scenario> Of(Board board, Family family, Reach reach, long least, Steps steps)
    {
        var choices = family.Orders.Select(order => Level.Possible(board, order, reach)).Where(levels => levels.Count > 0).ToList();
        var picked = new List<Level>(choices.Count);
        // What the order offers that are not picked yet are worth at most; the levels of each begin with the dearest.
        var rest = new long[choices.Count + 1];
        for (var i = choices.Count - 1; i >= 0; i--) rest[i] = rest[i + 1] + choices[i][0].Worth;
        return Pick();

        IEnumerable<Scenario> Pick()
        {
            steps.Take(1);
            var bound = Math.Min(reach.Headroom, Bounded());
            if (bound <= least) yield break;
            if (picked.Count == choices.Count)
            {
                yield return new Scenario(family, [.. picked], bound);
                yield break;
            }
            foreach (var level in choices[picked.Count])
            {
                picked.Add(level);
                foreach (var scenario in Pick()) yield return scenario;
                picked.RemoveAt(picked.Count - 1);
            }
        }

        long Bounded()
        {
            var orders = rest[picked.Count];
            var units = reach.All;
            foreach (var level in picked)
            {
                orders += level.Worth;
                if (level.Spare is { } spare) units = Math.Min(units, spare + level.OnOthers);
            }
            return (orders / Scale) + units;
        }
    }
}

/// <summary>How far the unit offers of a family reach.</summary>
/// <param name="Falls">By kind, the most that one application takes off a unit; 0 also where none takes such a unit.</param>
/// <param name="Touches">By kind, whether any takes such a unit.</param>
/// <param name="All">The most that all applications together take off.</param>
/// <param name="Headroom">What all discounts together may take off, order offers' included.</param>
internal sealed record Reach(long[] Falls, bool[] Touches, long All, long Headroom)
{
    /// <param name="worth">What shadow prices say that all applications together are worth at most.</param>
    public static Reach Of(Board board, IReadOnlyList<int> units, long worth)
    {
        var (falls, touches) = (new long[board.Kinds.Count], new bool[board.Kinds.Count]);
        foreach (var o in units)
            foreach (var k in board.Units[o].DearFirst)
            {
                touches[k] = true;
                falls[k] = Math.Max(falls[k], board.Units[o].MostOn(board.Kinds[k], k));
            }
        long byFalling = 0;
        for (var k = 0; k < falls.Length; k++) byFalling += falls[k] * board.Kinds[k].Count;
        return new Reach(falls, touches, Math.Min(worth / Scenario.Scale, byFalling), board.Kinds.Sum(kind => kind.Headroom * kind.Count));
    }
}

/// <summary>A step that an order offer may reach (or none), and what it is worth then.</summary>
/// <param name="Worth">With no unit offer applied, in <see cref="Scenario.Scale"/>ths; for percents, half a unit more, for the rounding.</param>
/// <param name="Percent">0 where the worth does not fall with the amounts.</param>
/// <param name="Uncapped">In <see cref="Scenario.Scale"/>ths, what so many percent of all amounts are, half a unit for the rounding included; with the percents. 0 for amounts off.</param>
/// <param name="Base">Its base where no unit offer is applied.</param>
/// <param name="Least">The base it needs; 0 where it cannot be missed.</param>
/// <param name="Spare">How much discounts may take off its units; null where that is no limit.</param>
/// <param name="OnOthers">What unit offers take off other units at most.</param>
internal sealed record Level(OrderOffer Offer, long Worth, long Percent, (long Worth, long Percent) Uncapped, long Base, long Least, long? Spare, long OnOthers)
{
    private const int MostRepeats = 200;

    /// <summary>What it takes off where the amounts it looks at have dropped so much, but for headrooms.</summary>
    public long Off(long drop)
    {
        var off = Worth / Scenario.Scale;
        return Uncapped.Percent == 0 ? off : Math.Min(off, (Uncapped.Worth - (drop * Uncapped.Percent * (Scenario.Scale / 100))) / Scenario.Scale);
    }

    /// <summary>What lowers the base; null where it cannot be missed.</summary>
    public Looks? BaseLooks => Offer.Deal switch
    {
        _ when Least == 0 => null,
        { Untaken: true, Measure: Measure.Count } => Looks.Units,
        { Untaken: true } => Looks.Prices,
        { Measure: Measure.Spend, Before: false } => Looks.Discounts,
        _ => null,
    };

    /// <summary>What lowers the amounts and headrooms; null for an order offer that gives nothing.</summary>
    public Looks? AmountLooks => Worth == 0 ? null : Offer.Deal.Untaken ? Looks.Prices : Looks.Discounts;

    /// <summary>How much an application lowers the base; 0 where it cannot be missed.</summary>
    public long Drop(Board board, IReadOnlyList<Taken> application)
    {
        long drop = 0;
        foreach (var taken in application)
            if (Offer.Eligible[taken.Kind])
                drop += BaseLooks switch { Looks.Units => 1, Looks.Prices => board.Kinds[taken.Kind].Price, Looks.Discounts => taken.Discount, _ => 0 } * taken.Count;
        return drop;
    }

    public static List<Level> Possible(Board board, OrderOffer order, Reach reach)
    {
        var deal = order.Deal;
        long high = 0, low = 0, amounts = 0, headroom = 0, onOwn = 0, onOthers = 0;
        for (var k = 0; k < board.Kinds.Count; k++)
        {
            var kind = board.Kinds[k];
            if (!order.Eligible[k])
            {
                onOthers += reach.Falls[k] * kind.Count;
                continue;
            }
            var each = deal.Measure == Measure.Count ? 1 : kind.Price;
            high += each * kind.Count;
            amounts += kind.Price * kind.Count;
            headroom += kind.Headroom * kind.Count;
            onOwn += reach.Falls[k] * kind.Count;
            if (!deal.Untaken || !reach.Touches[k]) low += each * kind.Count;
        }
        var lowers = deal.Measure == Measure.Spend && !deal.Before && !deal.Untaken;
        if (lowers) low = high - Math.Min(onOwn, reach.All);

        var levels = new List<Level>();
        foreach (var (least, until, step, times) in Stretches(deal, high, low))
        {
            if (until <= low || least > high) continue;
            var most = Math.Min(deal.MaxOff ?? long.MaxValue, headroom);
            var benefit = OrderRules.Benefit(deal, step, times, amounts);
            // A capped percent is taken as its cap: where discounts bring it under the cap, that is a little more than it comes to.
            var constant = !deal.Percent || benefit >= most;
            var uncapped = deal.Percent ? (amounts * step.Benefit * (Scenario.Scale / 100)) + (Scenario.Scale / 2) : 0;
            var worth = constant ? Math.Min(benefit, most) * Scenario.Scale : uncapped;
            var missable = least > low;
            levels.Add(new Level(order, worth, constant ? 0 : step.Benefit, (uncapped, deal.Percent ? step.Benefit : 0), high, missable ? least : 0, missable && lowers ? high - least : null, onOthers));
        }
        if (levels.Count > 0 && levels[^1].Least > 0) levels.Add(new Level(order, 0, 0, default, high, 0, null, onOthers));
        return levels;
    }

    /// <summary>From which base until which (exclusive) it gives what; the dearest first.</summary>
    private static IEnumerable<(long Least, long Until, OrderStep Step, long Times)> Stretches(OrderDeal deal, long high, long low)
    {
        if (!deal.Every)
        {
            for (var i = deal.Steps.Count - 1; i >= 0; i--)
                yield return (deal.Steps[i].From, i + 1 < deal.Steps.Count ? deal.Steps[i + 1].From : long.MaxValue, deal.Steps[i], 1);
            yield break;
        }
        var step = deal.Steps[0];
        var most = Math.Min(high / step.From, deal.MaxRepeat ?? long.MaxValue);
        var fewest = Math.Max(1, Math.Min(low / step.From, most));
        for (var times = most; times >= fewest; times--)
        {
            // The last of very many stands for all below it: it is worth more than they are, and asks no more.
            var last = most - times == MostRepeats;
            yield return ((last ? fewest : times) * step.From, times == most ? long.MaxValue : (times + 1) * step.From, step, times);
            if (last) yield break;
        }
    }
}
