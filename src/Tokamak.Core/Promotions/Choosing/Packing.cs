using System.Runtime.InteropServices;

namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// Looks through the ways of a scenario whose loss behind its bound stays within an allowance: first how often offers with a limit are applied, then kind by
/// kind, either an application covers a unit of it, or its units are left over; so each set of applications is met once.
/// <para>First by worth: of two ways that leave the same units, uses and bases, only the one that is worth more goes on. That gives the exact worth of the
/// scenario, a closer bound, and nearly always the best way, since worth and discount differ by roundings and by what headrooms cut only. Then, where
/// they do differ, by discount: every way within what is left between the two.</para>
/// </summary>
internal sealed class Packing
{
    private const int Deepest = 1_000, MostSeen = 500_000;

    private readonly ShadowPrices _prices;
    private readonly Steps _steps;
    private readonly Func<IReadOnlyList<Application>, long> _judge;
    private readonly Column[] _columns;
    private readonly Level[] _levels;
    private readonly long[] _tolls;
    private readonly long _gains;
    private readonly int[] _first, _counted, _order;
    private readonly int[][] _ofOffer, _covers;
    private readonly int[] _left, _timesLeft, _mostTimes;
    private readonly bool[] _isClosed;
    private readonly long[] _bases;
    private readonly List<Application> _applied = [];
    private readonly List<Column> _placed = [];
    private readonly Dictionary<State, long>? _seen;
    private readonly bool _byWorth;
    private long _allowance;
    private long _leastLoss = long.MaxValue;

    private Packing(Board board, Priced priced, Level[] levels, Column[] columns, long allowance, bool byWorth, Steps steps, Func<IReadOnlyList<Application>, long> judge)
    {
        (_prices, _levels, _columns, _allowance, _byWorth, _steps, _judge) = (priced.Prices, levels, columns, allowance, byWorth, steps, judge);
        _tolls = [.. priced.Scenario.Levels.Select((level, l) => (level, l)).Where(one => one.level.Least > 0).Select(one => priced.Tolls[one.l])];
        _bases = Array.ConvertAll(levels, level => level.Base);
        _left = (int[])_prices.Available.Clone();
        var offers = priced.Scenario.Family.Units;
        _mostTimes = [.. offers.Select(offer => board.Units[offer].MostTimes)];
        _timesLeft = (int[])_mostTimes.Clone();
        _isClosed = new bool[offers.Count];
        _gains = _prices.Gains.Sum();
        // Where little is lost by leaving an offer out, it need not be settled first.
        _first = [.. Enumerable.Range(0, offers.Count).Where(i => board.Units[offers[i]].IsLimited && _prices.Gains[i] > allowance / 4).OrderByDescending(i => _prices.Gains[i]).ThenBy(i => i)];
        _counted = [.. Enumerable.Range(0, offers.Count).Where(i => board.Units[offers[i]].IsLimited && !_first.Contains(i))];
        _order = [.. Enumerable.Range(0, _left.Length).OrderByDescending(k => _prices.Costs[k]).ThenBy(k => k)];
        _ofOffer = Lists(offers.Count, column => [column.Offer]);
        _covers = Lists(_left.Length, column => column.Units.Select(units => units.Kind));
        if (byWorth && State.Fits([.. _left, .. _counted.Select(i => _mostTimes[i])], _bases.Length)) _seen = [];
    }

    private int[][] Lists(int count, Func<Column, IEnumerable<int>> of)
    {
        var lists = new List<int>[count];
        for (var i = 0; i < count; i++) lists[i] = [];
        for (var c = 0; c < _columns.Length; c++)
            foreach (var i in of(_columns[c])) lists[i].Add(c);
        return Array.ConvertAll(lists, list => list.ToArray());
    }

    /// <summary>What the rest of a search depends on once offers are closed: units and limited uses left, as one number of mixed radix, and bases.</summary>
    private readonly record struct State(int At, UInt128 Left, long FirstBase, long SecondBase)
    {
        public static bool Fits(IReadOnlyList<int> left, int bases)
        {
            if (bases > 2) return false;
            var most = UInt128.One;
            foreach (var count in left)
            {
                var radix = (UInt128)(uint)(count + 1);
                if (most > UInt128.MaxValue / radix) return false;
                most *= radix;
            }
            return true;
        }
    }

    /// <summary>Looks through ways by worth; gives the least loss there is within <paramref name="allowance"/> (beyond it, some larger number), or null if the steps ended before.</summary>
    /// <param name="judge">Takes a way and gives the allowance that is left for others to beat the best so far; below 0 for none.</param>
    public static long? LeastLoss(Board board, Priced priced, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge) =>
        Begin(board, priced, allowance, true, steps, judge) is { } packing && packing.Close(0, 0, 0, 0, 0) ? packing._leastLoss : null;

    /// <summary>Judges every way with a loss of at most <paramref name="allowance"/>; false if the steps ended before.</summary>
    /// <inheritdoc cref="LeastLoss"/>
    public static bool All(Board board, Priced priced, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge) =>
        Begin(board, priced, allowance, false, steps, judge)?.Close(0, 0, 0, 0, 0) == true;

    private static Packing? Begin(Board board, Priced priced, long allowance, bool byWorth, Steps steps, Func<IReadOnlyList<Application>, long> judge)
    {
        var levels = priced.Scenario.Levels.Where(level => level.Least > 0).ToArray();
        return Column.All(board, priced, levels, -allowance, steps) is { } columns ? new Packing(board, priced, levels, columns, allowance, byWorth, steps, judge) : null;
    }

