namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// What a unit offer must remember while it goes over units, dear ones first, and each is passed by or taken in one of two roles: how many of either role
/// wait for others to make an application whole. Roles are the two selectors; of dear units that pay for cheap ones, those that pay and those that are discounted.
/// Which units make one application together need not be said: those of a role in their order do.
/// </summary>
internal sealed class Memory
{
    private const int MostStates = 2_000;
    private readonly List<(int First, int Second)> _states = [];
    private readonly Dictionary<(int First, int Second), int> _places = [];
    private readonly List<(int After, int Opened, int Completed)[]> _moves = [];

    private Memory(int first, int second) => (First, Second) = (first, second);

    /// <summary>Units of either role in an application; the second may be 0.</summary>
    public int First { get; }

    public int Second { get; }

    public int States => _states.Count;

    /// <summary>Null for offers that cannot be gone through like this: those that look for units of one sku, or for the cheapest of two selectors; and where it were too much.</summary>
    public static Memory? For(UnitDeal deal, int mostTimes, bool isLimited)
    {
        if (deal.Take.Any(take => take.SameSku) || (deal.On == GiveOn.Cheapest && deal.Take.Count == 2)) return null;
        var pays = deal.On == GiveOn.Cheapest;
        var memory = pays ? new Memory(deal.Count - deal.Cheapest, deal.Cheapest) : new Memory(deal.Take[0].Count, deal.Count - deal.Take[0].Count);
        return memory.Fill(mostTimes, isLimited, pays) ? memory : null;
    }

    /// <summary>The state after a unit is taken in a role (0 or 1), below 0 if it may not; whether that begins and whether it makes whole an application.</summary>
    public (int After, int Opened, int Completed) Move(int state, int role) => _moves[state][role];

    /// <summary>Whether nothing waits.</summary>
    public bool IsWhole(int state) => _states[state] is var (first, second) && first % First == 0 && Completed(first, second) * First == first && Completed(first, second) * Second == second;

    private bool Fill(int mostTimes, bool isLimited, bool pays)
    {
        Place((0, 0));
        for (var s = 0; s < _states.Count && s <= MostStates; s++)
        {
            var (first, second) = _states[s];
            var moves = new (int, int, int)[2];
            for (var role = 0; role < 2; role++)
            {
                var (a, b) = role == 0 ? (first + 1, second) : (first, second + 1);
                var may = a <= First * mostTimes && b <= Second * mostTimes && (!pays || b <= Second * (a / First));
                var (opened, completed) = (Opened(a, b) - Opened(first, second), Completed(a, b) - Completed(first, second));
                // Who may be applied as often as there are units need not count how often.
                if (!isLimited) (a, b) = (a - (completed * First), b - (completed * Second));
                moves[role] = may ? (Place((a, b)), opened, completed) : (-1, 0, 0);
            }
            _moves.Add(moves);
        }
        return _states.Count <= MostStates;
    }

    private int Opened(int a, int b) => Math.Max((a + First - 1) / First, Second == 0 ? 0 : (b + Second - 1) / Second);

    private int Completed(int a, int b) => Second == 0 ? a / First : Math.Min(a / First, b / Second);

    private int Place((int, int) state)
    {
        if (_places.TryGetValue(state, out var place)) return place;
        _places[state] = _states.Count;
        _states.Add(state);
        return _states.Count - 1;
    }
}

/// <summary>
/// One unit offer goes over the units of a basket, alone, at some prices for them: what it gains at most beyond the prices of what it takes, from any unit and
/// state on. It asks for no more units of a kind than there are, so asking shows which are scarce.
/// </summary>
internal sealed class Passage
{
    public const long Never = long.MinValue / 4;
    private const int MostCells = 60_000;

    private readonly Memory _memory;
    private readonly long[] _best;
    private readonly long _onOpen, _onComplete;

    /// <summary>By kind and role: what taking a unit adds, before its price, and whether it may be taken.</summary>
    private readonly long[] _gains;

    private readonly bool[] _takes;

