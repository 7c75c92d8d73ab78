namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// The dearest application of one unit offer when each unit costs something: what the application is worth in a scenario, less the costs of its units.
/// Kinds are gone through dear first, so that which units a discount falls on follows from how many were taken before.
/// Where floors or a maximum cut a discount, several tables bound it from above, and the least of them counts.
/// </summary>
internal sealed class Pricing
{
    public const long Never = long.MinValue / 4;

    private readonly Board _board;
    private readonly Worths _worths;
    private readonly UnitOffer _offer;
    private readonly int _columns, _states;
    private readonly List<Course> _courses = [];
    private (Course Course, Table Table)? _dearest;

    /// <summary>The kinds that one application may take of, where all of a selector's units are of one sku.</summary>
    private sealed record Course(int[] Kinds, bool[] First, bool[] Second, List<Table> Tables);

    /// <summary>What a table counts for the units that an application takes; each is no less than the application's discount.</summary>
    private enum Counts
    {
        /// <summary>What the cut takes off each unit that it falls on.</summary>
        Cuts,

        /// <summary>An amount, whatever the units.</summary>
        Amount,

        /// <summary>Prices, less a price for the whole.</summary>
        Prices,
        Headrooms,
    }

    /// <summary>By place in a course: what a unit with the discount adds, before costs; and by place and state the most that is still to come.</summary>
    private sealed record Table(Counts Counts, long Amount, long[] With, long[] Best)
    {
        public long Constant { get; set; }
        public long Most => Best[0] <= Never / 2 ? Never : Best[0] + Constant;
    }

    public Pricing(Board board, Worths worths, int offer)
    {
        (_board, _worths, _offer) = (board, worths, board.Units[offer]);
        _columns = (_offer.Deal.Take.Count == 2 ? _offer.Deal.Take[1].Count : 0) + 1;
        _states = (_offer.Deal.Take[0].Count + 1) * _columns;
        var seconds = Skus(1);
        foreach (var first in Skus(0))
            foreach (var second in seconds)
                AddCourse(first, second);
    }

    /// <summary>The most that an application is worth beyond its costs, never less than any is; <see cref="Never"/> if there is none.</summary>
    public long Most { get; private set; }

    /// <summary>The skus that a selector may be bound to; a null for one that is not.</summary>
    private List<string?> Skus(int selector) =>
        _offer.Deal.Take.Count > selector && _offer.Deal.Take[selector].SameSku
            ? [.. _offer.DearFirst.Where(k => _offer.Accepts[selector][k]).Select(k => _board.Kinds[k].Sku).Distinct()]
            : [null];

    private void AddCourse(string? first, string? second)
    {
        bool Accepts(int selector, int k, string? sku) =>
            selector < _offer.Deal.Take.Count && _offer.Accepts[selector][k] && (sku is null || _board.Kinds[k].Sku == sku);

        var kinds = Array.FindAll(_offer.DearFirst, k => Accepts(0, k, first) || Accepts(1, k, second));
        var deal = _offer.Deal;
        var tables = new List<Table>();
        void Add(Counts counts, long amount) => tables.Add(new Table(counts, amount, new long[kinds.Length], new long[(kinds.Length + 1) * _states]));

        if (!deal.OnWhole) Add(Counts.Cuts, 0);
        else Add(deal.Give == Give.OffWhole ? Counts.Amount : Counts.Prices, deal.Amount);
        if (deal.OnWhole) Add(Counts.Headrooms, 0);
        if (deal.MaxOff is { } most) Add(Counts.Amount, most);
        _courses.Add(new Course(kinds, Array.ConvertAll(kinds, k => Accepts(0, k, first)), Array.ConvertAll(kinds, k => Accepts(1, k, second)), tables));
    }

    /// <summary>Fills the tables for these costs and for as many units of each kind as there are.</summary>
    public void Fill(long[] costs, int[] available, Steps steps)
    {
        (Most, _dearest) = (Never, null);
        foreach (var course in _courses)
        {
            var least = course.Tables[0];
            foreach (var table in course.Tables)
            {
                Weigh(course, table);
                Fill(course, table, costs, available);
                if (table.Most < least.Most) least = table;
            }
            steps.Take(1 + (course.Kinds.Length * _states * course.Tables.Count / 4));
            if (least.Most > Most) (Most, _dearest) = (least.Most, (course, least));
        }
    }

    private void Weigh(Course course, Table table)
    {
        long widest = 0;
        foreach (var k in course.Kinds) widest = Math.Max(widest, _worths.Weight[k]);
        table.Constant = table.Counts switch { Counts.Amount => table.Amount * widest, Counts.Prices => -table.Amount * widest, _ => 0 };
        for (var i = 0; i < course.Kinds.Length; i++)
        {
            var k = course.Kinds[i];
            table.With[i] = table.Counts switch
            {
                Counts.Cuts => UnitRules.CutOf(_offer.Deal, _board.Kinds[k]) * _worths.Weight[k],
                Counts.Prices => _board.Kinds[k].Price * widest,
                Counts.Headrooms => _board.Kinds[k].Headroom * _worths.Weight[k],
                _ => 0,
            };
        }
    }

