using System.Text.RegularExpressions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>The field of the form that a fault of an offer's JSON stands at.</summary>
public static partial class OfferPaths
{
    /// <summary>The field of whatever the form has no field for.</summary>
    public const string Whole = "offer";

    /// <param name="path">Within the offer, such as <c>$.unit.take[1].count</c>.</param>
    /// <returns>Such as <c>otherTake</c>, <c>items.skus</c>, <c>steps[0].from</c>.</returns>
    public static string FieldOf(string path) => path switch
    {
        "$" => "kind",
        _ => Deal().Match(path) is { Success: true } deal ? OfDeal(deal.Groups["kind"].Value, deal.Groups["rest"].Value) : OfCondition(path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path),
    };

    private static string OfCondition(string path) => List().Replace(path, "") switch
    {
        "name" => "name",
        "name.zh-TW" => "chinese",
        "name.en" => "english",
        var time when time.StartsWith("when.", StringComparison.Ordinal) => time["when.".Length..].Split('.', '[')[0],
        "where.channels" => "channels",
        "where.stores" => "stores",
        "who.members" => "members",
        "who.tiers" => "tiers",
        "who.tags" => "tags",
        "tender" => "tender",
        "coupon" => "coupon",
        "limit" => "limit",
        "perMember" => "perMember",
        "total" => "inAll",
        "exclusive" => "sets",
        "needs.spend" or "needs.count" => "needsLeast",
        "needs" => "needs",
        var needs when needs.StartsWith("needs.items", StringComparison.Ordinal) => "needsItems" + needs["needs.items".Length..],
        _ => Whole,
    };

    private static string OfDeal(string kind, string rest)
    {
        var at = Row().Match(rest) is { Success: true } row ? row.Groups["at"].Value : null;
        var field = List().Replace(rest, "");
        if (field.StartsWith("items", StringComparison.Ordinal)) return field;
        if (kind == OfferForm.Unit && at is not null && rest.StartsWith("take", StringComparison.Ordinal)) return OfTake(at == "0", Row().Replace(rest, ""));
        if (at is not null && kind == OfferForm.Order) return $"steps[{at}]{OfStep(Row().Replace(rest, ""))}";
        if (at is not null && kind == OfferForm.Reward) return $"gifts[{at}]{OfGift(Row().Replace(rest, ""))}";
        return (kind, field) switch
        {
            (OfferForm.Order, "spend" or "count" or "") => "steps",
            (OfferForm.Reward, "spend" or "count" or "") => "gifts",
            (_, "every") => "every",
            (_, "maxRepeat") => "maxRepeat",
            (_, "maxOff") => "maxOff",
            (_, "" or "give") => "give",
            (_, "give.cheapest") => "cheapestCount",
            (_, "give.last") => "on",
            (_, "percent" or "price" or "off" or "total" or "give.percent" or "give.price" or "give.off" or "give.total") => "amount",
            _ => Whole,
        };
    }

    private static string OfTake(bool isFirst, string rest) => List().Replace(rest, "") switch
    {
        ".count" => isFirst ? "take" : "otherTake",
        var items when items.StartsWith(".items", StringComparison.Ordinal) => (isFirst ? "items" : "otherItems") + items[".items".Length..],
        _ => isFirst ? "take" : "otherTake",
    };

    private static string OfStep(string rest) => rest switch
    {
        ".from" => ".from",
        ".off" or ".percent" => ".gives",
        _ => "",
    };

    private static string OfGift(string rest) => List().Replace(rest, "") switch
    {
        ".gift.quantity" => ".quantity",
        var gift when gift.StartsWith(".gift", StringComparison.Ordinal) => ".skus",
        ".from" or ".coupon" or ".pointsTimes" or ".shippingOff" => rest,
        _ => "",
    };

    [GeneratedRegex(@"^\$\.(?<kind>price|unit|order|reward)\.?(?<rest>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Deal();

    [GeneratedRegex(@"^(take|spend|count)\[(?<at>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    // Which of a list of names is wrong, the field of all of them says.
    [GeneratedRegex(@"\[\d+\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex List();
}
