using System.Text.Json;
using Tokamak.App.Web;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>The JSON of an offer as the fields of a form: of a sound one, or of what <see cref="OfferJson"/> made of a form with faults.</summary>
public static class OfferFields
{
    private static readonly string[] Kinds = [OfferForm.Price, OfferForm.Unit, OfferForm.Order, OfferForm.Reward];
    private static readonly string[] Gives = [OfferForm.Percent, OfferForm.Price, OfferForm.Off, OfferForm.Total];

    /// <param name="body">One offer's JSON object.</param>
    /// <param name="frame">As it was written with.</param>
    public static OfferForm Read(string body, OfferFrame frame)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var (name, when, where, who) = (Part(root, "name"), Part(root, "when"), Part(root, "where"), Part(root, "who"));
        var exclusive = Names(root, "exclusive");
        var form = new OfferForm
        {
            Chinese = Said(name, "zh-TW"), English = Said(name, "en"),
            From = OfferTimes.ToField(Said(when, "from"), frame.Zone), Until = OfferTimes.ToField(Said(when, "until"), frame.Zone),
            Weekdays = Names(when, "weekdays"), Days = TypedNames.Write(Names(when, "days")),
            Hours = TypedNames.Write(Rows(when, "hours").Select(span => Said(span, "from") + (Part(span, "until").ValueKind == JsonValueKind.Undefined ? "" : "–" + Said(span, "until")))),
            Channels = Names(where, "channels"), Stores = List(where, "stores"),
            Members = Said(who, "members") is var members && members == "any" ? "" : members, Tiers = List(who, "tiers"), Tags = List(who, "tags"),
            Tender = List(root, "tender"), Coupon = List(root, "coupon"), Public = IsTrue(root, "public"),
            Limit = Said(root, "limit"), PerMember = Said(root, "perMember"), InAll = Said(root, "total"),
            Alone = exclusive.Contains(Offer.Alone), Sets = TypedNames.Write(exclusive.Where(set => set != Offer.Alone)), RegularOnly = IsTrue(root, "regularOnly"),
            Kind = Array.Find(Kinds, kind => Part(root, kind).ValueKind != JsonValueKind.Undefined),
        };
        Needs(form, Part(root, "needs"), frame.Decimals);
        if (form.Kind is { } kind) Deal(form, Part(root, kind), frame.Decimals);
        return form;
    }

    private static void Needs(OfferForm form, JsonElement needs, int decimals)
    {
        if (needs.ValueKind == JsonValueKind.Undefined) return;
        form.Needs = MeasureOf(needs);
        form.NeedsLeast = Said(needs, form.Needs, form.Needs == OfferForm.Spend ? decimals : 0);
        form.NeedsEach = IsTrue(needs, "each");
        form.NeedsItems = Items(Part(needs, "items"));
    }

    private static void Deal(OfferForm form, JsonElement deal, int decimals)
    {
        if (form.Kind == OfferForm.Unit)
        {
            Unit(form, deal, decimals);
            return;
        }
        form.Items = Items(Part(deal, "items"));
        if (form.Kind == OfferForm.Price)
        {
            Given(form, deal, decimals);
            return;
        }
        form.Measure = MeasureOf(deal);
        var ofThreshold = form.Measure == OfferForm.Spend ? decimals : 0;
        var steps = Rows(deal, form.Measure);
        (form.Every, form.MaxRepeat, form.Before) = (IsTrue(deal, "every"), Said(deal, "maxRepeat"), Said(deal, "basis") == "before");
        if (form.Kind == OfferForm.Reward)
        {
            form.Gifts = steps.ConvertAll(step => Gift(step, ofThreshold, decimals));
            return;
        }
        form.Benefit = steps.Count > 0 && Part(steps[0], OfferForm.Percent).ValueKind != JsonValueKind.Undefined ? OfferForm.Percent : OfferForm.Off;
        form.Steps = steps.ConvertAll(step => new StepFields { From = Said(step, "from", ofThreshold), Gives = Said(step, form.Benefit, form.Benefit == OfferForm.Off ? decimals : 0) });
        (form.Untaken, form.Stacks, form.MaxOff) = (IsTrue(deal, "untaken"), IsTrue(deal, "stacks"), Said(deal, "maxOff", decimals));
    }

    private static void Unit(OfferForm form, JsonElement deal, int decimals)
    {
        var takes = Rows(deal, "take");
        var (first, other, give) = (takes.ElementAtOrDefault(0), takes.ElementAtOrDefault(1), Part(deal, "give"));
        (form.Items, form.Take, form.Same) = (Items(Part(first, "items")), Said(first, "count"), Said(first, "same").Length > 0);
        (form.OtherItems, form.OtherTake, form.OtherSame) = (Items(Part(other, "items")), Said(other, "count"), Said(other, "same").Length > 0);
        form.On = IsTrue(give, "last") ? OfferForm.Last : Part(give, "cheapest").ValueKind != JsonValueKind.Undefined ? OfferForm.Cheapest : OfferForm.EachTaken;
        form.CheapestCount = Said(give, "cheapest");
        form.MaxOff = Said(deal, "maxOff", decimals);
        Given(form, give, decimals);
    }

    private static void Given(OfferForm form, JsonElement of, int decimals)
    {
        form.Give = Array.Find(Gives, give => Part(of, give).ValueKind != JsonValueKind.Undefined);
        if (form.Give is { } named) form.Amount = Said(of, named, named == OfferForm.Percent ? 0 : decimals);
    }

    private static GiftFields Gift(JsonElement step, int ofThreshold, int decimals)
    {
        var gift = Part(step, "gift");
        return new GiftFields
        {
            From = Said(step, "from", ofThreshold), Quantity = Said(gift, "quantity"), Coupon = Said(step, "coupon"), PointsTimes = Said(step, "pointsTimes"),
            Skus = Said(gift, "sku") is { Length: > 0 } sku ? TypedNames.Write([sku]) : List(gift, "oneOf"),
            FreeShipping = IsTrue(step, "freeShipping"), ShippingOff = Said(step, "shippingOff", decimals),
        };
    }

    private static ItemFields Items(JsonElement items) => new()
    {
        All = IsTrue(items, "all"), Skus = List(items, "skus"), Categories = List(items, "categories"), Tags = List(items, "tags"), Also = List(items, "alsoCategories"),
        ExceptSkus = List(items, "exceptSkus"), ExceptCategories = List(items, "exceptCategories"), ExceptTags = List(items, "exceptTags"),
    };

    private static string MeasureOf(JsonElement of) => Part(of, OfferForm.Count).ValueKind != JsonValueKind.Undefined ? OfferForm.Count : OfferForm.Spend;

    private static JsonElement Part(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var part) ? part : default;

    private static List<JsonElement> Rows(JsonElement of, string name) => Part(of, name) is { ValueKind: JsonValueKind.Array } rows ? [.. rows.EnumerateArray()] : [];

    private static List<string> Names(JsonElement of, string name) => Rows(of, name).ConvertAll(one => Said(one, 0));

    private static string List(JsonElement of, string name) => TypedNames.Write(Names(of, name));

    private static string Said(JsonElement of, string name, int decimals = 0) => Said(Part(of, name), decimals);

    private static string Said(JsonElement value, int decimals) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? TypedNumber.Write(whole, decimals) : value.GetRawText(),
        _ => "",
    };

    private static bool IsTrue(JsonElement of, string name) => Part(of, name).ValueKind == JsonValueKind.True;
}