    private void Fill(Course course, Table table, long[] costs, int[] available)
    {
        var end = course.Kinds.Length;
        var best = table.Best;
        Array.Fill(best, Never, end * _states, _states);
        best[(end * _states) + _states - 1] = 0;
        for (var i = end - 1; i >= 0; i--)
        {
            var cost = CostOf(course, i, costs);
            for (var state = 0; state < _states; state++)
            {
                var most = best[((i + 1) * _states) + state];
                var (mostFirst, mostSecond) = Room(course, i, state, available);
                for (var first = 0; first <= mostFirst; first++)
                    for (var second = first == 0 ? 1 : 0; second <= mostSecond && first + second <= available[course.Kinds[i]]; second++)
                    {
                        var then = best[((i + 1) * _states) + state + (first * _columns) + second];
                        if (then > Never) most = Math.Max(most, then + Gain(table, i, state, first, second, cost));
                    }
                best[(i * _states) + state] = most;
            }
        }
    }

    private long CostOf(Course course, int i, long[] costs) => costs[course.Kinds[i]] + _worths.TakenCost[course.Kinds[i]];

    /// <summary>How many units of the kind at a place either selector can still take.</summary>
    private (int First, int Second) Room(Course course, int i, int state, int[] available)
    {
        var there = available[course.Kinds[i]];
        return (
            course.First[i] ? Math.Min(there, _offer.Deal.Take[0].Count - (state / _columns)) : 0,
            course.Second[i] ? Math.Min(there, _columns - 1 - (state % _columns)) : 0);
    }

    /// <summary>What it adds to take so many units of the kind at a place, after those that the state counts.</summary>
    private long Gain(Table table, int i, int state, int first, int second, long cost)
    {
        var taken = first + second;
        var before = (state / _columns) + (state % _columns);
        var discounted = table.Counts != Counts.Cuts ? taken : _offer.Deal.On switch
        {
            GiveOn.Cheapest => Math.Max(0, before + taken - Math.Max(before, _offer.Deal.Count - _offer.Deal.Cheapest)),
            GiveOn.Last => second,
            _ => taken,
        };
        return (table.With[i] * discounted) - (cost * taken);
    }

    /// <summary>The units of the application that was found dearest, for costs and units as they were filled; empty if there is none.</summary>
    public List<Taken> Dearest(long[] costs, int[] available)
    {
        var taken = new List<Taken>();
        if (_dearest is not var (course, table)) return taken;
        var state = 0;
        for (var i = 0; i < course.Kinds.Length && state < _states - 1; i++)
            state = Step(course, table, i, state, costs, available, taken);
        return taken;
    }

    private int Step(Course course, Table table, int i, int state, long[] costs, int[] available, List<Taken> taken)
    {
        var target = table.Best[(i * _states) + state];
        if (target == table.Best[((i + 1) * _states) + state]) return state;
        var (mostFirst, mostSecond) = Room(course, i, state, available);
        for (var first = 0; first <= mostFirst; first++)
            for (var second = first == 0 ? 1 : 0; second <= mostSecond && first + second <= available[course.Kinds[i]]; second++)
            {
                var then = state + (first * _columns) + second;
                var still = table.Best[((i + 1) * _states) + then];
                if (still <= Never || still + Gain(table, i, state, first, second, CostOf(course, i, costs)) != target) continue;
                if (first > 0) taken.Add(new Taken(course.Kinds[i], 0, first, 0));
                if (second > 0) taken.Add(new Taken(course.Kinds[i], 1, second, 0));
                return then;
            }
        return state;
    }

    /// <summary>Every application whose worth beyond its costs may be at least so much, for costs and units as they were filled; false if the steps ended.</summary>
    public bool All(long[] costs, int[] available, long least, Steps steps, Action<List<Taken>> found)
    {
        foreach (var course in _courses)
        {
            var sums = course.Tables.ConvertAll(table => table.Constant).ToArray();
            if (!new Walk(this, course, costs, available, least, steps, found).From(0, 0, sums)) return false;
        }
        return true;
    }

    private sealed class Walk(Pricing of, Course course, long[] costs, int[] available, long least, Steps steps, Action<List<Taken>> found)
    {
        private readonly List<Taken> _taken = [];

        public bool From(int i, int state, long[] sums)
        {
            steps.Take(1);
            if (steps.Ended) return false;
            for (var t = 0; t < sums.Length; t++)
                if (sums[t] + course.Tables[t].Best[(i * of._states) + state] < least) return true;
            if (state == of._states - 1)
            {
                found(_taken);
                return true;
            }
            if (i == course.Kinds.Length) return true;

            var (mostFirst, mostSecond) = of.Room(course, i, state, available);
            var places = _taken.Count;
            for (var first = 0; first <= mostFirst; first++)
                for (var second = first == 0 ? 1 : 0; second <= mostSecond && first + second <= available[course.Kinds[i]]; second++)
                {
                    var added = new long[sums.Length];
                    for (var t = 0; t < sums.Length; t++) added[t] = sums[t] + of.Gain(course.Tables[t], i, state, first, second, of.CostOf(course, i, costs));
                    if (first > 0) _taken.Add(new Taken(course.Kinds[i], 0, first, 0));
                    if (second > 0) _taken.Add(new Taken(course.Kinds[i], 1, second, 0));
                    var whole = From(i + 1, state + (first * of._columns) + second, added);
                    _taken.RemoveRange(places, _taken.Count - places);
                    if (!whole) return false;
                }
            return From(i + 1, state, sums);
        }
    }
}
