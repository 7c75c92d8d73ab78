using System.Numerics;
using System.Runtime.InteropServices;

namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// Gives the units of a scenario, one after the other, to its unit offers or to none. Each choice falls behind the bound of the shadow prices by a known loss, and
/// ways whose loss grows beyond an allowance are left. Of ways that leave the same waiting (and drop the same), only the one that has lost least goes on:
/// so their number grows with what offers must remember, not with the units.
/// </summary>
internal sealed class Allotment
{
    private readonly Board _board;
    private readonly Priced _priced;
    private readonly Drops _drops;
    private readonly Steps _steps;
    private readonly List<Taker> _takers = [];
    private readonly List<int> _units = [];
    private readonly List<List<Node>> _layers = [];

    /// <summary>By unit: who may take it, and as which of the units that it goes over.</summary>
    private readonly List<(int Taker, int At)[]> _offered = [];
    private long _lost;

    private Allotment(Board board, Priced priced, Drops drops, Steps steps) => (_board, _priced, _drops, _steps) = (board, priced, drops, steps);

    /// <param name="Open">What every offer has waiting, each in bits of its own.</param>
    private readonly record struct State(UInt128 Open, Int128 Drops);

    /// <param name="From">Its place in the layer before.</param>
    /// <param name="Move">Twice the taker, and the role; below 0 for a unit that is passed by.</param>
    private readonly record struct Node(State State, long Loss, int From, int Move);

    /// <param name="OnUnit">By kind and role, what drops.</param>
    private sealed record Taker(int Offer, Passage Passage, int Shift, UInt128 Mask, Int128[] OnUnit, Int128 OnOpen, Int128 OnComplete);

    /// <summary>Null where an offer cannot be gone through, or too much must be remembered.</summary>
    /// <param name="apart">Ways that drop differently are kept apart.</param>
    public static Allotment? For(Board board, Priced priced, bool apart, Steps steps)
    {
        var (offers, prices) = (priced.Scenario.Family.Units, priced.Prices);
        if (Drops.For(board, priced, apart) is not { } drops) return null;
        var allotment = new Allotment(board, priced, drops, steps);
        var shift = 0;
        for (var i = 0; i < offers.Count; i++)
        {
            if (prices.Passages[i] is not { } passage) return null;
            var bits = BitOperations.Log2((uint)passage.Memory.States) + 1;
            if (shift + bits > 128) return null;
            allotment._takers.Add(allotment.TakerOf(offers[i], passage, shift, (UInt128.One << bits) - UInt128.One));
            shift += bits;
            allotment._lost += prices.Gains[i] - passage.Still(0, 0);
        }
        allotment.Line(prices.Order);
        return allotment;
    }

    /// <summary>Whether its ways are no more than what their applications are.</summary>
    public bool IsExact => _takers.TrueForAll(taker => _drops.AreTold(_board.Units[taker.Offer]));

    private Taker TakerOf(int o, Passage passage, int shift, UInt128 mask)
    {
        var offer = _board.Units[o];
        var (tariff, some) = (offer.Tariff, offer.DearFirst[0]);
        // Where it is not told, what surely drops: no way is left out for a threshold that it keeps.
        var told = _drops.AreTold(offer) ? 1 : 0;
        var onUnit = new Int128[_board.Kinds.Count * 2];
        foreach (var k in offer.DearFirst)
            for (var role = 0; role < 2; role++)
                onUnit[(k * 2) + role] = _drops.Of(k, tariff.OnUnit(k, role) * told);
        return new Taker(o, passage, shift, mask, onUnit, _drops.Of(some, tariff.OnOpen * told, false), _drops.Of(some, tariff.OnComplete * told, false));
    }

    private void Line(int[] order)
    {
        var at = new int[_takers.Count];
        foreach (var k in order)
        {
            var takers = Enumerable.Range(0, _takers.Count).Where(t => _board.Units[_takers[t].Offer].Takes[k]).ToArray();
            if (takers.Length == 0) _lost += _priced.Prices.Costs[k] * _board.Kinds[k].Count;
            for (var i = 0; i < _board.Kinds[k].Count && takers.Length > 0; i++)
            {
                _units.Add(k);
                _offered.Add([.. takers.Select(t => (t, at[t]++))]);
            }
        }
    }

    /// <summary>Looks for the way that is worth most; gives the least loss there is within <paramref name="allowance"/> (beyond it, some larger number), or null if the steps ended before.</summary>
    /// <param name="judge">Takes the way.</param>
    public long? LeastLoss(long allowance, Action<IReadOnlyList<Application>> judge)
    {
        if (!GoThrough(allowance)) return null;
        var (least, loss) = (-1, long.MaxValue);
        for (var i = 0; i < _layers[^1].Count; i++)
            if (_layers[^1][i].Loss < loss) (least, loss) = (i, _layers[^1][i].Loss);
        if (least >= 0) judge(WayTo(least));
        return loss;
    }

