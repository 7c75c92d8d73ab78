using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

public sealed class ParityRulesTests
{
    private const string Offers = """
        {"timezone": "Asia/Taipei", "offers": [
          {"id": "all", "name": {"en": "Everywhere"}, "price": {"items": {"all": true}, "percent": 10}},
          {"id": "app", "name": {"en": "App only"}, "where": {"channels": ["app"]}, "order": {"items": {"categories": ["shoes"]}, "spend": [{"from": 500, "off": 50}]}},
          {"id": "fest", "name": {"en": "Anniversary of a store"}, "where": {"stores": ["S2"]}, "unit": {"take": [{"items": {"categories": ["shoes"]}, "count": 2}], "give": {"cheapest": 1, "percent": 100}}},
          {"id": "monday", "name": {"en": "Mondays online"}, "when": {"weekdays": [1]}, "where": {"channels": ["online"]}, "price": {"items": {"all": true}, "percent": 50}}]}
        """;

    private static readonly SalesPlace[] Places = [new("store", "S3"), new("store", "S1"), new("online", null), new("app", null), new("store", "S2"), new("store", "S1")];

    private static readonly Instant Saturday = At("2026-11-21T12:00:00+08:00"), Monday = At("2026-11-23T12:00:00+08:00");

    [Fact]
    public void Places_in_which_the_same_offers_hold_are_one()
    {
        var groups = ParityRules.Groups(Book, Saturday, Places);
        Assert.Equal(["app: app", "online, store S1, store S3:", "store S2: fest"], Shown(groups));
        // On a Monday the shop on the net is another.
        Assert.Equal(["app: app", "online: monday", "store S1, store S3:", "store S2: fest"], Shown(ParityRules.Groups(Book, Monday, Places)));
        Assert.Empty(ParityRules.Groups(Book, Saturday, []));
    }

    [Fact]
    public void A_cart_that_differs_says_by_how_much_and_because_of_what()
    {
        var groups = ParityRules.Groups(Book, Saturday, Places);
        var cart = CartOf("shoes", 2, 400);
        var difference = ParityRules.Compare(Book, cart, Saturday, groups, QuoteRules.MostSteps)!;
        // 2 × 360; in the app 50 less; in S2 the second for nothing.
        Assert.Equal([670, 720, 360], difference.Prices.Select(price => price.Total));
        Assert.Equal(["app", "", "fest"], difference.Prices.Select(price => string.Join(' ', price.By)));
        Assert.Equal((360, "app fest"), (difference.Spread, string.Join(' ', difference.Causes)));
        Assert.Null(ParityRules.Compare(Book, CartOf("hats", 2, 400), Saturday, groups, QuoteRules.MostSteps));
        // One pair: nothing but the app's.
        Assert.Equal("app", Assert.Single(ParityRules.Compare(Book, CartOf("shoes", 1, 600), Saturday, groups, QuoteRules.MostSteps)!.Causes));
    }

    [Fact]
    public void Within_a_group_every_place_has_the_same_price()
    {
        foreach (var at in new[] { Saturday, Monday })
            foreach (var group in ParityRules.Groups(Book, at, Places))
                foreach (var cart in new[] { CartOf("shoes", 3, 290), CartOf("hats", 1, 100) })
                    Assert.Single(group.Places.Select(place => QuoteRules.Quote(Book, cart with { At = at, Channel = place.Channel, Store = place.Store }).Total).Distinct());
    }

    private static OfferBook Book
    {
        get
        {
            var faults = new List<Fault>();
            var book = OfferReader.Read(Encoding.UTF8.GetBytes(Offers), name => new Zone(name, [new ZoneSpan(default, 8 * 3600)]), faults);
            Assert.Empty(faults);
            return book!;
        }
    }

    private static IEnumerable<string> Shown(IEnumerable<PlaceGroup> groups) =>
        groups.Select(group => $"{string.Join(", ", group.Places.Select(place => place.Store is null ? place.Channel : $"{place.Channel} {place.Store}"))}: {string.Join(' ', group.Only)}".TrimEnd());

    private static Cart CartOf(string category, int quantity, long price) =>
        new() { At = Saturday, Channel = "online", Lines = [new CartLine(1, category, [category], [], quantity, price, null)] };

    private static Instant At(string text) => new(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcTicks);
}
