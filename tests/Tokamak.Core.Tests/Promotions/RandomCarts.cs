using System.Globalization;
using System.Text.Json.Nodes;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>
/// A small cart and a few offers of every kind, drawn from a seed: valid by the specification's checks, most of them due, with
/// thresholds near the cart's sums and prices where rounding and floors bite.
/// </summary>
internal sealed class RandomCarts
{
    private static readonly string[] Skus = ["A", "B", "C", "Ä"], Categories = ["shoes", "tops", "bags"], Tags = ["new", "sale"];
    private static readonly long[] UnitPrices = [0, 1, 3, 33, 99, 99, 100, 100, 101, 199, 350, 350, 500, 995, 999, 1002, 1200];
    private static readonly string[] Moments =
        ["2026-11-21T15:00:00+08:00", "2026-11-30T16:30:00Z", "2026-02-28T23:59:59+08:00", "2026-06-07T00:00:00+08:00", "2026-12-31T20:15:00-04:00"];

    private readonly Random _dice;
    private readonly DateTimeOffset _at;
    private readonly JsonObject _cart = [];

    // Carts of a few units of money, whose discounts meet in the same headrooms and where every one that is left over counts.
    private readonly bool _small;
    private readonly List<(string Sku, long UnitPrice, long Quantity)> _lines = [];

    private RandomCarts(int seed)
    {
        _dice = new Random(seed);
        _at = DateTimeOffset.Parse(Pick(Moments), CultureInfo.InvariantCulture).ToOffset(PlainCart.Taipei);
        _small = Chance(40);
    }

    private long Sum => _lines.Sum(line => line.UnitPrice * line.Quantity);

    private long Units => _lines.Sum(line => line.Quantity);

    /// <summary>The two documents of a seed; the same for ever.</summary>
    public static (string OffersJson, string CartJson) Of(int seed, int mostUnits = 7, int mostOffers = 5)
    {
        var drawn = new RandomCarts(seed);
        drawn.DrawCart(mostUnits);
        var document = drawn.DrawOffers(mostOffers);
        return (document.ToJsonString(), drawn._cart.ToJsonString());
    }

    private void DrawCart(int mostUnits)
    {
        _cart["at"] = _at.ToOffset(Pick(PlainCart.Taipei, TimeSpan.Zero, TimeSpan.FromHours(-5))).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        _cart["channel"] = Chance(70) ? "store" : "online";
        if ((string?)_cart["channel"] == "store") _cart["store"] = Pick("T01", "T01", "T02");
        if (Chance(40)) _cart["tenders"] = Texts("line-pay", "gift-card");
        if (Chance(70)) _cart["member"] = DrawMember();
        _cart["lines"] = DrawLines(mostUnits);
        if (Chance(80)) _cart["coupons"] = Chance(75) ? Texts("C1", "C2") : SomeOf("C1", "C3");
        if (Chance(10)) _cart["declined"] = new JsonArray(Pick("P0", "P1", "P9"));
        if (Chance(15)) _cart["usedTotal"] = new JsonObject { ["P0"] = _dice.Next(4), ["P2"] = _dice.Next(4) };
        if (Chance(15)) _cart["spendPoints"] = Pick(0, 1, 50, 5000);
    }

    private JsonObject DrawMember()
    {
        var member = new JsonObject { ["id"] = "M1", ["tier"] = Pick("gold", "gold", "basic"), ["firstPurchase"] = Chance(50), ["birthMonth"] = Chance(60) ? _at.Month : 5 };
        if (Chance(70)) member["tags"] = Texts("vip", "staff");
        if (Chance(30)) member["used"] = new JsonObject { ["P0"] = _dice.Next(3), ["P1"] = _dice.Next(2) };
        return member;
    }

