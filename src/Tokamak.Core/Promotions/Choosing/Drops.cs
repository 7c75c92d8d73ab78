using System.Numerics;

namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// How much applications take off what the order offers of a scenario look at, added up as one number: each level's base or amounts have bits of their own.
/// Ways that drop the same come to the same, but for what headrooms cut of order offers.
/// </summary>
internal sealed class Drops
{
    private readonly IReadOnlyList<Level> _levels;
    private readonly IReadOnlyList<UnitKind> _kinds;
    private readonly List<Part> _parts = [];

    private Drops(Board board, IReadOnlyList<Level> levels) => (_kinds, _levels) = (board.Kinds, levels);

    private readonly record struct Part(Level Level, bool OfBase, int Shift, int Bits);

    /// <summary>Where nothing has dropped: in the middle of each part's bits, since a price for the whole counts below 0 until its units are taken.</summary>
    public Int128 None { get; private set; }

    /// <summary>Null where the numbers are too large.</summary>
    /// <param name="amounts">With the amounts that percents look at; else only the bases that levels could miss.</param>
    public static Drops? For(Board board, IReadOnlyList<int> offers, IReadOnlyList<Level> levels, bool amounts)
    {
        var drops = new Drops(board, levels);
        var atOnce = Int128.Zero;
        foreach (var o in offers) atOnce += (Int128)board.Units[o].MostTimes * (board.Units[o].Tariff.OnComplete - board.Units[o].Tariff.OnOpen);
        var shift = 0;
        foreach (var level in levels)
        {
            if (level.Least > 0 && !Add(level, true)) return null;
            if (amounts && level.Percent > 0 && !Add(level, false)) return null;
        }
        return drops;

        bool Add(Level level, bool ofBase)
        {
            if (drops._parts.Exists(part => part.Level.IsLike(level, part.OfBase, ofBase))) return true;
            var most = atOnce + board.Total + board.Kinds.Sum(kind => kind.Count);
            var bits = (int)BigInteger.Log2(most) + 2;
            if (shift + bits > 126) return false;
            drops._parts.Add(new Part(level, ofBase, shift, bits));
            drops.None += Int128.One << (shift + bits - 1);
            shift += bits;
            return true;
        }
    }

    /// <summary>Whether a tariff tells what drops.</summary>
    public bool AreTold(UnitOffer offer) =>
        offer.Tariff.IsExact && (!offer.Tariff.Spreads || _levels.All(level => level.Offer.Deal.Untaken || level is { Percent: 0, Least: 0 } || Array.TrueForAll(offer.DearFirst, k => level.Offer.Eligible[k] == level.Offer.Eligible[offer.DearFirst[0]])));

    /// <summary>What it drops to take a unit of a kind at a discount.</summary>
    public Int128 Of(int kind, long discount, bool isTaken = true)
    {
        var sum = Int128.Zero;
        foreach (var part in _parts)
            sum += (Int128)(part.OfBase ? part.Level.BaseDrop(_kinds[kind], kind, discount, isTaken) : part.Level.AmountDrop(_kinds[kind], kind, discount, isTaken)) << part.Shift;
        return sum;
    }

    /// <summary>Whether no threshold is missed.</summary>
    public bool Keep(Int128 sum)
    {
        foreach (var level in _levels)
            if (level.Least > 0 && At(Find(level, true), sum) > level.Base - level.Least) return false;
        return true;
    }

    /// <summary>What a way is worth less than its weights say: tolls on what thresholds can still spare, and percents rounded. In <see cref="Scenario.Scale"/>ths.</summary>
    public long Rounded(Int128 sum, IReadOnlyList<long> tolls)
    {
        long less = 0;
        for (var l = 0; l < _levels.Count; l++)
        {
            var level = _levels[l];
            if (tolls[l] > 0) less += tolls[l] * (level.Base - level.Least - At(Find(level, true), sum));
            if (level.Percent > 0) less += (level.Worth - (At(Find(level, false), sum) * level.Percent * (Scenario.Scale / 100))) % Scenario.Scale;
        }
        return less;
    }

    private Part Find(Level level, bool ofBase) => _parts.Find(part => part.Level.IsLike(level, part.OfBase, ofBase));

    private static long At(Part part, Int128 sum) => (long)((sum >> part.Shift) & ((Int128.One << part.Bits) - 1)) - (1L << (part.Bits - 1));
}
