using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Roles of a sale (R8), in the order of their names.</summary>
public enum Role : byte { Closer, Handover, Host, Owner }

/// <summary>Who a posting is for: a clerk at a store, or the store itself where there is no clerk.</summary>
public readonly record struct Party(StaffTimeline? Clerk, StoreId Store)
{
    public StaffId? Staff => Clerk?.Id;
}

/// <summary>What every posting says: for whom, in which role, and because of which fact.</summary>
public interface IPosting
{
    /// <summary>The day it is dated.</summary>
    DateOnly Day { get; }
    FactId Cause { get; }
    FactId Sale { get; }

    /// <summary>The line; null for what is not about one.</summary>
    long? LineOrNone { get; }
    Role Role { get; }
    Party Party { get; }

    /// <summary>The version of the policy that governs the sale (R16).</summary>
    int Policy { get; }
}

/// <summary>A difference of credit (業績), whole units, dated the day of its cause (R10).</summary>
public readonly record struct CreditPosting(
    DateOnly Day, FactId Cause, FactId Sale, long Line, Role Role, Party Party, long Amount, int Policy) : IPosting
{
    public long? LineOrNone => Line;
}

/// <summary>
/// A difference of commission (獎金) in ten-thousandths of a unit (R12, R13). <see cref="Line"/> is null for a pay per
/// handover. <see cref="Cause"/> is <see cref="Vest"/> when a line vests. <see cref="SaleMonth"/> is the month of the sale's
/// day, by which it is settled (R14). <see cref="VestedCredit"/> is the credit, whole units, that it brings to a clerk's
/// bands (R14), 0 for a store; there may be credit without commission, where the rate is 0.
/// </summary>
public readonly record struct CommissionPosting(
    DateOnly Day, FactId Cause, FactId Sale, long? Line, Role Role, Party Party, Int128 AmountE4, long VestedCredit, int Policy, Month SaleMonth) : IPosting
{
    public long? LineOrNone => Line;

    public static readonly FactId Vest = new("vest");
}

/// <summary>A bounty earned by a clerk for a service, whole units (R15); with the sale that earned it, where one is required.</summary>
public readonly record struct BountyPosting(DateOnly Day, FactId Service, StaffTimeline Clerk, long Amount, FactId? Sale);

/// <summary>A row of earnings.csv (R14): what a sale month has earned a staff member by the end of a period.</summary>
public readonly record struct EarningsRow(
    Month Period, StaffId Staff, Month SaleMonth, Int128 Credit, Int128 GrossE4, Int128 Earned, Int128 Change);

/// <summary>A row of statements.csv (R14): of a staff member (<see cref="Staff"/>) or of a store (<see cref="Store"/>).</summary>
public readonly record struct StatementRow(
    Month Period, StaffId? Staff, StoreId? Store, Int128 Credit, Int128 Commission, Int128 StaffPay, Int128 StorePool,
    Int128 Bounty, Int128 Paid, Int128 Carried);

/// <summary>
/// One day's postings, in the order in which they arose. Whoever is done with it may give it back
/// (<see cref="Replay.GiveBack"/>), so that a long replay does not fill the memory with lists of dead rows.
/// </summary>
public sealed class DayPostings
{
    public DateOnly Day { get; internal set; }
    public List<CreditPosting> Credits { get; } = [];
    public List<CommissionPosting> Commissions { get; } = [];

    public List<BountyPosting> Bounties { get; } = [];

    internal bool IsEmpty => Credits.Count == 0 && Commissions.Count == 0 && Bounties.Count == 0;

    internal void Clear()
    {
        Credits.Clear();
        Commissions.Clear();
        Bounties.Clear();
    }
}