    private JsonArray DrawLines(int mostUnits)
    {
        var skus = Skus.OrderBy(_ => _dice.Next()).Take(_dice.Next(1, 5)).ToList();
        var categories = skus.ToDictionary(sku => sku, _ => Texts([.. Chance(85) ? [Pick(Categories)] : Categories.Take(2)]));
        var tags = skus.ToDictionary(sku => sku, _ => Chance(40) ? Texts(Tags) : []);
        var lines = new JsonArray();
        var most = _dice.Next(1, 6);
        long left = Enumerable.Range(0, 3).Max(_ => _dice.Next(1, mostUnits + 1));
        for (var n = 1; n <= most && left > 0; n++)
        {
            var sku = n <= skus.Count ? skus[n - 1] : Pick([.. skus]);
            var same = _lines.Where(line => line.Sku == sku).ToList();
            var unitPrice = same.Count > 0 && Chance(60) ? same[0].UnitPrice : Amount(UnitPrices);
            var quantity = n == most && Chance(70) ? left : _dice.NextInt64(1, Math.Min(left, 3) + 1);
            var line = new JsonObject { ["line"] = 1 + (n * 2 % 5), ["sku"] = sku, ["quantity"] = quantity, ["unitPrice"] = unitPrice };
            if (categories[sku].Count > 0) line["categories"] = categories[sku].DeepClone();
            if (tags[sku].Count > 0) line["tags"] = tags[sku].DeepClone();
            if (Chance(35)) line["floor"] = Pick(0, 0, 1, unitPrice / 3, unitPrice / 2, (unitPrice * 7 / 10) + 1, (unitPrice * 9 / 10) + 1, Pick(unitPrice, unitPrice + 20));
            lines.Add(line);
            _lines.Add((sku, unitPrice, quantity));
            left -= quantity;
        }
        return lines;
    }

    private JsonObject DrawOffers(int mostOffers)
    {
        var document = new JsonObject { ["timezone"] = "Asia/Taipei" };
        if (Chance(50)) document["floorPercent"] = Pick(0, 1, 10, 33, 33, 50, 50, 60, 80, Pick(80, 100));
        if (Chance(30) || _cart["spendPoints"] is not null) document["points"] = new JsonObject { ["value"] = Pick(1, 2, 10), ["maxPercent"] = Pick(10, 30, 100) };
        if (Chance(50)) document["onReturn"] = Pick("proportional", "reprice");
        var count = Math.Max(_dice.Next(1, mostOffers + 1), _dice.Next(1, mostOffers + 1));
        var ids = Enumerable.Range(0, count).Select(i => $"P{i}").ToList();
        if (Chance(10)) ids[^1] = "P10";
        document["offers"] = new JsonArray([.. ids.OrderBy(_ => Chance(20) ? _dice.Next() : 0).Select(DrawOffer)]);
        return document;
    }

    private JsonObject DrawOffer(string id)
    {
        var kind = Pick("price", "price", "price", "unit", "unit", "unit", "unit", "unit", "unit", "unit", "unit", "order", "order", "order", "order", "order", "reward");
        var offer = new JsonObject { ["id"] = id, ["name"] = new JsonObject { ["zh-TW"] = "活動" + id, ["en"] = "Offer " + id } };
        if (Chance(7)) offer["when"] = DrawWhen();
        if (Chance(7)) offer["where"] = DrawWhere();
        if (Chance(8)) offer["who"] = DrawWho();
        if (Chance(5)) offer["tender"] = SomeOf("line-pay", "gift-card");
        if (Chance(12)) offer["coupon"] = SomeOf("C1", "C2");
        if (offer["coupon"] is not null && Chance(40)) offer["public"] = true;
        if (Chance(8)) offer["perMember"] = _dice.Next(1, 4);
        if (Chance(8)) offer["total"] = _dice.Next(1, 6);
        if (Chance(12)) offer["needs"] = DrawNeeds(each: kind == "unit" && Chance(60));
        if (kind == "unit" && Chance(20)) offer["limit"] = _dice.Next(1, 4);
        if (kind is "unit" or "order")
        {
            if (Chance(20)) offer["exclusive"] = Chance(30) ? new JsonArray("*") : SomeOf("x", "y");
            if (Chance(12)) offer["regularOnly"] = true;
        }
        offer[kind] = kind switch { "price" => DrawPrice(), "unit" => DrawUnit(), "order" => DrawOrder(), _ => DrawReward() };
        return offer;
    }

    private JsonObject DrawWhen()
    {
        var when = new JsonObject();
        var from = Pick(-86_400, 0, 0, 0, 1);
        if (Chance(40)) when["from"] = Moment(from);
        if (Chance(40)) when["until"] = Moment(from + Pick(1, 1, 86_400));
        if (Chance(30)) when["weekdays"] = TodayAnd(_at.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)_at.DayOfWeek, 7);
        if (Chance(20)) when["days"] = TodayAnd(_at.Day, 31);
        var (hour, next) = ($"{_at.Hour:D2}:00", $"{_at.Hour + 1:D2}:00");
        if (Chance(30) || when.Count == 0)
            when["hours"] = new JsonArray(Hours("03:30", "04:00"), Pick(Hours(hour, next), Hours(hour, "24:00"), Hours("00:00", next), Hours("12:00", "15:00"), Hours("15:00", "15:01")));
        return when;

