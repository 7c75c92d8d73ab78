using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Previewing;

/// <summary>The lines of a sample cart while it is filled.</summary>
internal sealed class SampleLines(long price)
{
    private const string AnyStore = "S";
    private readonly List<CartLine> _lines = [];

    public void AddCount(Items items, long count) => Add(items, count, price);

    /// <summary>The last of several costs four fifths of the others.</summary>
    public void AddUneven(Items items, long count)
    {
        if (count > 1) Add(items, count - 1, price);
        Add(items, 1, count > 1 ? Math.Max(1, price * 4 / 5) : price);
    }

    /// <summary>Units that cost so much together, exactly.</summary>
    public void AddSpend(Items items, long amount, int mostUnits)
    {
        var units = Math.Clamp(amount / price, 1, mostUnits);
        var each = amount / units;
        if (units > 1) Add(items, units - 1, each);
        Add(items, 1, amount - (each * (units - 1)));
    }

    public void AddOthers() => _lines.Add(new CartLine(_lines.Count + 1, SampleCarts.OtherSku, [], [], 1, price, null));

    public long Present(Needs needs) =>
        _lines.Where(line => needs.Items.Match(line.Sku, line.Categories, line.Tags)).Sum(line => needs.Measure == Measure.Count ? line.Quantity : line.UnitPrice * line.Quantity);

    private void Add(Items items, long count, long unitPrice)
    {
        var (sku, categories, tags) = Article(items);
        _lines.Add(new CartLine(_lines.Count + 1, sku, categories, tags, (int)count, unitPrice, null));
    }

    /// <summary>An article that the items mean, by the first names that they do not except themselves.</summary>
    private static (string Sku, IReadOnlyList<string> Categories, IReadOnlyList<string> Tags) Article(Items items)
    {
        var sku = items.Skus.Except(items.ExceptSkus).FirstOrDefault();
        var also = items.AlsoCategories?.Except(items.ExceptCategories).FirstOrDefault();
        var category = sku is null ? items.Categories.Except(items.ExceptCategories).FirstOrDefault() : null;
        var tag = sku is null && category is null ? items.Tags.Except(items.ExceptTags).FirstOrDefault() : null;
        string[] categories = [.. new[] { category, also }.OfType<string>().Distinct()];
        // Lines of one sku are in the same categories and have the same tags: goods that are known by those alone have a sku of their own for each.
        return (sku ?? $"{SampleCarts.OtherSku}{string.Concat(categories)}{tag}", categories, tag is null ? [] : [tag]);
    }

    /// <summary>Null where it would be too large.</summary>
    public Cart? Cart(Offer offer, Instant now, Zone zone)
    {
        if (_lines.Count == 0 || _lines.Sum(line => (long)line.Quantity) > Promotions.Cart.MaxUnits || _lines.Sum(line => line.UnitPrice * line.Quantity) > Promotions.Cart.MaxMoney) return null;
        var at = OfferDays.FirstFrom(offer, now, zone) ?? offer.When?.From ?? now;
        var channel = offer.Where switch
        {
            { Stores: not null } or null => Promotions.Cart.StoreChannel,
            { Channels: { } channels } => channels.Contains(Promotions.Cart.StoreChannel) ? Promotions.Cart.StoreChannel : channels[0],
            _ => Promotions.Cart.StoreChannel,
        };
        return new Cart
        {
            At = at, Channel = channel, Store = channel == Promotions.Cart.StoreChannel ? offer.Where?.Stores?[0] ?? AnyStore : null,
            Tenders = offer.Tender is { } tenders ? [tenders[0]] : [],
            // Most who buy are members; one of no tier and without tags, unless the offer asks for some.
            Member = new CartMember(
                "M", offer.Who?.Tiers?[0], offer.Who?.Members == AudienceKind.FirstPurchase, offer.Who?.Members == AudienceKind.BirthdayMonth ? zone.DayOf(at).Month : null,
                offer.Who?.Tags is { } tags ? [tags[0]] : [], new Dictionary<string, long>()),
            Lines = [.. _lines], Coupons = offer.Coupon is { } codes ? [codes[0]] : [],
        };
    }
}
