using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access.Keys;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Tests.Coupons;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>Carts priced, held and committed by the API.</summary>
public sealed class QuoteRoutesTests(PostgresServer server)
{
    private const string Route = "/api/v1/quotes", Terms = """{"timezone": "Asia/Taipei", "points": {"value": 1, "maxPercent": 50}}""";

    private static readonly string[] Offers =
    [
        """{"id": "half", "name": {"en": "Second at half price"}, "unit": {"take": [{"items": {"categories": ["shoes"]}, "count": 2}], "give": {"cheapest": 1, "percent": 50}}}""",
        """{"id": "first", "name": {"en": "The first three: 100 off"}, "total": 3, "perMember": 1, "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 100}]}}""",
        """{"id": "bag", "name": {"en": "A bag from 1000"}, "reward": {"items": {"all": true}, "spend": [{"from": 1000, "gift": {"sku": "BAG", "quantity": 1}}]}}""",
        """{"id": "coupon", "name": {"en": "Of a coupon"}, "coupon": ["spring"], "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 200}], "stacks": true}}""",
        """{"id": "free", "name": {"en": "Of a word"}, "coupon": ["FREE"], "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 20}], "stacks": true}}""",
    ];

    private static readonly DateTimeOffset Noon = new(2026, 1, 20, 4, 0, 0, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_price_is_said_as_often_as_asked_and_nothing_is_held(Provider provider)
    {
        await using var world = await WorldAsync(provider, new Clock());
        for (var asked = 0; asked < 5; asked++)
        {
            var priced = (await world.PostAsync(Route, Cart("M1"))).Is(HttpStatusCode.OK).Json;
            // 1,200 and half of 1,200 less 100.
            Assert.Equal((1700, QuoteRules.Engine, 6), (priced.GetProperty("total").GetInt32(), priced.GetProperty("engine").GetString(), priced.GetProperty("edition").GetInt32()));
        }
        Assert.Empty(await world.ReadAsync(books => books.Quotes.ToListAsync(Stop)));
        Assert.Empty(await world.ReadAsync(books => books.OfferHolds.ToListAsync(Stop)));
        var shown = (await world.GetAsync("/api/v1/offers")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((6, 5), (shown.GetProperty("edition").GetInt32(), shown.GetProperty("book").GetProperty("offers").GetArrayLength()));
    }

    [Theory, EveryDatabase]
    public async Task A_held_price_becomes_a_sale_at_that_price_with_its_points_and_gifts_once(Provider provider)
    {
        await using var world = await WorldAsync(provider, new Clock());
        var held = (await PutAsync(world, "cart-1", Cart("M1").Replace("\"spendPoints\": 0", "\"spendPoints\": 170", StringComparison.Ordinal))).Is(HttpStatusCode.OK).Json;
        Assert.Equal((1700, 170), (held.GetProperty("total").GetInt32(), held.GetProperty("points").GetProperty("amount").GetInt32()));
        Assert.Equal("2026-01-20T04:15:00Z", held.GetProperty("until").GetString());

        const string Sale = """{"id": "S1", "staff": "A", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}, {"line": 9, "category": "gifts", "fulfil": "taken", "quantity": 1, "net": 0}]}""";
        Assert.Equal("accepted", (await world.PostAsync($"{Route}/cart-1/commit", Sale)).Is(HttpStatusCode.Created).Json.GetProperty("status").GetString());
        Assert.Equal("duplicate", (await world.PostAsync($"{Route}/cart-1/commit", Sale)).Is(HttpStatusCode.OK).Json.GetProperty("status").GetString());
        var sale = (await world.GetAsync("/api/v1/sales/S1")).Is(HttpStatusCode.OK).Text;
        Assert.Contains("\"net\":1530", sale, StringComparison.Ordinal);
        Assert.Contains("M1", sale, StringComparison.Ordinal);
        Assert.Equal("committed S1", StatusOf(await world.GetAsync($"{Route}/cart-1")));
        // Counted once, for all and for the member; and the member has had it.
        Assert.Equal(["first  1", "first M1 1"], await CountsAsync(world));
        Assert.Equal(1800, (await world.PostAsync(Route, Cart("M1"))).Json.GetProperty("total").GetInt32());
        Assert.Equal("committed", (await world.PostAsync($"{Route}/cart-1/commit", Sale.Replace("S1", "S2", StringComparison.Ordinal))).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("committed", (await PutAsync(world, "cart-1", Cart("M1"))).Is(HttpStatusCode.Conflict).Problem);
        // Nothing is let go of what became a sale.
        (await world.SendAsync(HttpMethod.Delete, $"{Route}/cart-1", null)).Is(HttpStatusCode.NoContent);
        Assert.Equal("committed S1", StatusOf(await world.GetAsync($"{Route}/cart-1")));
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Of_200_at_once_as_many_get_a_limited_offer_as_there_is_of_it_and_what_is_let_go_is_free_again(Provider provider)
    {
        var clock = new Clock();
        await using var world = await WorldAsync(provider, clock);
        var all = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number => (Id: $"cart-{number}", Total: (await PutAsync(world, $"cart-{number}", Cart($"M{number}"))).Is(HttpStatusCode.OK).Json.GetProperty("total").GetInt32())));
        var winners = all.Where(one => one.Total == 1700).ToList();
        Assert.Equal((3, 197), (winners.Count, all.Count(one => one.Total == 1800)));

        // Priced anew, a cart does not stand in its own way.
        Assert.Equal(1700, (await PutAsync(world, winners[0].Id, Cart("M1000"))).Json.GetProperty("total").GetInt32());
        // Let go, or over: others have it.
        (await world.SendAsync(HttpMethod.Delete, $"{Route}/{winners[0].Id}", null)).Is(HttpStatusCode.NoContent);
        Assert.Equal(1700, (await PutAsync(world, "next", Cart("M2000"))).Json.GetProperty("total").GetInt32());
        Assert.Equal(1800, (await PutAsync(world, "over", Cart("M2001"))).Json.GetProperty("total").GetInt32());
        clock.Now += TimeSpan.FromMinutes(16);
        Assert.Equal(1700, (await PutAsync(world, "over", Cart("M2001", clock.Now))).Json.GetProperty("total").GetInt32());
    }

    [Theory, EveryDatabase]
    public async Task After_its_time_a_price_is_gone_and_who_took_its_uses_is_said(Provider provider)
    {
        var clock = new Clock();
        await using var world = await WorldAsync(provider, clock);
        for (var number = 0; number < 3; number++) Assert.Equal(1700, (await PutAsync(world, $"early-{number}", Cart($"M{number}"), minutes: 1)).Json.GetProperty("total").GetInt32());
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal("quote-expired", (await CommitAsync(world, "early-0", "S0")).Is(HttpStatusCode.Conflict).Problem);
        for (var number = 0; number < 3; number++)
        {
            await PutAsync(world, $"late-{number}", Cart($"L{number}", clock.Now));
            (await CommitAsync(world, $"late-{number}", $"L{number}")).Is(HttpStatusCode.Created);
        }
        var refused = (await CommitAsync(world, "early-0", "S0")).Is(HttpStatusCode.Conflict);
        Assert.Equal("used-up", refused.Problem);
        Assert.Contains("first", refused.Text, StringComparison.Ordinal);
        Assert.Equal("not-found", (await CommitAsync(world, "never", "S0")).Is(HttpStatusCode.NotFound).Problem);
        Assert.Equal(3, await world.ReadAsync(books => books.Sales.CountAsync(Stop)));
        // A clock that runs behind lets nothing be used beyond what there is.
        clock.Now -= TimeSpan.FromMinutes(2);
        Assert.Equal("used-up", (await CommitAsync(world, "early-0", "S0")).Problem);
    }

    [Theory, EveryDatabase]
    public async Task One_quote_becomes_one_sale_however_many_commit_it_at_once(Provider provider)
    {
        await using var world = await WorldAsync(provider, new Clock());
        await PutAsync(world, "cart", Cart("M1"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(async number =>
        {
            while (true)
                if (await CommitAsync(world, "cart", $"S{number}") is { Status: not HttpStatusCode.ServiceUnavailable } answer) return answer.Status;
        }));
        Assert.Equal((1, 29), (answers.Count(status => status == HttpStatusCode.Created), answers.Count(status => status == HttpStatusCode.Conflict)));
        Assert.Equal(1, await world.ReadAsync(books => books.Sales.CountAsync(Stop)));
        Assert.Equal(["first  1", "first M1 1"], await CountsAsync(world));
    }

    [Theory, EveryDatabase]
    public async Task One_sale_comes_from_one_quote_however_many_are_alike(Provider provider)
    {
        await using var world = await WorldAsync(provider, new Clock());
        for (var number = 0; number < 20; number++) await PutAsync(world, $"cart-{number}", Cart("M1"));
        // The same sale by all of them, at once: the same moment, goods and price.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            while (true)
                if (await CommitAsync(world, $"cart-{number}", "S1") is { Status: not HttpStatusCode.ServiceUnavailable } answer) return answer;
        }));
        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.Equal("committed", answer.Problem));
        Assert.Equal(1, await world.ReadAsync(books => books.Quotes.CountAsync(quote => quote.Sale == "S1", Stop)));
    }

    [Theory, EveryDatabase]
    public async Task A_coupon_is_held_with_the_price_that_needs_it_and_pays_once(Provider provider)
    {
        await using var world = await WorldAsync(provider, new Clock());
        var (mine, other) = (await CouponAsync(world, "M1"), await CouponAsync(world, "M1"));
        string With(string codes, string member = "M1") => Cart(member).Replace("\"spendPoints\": 0", $"\"coupons\": [{codes}]", StringComparison.Ordinal);

        // The id of the series opens nothing by itself, and nobody uses another's.
        Assert.Equal(1700, Total(await world.PostAsync(Route, With("\"spring\""))));
        var theirs = (await world.PostAsync(Route, With($"\"{mine}\"", "M2"))).Json;
        Assert.Equal((1700, "unknown"), (theirs.GetProperty("total").GetInt32(), theirs.GetProperty("coupons")[0].GetProperty("reason").GetString()));

        var held = (await PutAsync(world, "cart", With($"\"{mine.ToLowerInvariant()}\", \"{other}\", \"FREE\""))).Is(HttpStatusCode.OK).Json;
        // 200 off by the coupon, 20 by a code that nobody counts; the second of the series is told so.
        Assert.Equal((1480, "spring", "series-twice"), (held.GetProperty("total").GetInt32(), held.GetProperty("coupons")[0].GetProperty("opens").GetString(), held.GetProperty("coupons")[1].GetProperty("reason").GetString()));
        var elsewhere = (await PutAsync(world, "elsewhere", With($"\"{mine}\""))).Json;
        Assert.Equal("held-elsewhere", elsewhere.GetProperty("coupons")[0].GetProperty("reason").GetString());
        (await CommitAsync(world, "cart", "S1")).Is(HttpStatusCode.Created);
        (await CommitAsync(world, "cart", "S1")).Is(HttpStatusCode.OK);
        Assert.Equal("redeemed", (await world.PostAsync(Route, With($"\"{mine}\""))).Json.GetProperty("coupons")[0].GetProperty("reason").GetString());
        var use = Assert.Single(await world.ReadAsync(books => books.CouponUses.ToListAsync(Stop)));
        Assert.Equal(("S1", 200, CouponUseState.Redeemed), (use.Sale, use.Amount, use.State));
        // Where another was let go, it is free again; one that a price does without is nobody's.
        await PutAsync(world, "next", With($"\"{other}\""));
        (await world.SendAsync(HttpMethod.Delete, $"{Route}/next", null)).Is(HttpStatusCode.NoContent);
        await PutAsync(world, "small", With($"\"{other}\"").Replace("1200", "10", StringComparison.Ordinal));
        Assert.Equal("spring", (await PutAsync(world, "last", With($"\"{other}\""))).Json.GetProperty("coupons")[0].GetProperty("opens").GetString());
    }

    private static int Total(ApiWorld.Answer answer) => answer.Is(HttpStatusCode.OK).Json.GetProperty("total").GetInt32();

    private static async Task<string> CouponAsync(ApiWorld world, string member)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop);
        if (await turn.CountAsync("select count(*) from coupon_series", Stop) == 0) await StoredSeries.MakeAsync(turn, CouponWorld.Spring with { Holding = CouponHolding.HolderOnly }, "test", new Instant(1), Stop);
        var code = (await Wallet.GiveAsync(turn, "spring", new MemberId(member), IssueCodes.Fresh(), "test", new Instant(Noon.UtcTicks), Stop)).Code!.Value.Shown;
        await turn.CommitAsync(Stop);
        return code;
    }

    [Theory]
    [InlineData("\"channel\": \"store\"", "\"channel\": \"online\"", "#/store")]
    [InlineData("\"quantity\": 2", "\"quantity\": 0", "#/lines/0/quantity")]
    [InlineData("\"spendPoints\": 0", "\"spendPoints\": -1", "#/spendPoints")]
    [InlineData("\"spendPoints\": 0", "\"usedTotal\": {\"first\": 0}", "#/usedTotal")]
    [InlineData("\"id\": \"M1\"", "\"id\": \"M1\", \"used\": {\"first\": 0}", "#/member/used")]
    [InlineData("\"spendPoints\": 0", "\"spendPoint\": 0", "#")]
    [InlineData("{\"at\"", "[{\"at\"", "#")]
    public async Task What_is_wrong_with_a_cart_is_said_with_its_place(string right, string wrong, string place)
    {
        await using var world = await WorldAsync(Provider.Sqlite, new Clock());
        foreach (var put in new[] { false, true })
        {
            var cart = Cart("M1").Replace(right, wrong, StringComparison.Ordinal);
            var answer = put ? await PutAsync(world, "cart", cart) : await world.PostAsync(Route, cart);
            Assert.Equal("wrong-cart", answer.Is(HttpStatusCode.UnprocessableEntity).Problem);
            Assert.StartsWith(place, answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}", "#")]
    [InlineData("""{"id": "S1", "lines": []}""", "#/lines")]
    [InlineData("""{"id": "S1", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken", "net": 1}]}""", "#/lines/0")]
    [InlineData("""{"id": "S1", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}, {"line": 1, "category": "shoes", "fulfil": "taken"}]}""", "#/lines/1")]
    [InlineData("""{"id": "S1", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}, {"line": 2, "category": "shoes", "fulfil": "taken", "quantity": 1, "net": 5}]}""", "#/lines/1")]
    [InlineData("""{"id": "S1", "channel": "online", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}]}""", "#")]
    [InlineData("""{"id": "S 1", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}]}""", "#")]
    [InlineData("""{"id": "S1", "lines": [{"line": 1, "category": "shoes", "fulfil": "flown"}]}""", "#")]
    public async Task What_is_wrong_with_a_sale_is_said_and_the_price_stays_held(string sale, string place)
    {
        await using var world = await WorldAsync(Provider.Sqlite, new Clock());
        await PutAsync(world, "cart", Cart("M1"));
        var answer = (await world.PostAsync($"{Route}/cart/commit", sale)).Is(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("wrong-sale", answer.Problem);
        Assert.StartsWith(place, answer.Json.GetProperty("errors")[0].GetProperty("pointer").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("held", StatusOf(await world.GetAsync($"{Route}/cart")), StringComparison.Ordinal);
        (await CommitAsync(world, "cart", "S1")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_price_is_held_for_now_only_and_for_an_hour_at_most_by_whoever_may()
    {
        await using var world = await WorldAsync(Provider.Sqlite, new Clock());
        Assert.Equal("wrong-cart", (await PutAsync(world, "cart", Cart("M1", Noon.AddDays(-1)))).Is(HttpStatusCode.UnprocessableEntity).Problem);
        // To look at yesterday's price is nobody's harm.
        (await world.PostAsync(Route, Cart("M1", Noon.AddDays(-1)))).Is(HttpStatusCode.OK);
        Assert.Equal("wrong-query", (await PutAsync(world, "cart", Cart("M1"), minutes: 61)).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("refused", (await PutAsync(world, "a%20b", Cart("M1"))).Is(HttpStatusCode.UnprocessableEntity).Problem);
        var (quotes, facts) = (await world.KeyAsync([ApiScope.Quotes]), await world.KeyAsync([ApiScope.Facts]));
        StringContent Sent() => new(Cart("M1"), Encoding.UTF8, "application/json");
        (await world.SendAsync(HttpMethod.Put, $"{Route}/cart", Sent(), quotes)).Is(HttpStatusCode.OK);
        (await world.SendAsync(HttpMethod.Put, $"{Route}/cart", Sent(), facts)).Is(HttpStatusCode.Forbidden);
        (await world.SendAsync(HttpMethod.Post, $"{Route}/cart/commit", Sent(), quotes)).Is(HttpStatusCode.Forbidden);
        (await world.SendAsync(HttpMethod.Post, Route, Sent(), "")).Is(HttpStatusCode.Unauthorized);
    }

    private static string StatusOf(ApiWorld.Answer answer) => $"{answer.Is(HttpStatusCode.OK).Json.GetProperty("status").GetString()} {(answer.Json.TryGetProperty("sale", out var sale) ? sale.GetString() : "")}";

    private static Task<ApiWorld.Answer> CommitAsync(ApiWorld world, string quote, string sale) =>
        world.PostAsync($"{Route}/{quote}/commit", $$"""{"id": "{{sale}}", "staff": "A", "lines": [{"line": 1, "category": "shoes", "fulfil": "taken"}]}""");

    private static Task<ApiWorld.Answer> PutAsync(ApiWorld world, string id, string cart, int? minutes = null) =>
        world.SendAsync(HttpMethod.Put, $"{Route}/{id}{(minutes is null ? "" : $"?minutes={minutes}")}", new StringContent(cart, Encoding.UTF8, "application/json"));

    private static async Task<IEnumerable<string>> CountsAsync(ApiWorld world) =>
        (await world.ReadAsync(books => books.OfferCounts.OrderBy(row => row.Member).ToListAsync(Stop))).Select(row => $"{row.Offer} {row.Member} {row.Used}");

    private static string Cart(string member, DateTimeOffset? at = null) =>
        $$"""{"at": "{{at ?? Noon:yyyy-MM-ddTHH:mm:sszzz}}", "channel": "store", "store": "S1", "member": {"id": "{{member}}"}, "lines": [{"line": 1, "sku": "X", "categories": ["shoes"], "quantity": 2, "unitPrice": 1200}], "spendPoints": 0}""";

    private async Task<ApiWorld> WorldAsync(Provider provider, Clock clock)
    {
        var world = await ApiWorld.CreateAsync(provider, server, services => services.AddSingleton<TimeProvider>(clock), facts: ApiWorld.Joined);
        await using var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop);
        IEnumerable<(string, string)> offers = [(OfferVersionRow.Terms, Terms), .. Offers.Select(offer => (JsonElement.Parse(offer).GetProperty("id").GetString()!, offer))];
        Assert.Equal(6, await OfferApproval.StoreAsync(turn, [.. offers], "test", "test", new Instant(0), Stop));
        await turn.CommitAsync(Stop);
        return world;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
