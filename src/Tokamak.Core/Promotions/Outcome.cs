using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions.Choosing;

namespace Tokamak.Core.Promotions;

/// <summary>One unit of a cart and what became of its price.</summary>
internal sealed class PricedUnit(int kind, int line, long price)
{
    public int Kind => kind;
    public int Line => line;

    /// <summary>After the stages so far.</summary>
    public long Amount { get; private set; } = price;

    /// <summary>The unit offer that took it, null for none.</summary>
    public string? TakenBy { get; private set; }

    public List<LineDiscount> Discounts { get; } = [];

    public void Take(string offer, long discount)
    {
        TakenBy = offer;
        Cut(offer, discount);
    }

    public void Cut(string offer, long discount)
    {
        if (discount == 0) return;
        Discounts.Add(new LineDiscount(offer, discount));
        Amount -= discount;
    }
}

/// <summary>A way, spelt out unit by unit.</summary>
internal sealed class Outcome
{
    private Outcome(Board board, Way way)
    {
        (Board, Way) = (board, way);
        Portions = Way.Portions(board.Kinds, way.Applications);
    }

    public Board Board { get; }
    public Way Way { get; }

    /// <summary>What unit offers left.</summary>
    public List<Portion> Portions { get; }

    /// <summary>In canonical order of what unit offers left.</summary>
    public List<PricedUnit> Units { get; } = [];

    public static Outcome Of(Board board, Way way)
    {
        var outcome = new Outcome(board, way);
        outcome.TakeUnits();
        outcome.CutByOrders();
        return outcome;
    }

    /// <summary>Units of a kind fall on its lines in canonical order, so that a line holds as few different prices as can be.</summary>
    private void TakeUnits()
    {
        var taken = Way.Applications.SelectMany(application => application.Taken.Select(some => (Board.Units[application.Offer].Offer.Id, some)))
            .OrderBy(one => one.some.Kind).ThenBy(one => one.some.Discount).ThenBy(one => one.Id, Utf8Order.Instance)
            .ToLookup(one => (one.some.Kind, Board.Kinds[one.some.Kind].Price - one.some.Discount));
        IEnumerator<int>? lines = null;
        var lastKind = -1;
        foreach (var portion in Portions)
        {
            if (portion.Kind != lastKind) lines = Board.Kinds[portion.Kind].Lines.SelectMany(line => Enumerable.Repeat(line.Line, line.Count)).GetEnumerator();
            lastKind = portion.Kind;
            if (!portion.IsTaken)
                for (var i = 0; i < portion.Count; i++) Next(portion.Kind);
            else
                foreach (var (offer, some) in taken[(portion.Kind, portion.Amount)])
                    for (var i = 0; i < some.Count; i++) Next(portion.Kind).Take(offer, some.Discount);
        }

        PricedUnit Next(int k)
        {
            lines!.MoveNext();
            var kind = Board.Kinds[k];
            var unit = new PricedUnit(k, lines.Current, kind.UnitPrice);
            if (kind.PricedBy is { } by) unit.Cut(by, kind.UnitPrice - kind.Price);
            Units.Add(unit);
            return unit;
        }
    }

    private void CutByOrders()
    {
        var cuts = new List<OrderTaken>();
        OrderRules.Apply(Board.Kinds, Portions, Way.Orders, cuts);
        var starts = new int[Portions.Count];
        for (var p = 1; p < starts.Length; p++) starts[p] = starts[p - 1] + Portions[p - 1].Count;
        foreach (var cut in cuts)
            for (var i = 0; i < cut.Count; i++) Units[starts[cut.Portion] + cut.First + i].Cut(cut.Offer, cut.Discount);
    }

    /// <summary>By offer, what it discounted: more than 0.</summary>
    public List<AppliedOffer> Applied()
    {
        var amounts = new SortedDictionary<string, (long Units, long Amount)>(Utf8Order.Instance);
        foreach (var unit in Units)
            foreach (var discount in unit.Discounts)
            {
                var (units, amount) = amounts.GetValueOrDefault(discount.Offer);
                amounts[discount.Offer] = (units + 1, amount + discount.Amount);
            }
        return [.. amounts.Select(one => new AppliedOffer(one.Key, Times(one.Key, one.Value.Units), one.Value.Amount))];
    }

    private long Times(string offer, long units)
    {
        if (Way.Orders.FirstOrDefault(order => order.Offer.Id == offer) is { } order) return order.Reached(order.Base(Board.Kinds, Portions))!.Value.Times;
        var applications = Way.Applications.Count(application => Board.Units[application.Offer].Offer.Id == offer);
        return applications > 0 ? applications : units;
    }
}
