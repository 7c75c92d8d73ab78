using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

public enum CouponUseState : short { Held, Redeemed, GivenBack }

/// <summary>What coupons of a kind have in common, and how many there are (Sql/*/brand/0018 says what each means).</summary>
[Table("coupon_series"), PrimaryKey(nameof(CouponSeriesRow.Id))]
public sealed record CouponSeriesRow
{
    public required string Id { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public string? Issuer { get; init; }
    public required short Kind { get; init; }
    public string? SharedCode { get; init; }
    public string? SharedKey { get; init; }
    public string? Channels { get; init; }
    public string? Stores { get; init; }
    public required short Holding { get; init; }
    public long? FromTicks { get; init; }
    public long? UntilTicks { get; init; }
    public long? TotalUses { get; init; }
    public long? MemberUses { get; init; }
    public required short OnReturn { get; init; }
    public required short Bearer { get; init; }
    public required string Department { get; init; }
    public required string MadeBy { get; init; }
    public required long MadeAtTicks { get; init; }
    public long? StoppedAtTicks { get; init; }
    public long Issued { get; init; }
    public long Given { get; init; }
    public long Uses { get; init; }
    public long Redeemed { get; init; }
    public long Cost { get; init; }
}

/// <summary>Codes that were asked for together.</summary>
[Table("coupon_batch"), PrimaryKey(nameof(CouponBatchRow.Series), nameof(CouponBatchRow.Number))]
public sealed record CouponBatchRow
{
    public required string Series { get; init; }
    public required int Number { get; init; }
    public required long Asked { get; init; }
    public long Issued { get; init; }
    public required string AskedBy { get; init; }
    public required long AskedAtTicks { get; init; }
    public string? TakenBy { get; init; }
    public long? TakenAtTicks { get; init; }
}

/// <summary>A random code.</summary>
[Table("coupon"), PrimaryKey(nameof(CouponRow.Code))]
public sealed record CouponRow
{
    public required string Code { get; init; }
    public required string Series { get; init; }
    public int? Batch { get; init; }
    public long? Place { get; init; }
    public string? Holder { get; init; }
    public long? GivenAtTicks { get; init; }
    public string? GivenBy { get; init; }
    public string? Hold { get; init; }
}

/// <summary>A coupon that a cart holds or that paid.</summary>
[Table("coupon_use"), PrimaryKey(nameof(CouponUseRow.Hold), nameof(CouponUseRow.Series))]
public sealed record CouponUseRow
{
    public required string Hold { get; init; }
    public required string Series { get; init; }
    public string? Code { get; init; }
    public string? Member { get; init; }
    public required string Redeemer { get; init; }
    public required string Bearer { get; init; }
    public CouponUseState State { get; init; }
    public required long UntilTicks { get; init; }
    public string? Sale { get; init; }
    public long Amount { get; init; }
    public long Cost { get; init; }
    public long? RedeemedAtTicks { get; init; }
}

/// <summary>How often a member uses a series that allows each only so many.</summary>
[Table("coupon_member"), PrimaryKey(nameof(CouponMemberRow.Series), nameof(CouponMemberRow.Member))]
public sealed record CouponMemberRow
{
    public required string Series { get; init; }
    public required string Member { get; init; }
    public required long Uses { get; init; }
}

/// <summary>A posting of internal clearing.</summary>
[Table("coupon_clearing"), PrimaryKey(nameof(CouponClearingRow.Number))]
public sealed record CouponClearingRow
{
    public required long Number { get; init; }
    public required string Series { get; init; }
    public required string Hold { get; init; }
    public required string Sale { get; init; }
    public required string FromParty { get; init; }
    public required string ToParty { get; init; }
    public required long Amount { get; init; }
    public required string Department { get; init; }
    public required long AtTicks { get; init; }
}
