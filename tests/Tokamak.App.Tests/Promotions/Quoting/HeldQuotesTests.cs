using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Promotions.Quoting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Tests.Promotions.Quoting;

public sealed class HeldQuotesTests(PostgresServer server)
{
    private const string Offer = """{"id": "last", "name": {"en": "The last one"}, "total": 1, "price": {"items": {"all": true}, "off": 10}}""";
    private const string CartJson = """{"at": "2026-11-22T12:00:00+08:00", "channel": "online", "lines": [{"sku": "A", "quantity": 1, "unitPrice": 100}]}""";
    private static readonly Instant Now = new(new DateTime(2026, 11, 22, 4, 0, 0, DateTimeKind.Utc).Ticks);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_two_nodes_one_of_200_at_once_gets_the_last_use_and_nobody_after_it_was_sold()
    {
        await using var test = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await using var one = await test.OpenAsync();
        await one.AddBrandAsync("main", null, Stop);
        await using var other = await test.OpenAsync();
        BrandDatabase[] nodes = [await one.BrandAsync("main", Stop), await other.BrandAsync("main", Stop)];
        await WriteAsync(nodes[0], turn => OfferApproval.StoreAsync(turn, [("last", Offer)], "test", "test", Now, Stop));
        var totals = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => HoldAsync(nodes[number % 2], $"cart-{number}")));
        Assert.Equal((1, 199), (totals.Count(one => one.Total == 90), totals.Count(one => one.Total == 100)));
        var winner = totals.Single(one => one.Total == 90).Id;
        await WriteAsync(nodes[1], async turn =>
        {
            var quote = (await HeldQuotes.FindAsync(turn, winner, Stop))!;
            Assert.Null((await QuoteCommit.MayAsync(turn, winner, "S1", quote.Result, Now, Stop)).Refusal);
            await QuoteCommit.DoneAsync(turn, winner, "S1", Now, Stop);
            // Done twice is done once.
            await QuoteCommit.DoneAsync(turn, winner, "S1", Now, Stop);
            return 0;
        });
        Assert.Equal(100, (await HoldAsync(nodes[0], "after")).Total);
        Assert.Equal(CommitRefusal.OfAnotherSale, await WriteAsync(nodes[0], async turn => (await QuoteCommit.MayAsync(turn, winner, "S2", "", Now, Stop)).Refusal));
    }

    [Theory, EveryDatabase]
    public async Task What_became_nothing_is_forgotten_a_day_later_and_what_became_a_sale_is_kept(Provider provider)
    {
        await using var brand = await OfferBrand.CreateAsync(provider, server);
        await brand.WriteAsync(turn => OfferApproval.StoreAsync(turn, [("last", Offer)], "test", "test", Now, Stop));
        await HoldAsync(brand.Brand, "sold");
        await brand.WriteAsync(async turn =>
        {
            await QuoteCommit.DoneAsync(turn, "sold", "S1", Now, Stop);
            return 0;
        });
        await HoldAsync(brand.Brand, "left");
        var dayLater = new Instant(Now.Ticks + TimeSpan.FromHours(25).Ticks);
        Assert.False(await brand.WriteAsync(turn => HeldQuotes.ForgetAsync(turn, Now, Stop)));
        Assert.NotNull(await brand.WriteAsync(turn => HeldQuotes.FindAsync(turn, "left", Stop)));
        Assert.False(await brand.WriteAsync(turn => HeldQuotes.ForgetAsync(turn, dayLater, Stop)));
        Assert.Null(await brand.WriteAsync(turn => HeldQuotes.FindAsync(turn, "left", Stop)));
        Assert.Equal("S1", (await brand.WriteAsync(turn => HeldQuotes.FindAsync(turn, "sold", Stop)))!.Sale);
    }

    private static async Task<(string Id, long Total)> HoldAsync(BrandDatabase brand, string id)
    {
        var cart = CartReader.Read(Encoding.UTF8.GetBytes(CartJson), [])!;
        return (id, await WriteAsync(brand, async turn => (await HeldQuotes.HoldAsync(turn, await OfferBooks.ReadAsync(turn, Stop), id, cart, CartJson, Now, new Instant(Now.Ticks + TimeSpan.TicksPerMinute), Stop))!.Quote.Total));
    }

    private static async Task<T> WriteAsync<T>(BrandDatabase brand, Func<Turn, Task<T>> work)
    {
        await using var turn = await brand.BeginWriteAsync(Stop);
        var result = await work(turn);
        await turn.CommitAsync(Stop);
        return result;
    }
}
