namespace Tokamak.Core.Promotions.Choosing;

/// <summary>An application that a way may hold.</summary>
/// <param name="Offer">Its place in the family.</param>
/// <param name="Beyond">What it is worth beyond its units' prices; may be below 0.</param>
/// <param name="Units">Each kind once.</param>
/// <param name="Drops">By level that could be missed, how much it lowers the base that the level needs.</param>
internal sealed record Column(int Offer, Application Application, long Beyond, (int Kind, int Count)[] Units, long[] Drops)
{
    /// <summary>All that are worth no less than <paramref name="least"/> beyond their units, the dearest first; null if the steps ended before.</summary>
    /// <param name="levels">Those that could be missed.</param>
    public static Column[]? All(Board board, Priced priced, IReadOnlyList<Level> levels, long least, Steps steps)
    {
        var columns = new List<Column>();
        var prices = priced.Prices;
        for (var i = 0; i < prices.Pricings.Count; i++)
        {
            prices.Pricings[i].Fill(prices.Costs, prices.Available, steps);
            var (offer, place) = (priced.Scenario.Family.Units[i], i);
            if (!prices.Pricings[i].All(prices.Costs, prices.Available, least, steps, taken => Add(offer, place, taken))) return null;
        }
        return [.. columns.OrderByDescending(column => column.Beyond).ThenByDescending(column => column.Application.Discount)];

        void Add(int offer, int place, List<Taken> taken)
        {
            steps.Take(10);
            var application = new Application(offer, UnitRules.Apply(board.Units[offer].Deal, board.Kinds, taken));
            if (application.Discount == 0) return;
            var beyond = prices.Worths.Of(application);
            foreach (var some in taken) beyond -= prices.Costs[some.Kind] * some.Count;
            if (beyond < least) return;
            var units = taken.GroupBy(some => some.Kind).Select(some => (some.Key, some.Sum(one => one.Count))).ToArray();
            columns.Add(new Column(place, application, beyond, units, [.. levels.Select(level => level.Drop(board, application.Taken))]));
        }
    }
}
