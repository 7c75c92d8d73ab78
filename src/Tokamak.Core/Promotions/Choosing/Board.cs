namespace Tokamak.Core.Promotions.Choosing;

/// <summary>A unit offer over a basket.</summary>
/// <param name="MostTimes">How often it may be applied, by what it says and by the units there are; 1 or more.</param>
/// <param name="IsLimited">There are units for more.</param>
/// <param name="Accepts">By selector and kind.</param>
/// <param name="DearFirst">The kinds that any selector accepts, dear before cheap; among equals the later in canonical order counts as cheaper.</param>
internal sealed record UnitOffer(Offer Offer, UnitDeal Deal, int MostTimes, bool IsLimited, bool[][] Accepts, int[] DearFirst)
{
    /// <summary>Null where the basket lacks the units for one application, or floors leave nothing to discount.</summary>
    public static UnitOffer? Over(Offer offer, IReadOnlyList<UnitKind> kinds, long mostTimes)
    {
        var deal = (UnitDeal)offer.Deal;
        var accepts = deal.Take.Select(take => kinds.Select(kind => kind.IsMeant(take.Items) && !(offer.RegularOnly && kind.PricedBy is not null)).ToArray()).ToArray();
        var either = Enumerable.Range(0, kinds.Count).Where(k => accepts.Any(accept => accept[k])).ToArray();
        long enough = either.Sum(k => kinds[k].Count) / deal.Count;
        for (var s = 0; s < deal.Take.Count; s++) enough = Math.Min(enough, Enumerable.Range(0, kinds.Count).Sum(k => accepts[s][k] ? kinds[k].Count : 0) / deal.Take[s].Count);
        var isLimited = mostTimes < enough;
        mostTimes = Math.Min(mostTimes, enough);
        if (mostTimes == 0) return null;
        Array.Sort(either, (a, b) => kinds[a].Price != kinds[b].Price ? kinds[b].Price.CompareTo(kinds[a].Price) : a.CompareTo(b));
        var over = new UnitOffer(offer, deal, (int)mostTimes, isLimited, accepts, either) { Tariff = Tariff.Of(deal, kinds, accepts) };
        return Array.Exists(either, k => over.MostOn(kinds[k], k) > 0) ? over : null;
    }

    /// <summary>Null where it cannot be gone through unit by unit.</summary>
    public Memory? Memory { get; } = Memory.For(Deal, MostTimes, IsLimited);

    public required Tariff Tariff { get; init; }

    /// <summary>By kind, whether any selector accepts it.</summary>
    public bool[] Takes { get; } = [.. Accepts[0].Select((first, k) => first || Accepts[^1][k])];

    /// <summary>Whether a unit may be taken in a role of its <see cref="Memory"/>.</summary>
    public bool TakesAs(int kind, int role) => Deal.On == GiveOn.Cheapest ? Accepts[0][kind] : role < Accepts.Length && Accepts[role][kind];

    /// <summary>How large the tables are that look at its applications.</summary>
    public long Cells => (DearFirst.Length + 1L) * Deal.Take.Aggregate(1L, (states, take) => states * (take.Count + 1)) * (Deal.Take.Any(take => take.SameSku) ? DearFirst.Length : 1);

    /// <summary>The most that one application takes off a unit of this kind.</summary>
    public long MostOn(UnitKind kind, int k)
    {
        var most = Math.Min(kind.Headroom, Deal.MaxOff ?? long.MaxValue);
        return Deal switch
        {
            { OnWhole: true, Give: Give.OffWhole } => Math.Min(most, Deal.Amount),
            { OnWhole: true } => most,
            { On: GiveOn.Last } when !Accepts[1][k] => 0,
            _ => Math.Min(most, UnitRules.CutOf(Deal, kind)),
        };
    }