        JsonValue Moment(int secondsFromNow) =>
            JsonValue.Create(_at.AddSeconds(secondsFromNow).ToOffset(Pick(PlainCart.Taipei, TimeSpan.Zero)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));

        // Another day instead of today, now and then.
        JsonArray TodayAnd(int today, int highest) => Chance(80) ? new(1 + (today % highest), today) : new(JsonValue.Create(1 + (today % highest)));

        static JsonObject Hours(string from, string until) => new() { ["from"] = from, ["until"] = until };
    }

    private JsonObject DrawWhere()
    {
        var where = new JsonObject();
        if (Chance(60)) where["channels"] = Chance(60) ? new JsonArray((string?)_cart["channel"]) : new JsonArray("store", "online");
        var channels = where["channels"]?.AsArray().Select(channel => (string?)channel).ToList();
        if (where.Count == 0 || (channels!.Contains("store") && Chance(50))) where["stores"] = Chance(70) ? new JsonArray("T01", "T03") : new JsonArray("T02");
        return where;
    }

    private JsonObject DrawWho()
    {
        var who = new JsonObject();
        if (Chance(60)) who["members"] = Pick("any", "member", "member", "first-purchase", "birthday-month");
        if (Chance(30)) who["tiers"] = SomeOf("gold", "platinum");
        if (Chance(30) || who.Count == 0) who["tags"] = SomeOf("vip", "staff");
        return who;
    }

    private JsonObject DrawNeeds(bool each)
    {
        var needs = new JsonObject { ["items"] = DrawItems() };
        if (Chance(50)) needs["count"] = _dice.NextInt64(1, Math.Max(2, (Units / 2) + 2));
        else needs["spend"] = Pick(Amount(1, 99, 100, 350), Math.Max(1, Sum / 3), Math.Max(1, Sum / 2));
        if (each) needs["each"] = true;
        return needs;
    }

    private JsonObject DrawItems()
    {
        var items = Chance(60) ? new JsonObject { ["all"] = true } : [];
        if (items.Count == 0 && Chance(50)) items["skus"] = SomeOf([.. _lines.Select(line => line.Sku).Distinct()]);
        if (items["all"] is null && Chance(50)) items["categories"] = SomeOf(Categories);
        if (items["all"] is null && (items.Count == 0 || Chance(15))) items["tags"] = SomeOf(Tags);
        if (Chance(6)) items["alsoCategories"] = SomeOf(Categories);
        if (Chance(6)) items["exceptSkus"] = new JsonArray(Pick(Skus));
        if (Chance(10)) items["exceptCategories"] = new JsonArray(Pick(Categories));
        if (Chance(6)) items["exceptTags"] = new JsonArray(Pick(Tags));
        return items;
    }

    private JsonObject DrawPrice()
    {
        var price = new JsonObject { ["items"] = DrawItems() };
        switch (_dice.Next(3))
        {
            case 0: price["price"] = Amount(1, 50, 80, 98, 99, 300, 500, 900); break;
            case 1: price["percent"] = Pick(1, 5, 10, 33, 50, 100); break;
            default: price["off"] = Amount(1, 7, 20, 100, 400); break;
        }
        return price;
    }

    private JsonObject DrawUnit()
    {
        var take = new JsonArray();
        var selectors = Chance(60) ? 1 : 2;
        var taken = 0;
        for (var s = 0; s < selectors; s++)
        {
            var count = Pick(1, 1, 1, 1, 2, 2, 2, 3, 3, 4);
            if (selectors == 1 && count == 1 && Chance(50)) count = 2;
            taken += count;
            var selector = new JsonObject { ["items"] = DrawItems(), ["count"] = count };
            if (Chance(15)) selector["same"] = "sku";
            take.Add(selector);
        }
        var unit = new JsonObject { ["take"] = take, ["give"] = DrawGive(selectors, taken) };
        if (Chance(25)) unit["maxOff"] = Amount(1, 10, 33, 50, 100, 250);
        return unit;
    }

    private JsonObject DrawGive(int selectors, int taken)
    {
        var give = new JsonObject();
        switch (_dice.Next(6))
        {
            case 0: give["off"] = Amount(1, 10, 50, 100, 101, 500); return give;
            case 1: give["total"] = Pick(Amount(1, 99, 100, 299, 599, 999), Near(Sum / Units * taken * 8 / 10)); return give;
            case 2 or 3 when taken > 1: give["cheapest"] = _dice.Next(1, taken); break;
            case 4 when selectors == 2: give["last"] = true; break;
        }
        if (Chance(60)) give["percent"] = Pick(1, 15, 20, 33, 50, 50, 100);
        else give["price"] = Amount(1, 10, 49, 77, 99, 300);
        return give;
    }

    private JsonObject DrawOrder()
    {
        var order = new JsonObject { ["items"] = DrawItems() };
        var counts = Chance(35);
        var benefit = Chance(50) ? "off" : "percent";
        if (Chance(35))
        {
            order[counts ? "count" : "spend"] = new JsonArray(new JsonObject { ["from"] = counts ? _dice.Next(1, 4) : Pick(Amount(50, 100, 199, 500), Near(Sum / 2)), ["off"] = Amount(1, 10, 30, 60, 100) });
            order["every"] = true;
            if (Chance(40)) order["maxRepeat"] = _dice.Next(1, 4);
        }
        else
        {
            var froms = Enumerable.Range(0, _dice.Next(1, 4)).Select(_ => counts ? _dice.Next(1, (int)Units + 2) : Threshold()).Distinct().Order().ToList();
            var benefits = Enumerable.Range(0, froms.Count).Select(_ => benefit == "off" ? Amount(1, 30, 60, 131, 400) + _dice.Next(3) : Pick(1, 5, 8, 15, 33, 99) + _dice.Next(2)).Distinct().Order().ToList();
            order[counts ? "count" : "spend"] = new JsonArray([.. froms.Zip(benefits, (from, gives) => new JsonObject { ["from"] = from, [benefit] = gives })]);
        }
        if (Chance(25)) order["basis"] = Pick("before", "before", "after");
        if (Chance(25)) order["untaken"] = true;
        if (Chance(25)) order["maxOff"] = Amount(1, 20, 40, 100, 300);
        if (Chance(_small ? 80 : 55)) order["stacks"] = true;
        return order;
    }

    private JsonObject DrawReward()
    {
        var counts = Chance(40);
        var step = new JsonObject { ["from"] = counts ? _dice.Next(1, 4) : Threshold() };
        var reward = new JsonObject { ["items"] = DrawItems() };
        var every = Chance(40);
        switch (_dice.Next(every ? 2 : 5))
        {
            case 0: step["gift"] = new JsonObject { [Chance(50) ? "sku" : "oneOf"] = "G1", ["quantity"] = _dice.Next(1, 3) }; break;
            case 1: step["coupon"] = "SERIES1"; break;
            case 2: step["pointsTimes"] = _dice.Next(2, 5); break;
            case 3: step["freeShipping"] = true; break;
            default: step["shippingOff"] = 60; break;
        }
        if (step["gift"] is JsonObject gift && gift["oneOf"] is not null) gift["oneOf"] = new JsonArray("G1", "G2");
        reward[counts ? "count" : "spend"] = new JsonArray(step);
        if (every) reward["every"] = true;
        if (every && Chance(50)) reward["maxRepeat"] = _dice.Next(1, 4);
        if (Chance(20)) reward["basis"] = Pick("before", "after");
        return reward;
    }

    /// <summary>Where a discount or two may decide whether the cart reaches it.</summary>
    private long Threshold() => Near(Pick(Sum, Sum / 2, Sum * 8 / 10, Sum * 9 / 10, Amount(300, 100), Amount(UnitPrices)));

    private long Amount(params long[] from)
    {
        var amount = Pick(from);
        return _small && amount > 1 ? 1 + (amount * 7 % 12) : amount;
    }

    private long Near(long amount) => Math.Max(1, amount + Pick(-1, 0, 0, 1));

    private bool Chance(int percent) => _dice.Next(100) < percent;

    private T Pick<T>(params T[] from) => from[_dice.Next(from.Length)];

    private static JsonArray Texts(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>At least one of them, in any order.</summary>
    private JsonArray SomeOf(params string[] texts) => Texts([.. texts.OrderBy(_ => _dice.Next()).Take(_dice.Next(1, Math.Min(texts.Length, 2) + 1))]);
}
