using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

// One row of each table of a brand's books; the tables themselves, with what their columns mean, are in Sql/*/brand.
// Instants are ticks (Core.Kernel.Instant), money whole units of the currency, months 'YYYY-MM'.

[Table("book"), PrimaryKey(nameof(BookRow.One))]
public sealed class BookRow
{
    public short One { get; init; } = 1;
    public long Facts { get; set; }
    public long Postings { get; set; }
    public DateOnly? Horizon { get; set; }
    public bool Vesting { get; set; }
}

[Table("setting"), PrimaryKey(nameof(SettingRow.Name))]
public sealed class SettingRow
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}

public enum NameKind : short { Brand, Warehouse, Store, Staff }

[Table("display_name"), PrimaryKey(nameof(DisplayNameRow.Kind), nameof(DisplayNameRow.Id))]
public sealed class DisplayNameRow
{
    public required NameKind Kind { get; init; }
    public required string Id { get; init; }
    public required string Name { get; set; }
}

[Table("policy_version"), PrimaryKey(nameof(PolicyVersionRow.Version))]
public sealed class PolicyVersionRow
{
    public required int Version { get; init; }
    public required DateOnly EffectiveFrom { get; init; }
    public required string Body { get; init; }
    public required long Facts { get; init; }
    public required long StoredAtTicks { get; init; }
}

[Table("fact"), PrimaryKey(nameof(FactRow.Seq))]
public sealed class FactRow
{
    public required long Seq { get; init; }
    public required string Id { get; init; }
    public required short Type { get; init; }
    public required long AtTicks { get; init; }
    public required DateOnly Day { get; init; }
    public string? Member { get; init; }
    public string? Sale { get; init; }
    public required string Body { get; init; }
}

public enum MentionKind : short { Staff, Code }

[Table("mention"), PrimaryKey(nameof(MentionRow.Kind), nameof(MentionRow.Name), nameof(MentionRow.Seq))]
public sealed class MentionRow
{
    public required MentionKind Kind { get; init; }
    public required string Name { get; init; }
    public required long Seq { get; init; }
}

[Table("member"), PrimaryKey(nameof(MemberRow.Id))]
public sealed class MemberRow
{
    public required string Id { get; init; }
    public required string Root { get; init; }
    public required long LastAtTicks { get; init; }
    public required short LastType { get; init; }
    public required string LastFact { get; init; }
    public required bool Declined { get; init; }
    public string? Staff { get; init; }
    public string? Store { get; init; }
    public long? BoundAtTicks { get; init; }
    public DateOnly? RenewedOn { get; init; }
    public DateOnly? LockUntil { get; init; }
    public DateOnly? ExpiresOn { get; init; }
    public int? EmploymentsSeen { get; init; }
    public string? Cause { get; init; }
    public string? Claims { get; init; }
    public string? Clicks { get; init; }
}

[Table("binding"), PrimaryKey(nameof(BindingRow.Member), nameof(BindingRow.AtTicks), nameof(BindingRow.Cause))]
public sealed class BindingRow
{
    public required string Member { get; init; }
    public required long AtTicks { get; init; }
    public required string Cause { get; init; }
    public required short Verdict { get; init; }
    public string? Staff { get; init; }
    public string? Store { get; init; }
}

[Table("sale"), PrimaryKey(nameof(SaleRow.Id))]
public sealed class SaleRow
{
    public required string Id { get; init; }
    public required long AtTicks { get; init; }
    public required DateOnly Day { get; init; }
    public required short Channel { get; init; }
    public string? Store { get; init; }
    public string? Member { get; init; }
    public string? Staff { get; init; }
    public int? Policy { get; init; }
    public string? OwnerStaff { get; init; }
    public string? OwnerStore { get; init; }
    public required int DecayPercent { get; init; }
    public required string Closers { get; init; }
    public required long Sold { get; init; }
    public required long Net { get; init; }
    public DateOnly? VestDue { get; init; }
    public required bool Voided { get; init; }
}

