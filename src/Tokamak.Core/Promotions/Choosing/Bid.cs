namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// What one unit offer, alone in the basket, would take at some prices for units, and what that is worth beyond them: exactly, or a little more. Unlike the
/// dearest application taken again and again, it asks for no more units of a kind than there are, so asking shows which units are scarce.
/// </summary>
internal sealed class Bid
{
    private readonly Board _board;
    private readonly UnitOffer _offer;
    private readonly Worths _worths;
    private readonly int[] _kinds;
    private readonly List<(long Gain, int Kind)>[] _gains;
    private readonly int[] _units;
    private readonly long[] _best;
    private readonly byte[] _moves;
    private readonly int _creditMost;

    private Bid(Board board, Worths worths, UnitOffer offer)
    {
        (_board, _worths, _offer, _kinds) = (board, worths, offer, offer.DearFirst);
        IsLoose = offer.Deal.OnWhole || offer.Deal.MaxOff is not null || (offer.Deal.Take.Count == 2 && Array.Exists(_kinds, k => offer.Accepts[0][k] && offer.Accepts[1][k]));
        _gains = [.. offer.Deal.Take.Select(_ => new List<(long, int)>())];
        _units = IsPaired(offer) ? [.. _kinds.SelectMany(k => Enumerable.Repeat(k, board.Kinds[k].Count))] : [];
        var (k, n) = (offer.Deal.Cheapest, offer.Deal.Count);
        _creditMost = _units.Length == 0 ? 0 : (_units.Length * k * (n - k) / n) + k;
        _best = new long[_creditMost + 1];
        _moves = new byte[_units.Length * (_creditMost + 1)];
    }

    /// <summary>It may take a bid for more than it is: where floors or a maximum cut the discount, or one unit stands for both selectors.</summary>
    public bool IsLoose { get; }

    /// <summary>By kind, how many units it asks for; of the last <see cref="Take"/>.</summary>
    public Dictionary<int, int> Asked { get; } = [];

    /// <summary>Null for offers that are not of a kind this is worked out for.</summary>
    public static Bid? For(Board board, Worths worths, UnitOffer offer)
    {
        var known = !offer.IsLimited && !offer.Deal.Take.Any(take => take.SameSku) && (offer.Deal.On != GiveOn.Cheapest || IsPaired(offer));
        return known ? new Bid(board, worths, offer) : null;
    }

    /// <summary>Dear units that pay for cheap ones, out of one selector.</summary>
    private static bool IsPaired(UnitOffer offer) => offer.Deal is { On: GiveOn.Cheapest, Take.Count: 1 } && offer.DearFirst.Length <= 60;

    /// <summary>What it is worth beyond costs to take whatever pays; 0 or more.</summary>
    public long Take(long[] costs, Steps steps)
    {
        Asked.Clear();
        steps.Take(1 + (_units.Length > 0 ? _units.Length * _creditMost / 8 : _kinds.Length));
        if (_units.Length > 0) return TakePaired(costs);
        var (amount, whole) = _offer.Deal switch
        {
            { OnWhole: false } => (0L, false),
            { Give: Give.OffWhole } => (_offer.Deal.Amount, false),
            _ => (-_offer.Deal.Amount, true),
        };
        return TakeApart(costs, amount, whole);
    }

    /// <summary>Where each unit adds something of its own and each application a constant: the best units of each selector, as many times as that pays.</summary>
    private long TakeApart(long[] costs, long amount, bool prices)
    {
        long widest = 0;
        foreach (var k in _kinds) widest = Math.Max(widest, _worths.Weight[k]);
        for (var s = 0; s < _gains.Length; s++)
        {
            _gains[s].Clear();
            var cut = !_offer.Deal.OnWhole && (_offer.Deal.On != GiveOn.Last || s == 1);
            foreach (var k in _kinds)
                if (_offer.Accepts[s][k])
                    _gains[s].Add(((cut ? UnitRules.CutOf(_offer.Deal, _board.Kinds[k]) * _worths.Weight[k] : prices ? _board.Kinds[k].Price * widest : 0) - costs[k] - _worths.TakenCost[k], k));
            _gains[s].Sort((a, b) => a.Gain != b.Gain ? b.Gain.CompareTo(a.Gain) : a.Kind.CompareTo(b.Kind));
        }
        long worth = 0;
        var at = new (int Place, int Used)[_gains.Length];
        for (var times = 0; times < _offer.MostTimes; times++)
        {
            var more = amount * widest;
            var next = ((int Place, int Used)[])at.Clone();
            for (var s = 0; s < _gains.Length; s++)
                for (var i = 0; i < _offer.Deal.Take[s].Count; i++)
                {
                    if (next[s].Used == _board.Kinds[_gains[s][next[s].Place].Kind].Count) next[s] = (next[s].Place + 1, 0);
                    more += _gains[s][next[s].Place].Gain;
                    next[s].Used++;
                }
            if (more <= 0) break;
            worth += more;
            at = next;
        }
        for (var s = 0; s < _gains.Length; s++)
            for (var i = 0; i <= at[s].Place && at[s] != default; i++)
            {
                var kind = _gains[s][i].Kind;
                var asked = i < at[s].Place ? _board.Kinds[kind].Count : at[s].Used;
                Asked[kind] = Math.Min(_board.Kinds[kind].Count, Asked.GetValueOrDefault(kind) + asked);
            }
        return worth;
    }

    /// <summary>
    /// Dear units give credit, cheap ones use it up: of n taken units k are discounted, so each that is not gives k, and each that is uses n − k. (A little more
    /// than applications allow, since credit may be used before all that gave it belong to one application.)
    /// </summary>
    private long TakePaired(long[] costs)
    {
        var (gives, uses) = (_offer.Deal.Cheapest, _offer.Deal.Count - _offer.Deal.Cheapest);
        Array.Fill(_best, 0);
        // From the cheapest unit on: the most that is still to come with some credit, and what to do with the unit.
        for (var u = _units.Length - 1; u >= 0; u--)
        {
            var kind = _board.Kinds[_units[u]];
            var cost = costs[_units[u]] + _worths.TakenCost[_units[u]];
            var gain = (UnitRules.CutOf(_offer.Deal, kind) * _worths.Weight[_units[u]]) - cost;
            Span<long> then = _best;
            var now = new long[_creditMost + 1];
            for (var credit = 0; credit <= _creditMost; credit++)
            {
                var (most, move) = (then[credit], (byte)0);
                if (credit + gives <= _creditMost && then[credit + gives] - cost > most) (most, move) = (then[credit + gives] - cost, 1);
                if (credit >= uses && then[credit - uses] + gain > most) (most, move) = (then[credit - uses] + gain, 2);
                now[credit] = most;
                _moves[(u * (_creditMost + 1)) + credit] = move;
            }
            now.CopyTo(then);
        }
        var left = 0;
        for (var u = 0; u < _units.Length; u++)
        {
            var move = _moves[(u * (_creditMost + 1)) + left];
            if (move == 0) continue;
            Asked[_units[u]] = Asked.GetValueOrDefault(_units[u]) + 1;
            left += move == 1 ? gives : -uses;
        }
        return _best[0];
    }
}
