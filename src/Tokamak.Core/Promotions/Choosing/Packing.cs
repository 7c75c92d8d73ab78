namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// Looks through the ways of a scenario whose loss behind its bound stays within an allowance. Kind by kind: either an application covers a unit of it, or
/// its units are left over; so each set of applications is met once.
/// <para>First by worth: of two ways that leave the same units, uses and bases, only the one with less loss goes on. That gives the exact worth of the
/// scenario, a closer bound, and nearly always the best way, since worth and discount differ by roundings and by what headrooms cut only. Then, where
/// they do differ, by discount: every way within what is left between the two.</para>
/// </summary>
internal sealed class Packing
{
    private const int Deepest = 1_000, MostSeen = 500_000;

    private readonly Scenario _scenario;
    private readonly ShadowPrices _prices;
    private readonly Steps _steps;
    private readonly Func<IReadOnlyList<Application>, long> _judge;
    private readonly Column[] _columns;
    private readonly int[] _order;
    private readonly int[][] _covers;
    private readonly int[] _left;
    private readonly int[] _timesLeft, _mostTimes, _counted;
    private readonly bool _byWorth;
    private readonly int[] _missable;
    private readonly long[] _bases, _tolls;
    private readonly List<Application> _applied = [];
    private readonly Dictionary<State, long>? _seen;
    private long _allowance;
    private long _leastLoss = long.MaxValue;

    private Packing(Board board, Priced priced, Column[] columns, long allowance, bool byWorth, Steps steps, Func<IReadOnlyList<Application>, long> judge)
    {
        var (scenario, prices) = (priced.Scenario, priced.Prices);
        (_scenario, _prices, _tolls, _columns, _allowance, _steps, _judge) = (scenario, prices, priced.Tolls, columns, allowance, steps, judge);
        _left = (int[])prices.Available.Clone();
        _timesLeft = [.. scenario.Family.Units.Select(offer => board.Units[offer].MostTimes)];
        _mostTimes = (int[])_timesLeft.Clone();
        // How often the others were applied, their units tell.
        _counted = [.. Enumerable.Range(0, _timesLeft.Length).Where(i => board.Units[scenario.Family.Units[i]].IsLimited || prices.Beyond[i] > 0)];
        _byWorth = byWorth;
        _missable = Missable(scenario);
        _bases = Array.ConvertAll(_missable, l => scenario.Levels[l].Base);
        _order = [.. Enumerable.Range(0, _left.Length).OrderByDescending(k => prices.Costs[k]).ThenBy(k => k)];
        var covers = Array.ConvertAll(_left, _ => new List<int>());
        for (var c = 0; c < columns.Length; c++)
            foreach (var (kind, _) in columns[c].Units) covers[kind].Add(c);
        _covers = Array.ConvertAll(covers, of => of.ToArray());
        if (byWorth && State.Fits(_left, Array.ConvertAll(_counted, i => _mostTimes[i]), _bases.Length)) _seen = [];
    }

    /// <summary>What the rest of a search depends on: units and uses left as one number of mixed radix, and the bases.</summary>
    private readonly record struct State(int At, UInt128 Left, long FirstBase, long SecondBase)
    {
        public static bool Fits(int[] left, int[] times, int bases)
        {
            if (bases > 2) return false;
            var most = UInt128.One;
            foreach (var radix in left.Concat(times).Select(count => (UInt128)(uint)(count + 1)))
            {
                if (most > UInt128.MaxValue / radix) return false;
                most *= radix;
            }
            return true;
        }
    }

    /// <summary>An application that a way may hold.</summary>
    /// <param name="Offer">Its place in the family.</param>
    /// <param name="Loss">How much less it is worth, beyond its units' prices, than its offer's dearest application.</param>
    /// <param name="Units">Each kind once.</param>
    /// <param name="Drops">By level that could be missed, how much it lowers the base that the level needs.</param>
    private sealed record Column(int Offer, Application Application, long Loss, (int Kind, int Count)[] Units, long[] Drops);

    /// <summary>Looks through ways by worth; gives the least loss there is within <paramref name="allowance"/>, or null if the steps ended before.</summary>
    /// <param name="judge">Takes a way and gives the allowance that is left for others to beat the best so far; below 0 for none.</param>
    public static long? LeastLoss(Board board, Priced priced, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge) =>
        Columns(board, priced, allowance, steps) is { } columns
        && new Packing(board, priced, columns, allowance, true, steps, judge) is var packing && packing.Cover(0, 0, 0, 0)
            ? packing._leastLoss : null;

    /// <summary>Judges every way with a loss of at most <paramref name="allowance"/>; false if the steps ended before.</summary>
    /// <inheritdoc cref="LeastLoss"/>
    public static bool All(Board board, Priced priced, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge) =>
        Columns(board, priced, allowance, steps) is { } columns
        && new Packing(board, priced, columns, allowance, false, steps, judge).Cover(0, 0, 0, 0);

