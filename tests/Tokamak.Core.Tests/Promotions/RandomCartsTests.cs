using System.Text.Json.Nodes;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>Random carts hold what they are drawn for, and the plain reference keeps on them what the specification promises.</summary>
public sealed class RandomCartsTests
{
    private const int Seeds = 200;

    [Fact]
    public void Every_field_of_the_specification_is_drawn_and_most_carts_have_a_discount_of_an_application_or_an_order()
    {
        string[] fields =
        [
            "from", "until", "weekdays", "days", "hours", "channels", "stores", "members", "first-purchase", "birthday-month", "tiers", "tags", "tender",
            "coupon", "limit", "perMember", "total", "used", "usedTotal", "needs", "each", "exclusive", "*", "regularOnly", "public", "declined", "spendPoints",
            "skus", "categories", "alsoCategories", "exceptSkus", "exceptCategories", "exceptTags", "price", "unit", "order", "reward", "take", "same", "off",
            "percent", "cheapest", "last", "maxOff", "spend", "count", "every", "maxRepeat", "basis", "before", "after", "untaken", "stacks", "gift", "oneOf",
            "pointsTimes", "freeShipping", "shippingOff", "floorPercent", "floor", "points", "onReturn",
        ];
        var drawn = Enumerable.Range(0, 500).Select(seed => RandomCarts.Of(seed)).ToList();
        Assert.All(fields, field => Assert.Contains(drawn, cart => (cart.OffersJson + cart.CartJson).Contains($"\"{field}\"", StringComparison.Ordinal)));
        Assert.InRange(drawn.Take(Seeds).Count(cart => PlainReference.Lowest(cart.OffersJson, cart.CartJson).Way.Length > 0), Seeds / 2, Seeds);
    }

    [Fact]
    public void A_seed_draws_one_cart() => Assert.Equal(RandomCarts.Of(7), RandomCarts.Of(7));

    [Fact]
    public void Taking_units_alike_for_alike_changes_no_total() => ForAll((offers, cart) =>
        (PlainReference.Lowest(offers, cart).Total, PlainReference.Lowest(offers, cart, apart: true).Total));

    [Fact]
    public void The_order_of_lines_offers_and_codes_and_the_numbers_of_lines_change_no_total() => ForAll((offers, cart) =>
    {
        var (otherOffers, otherCart) = (JsonNode.Parse(offers)!, JsonNode.Parse(cart)!);
        foreach (var (owner, list) in new[] { (otherOffers, "offers"), (otherCart, "lines"), (otherCart, "coupons") })
            if (owner[list] is JsonArray array) owner[list] = new JsonArray([.. array.Reverse().Select(node => node!.DeepClone())]);
        foreach (var line in otherCart["lines"]!.AsArray()) line!["line"] = 100 - (int)line["line"]!;
        return (PlainReference.LowestTotal(offers, cart), PlainReference.LowestTotal(otherOffers.ToJsonString(), otherCart.ToJsonString()));
    });

    [Fact]
    public void Splitting_a_line_into_two_alike_changes_no_total() => ForAll((offers, cart) =>
    {
        var split = JsonNode.Parse(cart)!;
        var lines = split["lines"]!.AsArray();
        var (line, other) = (lines[0]!, lines[0]!.DeepClone());
        if ((int)line["quantity"]! > 1)
        {
            line["quantity"] = (int)line["quantity"]! - 1;
            (other["quantity"], other["line"]) = (1, 9);
            lines.Add(other);
        }
        return (PlainReference.LowestTotal(offers, cart), PlainReference.LowestTotal(offers, split.ToJsonString()));
    });

    [Fact]
    public void A_unit_or_order_offer_more_raises_no_total() => ForAll((offers, cart) =>
    {
        var fewer = JsonNode.Parse(offers)!;
        var list = fewer["offers"]!.AsArray();
        if (list.FirstOrDefault(offer => offer!["unit"] is not null || offer["order"] is not null) is { } offer) list.Remove(offer);
        var (with, without) = (PlainReference.LowestTotal(offers, cart), PlainReference.LowestTotal(fewer.ToJsonString(), cart));
        return (with, Math.Min(with, without));
    });

    private static void ForAll(Func<string, string, (long One, long Other)> totals)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (offers, cart) = RandomCarts.Of(seed);
            var (one, other) = totals(offers, cart);
            Assert.True(one == other, $"Seed {seed}: {one} and {other}\n{offers}\n{cart}");
        }
    }
}
