using Microsoft.EntityFrameworkCore;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Quoting;

/// <summary>A price, and by what it came about.</summary>
/// <param name="Edition">Of the brand's offers.</param>
/// <param name="Coupons">What became of each code on the cart, in their order.</param>
public sealed record PricedCart(Quote Quote, long Edition, IReadOnlyList<CouponAnswer> Coupons);

/// <summary>Prices carts, and holds prices and limited uses for a sale.</summary>
public static class HeldQuotes
{
    /// <summary>So long a price is held, unless the caller asks for another time.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromMinutes(15);

    /// <summary>The longest a price may be held.</summary>
    public static readonly TimeSpan LongestValidity = TimeSpan.FromMinutes(60);

    /// <summary>Tills' clocks differ from ours by so much at most where a price is held: yesterday's offers are not to be had.</summary>
    public static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    /// <summary>One that was not committed is kept for so long after its moment, for whoever asks what became of it.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const int MostForgotten = 10_000;

    /// <summary>What a cart costs now; nothing is held.</summary>
    /// <param name="turn">A turn.</param>
    /// <param name="held">The offers.</param>
    /// <param name="cart">Without counters, which the brand's own take the place of.</param>
    /// <param name="now">Uses held until then are free again.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<PricedCart> PriceAsync(Turn turn, HeldOffers held, Cart cart, Instant now, CancellationToken stop)
    {
        var opened = await CartCoupons.JudgedAsync(turn, cart, now, stop);
        return new PricedCart(QuoteRules.Quote(held.Book, await OfferUses.CountedAsync(turn, held.Book, opened.Cart, null, now, stop)), held.Edition, opened.Answers);
    }

    public static async Task<QuoteRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Quotes.SingleOrDefaultAsync(row => row.Id == id, stop);
    }

    /// <summary>Prices a cart and holds the price, and the limited uses that it rests on, until a moment. What the same id held before is let go.</summary>
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="held">The offers.</param>
    /// <param name="id">The caller's: a cart, an order.</param>
    /// <param name="cart">As for <see cref="PriceAsync"/>.</param>
    /// <param name="cartJson">The same as it came.</param>
    /// <param name="now">The moment.</param>
    /// <param name="until">Until when it is held.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Null: it was committed into a sale already.</returns>
    public static async Task<PricedCart?> HoldAsync(Turn turn, HeldOffers held, string id, Cart cart, string cartJson, Instant now, Instant until, CancellationToken stop)
    {
        var before = await FindAsync(turn, id, stop);
        if (before is { Sale: not null }) return null;
        var opened = await CartCoupons.HeldAsync(turn, id, before, cart, until, now, stop);
        var quote = QuoteRules.Quote(held.Book, await OfferUses.CountedAsync(turn, held.Book, opened.Cart, id, now, stop));
        await OfferUses.ReleaseAsync(turn, id, stop);
        var (uses, coupons) = (UseRules.Of(held.Book, quote), UseRules.OfCoupons(held.Book, opened.Cart, quote));
        await CartCoupons.KeepUsedAsync(turn, id, cart, opened, coupons, until, now, stop);
        await turn.UpsertAsync<QuoteRow>(
        [
            new QuoteRow
            {
                Id = id, Cart = cartJson, Result = QuoteJson.Text(quote, ofLines: true), Edition = held.Edition, Engine = QuoteRules.Engine, Coupons = CartCoupons.Text(coupons), HeldAtTicks = now.Ticks, UntilTicks = until.Ticks,
            },
        ], stop);
        await turn.InsertAsync<OfferHoldRow>(
        [
            .. uses.Select(use => new OfferHoldRow
            {
                Quote = id, Offer = use.Offer, Member = cart.Member?.Id ?? "", Times = use.Times, PerMember = use.PerMember, Total = use.Total, UntilTicks = until.Ticks,
            }),
        ], stop);
        return new PricedCart(quote, held.Edition, opened.Answers);
    }

    /// <summary>Lets go of what a quote holds; one that was committed stays.</summary>
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="id">Which.</param>
    /// <param name="now">The moment.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task ReleaseAsync(Turn turn, string id, Instant now, CancellationToken stop)
    {
        if (await turn.ExecuteAsync("delete from quote where id = @id and sale is null", stop, ("id", id)) == 0) return;
        await OfferUses.ReleaseAsync(turn, id, stop);
        await CartCoupons.ReleaseAsync(turn, id, now, stop);
    }

    /// <summary>Forgets quotes that became nothing.</summary>
    /// <returns>Whether there is more to forget.</returns>
    public static async Task<bool> ForgetAsync(Turn turn, Instant now, CancellationToken stop)
    {
        (string, object?)[] old = [("before", now.Ticks - Kept.Ticks), ("most", MostForgotten)];
        const string Which = "select id from quote where sale is null and until_ticks < @before order by until_ticks limit @most";
        await turn.ExecuteAsync($"delete from offer_hold where quote in ({Which})", stop, old);
        return await turn.ExecuteAsync($"delete from quote where id in ({Which})", stop, old) == MostForgotten;
    }
}
