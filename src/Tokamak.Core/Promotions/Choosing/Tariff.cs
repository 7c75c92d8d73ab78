namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// What applications of a unit offer discount, said unit by unit: so much on each by its role (<see cref="Memory"/>), so much for each application that is begun and
/// made whole. Where floors or a maximum cut some applications it says more than they discount, never less.
/// </summary>
/// <param name="OnFirst">By kind, for units of the first role; <paramref name="OnSecond"/> of the second.</param>
/// <param name="OnOpen">For each application begun; 0 or less.</param>
/// <param name="OnComplete">For each made whole; 0 or more.</param>
/// <param name="Spreads">What it says is divided over all units of an application, and says nothing about any one of them.</param>
/// <param name="IsExact">It says just what applications discount.</param>
internal sealed record Tariff(long[] OnFirst, long[] OnSecond, long OnOpen, long OnComplete, bool Spreads, bool IsExact)
{
    public long OnUnit(int kind, int role) => role == 0 ? OnFirst[kind] : OnSecond[kind];

    public static Tariff Of(UnitDeal deal, IReadOnlyList<UnitKind> kinds, bool[][] accepts)
    {
        var most = deal.MaxOff ?? long.MaxValue;
        if (!deal.OnWhole) return OfCuts(deal, kinds, accepts, most);

        var headrooms = Each(k => kinds[k].Headroom);
        if (deal.Give == Give.OffWhole)
        {
            var amount = Math.Min(deal.Amount, most);
            // Where floors always end it, units lose all they have above them.
            if (Sum(deal, kinds, accepts, headrooms, true, null) <= amount) return new Tariff(headrooms, headrooms, 0, 0, false, true);
            return new Tariff(Each(_ => 0), Each(_ => 0), 0, amount, true, Sum(deal, kinds, accepts, headrooms, false, null) >= amount);
        }
        var prices = Each(k => kinds[k].Price);
        var isCut = Sum(deal, kinds, accepts, Each(k => kinds[k].Price - kinds[k].Headroom), true, null) > deal.Amount || Sum(deal, kinds, accepts, prices, true, null) - deal.Amount > most;
        return new Tariff(prices, prices, -deal.Amount, 0, true, !isCut);

        long[] Each(Func<int, long> of) => [.. Enumerable.Range(0, kinds.Count).Select(of)];
    }

    private static Tariff OfCuts(UnitDeal deal, IReadOnlyList<UnitKind> kinds, bool[][] accepts, long most)
    {
        var (none, cuts) = (new long[kinds.Count], new long[kinds.Count]);
        for (var k = 0; k < cuts.Length; k++) cuts[k] = UnitRules.CutOf(deal, kinds[k]);
        var role = deal.On switch { GiveOn.EachTaken => (int?)null, _ => 1 };
        // Where the maximum always ends it, it is an amount.
        if (Sum(deal, kinds, accepts, cuts, false, role) >= most) return new Tariff(none, none, 0, most, true, true);
        return new Tariff(role is null ? cuts : none, cuts, 0, 0, false, Sum(deal, kinds, accepts, cuts, true, role) <= most);
    }

    /// <summary>The most or least that the units of one application, or those of a role, can add up to; or a little beyond.</summary>
    private static long Sum(UnitDeal deal, IReadOnlyList<UnitKind> kinds, bool[][] accepts, long[] amounts, bool most, int? role)
    {
        long sum = 0;
        for (var s = 0; s < deal.Take.Count; s++)
        {
            var missing = deal.On == GiveOn.Cheapest && role is not null ? deal.Cheapest : role is null || role == s ? deal.Take[s].Count : 0;
            foreach (var k in Enumerable.Range(0, kinds.Count).Where(k => accepts[s][k]).OrderBy(k => most ? -amounts[k] : amounts[k]))
            {
                var taken = Math.Min(missing, kinds[k].Count);
                sum += taken * amounts[k];
                missing -= taken;
            }
        }
        return sum;
    }
}
