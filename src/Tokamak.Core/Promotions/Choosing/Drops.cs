using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// How much applications take off what the order offers of a scenario look at, added up as one number: each of its parts, a measure of some kinds of unit, has bits of
/// its own. Ways that drop the same come to the same, but for units that a discount leaves over by rounding.
/// </summary>
internal sealed class Drops
{
    private readonly Board _board;
    private readonly IReadOnlyList<Level> _levels;
    private readonly Worths _worths;
    private readonly long[] _tolls;
    private readonly List<Part> _parts = [];
    private readonly bool _apart;

    /// <summary>By level, of which parts its base and its amounts are the sum; empty for what cannot drop or is not asked.</summary>
    private readonly Part[][] _bases, _amounts;

    private Drops(Board board, Priced priced, bool apart)
    {
        (_board, _levels, _worths, _tolls, _apart) = (board, priced.Scenario.Levels, priced.Prices.Worths, priced.Tolls, apart);
        (_bases, _amounts) = (new Part[_levels.Count][], new Part[_levels.Count][]);
    }

    private sealed record Part(Looks At, bool[] Kinds, int Shift, int Bits)
    {
        public long In(Int128 sum) => (long)((sum >> Shift) & ((Int128.One << Bits) - 1)) - (1L << (Bits - 1));
    }

    /// <summary>Where nothing has dropped: in the middle of each part's bits, since a price for the whole counts below 0 until its units are taken.</summary>
    public Int128 None { get; private set; }

    /// <summary>Null where the numbers are too large.</summary>
    /// <param name="apart">Discounts on units that not all the same order offers look at are kept apart; else only the bases that levels could miss are kept.</param>
    public static Drops? For(Board board, Priced priced, bool apart)
    {
        var drops = new Drops(board, priced, apart);
        var most = (Int128)board.Total + board.Kinds.Sum(kind => kind.Count);
        foreach (var o in priced.Scenario.Family.Units) most += (Int128)board.Units[o].MostTimes * (board.Units[o].Tariff.OnComplete - board.Units[o].Tariff.OnOpen);
        var bits = (int)Int128.Log2(most) + 2;
        for (var l = 0; l < drops._levels.Count; l++)
        {
            var level = drops._levels[l];
            if (drops.PartsOf(level.BaseLooks, level, bits) is not { } bases || drops.PartsOf(apart ? level.AmountLooks : null, level, bits) is not { } amounts) return null;
            (drops._bases[l], drops._amounts[l]) = (bases, amounts);
        }
        return drops;
    }

    private Part[]? PartsOf(Looks? looks, Level level, int bits)
    {
        if (looks is not { } at) return [];
        if (!_apart || at != Looks.Discounts) return PartOf(at, level.Offer.Eligible, bits) is { } one ? [one] : null;
        var parts = new List<Part>();
        foreach (var alike in Enumerable.Range(0, _board.Kinds.Count).Where(k => level.Offer.Eligible[k]).GroupBy(WhoLooks))
        {
            var kinds = new bool[_board.Kinds.Count];
            foreach (var k in alike) kinds[k] = true;
            if (PartOf(at, kinds, bits) is not { } part) return null;
            parts.Add(part);
        }
        return [.. parts];
    }

    private Part? PartOf(Looks at, bool[] kinds, int bits)
    {
        if (_parts.Find(part => part.At == at && part.Kinds.AsSpan().SequenceEqual(kinds)) is { } known) return known;
        var shift = _parts.Count * bits;
        if (shift + bits > 126) return null;
        var part = new Part(at, kinds, shift, bits);
        _parts.Add(part);
        None += Int128.One << (shift + bits - 1);
        return part;
    }

    /// <summary>The order offers that look at discounts on a kind.</summary>
    private string WhoLooks(int kind) => string.Concat(_levels.Select(level => (_apart ? level.AmountLooks : level.BaseLooks) == Looks.Discounts && level.Offer.Eligible[kind] ? '1' : '0'));

    /// <summary>Whether a tariff tells what drops: it is exact, and where it is one amount for several units, the same order offers look at them.</summary>
    public bool AreTold(UnitOffer offer) => offer.Tariff.IsExact && (!offer.Tariff.Spreads || offer.DearFirst.Select(WhoLooks).Distinct().Count() == 1);

