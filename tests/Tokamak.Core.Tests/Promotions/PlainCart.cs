using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>One unit of a line; a line of quantity 3 is three of them.</summary>
internal sealed record PlainUnit(string Sku, string[] Categories, string[] Tags, long UnitPrice, long Floor, long Line);

internal sealed record PlainMember(string? Tier, bool FirstPurchase, long? BirthMonth, string[] Tags, Dictionary<string, long> Used);

/// <summary>A cart as its document says, its lines broken into units. Units stand in the canonical order of the unit stage.</summary>
internal sealed record PlainCart(
    DateTimeOffset At, string Channel, string? Store, string[] Tenders, PlainMember? Member, string[] Coupons, string[] Declined,
    Dictionary<string, long> UsedTotal, PlainUnit[] Units)
{
    // Every example is Taipei's, which has had one offset for as long as these offers are about.
    public static readonly TimeSpan Taipei = TimeSpan.FromHours(8);

    public static PlainCart Read(JsonElement cart, long floorPercent)
    {
        var units = new List<PlainUnit>();
        foreach (var (line, place) in cart.GetProperty("lines").EnumerateArray().Select((line, i) => (line, i + 1)))
        {
            var unitPrice = line.Number("unitPrice")!.Value;
            var unit = new PlainUnit(
                line.Text("sku")!, line.Texts("categories"), line.Texts("tags"), unitPrice,
                line.Number("floor") ?? ((unitPrice * floorPercent) + 99) / 100, line.Number("line") ?? place);
            for (var n = line.Number("quantity"); n > 0; n--) units.Add(unit);
        }
        return new PlainCart(
            DateTimeOffset.Parse(cart.Text("at")!, CultureInfo.InvariantCulture).ToOffset(Taipei), cart.Text("channel")!, cart.Text("store"),
            cart.Texts("tenders"), cart.Part("member") is { } member ? ReadMember(member) : null, cart.Texts("coupons"), cart.Texts("declined"),
            cart.Numbers("usedTotal"), [.. units.Order(Comparer<PlainUnit>.Create(InCanonicalOrder))]);
    }

    /// <summary>
    /// The keys that a unit brings along. Those between floor and line change with the stages: the price stage gives all units
    /// of one sku, unit price and floor one price, so they matter to the order stage only.
    /// </summary>
    private static int InCanonicalOrder(PlainUnit one, PlainUnit other)
    {
        var order = ByBytes(one.Sku, other.Sku);
        if (order == 0) order = one.UnitPrice.CompareTo(other.UnitPrice);
        if (order == 0) order = one.Floor.CompareTo(other.Floor);
        return order != 0 ? order : one.Line.CompareTo(other.Line);
    }

    public static bool AreAlike(PlainUnit one, PlainUnit other) => (one.Sku, one.UnitPrice, one.Floor) == (other.Sku, other.UnitPrice, other.Floor);

    public static int ByBytes(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));

    private static PlainMember ReadMember(JsonElement member) => new(
        member.Text("tier"), member.Is("firstPurchase"), member.Number("birthMonth"), member.Texts("tags"), member.Numbers("used"));
}

/// <summary>Fields of a document that may be absent.</summary>
internal static class PlainJson
{
    public static JsonElement? Part(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    public static long? Number(this JsonElement element, string name) => element.Part(name)?.GetInt64();

    public static string? Text(this JsonElement element, string name) => element.Part(name)?.GetString();

    public static bool Is(this JsonElement element, string name) => element.Part(name)?.GetBoolean() ?? false;

    public static string[] Texts(this JsonElement element, string name) =>
        element.Part(name) is { } texts ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : [];

    public static Dictionary<string, long> Numbers(this JsonElement element, string name) =>
        element.Part(name) is { } numbers ? numbers.EnumerateObject().ToDictionary(number => number.Name, number => number.Value.GetInt64()) : [];
}

/// <summary>What an offer is about.</summary>
internal sealed class PlainItems(JsonElement items)
{
    private readonly bool _all = items.Is("all");
    private readonly string[] _skus = items.Texts("skus"), _categories = items.Texts("categories"), _tags = items.Texts("tags");
    private readonly string[]? _alsoCategories = items.Part("alsoCategories") is null ? null : items.Texts("alsoCategories");
    private readonly string[] _exceptSkus = items.Texts("exceptSkus"), _exceptCategories = items.Texts("exceptCategories"), _exceptTags = items.Texts("exceptTags");

    // Units of one sku have the same categories and tags.
    private readonly Dictionary<string, bool> _bySku = [];

    public bool Match(PlainUnit unit)
    {
        if (!_bySku.TryGetValue(unit.Sku, out var matches)) _bySku[unit.Sku] = matches = IsAbout(unit);
        return matches;
    }

    private bool IsAbout(PlainUnit unit) =>
        (_all || _skus.Contains(unit.Sku) || _categories.Intersect(unit.Categories).Any() || _tags.Intersect(unit.Tags).Any())
        && (_alsoCategories is null || _alsoCategories.Intersect(unit.Categories).Any())
        && !_exceptSkus.Contains(unit.Sku)
        && !_exceptCategories.Intersect(unit.Categories).Any()
        && !_exceptTags.Intersect(unit.Tags).Any();
}
