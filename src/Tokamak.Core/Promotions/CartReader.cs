using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Reads a cart and checks it whole: every fault is named with its JSON path (spec promotions, "Cart").</summary>
public static class CartReader
{
    /// <summary>The cart, or null with every fault.</summary>
    /// <param name="json">UTF-8.</param>
    public static Cart? Read(ReadOnlyMemory<byte> json, List<Fault> faults) => JsonNodeReader.Document(json, faults, Read);

    /// <summary>The cart in a part of a larger document. Faults stand with the node's reader.</summary>
    public static Cart? Read(JsonNodeReader node)
    {
        if (!node.IsObject(["at", "channel", "lines"], ["store", "tenders", "member", "coupons", "declined", "spendPoints", "usedTotal"])) return null;
        var channel = node.Field("channel")?.Name() ?? "";
        if (channel == Cart.StoreChannel && node.Field("store") is null) node.Refuse($"lacks \"store\"; a cart of channel \"{Cart.StoreChannel}\" says in which");
        if (channel != Cart.StoreChannel) node.Field("store")?.Refuse($"is for channel \"{Cart.StoreChannel}\" only; leave it out", FaultKind.Misplaced);
        return new Cart
        {
            At = node.Field("at")?.Moment() ?? default,
            Channel = channel,
            Store = node.Field("store")?.Name(),
            Tenders = node.Field("tenders")?.Names(mayBeEmpty: true) ?? [],
            Member = node.Field("member") is { } member ? Member(member) : null,
            Lines = node.Field("lines") is { } lines ? Lines(lines) : [],
            Coupons = node.Field("coupons")?.Names(mayBeEmpty: true) ?? [],
            Declined = node.Field("declined")?.Names(mayBeEmpty: true) ?? [],
            SpendPoints = node.Field("spendPoints")?.Whole(0, Cart.MaxMoney) ?? 0,
            UsedTotal = node.Field("usedTotal") is { } used ? Used(used) : new(),
        };
    }

    private static CartMember? Member(JsonNodeReader node)
    {
        if (!node.IsObject(["id"], ["tier", "firstPurchase", "birthMonth", "tags", "used"])) return null;
        return new CartMember(
            node.Field("id")?.Name() ?? "",
            node.Field("tier")?.Name(),
            node.Field("firstPurchase")?.Flag() ?? false,
            node.Field("birthMonth")?.Number(1, 12),
            node.Field("tags")?.Names(mayBeEmpty: true) ?? [],
            node.Field("used") is { } used ? Used(used) : new());
    }

    private static Dictionary<string, long> Used(JsonNodeReader node)
    {
        var used = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in node.Fields()) used[name] = count.Whole(0, Cart.MaxMoney);
        return used;
    }

    private static List<CartLine> Lines(JsonNodeReader list)
    {
        var nodes = list.Items();
        if (nodes.Count > Cart.MaxLines) list.Refuse($"holds {nodes.Count} lines; {Cart.MaxLines} are the most. Make two carts of it");
        var numbers = new HashSet<int>();
        var first = new Dictionary<string, CartLine>(StringComparer.Ordinal);
        var lines = new List<CartLine>(nodes.Count);
        long units = 0;
        Int128 worth = 0;
        foreach (var node in nodes)
        {
            var line = Line(node, lines.Count + 1);
            if (!numbers.Add(line.Line)) (node.Field("line") ?? node).Refuse($"is line {line.Line} again; give each line its own number", FaultKind.Twice);
            if (first.TryAdd(line.Sku, line)) { }
            else if (!SameSet(first[line.Sku].Categories, line.Categories) || !SameSet(first[line.Sku].Tags, line.Tags))
                node.Refuse($"gives sku {line.Sku} other categories or tags than line {first[line.Sku].Line} does; they belong to the sku");
            units += line.Quantity;
            worth += (Int128)line.UnitPrice * line.Quantity;
            lines.Add(line);
        }
        if (units > Cart.MaxUnits) list.Refuse($"hold {units} units; {Cart.MaxUnits} are the most. Make two carts of it");
        if (worth > Cart.MaxMoney) list.Refuse($"are worth more than {Cart.MaxMoney}; amounts are in the brand's smallest unit");
        return lines;
    }

    private static CartLine Line(JsonNodeReader node, int position)
    {
        node.IsObject(["sku", "quantity", "unitPrice"], ["line", "categories", "tags", "floor"]);
        return new CartLine(
            node.Field("line")?.Number(0, int.MaxValue) ?? position,
            node.Field("sku")?.Name() ?? "",
            node.Field("categories")?.Names(mayBeEmpty: true) ?? [],
            node.Field("tags")?.Names(mayBeEmpty: true) ?? [],
            node.Field("quantity")?.Number(1, int.MaxValue) ?? 1,
            node.Field("unitPrice")?.Whole(0, Cart.MaxMoney) ?? 0,
            node.Field("floor")?.Whole(0, Cart.MaxMoney));
    }

    private static bool SameSet(IReadOnlyList<string> some, IReadOnlyList<string> others) =>
        some.All(one => others.Contains(one)) && others.All(one => some.Contains(one));
}
