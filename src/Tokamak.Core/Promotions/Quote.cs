namespace Tokamak.Core.Promotions;

/// <summary>What a cart costs and why (spec promotions, "Result"). Amounts are the brand's smallest units; all before points but where it says so.</summary>
/// <param name="IsOptimal">Proven: no way to apply the due offers costs less.</param>
/// <param name="Bound">Proven: no way costs less than this.</param>
/// <param name="Lines">As in the cart.</param>
/// <param name="Applied">What discounted more than 0, by id.</param>
/// <param name="NotApplied">By id.</param>
public sealed record Quote(
    long Total, bool IsOptimal, long Bound, IReadOnlyList<QuotedLine> Lines, IReadOnlyList<AppliedOffer> Applied, IReadOnlyList<Reward> Rewards,
    IReadOnlyList<NotApplied> NotApplied, SpentPoints Points)
{
    /// <summary>What the search did, in its own steps.</summary>
    public long Steps { get; init; }
}

/// <param name="Amount">After the order stage.</param>
/// <param name="Discounts">By offer, more than 0, by id; they add up to what the line lost.</param>
/// <param name="PaidByPoints">Its part of what points pay.</param>
public sealed record QuotedLine(int Line, long Amount, IReadOnlyList<LineDiscount> Discounts, long PaidByPoints)
{
    /// <summary>Its units, for whatever looks at single units: a return, say. Canonical order within the line.</summary>
    public required IReadOnlyList<QuotedUnits> Units { get; init; }
}

/// <summary>Units of a line that cost the same.</summary>
public readonly record struct QuotedUnits(long Amount, int Count);

public readonly record struct LineDiscount(string Offer, long Amount);

/// <param name="Times">Applications, repeats of <c>every</c>, or for a price offer units.</param>
public sealed record AppliedOffer(string Offer, long Times, long Amount);

/// <summary>One of the fields after <paramref name="Times"/> is set.</summary>
public sealed record Reward(string Offer, long Times, Gift? Gift = null, string? Coupon = null, long? PointsTimes = null, bool FreeShipping = false, long? ShippingOff = null);

/// <summary>An offer that holds for this cart and was not applied.</summary>
/// <param name="By">For <see cref="NotAppliedReason.Exclusive"/> and <see cref="NotAppliedReason.BetterOffer"/>, the offers in its way, by id.</param>
public sealed record NotApplied(string Offer, NotAppliedReason Reason, long Missing = 0, Measure Of = Measure.Spend, IReadOnlyList<string>? By = null);

public enum NotAppliedReason
{
    CouponMissing,
    UsedUp,
    ShortBy,
    Exclusive,
    BetterOffer,
    NoBenefit,
}

/// <param name="Amount">What they pay of the total.</param>
public readonly record struct SpentPoints(long Spent, long Amount);
