using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Promotions.Parity;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Promotions.Offering;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Parity;

public sealed class ReadParityTests(PostgresServer server)
{
    private const string Offers = """
        {"timezone": "Asia/Taipei", "offers": [
          {"id": "app", "name": {"en": "App only"}, "where": {"channels": ["app"]}, "price": {"items": {"categories": ["shoes"]}, "percent": 10}},
          {"id": "fest", "name": {"en": "Of a store"}, "where": {"stores": ["S2"]}, "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 100}]}}]}
        """;

    private static readonly Instant Now = new(new DateTime(2026, 11, 22, 4, 0, 0, DateTimeKind.Utc).Ticks);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_was_sold_lately_is_compared_over_all_places_and_what_is_meant_is_told_apart(Provider provider)
    {
        await using var brand = await OfferBrand.CreateAsync(provider, server);
        await brand.ImportAsync(Offers);
        Assert.Equal((0, 0), (await ReadAsync(brand)).Compared);
        await SoldAsync(brand, "1", """{"at": "2026-11-22T12:00:00+08:00", "channel": "store", "store": "S1", "coupons": ["X"], "lines": [{"sku": "A", "categories": ["shoes"], "quantity": 1, "unitPrice": 600}, {"sku": "B", "quantity": 1, "unitPrice": 500}]}""");
        await SoldAsync(brand, "2", """{"at": "2026-11-22T12:00:00+08:00", "channel": "online", "lines": [{"sku": "B", "quantity": 1, "unitPrice": 500}]}""");
        var report = await ReadAsync(brand);
        Assert.Equal(["app", "online+store S1", "store S2"], report.Groups.Select(group => string.Join('+', group.Places.Select(place => $"{place.Channel} {place.Store}".TrimEnd()))));
        Assert.Equal((2, 1), report.Compared);
        var shoe = Assert.Single(report.Goods);
        Assert.Equal(("A", "540 600 600", "app"), (shoe.Cart.Lines[0].Sku, string.Join(' ', shoe.Prices.Select(price => price.Total)), string.Join(' ', shoe.Causes)));
        var basket = Assert.Single(report.Baskets);
        Assert.Equal(("1040 1100 1000", "app fest"), (string.Join(' ', basket.Prices.Select(price => price.Total)), string.Join(' ', basket.Causes)));
        Assert.Equal([("app", 2), ("fest", 1)], report.Causes);

        await brand.WriteAsync(async turn =>
        {
            await ReadParity.MarkAsync(turn, "app", new Instant(Now.Ticks + 1), Guid.Empty, Now, Stop);
            return 0;
        });
        var marked = await ReadAsync(brand);
        Assert.Equal((true, false), (marked.IsIntended(marked.Goods[0]), marked.IsIntended(marked.Baskets[0])));
        // From its end on it is no longer meant.
        Assert.Empty((await ReadAsync(brand, new Instant(Now.Ticks + 1))).Marks);
        await brand.WriteAsync(async turn =>
        {
            await ReadParity.MarkAsync(turn, "app", null, Guid.Empty, Now, Stop);
            return 0;
        });
        Assert.Empty((await ReadAsync(brand)).Marks);
    }

    private static async Task<ParityReport> ReadAsync(OfferBrand brand, Instant? at = null)
    {
        await using var turn = await brand.Brand.BeginReadAsync(Stop);
        return await ReadParity.RunAsync(turn, await OfferBooks.ReadAsync(turn, Stop), at ?? Now, Stop);
    }

    private static Task<int> SoldAsync(OfferBrand brand, string id, string cart) => brand.WriteAsync(async turn =>
    {
        await turn.InsertAsync([new QuoteRow { Id = id, Cart = cart, Result = "{}", Edition = 3, Engine = "1", HeldAtTicks = 1, UntilTicks = 2, Sale = $"S{id}" }], Stop);
        return 0;
    });
}
