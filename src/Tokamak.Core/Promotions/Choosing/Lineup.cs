namespace Tokamak.Core.Promotions.Choosing;

/// <summary>
/// Kinds of unit in an order in which they can be given to some unit offers one after the other: dear before cheap wherever an offer asks for that, and otherwise
/// such that what is begun comes to its end soon, since whatever waits must be remembered.
/// </summary>
internal static class Lineup
{
    /// <param name="offers">Places on the board.</param>
    public static int[] Of(Board board, IReadOnlyList<int> offers)
    {
        var order = new List<int>(board.Kinds.Count);
        var begun = new bool[board.Units.Count];
        // Where offers that go dear before cheap stand among their kinds.
        var next = new int[board.Units.Count];
        var takers = Enumerable.Range(0, board.Kinds.Count).Select(k => offers.Where(o => board.Units[o].Takes[k]).ToArray()).ToArray();
        var left = Enumerable.Range(0, board.Kinds.Count).OrderByDescending(k => board.Kinds[k].Price).ThenBy(k => k).ToList();
        while (left.Count > 0)
        {
            var (best, fewest) = (-1, int.MaxValue);
            for (var i = 0; i < left.Count && fewest > 0; i++)
            {
                var kind = left[i];
                if (Array.Exists(takers[kind], o => board.Units[o].Deal.On == GiveOn.Cheapest && board.Units[o].DearFirst[next[o]] != kind)) continue;
                var begins = takers[kind].Count(o => !begun[o]);
                if (begins < fewest) (best, fewest) = (i, begins);
            }
            foreach (var o in takers[left[best]]) (begun[o], next[o]) = (true, next[o] + 1);
            order.Add(left[best]);
            left.RemoveAt(best);
        }
        return [.. order];
    }
}
