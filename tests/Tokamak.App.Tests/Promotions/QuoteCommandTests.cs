using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Promotions;

/// <summary><c>tokamak quote</c> as a process.</summary>
public sealed class QuoteCommandTests
{
    private const string Offers = """
        {"timezone": "Asia/Taipei", "offers": [
          {"id": "P1", "name": {"zh-TW": "第二件半價"}, "unit": {"take": [{"items": {"categories": ["shoes"]}, "count": 2}], "give": {"cheapest": 1, "percent": 50}}},
          {"id": "P2", "name": {"zh-TW": "滿千折百"}, "order": {"items": {"all": true}, "spend": [{"from": 1000, "off": 100}]}},
          {"id": "P3", "name": {"zh-TW": "滿兩千九折"}, "order": {"items": {"all": true}, "spend": [{"from": 2000, "percent": 10}]}}]}
        """;

    private const string Cart = """
        {"at": "2026-11-21T15:00:00+08:00", "channel": "store", "store": "T01", "tenders": ["gift-card", "line-pay"],
         "member": {"id": "M1", "tier": "gold", "firstPurchase": false, "birthMonth": 11, "tags": ["vip"], "used": {"P9": 1}},
         "lines": [{"line": 1, "sku": "A", "categories": ["shoes"], "tags": [], "quantity": 2, "unitPrice": 1200, "floor": 700}],
         "coupons": ["SAVE100"], "declined": [], "spendPoints": 0, "usedTotal": {"P9": 40}}
        """;

    [Fact]
    public async Task The_specs_own_example_comes_out_to_the_letter()
    {
        const string Expected = """
            {"total": 1800, "optimal": true, "bound": 1800,
             "lines": [{"line": 1, "amount": 1800, "discounts": [{"offer": "P1", "amount": 500}, {"offer": "P2", "amount": 100}]}],
             "applied": [{"offer": "P1", "times": 1, "amount": 500}, {"offer": "P2", "times": 1, "amount": 100}],
             "rewards": [], "notApplied": [{"offer": "P3", "reason": "short-by", "missing": 100, "of": "amount"}],
             "points": {"spent": 0, "amount": 0}}
            """;
        Assert.Equal(JsonNode.Parse(Expected)!.ToJsonString(), JsonNode.Parse(await QuoteAsync(Offers, Cart))!.ToJsonString());
    }

    [Fact]
    public async Task The_sample_is_priced_as_its_arithmetic_says()
    {
        var quote = JsonDocument.Parse(await Programs.DoneAsync(
            "quote", "--offers", Repository.Path("samples", "promotions", "offers.json"), "--cart", Repository.Path("samples", "promotions", "cart.json"))).RootElement;
        // Members pay 371 a tee (390 × 0.95 = 370.5, half up), 1226 for the jeans (1225.5) and 143 for socks (142.5): 2625.
        // A tee with the jeans: 371 × 0.8 = 296.8 → 297 and 1226 × 0.8 = 980.8 → 981, 319 off. The second socks: 143 × 0.5 = 71.5 → 72, 71 off. 2235 are left,
        // and 100 off every 1000 takes 200: 2035. (Three tees for 999 would save 114 and leave the jeans at their price.)
        Assert.Equal((2035, true), (quote.GetProperty("total").GetInt64(), quote.GetProperty("optimal").GetBoolean()));
        Assert.Equal(
            ["every1000 2 200", "member-price 6 135", "red-green 1 319", "second-half 1 71"],
            quote.GetProperty("applied").EnumerateArray().Select(one => $"{one.GetProperty("offer")} {one.GetProperty("times")} {one.GetProperty("amount")}"));
        Assert.Equal("gift2000", quote.GetProperty("rewards")[0].GetProperty("offer").GetString());
        Assert.Equal(
            ["add-on short-by", "any3for999 better-offer", "buy2get1 short-by", "three85 short-by", "welcome coupon-missing"],
            quote.GetProperty("notApplied").EnumerateArray().Select(one => $"{one.GetProperty("offer")} {one.GetProperty("reason")}"));
        Assert.Equal(50, quote.GetProperty("points").GetProperty("spent").GetInt64());
    }

    [Fact]
    public async Task What_is_wrong_is_named_with_its_file_and_path_and_nothing_is_priced()
    {
        Assert.Contains(
            "offers.json: $.offers[0].unit.give.percent: must be a whole number from 1 to 100",
            await WrongAsync(Offers.Replace("\"percent\": 50", "\"percent\": 500", StringComparison.Ordinal), Cart), StringComparison.Ordinal);
        Assert.Contains("cart.json: $: lacks \"store\"", await WrongAsync(Offers, Cart.Replace("\"store\": \"T01\", ", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("not valid JSON at line 1", await WrongAsync("nothing", Cart), StringComparison.Ordinal);
    }

    private static Task<string> QuoteAsync(string offers, string cart) => WithFilesAsync(offers, cart, Programs.DoneAsync);

    private static Task<string> WrongAsync(string offers, string cart) => WithFilesAsync(offers, cart, Programs.WrongAsync);

    private static async Task<string> WithFilesAsync(string offers, string cart, Func<string[], Task<string>> run)
    {
        var folder = Directory.CreateTempSubdirectory("quote").FullName;
        try
        {
            var (offersFile, cartFile) = (Path.Combine(folder, "offers.json"), Path.Combine(folder, "cart.json"));
            await File.WriteAllTextAsync(offersFile, offers, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(cartFile, cart, TestContext.Current.CancellationToken);
            return await run(["quote", "--offers", offersFile, "--cart", cartFile]);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
