using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>What is left of a sale that was made from a quote: units and net of each line, and what is still paid. Before points, but for <paramref name="Points"/>.</summary>
/// <param name="Lines">By line number.</param>
/// <param name="Paid">What was paid and not refunded, points counted as what they paid.</param>
/// <param name="Points">Points that were spent and have not come back.</param>
/// <param name="Money">Money that was paid and has not come back.</param>
public sealed record Kept(IReadOnlyDictionary<int, KeptLine> Lines, long Paid, long Points, long Money)
{
    /// <summary>A sale as it was made.</summary>
    public static Kept Of(Cart cart, Quote quote) => new(
        cart.Lines.Zip(quote.Lines).ToDictionary(one => one.First.Line, one => new KeptLine(one.First.Quantity, one.Second.Amount)), quote.Total, quote.Points.Spent, quote.Total - quote.Points.Amount);
}

public readonly record struct KeptLine(int Units, long Net);

/// <param name="Amount">What the units given back are worth, what points paid of it included.</param>
/// <param name="Points">Points that come back.</param>
/// <param name="Money">What comes back in money.</param>
public readonly record struct Refund(long Amount, long Points, long Money);

/// <summary>What units given back refund (spec promotions, "How a price comes about", on returns).</summary>
public static class RefundRules
{
    /// <summary>
    /// The refund, and what is left after it. By <see cref="OnReturn.Proportional"/> a line's net falls as in referral R11; by <see cref="OnReturn.Reprice"/> it is
    /// what is still paid less what the units kept would have cost then, never below 0. Points come back in proportion to the amount, rounded half up, the rest in
    /// money; where a point is worth more than the amount, money waits for it. The last return brings back all that is left of both: so any returns of
    /// everything end at exactly what was paid.
    /// </summary>
    /// <param name="book">The offers of the sale's quote.</param>
    /// <param name="cart">The sale's cart, with the moment, member, codes and counters of then.</param>
    /// <param name="quote">The sale's quote.</param>
    /// <param name="kept">What is left of it before this return.</param>
    /// <param name="back">How many units of which line come back; no more than are left.</param>
    public static (Refund Refund, Kept Left) Return(OfferBook book, Cart cart, Quote quote, Kept kept, IReadOnlyDictionary<int, int> back)
    {
        var lines = new Dictionary<int, KeptLine>(kept.Lines);
        long fallen = 0;
        foreach (var (line, units) in back)
        {
            var of = lines[line];
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units, nameof(back));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(units, of.Units, nameof(back));
            var net = Exact.PartLeftHalfUp(of.Net, of.Units, units);
            fallen += of.Net - net;
            lines[line] = new KeptLine(of.Units - units, net);
        }
        var amount = book.OnReturn == OnReturn.Proportional ? fallen : Math.Max(0, kept.Paid - QuoteRules.Quote(book, Of(cart, lines)).Total);
        var isLast = lines.Values.All(line => line.Units == 0);
        if (isLast) return (new Refund(amount, kept.Points, kept.Money), new Kept(lines, kept.Paid - amount, 0, 0));

        var points = kept.Paid == 0 ? 0 : kept.Points - Exact.PartLeftHalfUp(kept.Points, kept.Paid, amount);
        var money = Math.Clamp(amount - (points * (book.Points?.Value ?? 0)), 0, kept.Money);
        return (new Refund(amount, points, money), new Kept(lines, kept.Paid - amount, kept.Points - points, kept.Money - money));
    }

    private static Cart Of(Cart cart, Dictionary<int, KeptLine> lines) => cart with
    {
        Lines = [.. cart.Lines.Where(line => lines[line.Line].Units > 0).Select(line => line with { Quantity = lines[line.Line].Units })],
        SpendPoints = 0,
    };
}