    /// <summary>What drops by taking a unit of a kind at a discount, or by a discount alone.</summary>
    public Int128 Of(int kind, long discount, bool isTaken = true)
    {
        var sum = Int128.Zero;
        foreach (var part in _parts.Where(part => part.Kinds[kind]))
            sum += (Int128)(part.At switch { Looks.Discounts => discount, _ when !isTaken => 0, Looks.Prices => _board.Kinds[kind].Price, _ => 1 }) << part.Shift;
        return sum;
    }

    public Int128 Of(IReadOnlyList<Application> way)
    {
        var sum = None;
        foreach (var taken in way.SelectMany(application => application.Taken)) sum += Of(taken.Kind, taken.Discount) * taken.Count;
        return sum;
    }

    /// <summary>Whether no threshold is missed.</summary>
    public bool Keep(Int128 sum)
    {
        for (var l = 0; l < _bases.Length; l++)
            if (_bases[l].Length > 0 && In(_bases[l], sum) > _levels[l].Base - _levels[l].Least) return false;
        return true;
    }

    /// <summary>Whether no base drops further than another way's.</summary>
    public bool IsWithin(Int128 sum, Int128 other) => Array.TrueForAll(_bases, parts => parts.Length == 0 || In(parts, sum) <= In(parts, other));

    /// <summary>The tolls on what has dropped so far.</summary>
    public long TollOn(Int128 sum)
    {
        long toll = 0;
        for (var l = 0; l < _bases.Length; l++)
            if (_tolls[l] > 0) toll += _tolls[l] * In(_bases[l], sum);
        return toll;
    }

    /// <summary>
    /// What no way discounts more than that drops so much, where drops were kept apart. Each order offer gives of every unit the same part of its headroom; where
    /// these parts are more than the whole, the unit loses its headroom and no more.
    /// </summary>
    /// <param name="worth">Of the way by its weights.</param>
    public long Most(Int128 sum, long worth)
    {
        // What unit offers discount where no order offer looks follows from what the way is worth.
        var (orders, units) = (0L, worth - _worths.PaidBack);
        var rests = new Dictionary<Part, long>();
        foreach (var part in _parts.Where(part => part.At == Looks.Discounts))
        {
            var (discount, kinds) = (part.In(sum), Enumerable.Range(0, _board.Kinds.Count).Where(k => part.Kinds[k]).ToList());
            units += discount * (Scenario.Scale - _worths.Weight[kinds[0]]);
            rests[part] = kinds.Sum(k => _board.Kinds[k].Headroom * _board.Kinds[k].Count) - discount;
        }
        var givens = new List<(long Off, long Left, Part[] Parts)>();
        for (var l = 0; l < _levels.Count; l++)
        {
            units -= _levels[l].Worth;
            var off = _levels[l].Off(In(_amounts[l], sum));
            var isApart = _levels[l].AmountLooks == Looks.Discounts;
            if (_levels[l].BaseLooks is Looks.Prices or Looks.Units) units += _tolls[l] * In(_bases[l], sum);
            if (!isApart) (units, orders) = (units + (In(_amounts[l], sum) * _levels[l].Percent * (Scenario.Scale / 100)), orders + off);
            else if (_amounts[l].Sum(part => rests[part]) is var rest and > 0) givens.Add((Math.Min(off, rest), rest, _amounts[l]));
        }
        var whole = rests.Keys.Where(part => givens.Sum(given => given.Parts.Contains(part) ? Exact.MulDivFloor(given.Off, 1_000_000, given.Left) : 0) >= 1_000_000).ToHashSet();
        orders += whole.Sum(part => rests[part]);
        foreach (var (off, left, parts) in givens)
        {
            // What falls on them for sure: each unit may get up to one less than its part.
            var fallen = parts.Where(whole.Contains).Sum(part => Math.Max(0, Exact.MulDivFloor(off, rests[part], left) - UnitsOf(part)));
            if (!parts.All(whole.Contains)) orders += off - fallen;
        }
        return (units / Scenario.Scale) + orders;
    }

    private long UnitsOf(Part part) => Enumerable.Range(0, _board.Kinds.Count).Where(k => part.Kinds[k]).Sum(k => _board.Kinds[k].Count);

    private static long In(Part[] parts, Int128 sum)
    {
        long all = 0;
        foreach (var part in parts) all += part.In(sum);
        return all;
    }
}

/// <summary>What of the units that unit offers take lowers a base or amounts: their discounts; for who wants them untaken their prices, or their number.</summary>
internal enum Looks
{
    Discounts,
    Prices,
    Units,
}
