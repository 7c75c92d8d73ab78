using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Parity;

/// <summary>Where prices differ at a moment.</summary>
/// <param name="Groups">Places in which the same offers hold.</param>
/// <param name="Compared">Goods and baskets that were priced in each group.</param>
/// <param name="Goods">Single articles that differ, the widest apart first.</param>
/// <param name="Baskets">What customers bought together, the same.</param>
/// <param name="Marks">Offers that are meant to make prices differ, by id, at the moment of the report.</param>
public sealed record ParityReport(
    OfferBook Book, IReadOnlyList<PlaceGroup> Groups, (int Goods, int Baskets) Compared, IReadOnlyList<ParityDifference> Goods, IReadOnlyList<ParityDifference> Baskets,
    IReadOnlyDictionary<string, ParityMarkRow> Marks)
{
    /// <summary>Every offer that causes the difference is meant to.</summary>
    public bool IsIntended(ParityDifference difference) => difference.Causes.All(Marks.ContainsKey);

    /// <summary>Offers by how many differences they cause, the most first.</summary>
    public IReadOnlyList<(string Offer, int Differences)> Causes =>
        [.. Goods.Concat(Baskets).SelectMany(difference => difference.Causes).GroupBy(offer => offer).Select(offers => (offers.Key, offers.Count())).OrderByDescending(cause => cause.Item2).ThenBy(cause => cause.Key, Utf8Order.Instance)];
}

/// <summary>Works out the parity report from what was sold lately: the articles of those carts, and the carts themselves.</summary>
public static class ReadParity
{
    private const int MostCarts = 300, MostGoods = 500, MostBaskets = 60;

    /// <summary>A basket's price in a place is worth so many steps of the search: where that is not enough, the price may not be the least, and says so.</summary>
    private const long MostSteps = 20_000;

    /// <param name="turn">A turn.</param>
    /// <param name="held">The offers.</param>
    /// <param name="at">The moment whose prices are compared.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ParityReport> RunAsync(Turn turn, HeldOffers held, Instant at, CancellationToken stop)
    {
        var carts = (await turn.ReadAsync("select cart from quote where sale is not null order by held_at_ticks desc limit @most", row => row.GetString(0), stop, ("most", MostCarts)))
            .Select(cart => CartReader.Read(Encoding.UTF8.GetBytes(cart), [])!).ToList();
        await using var books = turn.Books();
        var marks = await books.ParityMarks.Where(mark => mark.UntilTicks > at.Ticks).ToDictionaryAsync(mark => mark.Offer, stop);
        var groups = ParityRules.Groups(held.Book, at, PlacesOf(held.Book, carts));
        var goods = carts.SelectMany(cart => cart.Lines).GroupBy(line => line.Sku, StringComparer.Ordinal).Select(lines => lines.First()).OrderBy(line => line.Sku, Utf8Order.Instance).Take(MostGoods).ToList();
        var baskets = carts.Where(cart => cart.Lines.Sum(line => line.Quantity) > 1).Take(MostBaskets).ToList();
        return new ParityReport(
            held.Book, groups, (goods.Count, baskets.Count),
            Compared(goods.Select(line => new Cart { At = at, Channel = groups[0].Places[0].Channel, Lines = [line with { Line = 1, Quantity = 1 }] })), Compared(baskets.Select(Plain)), marks);

        IReadOnlyList<ParityDifference> Compared(IEnumerable<Cart> all) =>
            groups.Count < 2 ? [] : [.. all.Select(cart => ParityRules.Compare(held.Book, cart, at, groups, MostSteps)).OfType<ParityDifference>().OrderByDescending(difference => difference.Spread)];
    }

    /// <summary>Marks what an offer makes differ as intended until a moment; null takes the mark back.</summary>
    /// <param name="turn">A write turn, to be committed when done.</param>
    /// <param name="offer">Which.</param>
    /// <param name="until">Exclusive.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record.</param>
    /// <param name="stop">Gives up.</param>
    public static Task MarkAsync(Turn turn, string offer, Instant? until, Guid by, Instant now, CancellationToken stop) =>
        until is { } end
            ? turn.UpsertAsync<ParityMarkRow>([new ParityMarkRow { Offer = offer, UntilTicks = end.Ticks, MarkedBy = by.ToString(), AtTicks = now.Ticks }], stop)
            : turn.DeleteAsync<ParityMarkRow>("offer", [offer], stop);

    /// <summary>Where people have bought, and where offers say that they may.</summary>
    private static IEnumerable<SalesPlace> PlacesOf(OfferBook book, IEnumerable<Cart> carts)
    {
        foreach (var cart in carts) yield return new SalesPlace(cart.Channel, cart.Store);
        foreach (var where in book.Offers.Select(offer => offer.Where).OfType<OfferPlace>())
        {
            foreach (var store in where.Stores ?? []) yield return new SalesPlace(Cart.StoreChannel, store);
            foreach (var channel in where.Channels ?? [])
                if (channel != Cart.StoreChannel) yield return new SalesPlace(channel, null);
        }
    }

    /// <summary>What was bought, without what was the buyer's own affair: codes, points, what they gave up.</summary>
    private static Cart Plain(Cart cart) => cart with { Coupons = [], Declined = [], SpendPoints = 0 };
}