    /// <summary>The levels of a scenario that applications could miss.</summary>
    private static int[] Missable(Scenario scenario) => [.. Enumerable.Range(0, scenario.Levels.Count).Where(l => scenario.Levels[l].Least > 0)];

    private static Column[]? Columns(Board board, Priced priced, long allowance, Steps steps)
    {
        var (scenario, prices) = (priced.Scenario, priced.Prices);
        var columns = new List<Column>();
        var missable = Missable(scenario);
        for (var i = 0; i < prices.Pricings.Count; i++)
        {
            var (offer, place) = (scenario.Family.Units[i], i);
            var least = prices.Beyond[i] - allowance;
            var whole = prices.Pricings[i].All(prices.Costs, prices.Available, least, steps, taken =>
            {
                steps.Take(10);
                var application = new Application(offer, UnitRules.Apply(board.Units[offer].Deal, board.Kinds, taken));
                if (application.Discount == 0) return;
                var beyond = prices.Worths.Of(application);
                foreach (var some in taken) beyond -= prices.Costs[some.Kind] * some.Count;
                var units = taken.GroupBy(some => some.Kind).Select(some => (some.Key, some.Sum(one => one.Count))).ToArray();
                if (beyond >= least) columns.Add(new Column(place, application, prices.Beyond[place] - beyond, units, Array.ConvertAll(missable, l => scenario.Levels[l].Drop(board, application.Taken))));
            });
            if (!whole) return null;
        }
        return [.. columns.OrderBy(column => column.Loss).ThenByDescending(column => column.Application.Discount)];
    }

    /// <summary>Goes on at a kind in the order, with columns from a place in what covers it; false if the steps ended.</summary>
    private bool Cover(int at, int from, long loss, int depth)
    {
        _steps.Take(1);
        if (_steps.Ended || depth > Deepest) return false;
        if (loss > _allowance) return true;
        while (at < _order.Length && (_left[_order[at]] == 0 || _covers[_order[at]].Length == 0))
        {
            if ((loss += _prices.Costs[_order[at]] * _left[_order[at]]) > _allowance) return true;
            (at, from) = (at + 1, 0);
        }
        if (at == _order.Length) return Judge(loss);
        if (from == 0 && IsSeen(at, loss)) return true;

        var kind = _order[at];
        for (var c = from; c < _covers[kind].Length; c++)
        {
            var column = _columns[_covers[kind][c]];
            if (loss + column.Loss > _allowance) break;
            if (!Place(column)) continue;
            _applied.Add(column.Application);
            var whole = Cover(at, c, loss + column.Loss, depth + 1);
            _applied.RemoveAt(_applied.Count - 1);
            Lift(column);
            if (!whole) return false;
        }
        var rest = _left[kind];
        _left[kind] = 0;
        var done = Cover(at + 1, 0, loss + (_prices.Costs[kind] * rest), depth + 1);
        _left[kind] = rest;
        return done;
    }

    private bool Judge(long loss)
    {
        for (var i = 0; i < _timesLeft.Length; i++) loss += _prices.Beyond[i] * _timesLeft[i];
        for (var l = 0; l < _bases.Length; l++)
            loss += _tolls[_missable[l]] * (_bases[l] - _scenario.Levels[_missable[l]].Least);
        if (loss > _allowance) return true;
        _allowance = Math.Min(_allowance, _judge(_applied));
        if (!_byWorth) return true;
        _leastLoss = Math.Min(_leastLoss, loss);
        _allowance = Math.Min(_allowance, loss - 1);
        return true;
    }

    /// <summary>Whether the same units, uses and bases were left before with no more loss.</summary>
    private bool IsSeen(int at, long loss)
    {
        if (_seen is null || _seen.Count >= MostSeen) return false;
        var left = UInt128.Zero;
        for (var i = 0; i < _left.Length; i++) left = (left * (uint)(_prices.Available[i] + 1)) + (uint)_left[i];
        foreach (var i in _counted) left = (left * (uint)(_mostTimes[i] + 1)) + (uint)_timesLeft[i];
        var state = new State(at, left, _bases.Length > 0 ? _bases[0] : 0, _bases.Length > 1 ? _bases[1] : 0);
        ref var least = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, state, out var before);
        if (before && least <= loss) return true;
        least = loss;
        return false;
    }

    private bool Place(Column column)
    {
        if (_timesLeft[column.Offer] == 0) return false;
        foreach (var (kind, count) in column.Units)
            if (count > _left[kind]) return false;
        for (var l = 0; l < _bases.Length; l++)
            if (_bases[l] - column.Drops[l] < _scenario.Levels[_missable[l]].Least) return false;
        _timesLeft[column.Offer]--;
        foreach (var (kind, count) in column.Units) _left[kind] -= count;
        for (var l = 0; l < _bases.Length; l++) _bases[l] -= column.Drops[l];
        return true;
    }

    private void Lift(Column column)
    {
        _timesLeft[column.Offer]++;
        foreach (var (kind, count) in column.Units) _left[kind] += count;
        for (var l = 0; l < _bases.Length; l++) _bases[l] += column.Drops[l];
    }
}