    /// <summary>
    /// By kind, a part of an application's discount for each unit that it takes, in <see cref="Scenario.Scale"/>ths, such that no application discounts
    /// more than the parts of its units add up to.
    /// </summary>
    public long[] Shares(IReadOnlyList<UnitKind> kinds)
    {
        var shares = new long[kinds.Count];
        foreach (var k in DearFirst) shares[k] = MostOn(kinds[k], k) * Scenario.Scale;
        if (Deal.OnWhole)
        {
            // An equal part of the amount off, or of the price for the whole; that is no less than the discount, whatever floors cut. Nor are the headrooms.
            var parts = Array.ConvertAll(DearFirst, k => Deal.Give == Give.OffWhole
                ? DivideUp(Deal.Amount * Scenario.Scale, Deal.Count)
                : Math.Max(0, (kinds[k].Price * Scenario.Scale) - (Deal.Amount * Scenario.Scale / Deal.Count)));
            long byParts = 0, byHeadrooms = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                byParts += parts[i] * kinds[DearFirst[i]].Count;
                byHeadrooms += shares[DearFirst[i]] * kinds[DearFirst[i]].Count;
            }
            for (var i = 0; byParts < byHeadrooms && i < parts.Length; i++) shares[DearFirst[i]] = parts[i];
        }
        else if (Deal.On == GiveOn.Cheapest)
        {
            // What falls on the k cheapest is no more than k of all n parts of what would fall on each, where no cheaper unit gets more than a dear one.
            var most = 0L;
            for (var i = DearFirst.Length - 1; i >= 0; i--)
            {
                most = Math.Max(most, shares[DearFirst[i]]);
                shares[DearFirst[i]] = DivideUp(most * Deal.Cheapest, Deal.Count);
            }
        }
        return shares;
    }

    private static long DivideUp(long amount, long parts) => (amount + parts - 1) / parts;
}

/// <summary>What the choice is made from: units after the price stage, and the due unit and order offers, both in order of their ids.</summary>
internal sealed record Board(IReadOnlyList<UnitKind> Kinds, IReadOnlyList<UnitOffer> Units, IReadOnlyList<OrderOffer> Orders)
{
    /// <summary>Applications of all unit offers are looked at by tables of at most so many cells.</summary>
    private const long MostCells = 2_000_000;

    /// <summary>
    /// The board with the unit offers that may take off most, as many as can be looked at; all of them but for carts and offers of an unheard-of size. Null: all are.
    /// </summary>
    public Board? Within()
    {
        long cells = 0;
        var kept = Units.OrderByDescending(unit => unit.DearFirst.Max(k => unit.MostOn(Kinds[k], k)) * unit.MostTimes).TakeWhile(unit => (cells += unit.Cells) <= MostCells).ToHashSet();
        return kept.Count == Units.Count ? null : this with { Units = [.. Units.Where(kept.Contains)] };
    }

    /// <summary>All units at the prices the price stage left.</summary>
    public long Total { get; } = Kinds.Sum(kind => kind.Price * kind.Count);
}

/// <summary>One application of a unit offer.</summary>
/// <param name="Offer">Its place on the board.</param>
/// <param name="Taken">With discounts.</param>
internal sealed record Application(int Offer, IReadOnlyList<Taken> Taken)
{
    public long Discount { get; } = Taken.Sum(taken => taken.Discount * taken.Count);
}

/// <summary>A way to apply unit and order offers to a board.</summary>
/// <param name="Orders">Those that may apply; whether they reach a step, the amounts say.</param>
/// <param name="Discount">Of unit and order offers together.</param>
internal sealed record Way(IReadOnlyList<Application> Applications, IReadOnlyList<OrderOffer> Orders, long Discount)
{
    /// <summary>What unit offers left, in canonical order.</summary>
    public static List<Portion> Portions(IReadOnlyList<UnitKind> kinds, IReadOnlyList<Application> applications)
    {
        var untaken = new int[kinds.Count];
        for (var k = 0; k < kinds.Count; k++) untaken[k] = kinds[k].Count;
        var taken = new Dictionary<(int Kind, long Amount), int>();
        foreach (var application in applications)
            foreach (var some in application.Taken)
            {
                untaken[some.Kind] -= some.Count;
                var key = (some.Kind, kinds[some.Kind].Price - some.Discount);
                taken[key] = taken.GetValueOrDefault(key) + some.Count;
            }
        var portions = new List<Portion>(kinds.Count + taken.Count);
        for (var k = 0; k < kinds.Count; k++)
            if (untaken[k] > 0) portions.Add(new Portion(k, kinds[k].Price, false, untaken[k]));
        foreach (var ((kind, amount), count) in taken) portions.Add(new Portion(kind, amount, true, count));
        portions.Sort((a, b) => (a.Kind, -a.Amount, a.IsTaken).CompareTo((b.Kind, -b.Amount, b.IsTaken)));
        return portions;
    }
}

/// <summary>How much a search may do: counted, not timed, so that every machine gives the same answer.</summary>
internal sealed class Steps(long most)
{
    private long _most = most;

    public long Used { get; private set; }
    public bool Ended => Used >= _most;
    public void Take(long steps) => Used += steps;

    /// <summary>Searches with so many quarters of the steps that are left.</summary>
    public T Part<T>(int quarters, Func<T> search)
    {
        var whole = _most;
        _most -= Math.Max(0, _most - Used) / 4 * (4 - quarters);
        var found = search();
        _most = whole;
        return found;
    }
}
