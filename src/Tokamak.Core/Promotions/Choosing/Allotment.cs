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
    /// <summary>The loss of a node that another has made needless.</summary>
    private const long Worse = long.MaxValue;

    private const int MostGroupings = 200;

    private readonly Board _board;
    private readonly Priced _priced;
    private readonly Drops _drops;
    private readonly bool _apart;
    private readonly Steps _steps;
    private readonly List<Taker> _takers = [];
    private readonly List<int> _units = [];
    private readonly List<List<Node>> _layers = [];

    /// <summary>By unit: who may take it, and as which of the units that it goes over.</summary>
    private readonly List<(int Taker, int At)[]> _offered = [];
    private long _lost;

    private Allotment(Board board, Priced priced, Drops drops, bool apart, Steps steps) => (_board, _priced, _drops, _apart, _steps) = (board, priced, drops, apart, steps);

    /// <param name="Open">What every offer has waiting, each in bits of its own.</param>
    /// <param name="Taken">Which units offers took of which it is not told what drops.</param>
    private readonly record struct State(UInt128 Open, Int128 Drops, UInt128 Taken);

    /// <param name="From">Its place in the layer before.</param>
    /// <param name="Move">Twice the taker, and the role; below 0 for a unit that is passed by.</param>
    private readonly record struct Node(State State, long Loss, int From, int Move);

    /// <param name="OnUnit">By kind and role, what drops.</param>
    /// <param name="Told">What drops follows from units and roles.</param>
    private sealed record Taker(int Offer, Passage Passage, int Shift, UInt128 Mask, Int128[] OnUnit, Int128 OnOpen, Int128 OnComplete, bool Told)
    {
        /// <summary>By kind and role, what counts its units.</summary>
        public UInt128[] Counts { get; } = new UInt128[OnUnit.Length];
    }

    /// <summary>Null where an offer cannot be gone through, or too much must be remembered.</summary>
    /// <param name="apart">Ways that drop differently are kept apart.</param>
    public static Allotment? For(Board board, Priced priced, bool apart, Steps steps)
    {
        var (offers, prices) = (priced.Scenario.Family.Units, priced.Prices);
        if (Drops.For(board, priced, apart) is not { } drops) return null;
        var allotment = new Allotment(board, priced, drops, apart, steps);
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
        return !apart || allotment.CountUntold() ? allotment : null;
    }

    /// <summary>Where it is not told what a unit offer drops, its units are kept apart by kind; false if they are too many.</summary>
    private bool CountUntold()
    {
        var shift = 0;
        foreach (var taker in _takers.Where(taker => !taker.Told))
            foreach (var k in _board.Units[taker.Offer].DearFirst)
                for (var role = 0; role < 2; role++)
                {
                    if (!_board.Units[taker.Offer].TakesAs(k, role)) continue;
                    if (shift >= 128) return false;
                    taker.Counts[(k * 2) + role] = UInt128.One << shift;
                    shift += BitOperations.Log2((uint)_board.Kinds[k].Count) + 1;
                }
        return shift <= 128;
    }

    private Taker TakerOf(int o, Passage passage, int shift, UInt128 mask)
    {
        var offer = _board.Units[o];
        var (tariff, some) = (offer.Tariff, offer.DearFirst[0]);
        // Where it is not told, what surely drops: no way is left out for a threshold that it keeps.
        var told = _drops.AreTold(offer);
        var times = told ? 1 : 0;
        var onUnit = new Int128[_board.Kinds.Count * 2];
        foreach (var k in offer.DearFirst)
            for (var role = 0; role < 2; role++)
                onUnit[(k * 2) + role] = _drops.Of(k, tariff.OnUnit(k, role) * times);
        return new Taker(o, passage, shift, mask, onUnit, _drops.Of(some, tariff.OnOpen * times, false), _drops.Of(some, tariff.OnComplete * times, false), told);
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
            if (_layers[^1][i] is { Loss: < Worse } node && TrueLoss(node) < loss) (least, loss) = (i, TrueLoss(node));
        if (least < 0) return loss;
        judge(WaysTo(least).First());
        return loss + (IsTold ? _priced.Prices.Worths.PaidBack : 0);
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
            var worth = _priced.Bound - node.Loss;
            if ((IsTold ? _drops.Most(node.State.Drops, worth) : worth / Scenario.Scale) <= best) continue;
            var count = 0;
            foreach (var way in WaysTo(i))
            {
                _steps.Take(20);
                if (_steps.Ended) return null;
                // What is not looked at is taken for what it is worth.
                var last = ++count > MostGroupings;
                var most = last ? worth / Scenario.Scale : _drops.Most(_drops.Of(way), WorthOf(way));
                if (most > best) best = judge(way);
                if (most > best) open = Math.Max(open, most);
                if (last) break;
            }
        }
        return open;
    }

    private long WorthOf(List<Application> way) => _priced.Scenario.Constant + _priced.Prices.Worths.PaidBack + way.Sum(_priced.Prices.Worths.Of);

    /// <summary>What drops is told of all offers.</summary>
    public bool IsTold => _takers.TrueForAll(taker => taker.Told);

    private bool GoThrough(long allowance)
    {
        _layers.Clear();
        _layers.Add(_lost > allowance ? [] : [new Node(new State(UInt128.Zero, _drops.None, UInt128.Zero), _lost, -1, -1)]);
        for (var u = 0; u < _units.Count; u++)
        {
            var (next, places) = (new List<Node>(), new Dictionary<State, List<int>>());
            for (var from = 0; from < _layers[u].Count; from++)
            {
                if (_layers[u][from].Loss != Worse) Expand(u, _layers[u][from], from, allowance, next, places);
                if (_steps.Ended) return false;
            }
            _layers.Add(next);
        }
        return true;
    }

    private void Expand(int u, in Node node, int from, long allowance, List<Node> next, Dictionary<State, List<int>> places)
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
                Add(Closed(new State(open, drops, node.State.Taken + taker.Counts[(_units[u] * 2) + role]), u), loss, (t * 2) + role);
            }
        }

        void Add(State state, long loss, int move)
        {
            ref var alike = ref CollectionsMarshal.GetValueRefOrAddDefault(places, _apart ? state : state with { Drops = 0 }, out _);
            alike ??= [];
            var node = new Node(state, loss, from, move);
            _steps.Take(alike.Count / 4);
            foreach (var other in alike)
                if (IsNoWorse(next[other], node)) return;
            alike.RemoveAll(other =>
            {
                if (!IsNoWorse(node, next[other])) return false;
                next[other] = next[other] with { Loss = Worse };
                return true;
            });
            alike.Add(next.Count);
            next.Add(node);
        }
    }

    /// <summary>Of two nodes with the same waiting: whether whatever can follow on the second is worth no less on the first.</summary>
    private bool IsNoWorse(in Node node, in Node other) =>
        _apart ? node.Loss <= other.Loss : TrueLoss(node) <= TrueLoss(other) && _drops.IsWithin(node.State.Drops, other.State.Drops);

    /// <summary>But for a constant, the loss without tolls, where that is known.</summary>
    private long TrueLoss(in Node node) => IsTold ? node.Loss - _drops.TollOn(node.State.Drops) : node.Loss;

    private int StateOf(UInt128 open, int taker) => (int)(uint)((open >> _takers[taker].Shift) & _takers[taker].Mask);

    /// <summary>Offers that have gone over all their units have nothing to remember.</summary>
    private State Closed(State state, int u)
    {
        foreach (var (t, at) in _offered[u])
            if (at + 1 == _takers[t].Passage.Kinds.Length) state = state with { Open = state.Open & ~(_takers[t].Mask << _takers[t].Shift) };
        return state;
    }

    /// <summary>The ways to make applications of what a node gave to whom: one where it is told what they drop, else every one.</summary>
    private IEnumerable<List<Application>> WaysTo(int place)
    {
        var taken = new List<int>[_takers.Count * 2];
        for (var i = 0; i < taken.Length; i++) taken[i] = [];
        for (var u = _units.Count; u > 0; u--)
        {
            var node = _layers[u][place];
            if (node.Move >= 0) taken[node.Move].Add(_units[u - 1]);
            place = node.From;
        }
        return Ways(0);

        IEnumerable<List<Application>> Ways(int t)
        {
            if (t == _takers.Count)
            {
                yield return [];
                yield break;
            }
            foreach (var made in Made(_takers[t], taken[t * 2], taken[(t * 2) + 1]))
                foreach (var more in Ways(t + 1))
                    yield return [.. more, .. made];
        }
    }

    private IEnumerable<List<Application>> Made(Taker taker, List<int> first, List<int> second)
    {
        var (deal, memory) = (_board.Units[taker.Offer].Deal, taker.Passage.Memory);
        if (!taker.Told)
        {
            // Who pays for whom, the price says.
            var pays = deal.On == GiveOn.Cheapest;
            var (one, other) = pays ? ([.. first.Concat(second).Order()], []) : (first, second);
            return Groupings.Of(one, other, pays ? deal.Count : memory.First, pays ? 0 : memory.Second).Select(groups => groups.ConvertAll(group => Apply(group.First, group.Second)).FindAll(application => application.Discount > 0));
        }
        // Units were met from the end, cheap ones first: those of a role that are as far are together.
        return [Enumerable.Range(0, first.Count / memory.First).Select(i => Apply(first.Slice(i * memory.First, memory.First), second.Slice(i * memory.Second, memory.Second))).Where(application => application.Discount > 0).ToList()];

        Application Apply(List<int> ofFirst, List<int> ofSecond) => new(taker.Offer, UnitRules.Apply(deal, _board.Kinds, [
            .. ofFirst.GroupBy(k => k).Select(some => new Taken(some.Key, 0, some.Count(), 0)),
            .. ofSecond.GroupBy(k => k).Select(some => new Taken(some.Key, deal.Take.Count - 1, some.Count(), 0))]));
    }
}
