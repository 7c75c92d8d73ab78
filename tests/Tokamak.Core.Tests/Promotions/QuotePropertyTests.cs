using System.Text.Json.Nodes;
using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>Spec promotions, "What must always hold", on carts larger than those that the plain reference can try out.</summary>
public sealed class QuotePropertyTests
{
    private const int Seeds = 1_500, MostUnits = 14, MostOffers = 9;

    [Fact]
    public void Discounts_of_a_line_add_up_to_what_it_lost_and_lines_to_the_total() => ForEach((offers, cart) =>
    {
        var quote = AgreementTests.QuoteOf(offers, cart);
        var lines = JsonNode.Parse(cart)!["lines"]!.AsArray();
        Assert.Equal(lines.Count, quote.Lines.Count);
        foreach (var (line, quoted) in lines.Zip(quote.Lines))
        {
            var before = (long)line!["unitPrice"]! * (int)line["quantity"]!;
            Assert.Equal(before, quoted.Amount + quoted.Discounts.Sum(discount => discount.Amount));
            Assert.Equal(quoted.Amount, quoted.Units.Sum(units => units.Amount * units.Count));
            Assert.All(quoted.Discounts, discount => Assert.True(discount.Amount > 0));
        }
        Assert.Equal(quote.Total, quote.Lines.Sum(line => line.Amount));
        Assert.Equal(
            quote.Applied.Select(one => (one.Offer, one.Amount)),
            quote.Lines.SelectMany(line => line.Discounts).GroupBy(one => one.Offer).Select(all => (all.Key, all.Sum(one => one.Amount))).OrderBy(one => one.Key, StringComparer.Ordinal));
    });

    [Fact]
    public void No_unit_is_reduced_below_its_floor_or_below_zero() => ForEach((offers, cart) =>
    {
        var percent = (int?)JsonNode.Parse(offers)!["floorPercent"] ?? 0;
        foreach (var (line, quoted) in JsonNode.Parse(cart)!["lines"]!.AsArray().Zip(AgreementTests.QuoteOf(offers, cart).Lines))
        {
            var price = (long)line!["unitPrice"]!;
            var floor = Math.Min(price, (long?)line["floor"] ?? ((price * percent) + 99) / 100);
            Assert.All(quoted.Units, units => Assert.InRange(units.Amount, floor, price));
        }
    });

    [Fact]
    public void Adding_a_unit_or_order_offer_never_raises_a_proven_total() => ForEach((offers, cart) =>
    {
        var all = AgreementTests.QuoteOf(offers, cart);
        var document = JsonNode.Parse(offers)!;
        var list = document["offers"]!.AsArray();
        if (list.LastOrDefault(offer => offer!["unit"] is not null || offer["order"] is not null) is not { } last) return;
        list.Remove(last);
        var fewer = AgreementTests.QuoteOf(document.ToJsonString(), cart);
        Assert.True(all.IsOptimal && fewer.IsOptimal);
        Assert.True(all.Total <= fewer.Total, $"{all.Total} is more than {fewer.Total} without {last["id"]}");
    });

    [Fact]
    public void Nothing_depends_on_the_order_of_lines_offers_and_codes() => ForEach((offers, cart) =>
    {
        var quote = AgreementTests.QuoteOf(offers, cart);
        var (offersNode, cartNode) = (JsonNode.Parse(offers)!, JsonNode.Parse(cart)!);
        Turn(offersNode, "offers");
        Turn(cartNode, "lines");
        if (cartNode["coupons"] is not null) Turn(cartNode, "coupons");
        var turned = AgreementTests.QuoteOf(offersNode.ToJsonString(), cartNode.ToJsonString());
        Assert.Equal(quote.Total, turned.Total);
        Assert.Equal(quote.Applied, turned.Applied);
        Assert.Equal(quote.Lines.OrderBy(line => line.Line).Select(Text), turned.Lines.OrderBy(line => line.Line).Select(Text));
        Assert.Equal(quote.Rewards.Count, turned.Rewards.Count);
        Assert.Equal(quote.NotApplied.Select(one => (one.Offer, one.Reason, one.Missing)), turned.NotApplied.Select(one => (one.Offer, one.Reason, one.Missing)));
    });

    [Fact]
    public void A_line_split_into_two_alike_changes_no_total_and_no_offer() => ForEach((offers, cart) =>
    {
        var quote = AgreementTests.QuoteOf(offers, cart);
        var node = JsonNode.Parse(cart)!;
        var lines = node["lines"]!.AsArray();
        if (lines.FirstOrDefault(line => (int)line!["quantity"]! > 1) is not { } several) return;
        var other = several.DeepClone();
        several["quantity"] = (int)several["quantity"]! - 1;
        (other["quantity"], other["line"]) = (1, 999);
        lines.Add(other);
        var split = AgreementTests.QuoteOf(offers, node.ToJsonString());
        Assert.Equal(quote.Total, split.Total);
        Assert.Equal(quote.Applied, split.Applied);
    });

    [Fact]
    public void Points_pay_whole_and_no_more_than_their_part() => ForEach((offers, cart) =>
    {
        var quote = AgreementTests.QuoteOf(offers, cart);
        Assert.Equal(quote.Points.Amount, quote.Lines.Sum(line => line.PaidByPoints));
        Assert.All(quote.Lines, line => Assert.InRange(line.PaidByPoints, 0, line.Amount));
        if (JsonNode.Parse(offers)!["points"] is not { } points) Assert.Equal(default, quote.Points);
        else Assert.True(quote.Points.Amount == quote.Points.Spent * (long)points["value"]! && quote.Points.Amount * 100 <= quote.Total * (long)points["maxPercent"]!);
    });

    private static string Text(QuotedLine line) => $"{line.Line} {line.Amount} {string.Join(' ', line.Discounts)} {line.PaidByPoints}";

    private static void Turn(JsonNode node, string name) => node[name] = new JsonArray([.. node[name]!.AsArray().Reverse().Select(one => one!.DeepClone())]);

    private static void ForEach(Action<string, string> check) => Parallel.For(0, Seeds, seed =>
    {
        var (offers, cart) = RandomCarts.Of(seed + 1_000_000, MostUnits, MostOffers);
        try
        {
            check(offers, cart);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}\n{offers}\n{cart}", e);
        }
    });
}
