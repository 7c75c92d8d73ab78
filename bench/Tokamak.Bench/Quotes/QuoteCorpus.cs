using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokamak.Bench.Quotes;

/// <summary>One offer document and one cart, as JSON.</summary>
internal sealed record QuoteCase(byte[] Offers, byte[] Cart);

/// <summary>
/// Carts and offers of a fashion brand from a seed, always the same: <c>20x20</c>, <c>20x100</c> and <c>50x200</c> are so many lines under so many offers as
/// brands run them (most are for some category, a third is not due); <c>adversarial</c> is made to be hard: offers that all want the same units, equal prices, sums beside thresholds.
/// </summary>
internal sealed class QuoteCorpus(ulong seed)
{
    public static readonly string[] Sizes = ["20x20", "20x100", "50x200", "adversarial"];

    private static readonly string[] Categories = ["tops", "bottoms", "shoes", "bags", "hats", "socks", "coats", "underwear", "kids", "sports"];
    private static readonly string[] Tags = ["spring", "winter", "sale", "basic", "collab", "eco"];
    private static readonly int[] Prices = [99, 149, 199, 290, 390, 490, 590, 790, 990, 1290, 1490, 1990, 2490, 2990];
    private ulong _state = seed;

    /// <summary>So many cases of a size; ten carts share an offer document.</summary>
    public static IEnumerable<QuoteCase> Of(string size, int cases)
    {
        byte[] offers = [];
        for (var i = 0; i < cases; i++)
        {
            var corpus = new QuoteCorpus((ulong)(System.Array.IndexOf(Sizes, size) + 1) * 1_000_003 + (ulong)i);
            var (lines, count) = size switch { "20x20" => (20, 20), "20x100" => (20, 100), "50x200" => (50, 200), _ => (20, 20) };
            if (i % 10 == 0) offers = Bytes(corpus.Offers(count, size == "adversarial"));
            yield return new QuoteCase(offers, Bytes(corpus.Cart(lines, size == "adversarial")));
        }
    }

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);

    private JsonObject Cart(int lines, bool hard)
    {
        var listed = new JsonArray();
        for (var i = 0; i < lines; i++)
        {
            var article = hard ? i : Next(200);
            listed.Add(new JsonObject
            {
                ["line"] = i + 1, ["sku"] = $"S{article:000}", ["categories"] = Texts(CategoryOf(article)), ["tags"] = Texts(TagOf(article)),
                ["quantity"] = Chance(70) ? 1 : 1 + Next(3), ["unitPrice"] = hard ? (Chance(60) ? 490 : 480 + Next(20)) : PriceOf(article),
            });
        }
        return new JsonObject
        {
            ["at"] = "2026-11-21T15:00:00+08:00", ["channel"] = "store", ["store"] = "T01", ["tenders"] = Texts("line-pay"),
            ["member"] = new JsonObject { ["id"] = "M1", ["tier"] = "gold", ["birthMonth"] = 11, ["tags"] = Texts("vip"), ["used"] = new JsonObject() },
            ["lines"] = listed, ["coupons"] = Texts("CODE1", "CODE2"),
        };
    }

    // An article is always the same one: its category, tag and price follow from its number.
    private static string CategoryOf(int article) => Categories[article * 7 % Categories.Length];
    private static string TagOf(int article) => Tags[article * 5 % Tags.Length];
    private static int PriceOf(int article) => Prices[article * 11 % Prices.Length];

    private JsonObject Offers(int count, bool hard)
    {
        var offers = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            var offer = new JsonObject { ["id"] = $"P{i:000}", ["name"] = new JsonObject { ["zh-TW"] = $"活動{i}", ["en"] = $"Offer {i}" } };
            if (hard) Hard(offer);
            else Ordinary(offer);
            offers.Add(offer);
        }
        return new JsonObject { ["timezone"] = "Asia/Taipei", ["floorPercent"] = hard ? 0 : 20, ["offers"] = offers };
    }

    // As a brand's campaign calendar looks: of a hundred offers some thirty hold for one cart at one moment.
    private void Ordinary(JsonObject offer)
    {
        var kind = Next(100);
        if (kind < 20) offer["price"] = new JsonObject { ["items"] = Items(), [Chance(50) ? "percent" : "off"] = 5 + (5 * Next(4)) };
        else if (kind < 60) Unit(offer);
        else if (kind < 85) offer["order"] = Order();
        else offer["reward"] = new JsonObject { ["items"] = Items(), ["spend"] = new JsonArray(new JsonObject { ["from"] = 1000 + (500 * Next(6)), ["gift"] = new JsonObject { ["sku"] = "GIFT", ["quantity"] = 1 } }) };
        if (Chance(30)) offer["when"] = new JsonObject { ["from"] = "2026-12-01T00:00:00+08:00" };
        if (Chance(25)) offer["where"] = Chance(60) ? new JsonObject { ["channels"] = Texts("online") } : new JsonObject { ["stores"] = Texts("T02", "T03") };
        if (Chance(25)) offer["who"] = Chance(70) ? new JsonObject { ["tiers"] = Texts(Chance(40) ? "gold" : "silver") } : new JsonObject { ["members"] = "first-purchase" };
        if (Chance(15)) offer["coupon"] = Texts($"CODE{1 + Next(6)}");
        if (kind is >= 20 and < 85 && Chance(10)) offer["exclusive"] = Texts(Chance(85) ? $"set{Next(3)}" : "*");
        if (kind is >= 20 and < 85 && Chance(10)) offer["regularOnly"] = true;
    }

    private JsonObject Items()
    {
        var kind = Next(100);
        if (kind < 8) return new JsonObject { ["all"] = true, ["exceptTags"] = Texts(Tags[Next(Tags.Length)]) };
        if (kind < 60) return new JsonObject { ["categories"] = Texts(Categories[Next(Categories.Length)]) };
        if (kind < 80) return new JsonObject { ["tags"] = Texts(Tags[Next(Tags.Length)]), ["alsoCategories"] = Texts(Categories[Next(Categories.Length)], Categories[Next(Categories.Length)]) };
        return new JsonObject { ["skus"] = Texts([.. Enumerable.Range(0, 10).Select(_ => $"S{Next(200):000}").Distinct()]) };
    }

    private void Unit(JsonObject offer)
    {
        JsonObject Take(int count) => new() { ["items"] = Items(), ["count"] = count };
        void Deal(JsonObject give, params JsonNode?[] take) => offer["unit"] = new JsonObject { ["take"] = new JsonArray(take), ["give"] = give };
        switch (Next(8))
        {
            case 0 or 1:
                Deal(new JsonObject { ["cheapest"] = 1, ["percent"] = 50 }, Take(2));
                break;
            case 2:
                Deal(new JsonObject { ["cheapest"] = 1, ["percent"] = 100 }, Take(3));
                break;
            case 3:
                // Any three of one price, a sixth off or so.
                var price = Prices[Next(Prices.Length)];
                JsonNode[] skus = [.. Enumerable.Range(0, 200).Where(article => PriceOf(article) == price).Select(article => (JsonNode)$"S{article:000}")];
                Deal(new JsonObject { ["total"] = (price * 5 / 2) - 1 }, new JsonObject { ["items"] = new JsonObject { ["skus"] = new JsonArray(skus) }, ["count"] = 3 });
                break;
            case 4:
                Deal(new JsonObject { ["off"] = 50 + (50 * Next(3)) }, Take(2));
                break;
            case 5:
                Deal(new JsonObject { ["percent"] = 10 + (5 * Next(3)) }, Take(1), Take(1));
                break;
            case 6:
                offer["needs"] = new JsonObject { ["items"] = new JsonObject { ["all"] = true }, ["spend"] = 1000 + (1000 * Next(4)) };
                offer["limit"] = 1 + Next(2);
                Deal(new JsonObject { ["price"] = 99 }, new JsonObject { ["items"] = new JsonObject { ["categories"] = Texts(Chance(50) ? "socks" : "hats") }, ["count"] = 1 });
                break;
            default:
                Deal(new JsonObject { ["percent"] = 10 + (5 * Next(4)) }, Take(2));
                break;
        }
    }

    private JsonObject Order()
    {
        var order = new JsonObject { ["items"] = Chance(40) ? new JsonObject { ["all"] = true } : Items() };
        switch (Next(4))
        {
            case 0:
                (order["spend"], order["every"], order["maxRepeat"]) = (new JsonArray(new JsonObject { ["from"] = 1000, ["off"] = 50 + (25 * Next(3)) }), true, 1 + Next(8));
                break;
            case 1:
                order["spend"] = new JsonArray(Step(2000, "off", 150), Step(5000, "off", 450), Step(10000, "off", 1000));
                break;
            case 2:
                (order["count"], order["maxOff"]) = (new JsonArray(Step(2, "percent", 5), Step(4, "percent", 10)), 300 + (200 * Next(4)));
                break;
            default:
                order["spend"] = new JsonArray(Step(1500, "percent", 5), Step(4000, "percent", 8));
                break;
        }
        if (Chance(20)) order["stacks"] = true;
        if (Chance(10)) order["untaken"] = true;
        return order;
    }

    private static JsonObject Step(int from, string benefit, int amount) => new() { ["from"] = from, [benefit] = amount };

    private void Hard(JsonObject offer)
    {
        JsonObject Any() => Chance(50) ? new() { ["all"] = true } : new() { ["all"] = true, ["exceptCategories"] = Texts(Categories[Next(Categories.Length)]) };
        JsonObject Take(int count) => new() { ["items"] = Any(), ["count"] = count };
        switch (Next(5))
        {
            case 0:
                offer["unit"] = new JsonObject { ["take"] = new JsonArray(Take(2 + Next(4))), ["give"] = new JsonObject { ["total"] = 700 + Next(900) } };
                break;
            case 1:
                offer["unit"] = new JsonObject { ["take"] = new JsonArray(Take(2), Take(1 + Next(2))), ["give"] = new JsonObject { ["last"] = true, ["percent"] = 30 + Next(60) } };
                break;
            case 2:
                offer["unit"] = new JsonObject { ["take"] = new JsonArray(Take(3 + Next(3))), ["give"] = new JsonObject { ["cheapest"] = 1 + Next(2), ["percent"] = 40 + Next(60) }, ["maxOff"] = 300 + Next(300) };
                offer["limit"] = 1 + Next(4);
                break;
            case 3:
                offer["order"] = new JsonObject { ["items"] = Any(), ["spend"] = new JsonArray(Step(6000 + Next(4000), "percent", 3 + Next(9))), ["stacks"] = true };
                break;
            default:
                offer["order"] = new JsonObject { ["items"] = Any(), ["spend"] = new JsonArray(Step(400 + Next(800), "off", 20 + Next(100))), ["every"] = true };
                break;
        }
    }

    private static JsonArray Texts(params string[] texts) => [.. texts.Select(text => (JsonNode)text)];

    private bool Chance(int percent) => Next(100) < percent;

    /// <summary>SplitMix64: the same numbers wherever it runs.</summary>
    private int Next(int below)
    {
        var z = _state = unchecked(_state + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }
}
