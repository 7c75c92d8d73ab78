using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Some units of a kind, in one application: how many, for which selector, and what each of them loses.</summary>
public readonly record struct Taken(int Kind, int Selector, int Count, long Discount);

/// <summary>What one application of a unit offer discounts (spec promotions, "How a price comes about", 2, 4 and 5).</summary>
public static class UnitRules
{
    private readonly record struct Unit(int Kind, int Selector, long Price, long Headroom);

    /// <summary>
    /// The taken units with their discounts, grouped: of two groups of a kind and selector the one with the larger discount comes first. Discounts of 0 are
    /// listed too, since these units are taken.
    /// </summary>
    /// <param name="taken">Units by kind and selector; their discounts are not looked at. Adds up to what the deal takes.</param>
    public static List<Taken> Apply(UnitDeal deal, IReadOnlyList<UnitKind> kinds, IReadOnlyList<Taken> taken)
    {
        var units = new List<Unit>(deal.Count);
        foreach (var some in taken)
            for (var i = 0; i < some.Count; i++)
                units.Add(new Unit(some.Kind, some.Selector, kinds[some.Kind].Price, kinds[some.Kind].Headroom));
        // Dear first; among equals the later in canonical order counts as cheaper.
        units.Sort((a, b) => a.Price != b.Price ? b.Price.CompareTo(a.Price) : (a.Kind, a.Selector).CompareTo((b.Kind, b.Selector)));
        var discounts = deal.OnWhole ? OnWhole(deal, units) : OnUnits(deal, units);

        var grouped = new List<Taken>();
        for (var i = 0; i < units.Count; i++)
        {
            var (kind, selector) = (units[i].Kind, units[i].Selector);
            var at = grouped.FindIndex(group => group.Kind == kind && group.Selector == selector && group.Discount == discounts[i]);
            if (at < 0) grouped.Add(new Taken(kind, selector, 1, discounts[i]));
            else grouped[at] = grouped[at] with { Count = grouped[at].Count + 1 };
        }
        grouped.Sort((a, b) => (a.Kind, a.Selector) == (b.Kind, b.Selector) ? b.Discount.CompareTo(a.Discount) : (a.Kind, a.Selector).CompareTo((b.Kind, b.Selector)));
        return grouped;
    }

    /// <summary>What a cut takes from one unit: no more than its headroom.</summary>
    public static long CutOf(UnitDeal deal, UnitKind kind) => CutOf(deal, kind.Price, kind.Headroom);

    private static long CutOf(UnitDeal deal, long price, long headroom) =>
        Math.Min(price - new Cut(deal.Give == Give.Percent ? CutKind.Percent : CutKind.Price, deal.Amount).PriceAfter(price), headroom);

    private static long[] OnUnits(UnitDeal deal, List<Unit> units)
    {
        var discounts = new long[units.Count];
        for (var i = 0; i < units.Count; i++)
        {
            var falls = deal.On switch
            {
                GiveOn.Cheapest => i >= units.Count - deal.Cheapest,
                GiveOn.Last => units[i].Selector == 1,
                _ => true,
            };
            if (falls) discounts[i] = CutOf(deal, units[i].Price, units[i].Headroom);
        }
        return deal.MaxOff is { } most && discounts.Sum() > most ? Divide(most, units, discounts) : discounts;
    }

    private static long[] OnWhole(UnitDeal deal, List<Unit> units)
    {
        var amount = deal.Give == Give.OffWhole ? deal.Amount : Math.Max(0, units.Sum(unit => unit.Price) - deal.Amount);
        if (deal.MaxOff is { } most) amount = Math.Min(amount, most);
        var headrooms = units.ConvertAll(unit => unit.Headroom);
        return Divide(Math.Min(amount, headrooms.Sum()), units, headrooms);
    }

    /// <summary>In proportion to the weights, what is left over in canonical order of the units.</summary>
    private static long[] Divide(long amount, List<Unit> units, IReadOnlyList<long> weights)
    {
        var canonical = Enumerable.Range(0, units.Count).ToArray();
        Array.Sort(canonical, (a, b) => (units[a].Kind, a).CompareTo((units[b].Kind, b)));
        var groups = Array.ConvertAll(canonical, i => (weights[i], 1));
        var shares = new (long Each, int OneMore)[groups.Length];
        LargestRemainder.Divide(amount, groups, shares);
        var parts = new long[units.Count];
        for (var i = 0; i < canonical.Length; i++) parts[canonical[i]] = shares[i].Each + shares[i].OneMore;
        return parts;
    }
}