    private Passage(Board board, Worths worths, UnitOffer offer, Memory memory, int[] kinds)
    {
        (_memory, Kinds) = (memory, kinds);
        Tariff = offer.Tariff;
        _best = new long[(kinds.Length + 1) * memory.States];
        long widest = 0;
        foreach (var k in offer.DearFirst) widest = Math.Max(widest, worths.Weight[k]);
        IsLoose = !Tariff.IsExact || (Tariff.Spreads && Array.Exists(offer.DearFirst, k => worths.Weight[k] != widest));
        (_onOpen, _onComplete) = (Tariff.OnOpen * widest, Tariff.OnComplete * widest);
        (_gains, _takes) = (new long[board.Kinds.Count * 2], new bool[board.Kinds.Count * 2]);
        foreach (var k in offer.DearFirst)
            for (var role = 0; role < 2; role++)
            {
                _takes[(k * 2) + role] = offer.TakesAs(k, role);
                _gains[(k * 2) + role] = (Tariff.OnUnit(k, role) * (Tariff.Spreads ? widest : worths.Weight[k])) - worths.TakenCost[k];
            }
    }

    /// <summary>The units it goes over, each by its kind.</summary>
    public int[] Kinds { get; }

    public Memory Memory => _memory;

    public Tariff Tariff { get; }

    /// <summary>It may take the offer for more than it is: where a tariff is not exact, or speaks of units that weigh differently.</summary>
    public bool IsLoose { get; }

    /// <param name="order">Kinds in the order they are gone over.</param>
    public static Passage? For(Board board, Worths worths, UnitOffer offer, IReadOnlyList<int> order)
    {
        if (offer.Memory is not { } memory || memory.States * (long)offer.DearFirst.Sum(k => board.Kinds[k].Count) > MostCells) return null;
        return new Passage(board, worths, offer, memory, [.. order.Where(k => offer.Takes[k]).SelectMany(k => Enumerable.Repeat(k, board.Kinds[k].Count))]);
    }

    /// <summary>What it gains at these prices, 0 or more.</summary>
    public long Fill(long[] costs, Steps steps)
    {
        steps.Take(1 + (_best.Length / 8));
        var states = _memory.States;
        for (var s = 0; s < states; s++) _best[(Kinds.Length * states) + s] = _memory.IsWhole(s) ? 0 : Never;
        for (var u = Kinds.Length - 1; u >= 0; u--)
        {
            var cost = costs[Kinds[u]];
            for (var s = 0; s < states; s++)
            {
                var most = _best[((u + 1) * states) + s];
                for (var role = 0; role < 2; role++)
                    if (Take(u, s, role) is var (after, gain)) most = Math.Max(most, gain - cost + _best[((u + 1) * states) + after]);
                _best[(u * states) + s] = most < Never / 2 ? Never : most;
            }
        }
        return _best[0];
    }

    /// <summary>What it still gains at most from a unit and state on, for prices as they were filled; <see cref="Never"/> where an application could not be made whole.</summary>
    public long Still(int u, int state) => _best[(u * _memory.States) + state];

    /// <summary>The state after a unit is taken and what that adds before its price; null if it may not be.</summary>
    public (int After, long Gain)? Take(int u, int state, int role)
    {
        if (!_takes[(Kinds[u] * 2) + role]) return null;
        var (after, opened, completed) = _memory.Move(state, role);
        return after < 0 ? null : (after, _gains[(Kinds[u] * 2) + role] + (_onOpen * opened) + (_onComplete * completed));
    }

    /// <summary>By kind, takes what it asks for away from <paramref name="slope"/>; for prices as they were filled.</summary>
    public void Ask(long[] costs, long[] slope)
    {
        var state = 0;
        for (var u = 0; u < Kinds.Length; u++)
        {
            if (Still(u, state) == Still(u + 1, state)) continue;
            for (var role = 0; role < 2; role++)
                if (Take(u, state, role) is var (after, gain) && gain - costs[Kinds[u]] + Still(u + 1, after) == Still(u, state))
                {
                    slope[Kinds[u]]--;
                    state = after;
                    break;
                }
        }
    }
}