    /// <summary>
    /// Judges ways with a loss of at most <paramref name="allowance"/>, one for all that drop the same. Gives what those may still discount that were not settled by
    /// the one that was judged, or null if the steps ended before.
    /// </summary>
    /// <param name="judge">Takes a way and gives the most that any discounts so far.</param>
    public long? Open(long allowance, long best, Func<IReadOnlyList<Application>, long> judge)
    {
        if (!GoThrough(allowance)) return null;
        long open = 0;
        foreach (var i in Enumerable.Range(0, _layers[^1].Count).OrderBy(i => _layers[^1][i].Loss))
        {
            var node = _layers[^1][i];
            var most = _drops.Most(node.State.Drops, _priced.Bound - node.Loss);
            if (most <= best) continue;
            _steps.Take(20);
            if (_steps.Ended) return null;
            best = judge(WayTo(i));
            if (most > best) open = Math.Max(open, most);
        }
        return open;
    }

    private bool GoThrough(long allowance)
    {
        _layers.Clear();
        _layers.Add(_lost > allowance ? [] : [new Node(new State(UInt128.Zero, _drops.None), _lost, -1, -1)]);
        for (var u = 0; u < _units.Count; u++)
        {
            var (next, places) = (new List<Node>(), new Dictionary<State, int>());
            for (var from = 0; from < _layers[u].Count; from++)
            {
                Expand(u, _layers[u][from], from, allowance, next, places);
                if (_steps.Ended) return false;
            }
            _layers.Add(next);
        }
        return true;
    }

    private void Expand(int u, in Node node, int from, long allowance, List<Node> next, Dictionary<State, int> places)
    {
        var offered = _offered[u];
        _steps.Take(1 + offered.Length);
        // What it loses that an offer does not take the unit; where one must take it, so that what waits is made whole, no other can.
        Span<long> losses = stackalloc long[offered.Length];
        var (all, must) = (_priced.Prices.Costs[_units[u]] + node.Loss, -1);
        for (var i = 0; i < offered.Length; i++)
        {
            var (taker, state) = (_takers[offered[i].Taker], StateOf(node.State.Open, offered[i].Taker));
            var without = taker.Passage.Still(offered[i].At + 1, state);
            if (without != Passage.Never) all += losses[i] = taker.Passage.Still(offered[i].At, state) - without;
            else if (must >= 0) return;
            else must = i;
        }
        if (must < 0 && all <= allowance) Add(Closed(node.State, u), all, -1);
        for (var i = 0; i < offered.Length; i++)
        {
            if (must >= 0 && must != i) continue;
            var (t, at) = offered[i];
            var taker = _takers[t];
            var state = StateOf(node.State.Open, t);
            for (var role = 0; role < 2; role++)
            {
                if (taker.Passage.Take(at, state, role) is not var (after, gain) || taker.Passage.Still(at + 1, after) == Passage.Never) continue;
                var loss = all - losses[i] + taker.Passage.Still(at, state) - gain - taker.Passage.Still(at + 1, after);
                if (loss > allowance) continue;
                var (_, opened, completed) = taker.Passage.Memory.Move(state, role);
                var drops = node.State.Drops + taker.OnUnit[(_units[u] * 2) + role] + (opened > 0 ? taker.OnOpen : 0) + (completed > 0 ? taker.OnComplete : 0);
                if (!_drops.Keep(drops)) continue;
                var open = node.State.Open - ((UInt128)(uint)state << taker.Shift) + ((UInt128)(uint)after << taker.Shift);
                Add(Closed(new State(open, drops), u), loss, (t * 2) + role);
            }
        }

        void Add(State state, long loss, int move)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, state, out var met);
            if (!met)
            {
                place = next.Count;
                next.Add(new Node(state, loss, from, move));
            }
            else if (loss < next[place].Loss) next[place] = new Node(state, loss, from, move);
        }
    }

    private int StateOf(UInt128 open, int taker) => (int)(uint)((open >> _takers[taker].Shift) & _takers[taker].Mask);

    /// <summary>Offers that have gone over all their units have nothing to remember.</summary>
    private State Closed(State state, int u)
    {
        foreach (var (t, at) in _offered[u])
            if (at + 1 == _takers[t].Passage.Kinds.Length) state = state with { Open = state.Open & ~(_takers[t].Mask << _takers[t].Shift) };
        return state;
    }

    private List<Application> WayTo(int place)
    {
        var taken = new List<int>[_takers.Count * 2];
        for (var i = 0; i < taken.Length; i++) taken[i] = [];
        for (var u = _units.Count; u > 0; u--)
        {
            var node = _layers[u][place];
            if (node.Move >= 0) taken[node.Move].Add(_units[u - 1]);
            place = node.From;
        }
        var way = new List<Application>();
        for (var t = 0; t < _takers.Count; t++)
        {
            var (offer, memory) = (_board.Units[_takers[t].Offer], _takers[t].Passage.Memory);
            var (first, second) = (taken[t * 2], taken[(t * 2) + 1]);
            for (var i = 0; i < first.Count / memory.First; i++)
            {
                // Dear units last: they were met from the end.
                var units = first.Slice(i * memory.First, memory.First).GroupBy(k => k).Select(some => new Taken(some.Key, 0, some.Count(), 0))
                    .Concat(second.Slice(i * memory.Second, memory.Second).GroupBy(k => k).Select(some => new Taken(some.Key, offer.Deal.Take.Count - 1, some.Count(), 0)));
                var application = new Application(_takers[t].Offer, UnitRules.Apply(offer.Deal, _board.Kinds, [.. units]));
                if (application.Discount > 0) way.Add(application);
            }
        }
        return way;
    }
}
