namespace Tokamak.Core.Referral.Simulation;

/// <summary>What a draft would have made of a stretch, beside what the policy in force made of it. Money in whole units.</summary>
/// <param name="Stretch">The months of the sales.</param>
/// <param name="AsOf">What was known: facts of later days are left out; null for all.</param>
/// <param name="Sold">The sales, the same before and after.</param>
/// <param name="Total">All of it.</param>
/// <param name="ShareBeforeBps">Commission of the net sales in basis points, half up.</param>
/// <param name="ShareAfterBps">The same with the draft.</param>
/// <param name="Departments">The online shop, and all stores together: by whose credit it is.</param>
/// <param name="Stores">By store, with the online shop.</param>
/// <param name="Clerks">By clerk: everyone who has credit, earns or has a bounty before or after.</param>
/// <param name="Segments">By channel of the sale and group of its member; earned is the clerks' alone.</param>
/// <param name="SpreadBefore">Take-home pay of those clerks before.</param>
/// <param name="SpreadAfter">The same with the draft.</param>
/// <param name="Losers">Who loses much.</param>
/// <param name="Movers">Whose take-home pay changes most, the largest change first.</param>
/// <param name="Budget">What the draft costs against what it may; null without a budget.</param>
public sealed record SimulationReport(
    Stretch Stretch, DateOnly? AsOf, Sold Sold, ChangeOf<string> Total, Int128 ShareBeforeBps, Int128 ShareAfterBps,
    IReadOnlyList<ChangeOf<string>> Departments, IReadOnlyList<ChangeOf<StoreId>> Stores, IReadOnlyList<ClerkChange> Clerks,
    IReadOnlyList<SegmentChange> Segments, Spread SpreadBefore, Spread SpreadAfter, Losers Losers, IReadOnlyList<ClerkChange> Movers, Budget? Budget);

/// <summary>Figures of one row before and after.</summary>
public sealed record ChangeOf<TKey>(TKey Key, Figures Before, Figures After)
{
    public Int128 ChangeOfCommission => After.Commission - Before.Commission;
}

/// <summary>A clerk before and after.</summary>
/// <param name="Staff">Who.</param>
/// <param name="Before">Before.</param>
/// <param name="After">With the draft.</param>
/// <param name="Example">
/// A sale that shows why: of who takes home less, the sale that loses most; of others, the one that gains most. Null where none does.
/// </param>
public sealed record ClerkChange(StaffId Staff, Figures Before, Figures After, SaleChange? Example)
{
    public Int128 ChangeOfTakeHome => After.TakeHome - Before.TakeHome;
}

/// <summary>Sales of one kind before and after.</summary>
public sealed record SegmentChange(Channel Channel, MemberGroup Group, Sold Sold, Figures Before, Figures After);

/// <summary>
/// Clerks whose take-home pay falls by more than so many percent of what it was, the largest loss first.
/// </summary>
public sealed record Losers(int BeyondPercent, IReadOnlyList<ClerkChange> Clerks);

/// <summary>Commission with the draft against what it may be, whole units. <see cref="Left"/> is negative where it is too much.</summary>
public sealed record Budget(Int128 Allowed, Int128 Commission)
{
    public Int128 Left => Allowed - Commission;
    public bool IsKept => Left >= 0;
}

/// <summary>One value of a number that is varied, and what comes of it.</summary>
public sealed record CurvePoint(long Value, Int128 Commission, Int128 ShareBps, Int128 StaffPay, Int128 StorePool, Int128 Bounties, int GiniBps, int Losers, bool? IsWithinBudget);
