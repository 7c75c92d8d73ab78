using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Previewing;

/// <summary>
/// Whether two offers may hold for the same goods at the same time and place. Goods are known by their names alone here: that an article of one list is in a
/// category of another, nobody can tell.
/// </summary>
public static class OfferOverlaps
{
    /// <summary>The other offers of a book that meet an offer, by id.</summary>
    public static IReadOnlyList<string> Of(OfferBook book, Offer offer) =>
        [.. book.Offers.Where(other => other.Id != offer.Id && AreAtOneTime(offer.When, other.When) && AreAtOnePlace(offer.Where, other.Where) && AreOnOneArticle(offer, other)).Select(other => other.Id)];

    private static bool AreAtOneTime(OfferTime? one, OfferTime? other)
    {
        if (one is null || other is null) return true;
        return !(one.Until <= other.From) && !(other.Until <= one.From)
            && Meet(one.Weekdays, other.Weekdays) && Meet(one.Days, other.Days)
            && (one.Hours is null || other.Hours is null || one.Hours.Any(mine => other.Hours.Any(theirs => mine.From < theirs.Until && theirs.From < mine.Until)));
    }

    private static bool AreAtOnePlace(OfferPlace? one, OfferPlace? other) =>
        Meet(ChannelsOf(one), ChannelsOf(other)) && (one?.Stores is null || other?.Stores is null || Meet(one.Stores, other.Stores));

    private static IReadOnlyList<string>? ChannelsOf(OfferPlace? place) => place?.Stores is not null ? [Cart.StoreChannel] : place?.Channels;

    private static bool AreOnOneArticle(Offer one, Offer other) => ItemsOf(one.Deal).Any(mine => ItemsOf(other.Deal).Any(theirs => Meet(mine, theirs)));

    /// <summary>What an offer takes or counts.</summary>
    public static IEnumerable<Items> ItemsOf(Deal deal) => deal switch
    {
        PriceDeal price => [price.Items],
        UnitDeal unit => unit.Take.Select(take => take.Items),
        OrderDeal order => [order.Items],
        RewardDeal reward => [reward.Items],
        _ => [],
    };

    private static bool Meet(Items one, Items other)
    {
        if (one.All && other.All) return true;
        if (one.All) return LeavesSome(one, other);
        if (other.All) return LeavesSome(other, one);
        return one.Skus.Except(other.ExceptSkus).Intersect(other.Skus.Except(one.ExceptSkus)).Any()
            || one.Categories.Except(other.ExceptCategories).Intersect(other.Categories.Except(one.ExceptCategories)).Any()
            || one.Tags.Except(other.ExceptTags).Intersect(other.Tags.Except(one.ExceptTags)).Any();
    }

    /// <summary>Whether what one offer, on all goods, excepts leaves anything of the lists of another.</summary>
    private static bool LeavesSome(Items all, Items lists) =>
        lists.Skus.Except(all.ExceptSkus).Any() || lists.Categories.Except(all.ExceptCategories).Any() || lists.Tags.Except(all.ExceptTags).Any();

    private static bool Meet<T>(IReadOnlyList<T>? some, IReadOnlyList<T>? others) => some is null || others is null || some.Intersect(others).Any();
}
