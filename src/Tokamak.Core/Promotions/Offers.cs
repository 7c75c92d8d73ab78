using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>All offers of a brand at a time, with what holds for each of them (spec promotions, "Offers").</summary>
/// <param name="Zone">In which conditions are judged.</param>
/// <param name="FloorPercent">0 to 100: a line without a floor of its own may not go below so much of its price, rounded up.</param>
/// <param name="Points">Null: points pay nothing.</param>
/// <param name="Offers">Ordered by id, as UTF-8 bytes.</param>
public sealed record OfferBook(Zone Zone, int FloorPercent, PointTerms? Points, OnReturn OnReturn, IReadOnlyList<Offer> Offers);

/// <param name="Value">What a point pays, 1 or more.</param>
/// <param name="MaxPercent">0 to 100: how much of a total points may pay.</param>
public sealed record PointTerms(long Value, int MaxPercent);

/// <summary>What a unit given back refunds: a part of what its line still costs, or what the units kept cost less.</summary>
public enum OnReturn
{
    Proportional,
    Reprice,
}

/// <summary>One offer: when, where and for whom it holds, and what it gives.</summary>
public sealed record Offer
{
    public required string Id { get; init; }
    public required OfferName Name { get; init; }
    public OfferTime? When { get; init; }
    public OfferPlace? Where { get; init; }
    public Audience? Who { get; init; }

    /// <summary>One of these kinds is among the cart's tenders; null: any.</summary>
    public IReadOnlyList<string>? Tender { get; init; }

    /// <summary>One of these codes is on the cart; null: none needed.</summary>
    public IReadOnlyList<string>? Coupon { get; init; }

    /// <summary>Applications of a unit offer per order.</summary>
    public long? Limit { get; init; }

    public long? PerMember { get; init; }
    public long? Total { get; init; }
    public Needs? Needs { get; init; }

    /// <summary>Names of sets: of the unit and order offers that share one, at most one is applied.</summary>
    public IReadOnlyList<string> Exclusive { get; init; } = [];

    /// <summary>Units with a price-stage discount are neither taken nor eligible.</summary>
    public bool RegularOnly { get; init; }

    /// <summary>May be shown to people who lack its coupon.</summary>
    public bool Public { get; init; }

    public required Deal Deal { get; init; }

    /// <summary>The set whose offer is applied with no other unit or order offer at all.</summary>
    public const string Alone = "*";

    public override string ToString() => Id;
}

/// <summary>What people read. At least one of the two is there.</summary>
public sealed record OfferName(string? Chinese, string? English);

/// <summary>When an offer holds; every part that is there must hold.</summary>
/// <param name="Until">Exclusive.</param>
/// <param name="Weekdays">1 is Monday.</param>
/// <param name="Days">Of the month.</param>
/// <param name="Hours">Minutes of the day; the end is exclusive, at most 1440.</param>
public sealed record OfferTime(
    Instant? From, Instant? Until, IReadOnlyList<int>? Weekdays, IReadOnlyList<int>? Days, IReadOnlyList<(int From, int Until)>? Hours);

/// <param name="Stores">Then only the store channel, in one of them.</param>
public sealed record OfferPlace(IReadOnlyList<string>? Channels, IReadOnlyList<string>? Stores);

public sealed record Audience(AudienceKind Members, IReadOnlyList<string>? Tiers, IReadOnlyList<string>? Tags);

public enum AudienceKind
{
    Any,
    Member,
    FirstPurchase,
    BirthdayMonth,
}

/// <summary>So many units, or so much, must be in the cart; they are not used up.</summary>
/// <param name="Each">The offer applies at most once for each time that this is there.</param>
public sealed record Needs(Items Items, Measure Measure, long Least, bool Each);

/// <summary>What a threshold counts.</summary>
public enum Measure
{
    Spend,
    Count,
}

/// <summary>What an offer gives; exactly one in each offer.</summary>
public abstract record Deal;

