using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Reads a brand's offers and checks them whole (spec promotions, "Offers"): every fault is named with its JSON path.</summary>
public static class OfferReader
{
    /// <summary>A document holds at most so many offers.</summary>
    public const int MaxOffers = 5_000;

    private static readonly string[] Conditions =
        ["when", "where", "who", "tender", "coupon", "limit", "perMember", "total", "needs", "exclusive", "regularOnly", "public"];

    private static readonly string[] Deals = ["price", "unit", "order", "reward"];

    /// <summary>The offers, or null with every fault.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="zones">IANA zone by name, null for an unknown one.</param>
    public static OfferBook? Read(ReadOnlyMemory<byte> json, Func<string, Zone?> zones, List<Fault> faults) =>
        JsonNodeReader.Document(json, faults, root => Book(root, zones));

    private static OfferBook? Book(JsonNodeReader root, Func<string, Zone?> zones)
    {
        if (!root.IsObject(["timezone", "offers"], ["floorPercent", "points", "onReturn"])) return null;
        var zone = root.Field("timezone") is { } name ? zones(name.Text()) : null;
        if (zone is null) root.Field("timezone")?.Refuse("must be a time zone of the IANA database such as \"Asia/Taipei\"", FaultKind.Word);
        var offers = root.Field("offers")?.Items() ?? [];
        if (offers.Count > MaxOffers) root.Field("offers")!.Value.Refuse($"holds {offers.Count} offers; {MaxOffers} are the most. Take out those that have ended");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var read = offers.ConvertAll(node => OneOffer(node, seen));
        read.Sort((a, b) => Utf8Order.Instance.Compare(a.Id, b.Id));
        return new OfferBook(
            zone ?? Zone.Utc,
            root.Field("floorPercent")?.Number(0, 100) ?? 0,
            root.Field("points") is { } points ? Points(points) : null,
            (OnReturn)(root.Field("onReturn")?.Word("proportional", "reprice") ?? 0),
            read);
    }

    private static PointTerms? Points(JsonNodeReader node) =>
        node.IsObject(["value", "maxPercent"], [])
            ? new PointTerms(node.Field("value")?.Whole(1, Cart.MaxMoney) ?? 1, node.Field("maxPercent")?.Number(0, 100) ?? 0)
            : null;

    private static Offer OneOffer(JsonNodeReader node, HashSet<string> seen)
    {
        node.IsObject(["id", "name"], [.. Conditions, .. Deals]);
        var id = node.Field("id")?.Name() ?? "";
        if (!seen.Add(id)) node.Field("id")?.Refuse("is the id of another offer; give each its own", FaultKind.Twice);
        var kinds = Array.FindAll(Deals, kind => node.Field(kind) is not null);
        if (kinds.Length == 0) node.Refuse("gives nothing; add one of \"price\", \"unit\", \"order\" and \"reward\"");
        for (var i = 1; i < kinds.Length; i++) node.Field(kinds[i])!.Value.Refuse($"stands beside \"{kinds[0]}\"; make two offers of it", FaultKind.Misplaced);
        var kind = kinds.Length > 0 ? kinds[0] : "";
        Misplaced(node, kind);
        return new Offer
        {
            Id = id,
            Name = node.Field("name") is { } name ? Name(name) : new OfferName(null, null),
            When = node.Field("when") is { } when ? ConditionReader.When(when) : null,
            Where = node.Field("where") is { } where ? ConditionReader.Where(where) : null,
            Who = node.Field("who") is { } who ? ConditionReader.Who(who) : null,
            Tender = node.Field("tender")?.Names(),
            Coupon = node.Field("coupon")?.Names(),
            Limit = node.Field("limit")?.Whole(1, Cart.MaxMoney),
            PerMember = node.Field("perMember")?.Whole(1, Cart.MaxMoney),
            Total = node.Field("total")?.Whole(1, Cart.MaxMoney),
            Needs = node.Field("needs") is { } needs ? ConditionReader.Needs(needs, mayEach: kind == "unit") : null,
            Exclusive = node.Field("exclusive")?.Names() ?? [],
            RegularOnly = node.Field("regularOnly")?.Flag() ?? false,
            Public = node.Field("public")?.Flag() ?? false,
            Deal = Deal(node, kind),
        };
    }

    private static void Misplaced(JsonNodeReader node, string kind)
    {
        if (kind is not ("unit" or "")) node.Field("limit")?.Refuse("counts the applications of a unit offer; leave it out, or use \"perMember\" or \"total\"", FaultKind.Misplaced);
        if (kind != "price") return;
        node.Field("exclusive")?.Refuse("is for unit and order offers; a price offer is compared by its price", FaultKind.Misplaced);
        node.Field("regularOnly")?.Refuse("looks at what price offers did, so a price offer cannot have it; leave it out", FaultKind.Misplaced);
    }

    private static OfferName Name(JsonNodeReader node)
    {
        if (!node.IsObject([], ["zh-TW", "en"])) return new OfferName(null, null);
        var name = new OfferName(node.Field("zh-TW")?.Text(1, 200), node.Field("en")?.Text(1, 200));
        if (name is { Chinese: null, English: null }) node.Refuse("names the offer in no language; add \"zh-TW\" or \"en\"", FaultKind.Empty);
        return name;
    }

    private static Deal Deal(JsonNodeReader node, string kind) => kind switch
    {
        "unit" => DealReader.Unit(node.Field(kind)!.Value),
        "order" => DealReader.Order(node.Field(kind)!.Value),
        "reward" => DealReader.Reward(node.Field(kind)!.Value),
        "price" => DealReader.Price(node.Field(kind)!.Value),
        _ => new PriceDeal(new Items(), default),
    };
}
