using Tokamak.App.Web;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What an offer gives, in the words of the trade: 第 2 件 5 折, 任選 3 件合計 999, 每滿 1,000 折 100.</summary>
internal sealed class DealWords(Texts t, Show show)
{
    private const int Whole = 100, Tenth = 10;

    private bool Chinese => t.Language == Language.Chinese;

    public string Of(Offer offer) => offer.Deal switch
    {
        PriceDeal deal => Price(deal),
        UnitDeal deal => Unit(deal),
        OrderDeal deal => t["offer.order", Goods(deal.Items), List(deal.Steps.Select(step => t["offer.step", Threshold(deal.Measure, step.From, deal.Every), deal.Percent ? Percent(step.Benefit) : t["offer.cut.off", show.Money(step.Benefit)]]))],
        RewardDeal deal => t["offer.reward", Goods(deal.Items), List(deal.Steps.Select(step => t["offer.reward.step", Threshold(deal.Measure, step.From, deal.Every), List(Given(step))]))],
        _ => throw new ArgumentOutOfRangeException(nameof(offer), offer.Deal, null),
    };

    /// <summary>What bounds it and what its threshold looks at.</summary>
    public IEnumerable<string> Details(Deal deal) => deal switch
    {
        UnitDeal { MaxOff: { } most } => [t["offer.maxoff.each", show.Money(most)]],
        OrderDeal order => OrderDetails(order),
        RewardDeal reward => RewardDetails(reward),
        _ => [],
    };

    /// <summary>Which articles are meant.</summary>
    public string Goods(Items items)
    {
        var goods = items.All ? t["offer.goods.all"] : string.Join(t["offer.or"], Lists(items.Skus, items.Categories, items.Tags));
        if (items.AlsoCategories is { } also) goods = t["offer.goods.also", goods, Marked(also)];
        return Lists(items.ExceptSkus, items.ExceptCategories, items.ExceptTags).ToList() is { Count: > 0 } except ? t["offer.goods.except", goods, List(except)] : goods;
    }

    private IEnumerable<string> Lists(IReadOnlyList<string> skus, IReadOnlyList<string> categories, IReadOnlyList<string> tags)
    {
        if (skus.Count > 0) yield return t["offer.goods.skus", Marked(skus)];
        if (categories.Count > 0) yield return t["offer.goods.categories", Marked(categories)];
        if (tags.Count > 0) yield return t["offer.goods.tags", Marked(tags)];
    }

    private string Price(PriceDeal deal) => deal.Cut.Kind switch
    {
        CutKind.Price => t["offer.price.price", Goods(deal.Items), Cost(deal.Cut.Amount)],
        CutKind.Percent => t["offer.price.percent", Goods(deal.Items), Percent(deal.Cut.Amount)],
        _ => t["offer.price.off", Goods(deal.Items), show.Money(deal.Cut.Amount)],
    };

    private string Unit(UnitDeal deal)
    {
        var (first, amount) = (deal.Take[0], show.Money(deal.Amount));
        var taken = deal.Take.Count == 1 ? Taken(first) : t["offer.take.two", Taken(first), Taken(deal.Take[1])];
        return deal switch
        {
            { Give: Give.OffWhole } => t["offer.give.off", taken, amount],
            { Give: Give.PriceOfWhole } => t["offer.give.total", taken, amount],
            { On: GiveOn.Last } => t["offer.give.last", Taken(first), Taken(deal.Take[1]), Each(deal)],
            { On: GiveOn.Cheapest, Take.Count: 1 } => Cheapest(deal, GoodsOf(first)),
            { On: GiveOn.Cheapest } => t["offer.give.cheapest", taken, show.Count(deal.Cheapest), Each(deal)],
            _ => t["offer.give.each", taken, Each(deal)],
        };
    }

    private string Cheapest(UnitDeal deal, string goods)
    {
        var (count, few, rest) = (show.Count(deal.Count), show.Count(deal.Cheapest), show.Count(deal.Count - deal.Cheapest));
        return deal switch
        {
            { Give: Give.Percent, Amount: Whole } or { Give: Give.Price, Amount: 0 } => t["offer.give.free", goods, rest, few],
            { Give: Give.Price } => t["offer.give.more", goods, rest, few, show.Money(deal.Amount)],
            { Cheapest: 1 } => t["offer.give.nth", goods, count, Each(deal)],
            _ => t["offer.give.few", goods, count, few, Each(deal)],
        };
    }

    private string Taken(Take take) => take.Count == 1 ? t["offer.take.one", GoodsOf(take)] : t["offer.take.any", GoodsOf(take), show.Count(take.Count)];

    private string GoodsOf(Take take) => take.SameSku ? t["offer.goods.same", Goods(take.Items)] : Goods(take.Items);

    /// <summary>What becomes of one unit that the discount falls on.</summary>
    private string Each(UnitDeal deal) => deal.Give == Give.Percent ? Percent(deal.Amount) : Cost(deal.Amount);

    private string Cost(long price) => price == 0 ? t["offer.cut.free"] : t["offer.cut.price", show.Money(price)];

    /// <summary>20 % off is 8 折, what is left in tenths; 15 % is 85 折, without a point; 95 % is 0.5 折.</summary>
    private string Percent(long percent)
    {
        if (percent == Whole) return t["offer.cut.free"];
        var left = Whole - percent;
        if (!Chinese) return t["offer.cut.percent", show.Count(percent)];
        return t["offer.cut.percent", left % Tenth == 0 ? show.Count(left / Tenth) : left < Tenth ? "0." + show.Count(left) : show.Count(left)];
    }

    private string Threshold(Measure measure, long from, bool every) => (measure, every) switch
    {
        (Measure.Spend, false) => t["offer.from.spend", show.Money(from)],
        (Measure.Spend, true) => t["offer.every.spend", show.Money(from)],
        (_, false) => t["offer.from.count", show.Count(from)],
        (_, true) => t["offer.every.count", show.Count(from)],
    };

    private IEnumerable<string> Given(RewardStep step)
    {
        if (step.Gift is { } gift) yield return t["offer.gift", string.Join(t["offer.either"], gift.OneOf.Select(NameMarks.Of)), show.Count(gift.Quantity)];
        if (step.Coupon is { } series) yield return t["offer.gives.coupon", NameMarks.Of(series)];
        if (step.PointsTimes is { } times) yield return t["offer.gives.points", show.Count(times)];
        if (step.FreeShipping) yield return t["offer.gives.shipping"];
        if (step.ShippingOff is { } off) yield return t["offer.gives.shippingoff", show.Money(off)];
    }

    private IEnumerable<string> OrderDetails(OrderDeal deal)
    {
        if (deal.MaxRepeat is { } most) yield return t["offer.repeat", show.Count(most)];
        if (deal.MaxOff is { } off) yield return t["offer.maxoff", show.Money(off)];
        if (deal.Before) yield return t["offer.before"];
        if (deal.Untaken) yield return t["offer.untaken"];
        yield return deal.Stacks ? t["offer.stacks"] : t["offer.stacks.not"];
    }

    private IEnumerable<string> RewardDetails(RewardDeal deal)
    {
        if (deal.MaxRepeat is { } most) yield return t["offer.repeat", show.Count(most)];
        if (deal.Before) yield return t["offer.before"];
    }

    private string List(IEnumerable<string> words) => string.Join(Chinese ? "、" : ", ", words);

    private string Marked(IEnumerable<string> ids) => List(ids.Select(NameMarks.Of));
}
