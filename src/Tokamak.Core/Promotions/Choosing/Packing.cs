namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// Looks through all ways of a scenario whose loss behind its bound stays within an allowance. Kind by kind: either an application covers a unit of it, or
/// its units are left over; so each set of applications is met once.
/// </summary>
internal sealed class Packing
{
    private const int Deepest = 1_000;

    private readonly Board _board;
    private readonly Scenario _scenario;
    private readonly ShadowPrices _prices;
    private readonly Steps _steps;
    private readonly Func<IReadOnlyList<Application>, long> _judge;
    private readonly Column[] _columns;
    private readonly int[] _order;
    private readonly int[][] _covers;
    private readonly int[] _left;
    private readonly int[] _timesLeft;
    private readonly long[] _bases;
    private readonly List<Application> _applied = [];
    private long _allowance;

    private Packing(Board board, Scenario scenario, ShadowPrices prices, Column[] columns, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge)
    {
        (_board, _scenario, _prices, _columns, _allowance, _steps, _judge) = (board, scenario, prices, columns, allowance, steps, judge);
        _left = (int[])prices.Available.Clone();
        _timesLeft = [.. scenario.Family.Units.Select(offer => board.Units[offer].MostTimes)];
        _bases = [.. prices.Worths.Bases];
        _order = [.. Enumerable.Range(0, _left.Length).OrderByDescending(k => prices.Costs[k]).ThenBy(k => k)];
        _covers = [.. Enumerable.Range(0, _left.Length).Select(k => Enumerable.Range(0, columns.Length).Where(c => columns[c].Units[k] > 0).ToArray())];
    }

    /// <summary>An application that a way may hold.</summary>
    /// <param name="Offer">Its place in the family.</param>
    /// <param name="Loss">How much less it is worth, beyond its units' prices, than its offer's dearest application.</param>
    /// <param name="Units">By kind.</param>
    /// <param name="Drops">By level of the scenario, how much it lowers the base that the level needs.</param>
    private sealed record Column(int Offer, Application Application, long Loss, int[] Units, long[] Drops);

    /// <summary>Judges every way with a loss of at most <paramref name="allowance"/>; false if the steps ended before.</summary>
    /// <param name="judge">Takes a way and gives the allowance that is left for others to beat the best so far; below 0 for none.</param>
    public static bool Look(Board board, Scenario scenario, ShadowPrices prices, long allowance, Steps steps, Func<IReadOnlyList<Application>, long> judge)
    {
        var columns = Columns(board, scenario, prices, allowance, steps);
        return columns is not null && new Packing(board, scenario, prices, columns, allowance, steps, judge).Cover(0, 0, 0, 0);
    }

    private static Column[]? Columns(Board board, Scenario scenario, ShadowPrices prices, long allowance, Steps steps)
    {
        var columns = new List<Column>();
        for (var i = 0; i < prices.Pricings.Count; i++)
        {
            var (offer, place) = (scenario.Family.Units[i], i);
            var least = prices.Beyond[i] - allowance;
            var whole = prices.Pricings[i].All(prices.Costs, prices.Available, least, steps, taken =>
            {
                steps.Take(10);
                var application = new Application(offer, UnitRules.Apply(board.Units[offer].Deal, board.Kinds, taken));
                if (application.Discount == 0) return;
                var units = new int[board.Kinds.Count];
                var beyond = prices.Worths.Of(application);
                foreach (var some in taken)
                {
                    units[some.Kind] += some.Count;
                    beyond -= prices.Costs[some.Kind] * some.Count;
                }
                if (beyond >= least) columns.Add(new Column(place, application, prices.Beyond[place] - beyond, units, [.. scenario.Levels.Select(level => level.Drop(board, application.Taken))]));
            });
            if (!whole) return null;
        }
        return [.. columns.OrderBy(column => column.Loss)];
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
        if (loss <= _allowance) _allowance = Math.Min(_allowance, _judge(_applied));
        return true;
    }

    private bool Place(Column column)
    {
        if (_timesLeft[column.Offer] == 0) return false;
        for (var k = 0; k < _left.Length; k++)
            if (column.Units[k] > _left[k]) return false;
        for (var l = 0; l < _bases.Length; l++)
            if (_bases[l] - column.Drops[l] < _scenario.Levels[l].Least) return false;
        _timesLeft[column.Offer]--;
        for (var k = 0; k < _left.Length; k++) _left[k] -= column.Units[k];
        for (var l = 0; l < _bases.Length; l++) _bases[l] -= column.Drops[l];
        return true;
    }

    private void Lift(Column column)
    {
        _timesLeft[column.Offer]++;
        for (var k = 0; k < _left.Length; k++) _left[k] += column.Units[k];
        for (var l = 0; l < _bases.Length; l++) _bases[l] += column.Drops[l];
    }
}
