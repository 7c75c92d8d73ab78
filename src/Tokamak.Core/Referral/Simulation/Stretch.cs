using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>Whole months of sales, both ends included.</summary>
public readonly record struct Stretch(Month From, Month To)
{
    public DateOnly FirstDay => From.FirstDay;
    public DateOnly LastDay => To.LastDay;
    public int MonthCount => To.Index - From.Index + 1;

    /// <summary>Place of a month among those of the stretch; null outside.</summary>
    public int? PlaceOf(Month month) => month >= From && month <= To ? month.Index - From.Index : null;

    public bool Contains(DateOnly day) => day >= FirstDay && day <= LastDay;
}

/// <summary>
/// Who bought, at the moment of the sale: by the facts up to then alone, so that no policy changes it. Purchases of members who are one
/// count together from the merge on (R6); a purchase that was given back is still one, a voided sale is none.
/// </summary>
public enum MemberGroup : byte
{
    /// <summary>The sale names no member.</summary>
    NoMember,

    /// <summary>The member's first purchase.</summary>
    FirstPurchase,

    /// <summary>Has bought before, always in the channel of this sale.</summary>
    OneChannel,

    /// <summary>OMO: has bought in both channels, counting this sale.</summary>
    BothChannels,
}