[Table("sale_party"), PrimaryKey(nameof(SalePartyRow.Sale), nameof(SalePartyRow.Staff), nameof(SalePartyRow.Store))]
public sealed class SalePartyRow
{
    public required string Sale { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required long AtTicks { get; init; }
}

[Table("credit"), PrimaryKey(nameof(CreditRow.Seq))]
public sealed class CreditRow
{
    public required long Seq { get; init; }
    public required DateOnly Day { get; init; }
    public required DateOnly ForDay { get; init; }
    public required string Cause { get; init; }
    public required string Sale { get; init; }
    public required long Line { get; init; }
    public required short Role { get; init; }
    public string? Staff { get; init; }
    public required string Store { get; init; }
    public required long Amount { get; init; }
    public required int Policy { get; init; }
}

[Table("commission"), PrimaryKey(nameof(CommissionRow.Seq))]
public sealed class CommissionRow
{
    public required long Seq { get; init; }
    public required DateOnly Day { get; init; }
    public required DateOnly ForDay { get; init; }
    public required string Cause { get; init; }
    public required string Sale { get; init; }
    public long? Line { get; init; }
    public required short Role { get; init; }
    public string? Staff { get; init; }
    public required string Store { get; init; }
    public required long AmountE4 { get; init; }
    public required long Credit { get; init; }
    public required int Policy { get; init; }
    public required string SaleMonth { get; init; }
}

[Table("bounty"), PrimaryKey(nameof(BountyRow.Seq))]
public sealed class BountyRow
{
    public required long Seq { get; init; }
    public required DateOnly Day { get; init; }
    public required DateOnly ForDay { get; init; }
    public required string Cause { get; init; }
    public required string Fact { get; init; }
    public required string Staff { get; init; }
    public required long Amount { get; init; }
    public string? Sale { get; init; }
}

[Table("bounty_decision"), PrimaryKey(nameof(BountyDecisionRow.Fact))]
public sealed class BountyDecisionRow
{
    public required string Fact { get; init; }
    public required string Member { get; init; }
    public required string Kind { get; init; }
    public string? Staff { get; init; }
    public required long AtTicks { get; init; }
    public required DateOnly Day { get; init; }
    public required int Policy { get; init; }
    public required short Verdict { get; init; }
    public DateOnly? EarnedOn { get; init; }
    public string? Sale { get; init; }
}

[Table("credit_total"), PrimaryKey(nameof(CreditTotalRow.Period), nameof(CreditTotalRow.Channel), nameof(CreditTotalRow.Role), nameof(CreditTotalRow.Staff), nameof(CreditTotalRow.Store))]
public sealed class CreditTotalRow
{
    public required string Period { get; init; }
    public required short Channel { get; init; }
    public required short Role { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required long Amount { get; init; }
}

[Table("commission_total"), PrimaryKey(nameof(CommissionTotalRow.Period), nameof(CommissionTotalRow.Staff), nameof(CommissionTotalRow.Store), nameof(CommissionTotalRow.SaleMonth))]
public sealed class CommissionTotalRow
{
    public required string Period { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required string SaleMonth { get; init; }
    public required long GrossE4 { get; init; }
    public required long Credit { get; init; }
}

[Table("bounty_total"), PrimaryKey(nameof(BountyTotalRow.Period), nameof(BountyTotalRow.Staff))]
public sealed class BountyTotalRow
{
    public required string Period { get; init; }
    public required string Staff { get; init; }
    public required long Amount { get; init; }
}

public enum WorkKind : short { Member, Sale }

[Table("work"), PrimaryKey(nameof(WorkRow.Kind), nameof(WorkRow.Name))]
public sealed class WorkRow
{
    public required WorkKind Kind { get; init; }
    public required string Name { get; init; }
    public required string Cause { get; init; }
    public string? Trouble { get; init; }
}

[Table("period"), PrimaryKey(nameof(PeriodRow.Month))]
public sealed class PeriodRow
{
    public required string Month { get; init; }
    public required long ClosedAtTicks { get; init; }
    public required string ClosedBy { get; init; }
    public required long Facts { get; init; }
    public required long Postings { get; init; }
    public required DateOnly Horizon { get; init; }
    public required string Sha256 { get; init; }
}

[Table("statement"), PrimaryKey(nameof(FrozenStatementRow.Period), nameof(FrozenStatementRow.Staff), nameof(FrozenStatementRow.Store))]
public sealed class FrozenStatementRow
{
    public required string Period { get; init; }
    public required string Staff { get; init; }
    public required string Store { get; init; }
    public required long Credit { get; init; }
    public required long Commission { get; init; }
    public required long StaffPay { get; init; }
    public required long StorePool { get; init; }
    public required long Bounty { get; init; }
    public required long Paid { get; init; }
    public required long Carried { get; init; }
    public required string Sha256 { get; init; }
}

[Table("earning"), PrimaryKey(nameof(FrozenEarningRow.Period), nameof(FrozenEarningRow.Staff), nameof(FrozenEarningRow.Month))]
public sealed class FrozenEarningRow
{
    public required string Period { get; init; }
    public required string Staff { get; init; }
    public required string Month { get; init; }
    public required long Credit { get; init; }
    public required long GrossE4 { get; init; }
    public required long Earned { get; init; }
    public required long Change { get; init; }
}

[Table("close_request"), PrimaryKey(nameof(CloseRequestRow.One))]
public sealed class CloseRequestRow
{
    public short One { get; init; } = 1;
    public required string Month { get; init; }
    public required string Sha256 { get; init; }
    public required string AskedBy { get; init; }
    public required long AskedAtTicks { get; init; }
}
