using Tokamak.App.Web;
using Tokamak.Core.Promotions;
using Tokamak.Core.Promotions.Previewing;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What sample carts show of an offer, in words. Offers are named as people know them, with marks (<see cref="NameMarks"/>).</summary>
/// <param name="book">For the names of offers.</param>
public sealed class PreviewWords(OfferBook book, Texts t, Show show)
{
    public string Kind(SampleKind kind) => kind switch
    {
        SampleKind.Below => t["offers.sample.below"],
        SampleKind.At => t["offers.sample.at"],
        SampleKind.Above => t["offers.sample.above"],
        SampleKind.WithOthers => t["offers.sample.others"],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public string Goods(SampleResult sample) => t["offers.sample.goods", show.Count(sample.Sample.Cart.Lines.Sum(line => line.Quantity)), show.Money(sample.Plain)];

    /// <summary>What the offer does there.</summary>
    public string Does(SampleResult sample)
    {
        if (sample.Amount > 0) return t["offers.sample.takes", show.Money(sample.Amount)];
        if (sample.Rewards.Count > 0) return t["offers.sample.gives"];
        return sample.NotApplied switch
        {
            { Reason: NotAppliedReason.ShortBy, Of: Measure.Spend } missed => t["offers.sample.short.spend", show.Money(missed.Missing)],
            { Reason: NotAppliedReason.ShortBy } missed => t["offers.sample.short.count", show.Count(missed.Missing)],
            { Reason: NotAppliedReason.Exclusive, By: { } by } => t["offers.sample.excluded", Names(by)],
            { Reason: NotAppliedReason.BetterOffer, By: { } by } => t["offers.sample.better", Names(by)],
            { Reason: NotAppliedReason.CouponMissing or NotAppliedReason.UsedUp } => t["offers.sample.notdue"],
            { } => t["offers.sample.nobenefit"],
            null => t["offers.sample.notdue"],
        };
    }

    public string Applied(Quote quote) => quote.Applied.Count + quote.Rewards.Count == 0
        ? t["offers.sample.none"]
        : List(quote.Applied.Select(one => t["offers.sample.applied", Name(one.Offer), show.Money(one.Amount)]).Concat(quote.Rewards.Select(reward => Name(reward.Offer)).Distinct()));

    public string Of(OfferWarning warning) => warning switch
    {
        NeverChosen one => t["offers.warning.never", Names(one.By)],
        NeverGives => t["offers.warning.nothing"],
        AloneDisplaces one => t["offers.warning.alone", Names(one.Offers)],
        Displaces one => t["offers.warning.displaces", Names(one.Offers)],
        FallsDeep one => t["offers.warning.deep", show.Count(one.Percent), show.Count(one.Limit)],
        Overlaps one => t["offers.warning.overlaps", Names(one.Offers)],
        _ => throw new ArgumentOutOfRangeException(nameof(warning), warning, null),
    };

    /// <summary>What an offer is called, with its id.</summary>
    public string Name(string id) => NameMarks.Of(book.Offers.FirstOrDefault(offer => offer.Id == id) is { } offer && NameOf(offer.Name, t.Language) is var name && name != id ? $"{name} ({id})" : id);

    /// <summary>In the reader's language, or in the other.</summary>
    public static string NameOf(OfferName name, Language language) => (language == Language.Chinese ? name.Chinese ?? name.English : name.English ?? name.Chinese) ?? "";

    public string Names(IReadOnlyList<string> offers) => List(offers.Select(Name));

    private string List(IEnumerable<string> words) => string.Join(t.Language == Language.Chinese ? "、" : ", ", words);
}
