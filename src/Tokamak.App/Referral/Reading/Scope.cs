using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>
/// How much of a brand's books somebody sees: all of them; those of one store (its clerks, their statements, the sales it hosts or has a
/// part in); or those of one clerk (the own statement and the sales in which they have a part). What is outside is not found.
/// </summary>
public sealed record Scope(StoreId? Store, StaffId? Staff)
{
    public static readonly Scope All = new(null, null);

    /// <summary>All sales, and nobody's pay.</summary>
    public static readonly Scope WithoutPay = All with { HidesPay = true };

    /// <summary>Whether pay is kept from them, whosever it is.</summary>
    public bool HidesPay { get; init; }

    public bool SeesAll => Store is null && Staff is null;

    /// <summary>A clerk sees no lists of others.</summary>
    public bool SeesOthers => Staff is null;

    public bool MaySee(StoreId store) => SeesAll || (Staff is null && Store == store);

    /// <summary>A clerk's statement; <paramref name="of"/> is where the clerk works, or last worked.</summary>
    public bool MaySee(StaffId clerk, StoreId of) => !HidesPay && (Staff is { } own ? own == clerk : Store is null || Store == of);

    /// <summary>A sale is seen whole, but for what it pays to others.</summary>
    public bool MaySeePayOf(Party party) => !HidesPay && (Staff is { } own ? party.Staff == own : Store is null || Store == party.Store);
}
