using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>A part of a long list, and how many the list has.</summary>
public sealed record Part<T>(IReadOnlyList<T> Rows, int Count)
{
    public static readonly Part<T> Empty = new([], 0);
}

/// <summary>What a posting came from.</summary>
public enum PostedCause
{
    Sale,
    Vest,
    PerHandover,
    Delivery,
    Handover,
    Cancel,
    Refund,
    Return,

    /// <summary>A fact that came late or changed what was true: a void, a merge, the roster, a service.</summary>
    Correction,
}

/// <summary>A credit as it was posted: dated <c>Posting.Day</c>, belonging to <c>ForDay</c>, which is another where that day's period was closed (R10).</summary>
public sealed record PostedCredit(CreditPosting Posting, DateOnly ForDay, PostedCause Cause);

/// <summary>An entry of commission as it was posted; as <see cref="PostedCredit"/>.</summary>
public sealed record PostedCommission(CommissionPosting Posting, DateOnly ForDay, PostedCause Cause);

/// <summary>A bounty as it was posted, or taken back: whole units.</summary>
public sealed record PostedBounty(DateOnly Day, DateOnly ForDay, string Kind, FactId Service, FactId? Sale, Int128 Amount);

/// <summary>Reads postings with the fact that each came from.</summary>
internal static class PostedRows
{
    public const string CreditColumns = "p.day, p.for_day, p.cause, p.sale, p.line, p.role, p.staff, p.store, p.amount, p.policy, f.type, f.body, f.id";
    public const string CommissionColumns = "p.day, p.for_day, p.cause, p.sale, p.line, p.role, p.staff, p.store, p.amount_e4, p.credit, p.policy, p.sale_month, f.type, f.body, f.id";

    public static PostedCredit CreditOf(System.Data.Common.DbDataReader row, BookRules rules)
    {
        var posting = new CreditPosting(
            row.GetFieldValue<DateOnly>(0), new FactId(row.GetString(2)), new FactId(row.GetString(3)), row.GetInt64(4), (Role)row.GetInt16(5), PartyOf(row, 6, rules), row.GetInt64(8), row.GetInt32(9));
        return new PostedCredit(posting, row.GetFieldValue<DateOnly>(1), CauseOf(row, 10, posting.Cause == posting.Sale));
    }

    public static PostedCommission CommissionOf(System.Data.Common.DbDataReader row, BookRules rules)
    {
        var posting = new CommissionPosting(
            row.GetFieldValue<DateOnly>(0), new FactId(row.GetString(2)), new FactId(row.GetString(3)), row.IsDBNull(4) ? null : row.GetInt64(4), (Role)row.GetInt16(5), PartyOf(row, 6, rules),
            row.GetInt64(8), row.GetInt64(9), row.GetInt32(10), StoredForms.MonthOf(row.GetString(11)));
        var cause = posting.Cause == CommissionPosting.Vest ? PostedCause.Vest : CauseOf(row, 12, posting.Cause == posting.Sale);
        return new PostedCommission(posting, row.GetFieldValue<DateOnly>(1), cause is PostedCause.Handover && posting.Line is null ? PostedCause.PerHandover : cause);
    }

    private static Party PartyOf(System.Data.Common.DbDataReader row, int at, BookRules rules) => rules.PartyOf(row.IsDBNull(at) ? null : row.GetString(at), row.GetString(at + 1));

    private static PostedCause CauseOf(System.Data.Common.DbDataReader row, int at, bool isSale)
    {
        if (isSale) return PostedCause.Sale;
        return row.IsDBNull(at) ? PostedCause.Correction : (FactOrder)row.GetInt16(at) switch
        {
            FactOrder.Handover => ((HandoverFact)StoredForms.FactOf(row.GetString(at + 1), row.GetString(at + 2))).Store is null ? PostedCause.Delivery : PostedCause.Handover,
            FactOrder.Cancel => PostedCause.Cancel,
            FactOrder.Refund => PostedCause.Refund,
            FactOrder.Return => PostedCause.Return,
            _ => PostedCause.Correction,
        };
    }
}