/// <summary>A price for each unit (會員價, 檔期價, 折扣).</summary>
public sealed record PriceDeal(Items Items, Cut Cut) : Deal;

/// <summary>What becomes of one unit's price.</summary>
/// <param name="Amount">A new price, whole percents off, or an amount off.</param>
public readonly record struct Cut(CutKind Kind, long Amount)
{
    /// <summary>The price it makes, before floors; percents round half up. May be below 0 for an amount off.</summary>
    public long PriceAfter(long price) => Kind switch
    {
        CutKind.Price => Math.Min(price, Amount),
        CutKind.Percent => Exact.PartLeftHalfUp(price, 100, Amount),
        _ => price - Amount,
    };
}

public enum CutKind
{
    Price,
    Percent,
    Off,
}

/// <summary>Takes units out of the cart and discounts them together (第二件五折, 任選三件, 紅配綠).</summary>
/// <param name="Take">One or two.</param>
/// <param name="Give">A cut on units, an amount off the whole, or a price for the whole.</param>
/// <param name="On">Which of the taken units a cut falls on.</param>
/// <param name="Cheapest">How many, for <see cref="GiveOn.Cheapest"/>.</param>
/// <param name="MaxOff">At most this much an application.</param>
public sealed record UnitDeal(IReadOnlyList<Take> Take, Give Give, long Amount, GiveOn On, int Cheapest, long? MaxOff) : Deal
{
    /// <summary>Units that one application takes.</summary>
    public int Count => Take.Count == 1 ? Take[0].Count : Take[0].Count + Take[1].Count;

    /// <summary>Whether its discount is one amount, divided over the taken units by headroom.</summary>
    public bool OnWhole => Give is Give.OffWhole or Give.PriceOfWhole;
}

public enum Give
{
    Percent,
    Price,
    OffWhole,
    PriceOfWhole,
}

public enum GiveOn
{
    EachTaken,
    Cheapest,

    /// <summary>The units of the second selector.</summary>
    Last,
}

/// <param name="Count">1 to 20 units.</param>
/// <param name="SameSku">All of one sku.</param>
public sealed record Take(Items Items, int Count, bool SameSku);

/// <summary>A discount on the whole of the eligible units, from a threshold on (滿額折, 滿件折).</summary>
/// <param name="Steps">Rising in <c>From</c> and benefit; the highest reached counts.</param>
/// <param name="Percent">Benefits are percents, else amounts off.</param>
/// <param name="Every">The one step counts as often as the base holds it, at most <paramref name="MaxRepeat"/> times.</param>
/// <param name="Before">The threshold looks at prices after the price stage, not at what the unit stage left.</param>
/// <param name="Untaken">Only units in no application of a unit offer are eligible.</param>
/// <param name="Stacks">May be applied beside other order offers.</param>
public sealed record OrderDeal(
    Items Items, Measure Measure, IReadOnlyList<OrderStep> Steps, bool Percent, bool Every, long? MaxRepeat, bool Before, bool Untaken, long? MaxOff, bool Stacks) : Deal;

public readonly record struct OrderStep(long From, long Benefit);

/// <summary>What a purchase earns beside its price (滿額贈, 買A送B, 點數加倍, 免運). Changes no price.</summary>
public sealed record RewardDeal(Items Items, Measure Measure, IReadOnlyList<RewardStep> Steps, bool Every, long? MaxRepeat, bool Before) : Deal;

/// <summary>At least one of what it may give.</summary>
/// <param name="Coupon">The series of which a coupon is given.</param>
/// <param name="PointsTimes">By how much points are multiplied.</param>
public sealed record RewardStep(long From, Gift? Gift, string? Coupon, long? PointsTimes, bool FreeShipping, long? ShippingOff);

/// <param name="OneOf">One sku, or several to choose from.</param>
public sealed record Gift(IReadOnlyList<string> OneOf, long Quantity);