    /// <summary>Goes on with a limited offer, its columns from a place on; false if the steps ended.</summary>
    /// <param name="worth">What the way is worth so far beyond its units, less the prices of those left over.</param>
    /// <param name="loss">What is lost for sure.</param>
    private bool Close(int at, int from, long worth, long loss, int depth)
    {
        _steps.Take(1);
        if (_steps.Ended || depth > Deepest) return false;
        if (loss > _allowance) return true;
        if (at == _first.Length) return Cover(0, 0, worth, loss, depth);

        var offer = _first[at];
        var gained = _applied.Count == 0 ? 0 : Gained(offer);
        for (var c = from; c < _ofOffer[offer].Length; c++)
        {
            var column = _columns[_ofOffer[offer][c]];
            // The columns after it are worth no more.
            if (loss + _prices.Gains[offer] - gained - (Math.Max(0, column.Beyond) * _timesLeft[offer]) > _allowance || loss - Math.Min(0, column.Beyond) > _allowance) break;
            if (!Place(column)) continue;
            var whole = Close(at, c, worth + column.Beyond, loss - Math.Min(0, column.Beyond), depth + 1);
            Lift(column);
            if (!whole) return false;
        }
        _isClosed[offer] = true;
        var done = Close(at + 1, 0, worth, loss + _prices.Gains[offer] - gained, depth + 1);
        _isClosed[offer] = false;
        return done;
    }

    /// <summary>What an offer's applications so far are worth beyond their units, those that are worth less left out.</summary>
    private long Gained(int offer)
    {
        long gained = 0;
        foreach (var column in _placed)
            if (column.Offer == offer) gained += Math.Max(0, column.Beyond);
        return gained;
    }

    /// <summary>Goes on at a kind in the order, with columns from a place in what covers it; false if the steps ended.</summary>
    /// <inheritdoc cref="Close"/>
    private bool Cover(int at, int from, long worth, long loss, int depth)
    {
        _steps.Take(1);
        if (_steps.Ended || depth > Deepest) return false;
        if (loss > _allowance) return true;
        while (at < _order.Length && (_left[_order[at]] == 0 || _covers[_order[at]].Length == 0))
        {
            var over = _prices.Costs[_order[at]] * _left[_order[at]];
            if ((loss += over) > _allowance) return true;
            (at, from, worth) = (at + 1, 0, worth - over);
        }
        if (at == _order.Length) return Judge(worth);
        if (from == 0 && IsSeen(at, worth)) return true;

        var kind = _order[at];
        for (var c = from; c < _covers[kind].Length; c++)
        {
            var column = _columns[_covers[kind][c]];
            if (loss - Math.Min(0, column.Beyond) > _allowance) break;
            if (_isClosed[column.Offer] || !Place(column)) continue;
            var whole = Cover(at, c, worth + column.Beyond, loss - Math.Min(0, column.Beyond), depth + 1);
            Lift(column);
            if (!whole) return false;
        }
        var rest = _left[kind];
        _left[kind] = 0;
        var done = Cover(at + 1, 0, worth - (_prices.Costs[kind] * rest), loss + (_prices.Costs[kind] * rest), depth + 1);
        _left[kind] = rest;
        return done;
    }

    private bool Judge(long worth)
    {
        var loss = _gains - worth;
        for (var l = 0; l < _bases.Length; l++) loss += _tolls[l] * (_bases[l] - _levels[l].Least);
        if (loss > _allowance) return true;
        _allowance = Math.Min(_allowance, _judge(_applied));
        if (!_byWorth) return true;
        _leastLoss = Math.Min(_leastLoss, loss);
        _allowance = Math.Min(_allowance, loss - 1);
        return true;
    }

    /// <summary>Whether the same units and bases were left before by a way that was worth no less.</summary>
    private bool IsSeen(int at, long worth)
    {
        if (_seen is null || _seen.Count >= MostSeen) return false;
        var left = UInt128.Zero;
        for (var i = 0; i < _left.Length; i++) left = (left * (uint)(_prices.Available[i] + 1)) + (uint)_left[i];
        foreach (var i in _counted) left = (left * (uint)(_mostTimes[i] + 1)) + (uint)_timesLeft[i];
        var state = new State(at, left, _bases.Length > 0 ? _bases[0] : 0, _bases.Length > 1 ? _bases[1] : 0);
        ref var most = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, state, out var before);
        if (before && most >= worth) return true;
        most = worth;
        return false;
    }

    private bool Place(Column column)
    {
        if (_timesLeft[column.Offer] == 0) return false;
        foreach (var (kind, count) in column.Units)
            if (count > _left[kind]) return false;
        for (var l = 0; l < _bases.Length; l++)
            if (_bases[l] - column.Drops[l] < _levels[l].Least) return false;
        _timesLeft[column.Offer]--;
        foreach (var (kind, count) in column.Units) _left[kind] -= count;
        for (var l = 0; l < _bases.Length; l++) _bases[l] -= column.Drops[l];
        _placed.Add(column);
        _applied.Add(column.Application);
        return true;
    }

    private void Lift(Column column)
    {
        _timesLeft[column.Offer]++;
        foreach (var (kind, count) in column.Units) _left[kind] += count;
        for (var l = 0; l < _bases.Length; l++) _bases[l] += column.Drops[l];
        _placed.RemoveAt(_placed.Count - 1);
        _applied.RemoveAt(_applied.Count - 1);
    }
}
