using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>
/// A sale month on a statement (R14): all of it to the end of the period, and what the period adds. Bands and cap are
/// the whole units that they added or took.
/// </summary>
public sealed record SaleMonthRow(
    Month SaleMonth, PolicyVersion Version, Int128 Credit, Int128 GrossE4, Int128 GrossBeforeE4, Int128 BandEffect, Int128 CapEffect,
    Int128 Earned, Int128 SettledBefore, Int128 StaffPay)
{
    public Int128 Change => Earned - SettledBefore;
    public Int128 Pool => Change - StaffPay;

    /// <summary>Gross to whole units, before bands and cap; earned is this with both effects.</summary>
    public Int128 Gross => Earned - BandEffect - CapEffect;
}

/// <summary>
/// A clerk's statement of a period with everything that it rests on: sale months, bounties, what was carried, the
/// commission entries and the credits dated in the period. Its sums are those of the statement row.
/// </summary>
public sealed record ClerkStatement(
    StaffId Staff, Month Period, StatementRow? Row, Int128 CarriedIn, IReadOnlyList<SaleMonthRow> SaleMonths,
    IReadOnlyList<BountyDecision> Bounties, IReadOnlyList<CommissionPosting> Entries, IReadOnlyList<CreditPosting> Credits)
{
    public Int128 Credit => Row?.Credit ?? 0;
    public Int128 Commission => Row?.Commission ?? 0;
    public Int128 StaffPay => Row?.StaffPay ?? 0;
    public Int128 StorePool => Row?.StorePool ?? 0;
    public Int128 Bounty => Row?.Bounty ?? 0;
    public Int128 Paid => Row?.Paid ?? 0;

    /// <summary>Without a statement this period, what was carried waits for the next one.</summary>
    public Int128 CarriedOut => Row?.Carried ?? CarriedIn;

    public bool IsEmpty => Row is null && SaleMonths.Count == 0 && Entries.Count == 0 && Credits.Count == 0;

    public static ClerkStatement Of(Books books, StaffId staff, Month period)
    {
        StatementRow? row = null;
        Int128 carriedIn = 0;
        foreach (var statement in books.Statements)
        {
            if (statement.Staff != staff) continue;
            if (statement.Period < period) carriedIn = statement.Carried;
            if (statement.Period == period) row = statement;
        }
        return new ClerkStatement(
            staff, period, row, carriedIn, SaleMonthsOf(books, staff, period),
            [.. books.Journal.Bounties.Where(b => b.Staff == staff && b.EarnedOn is { } day && Month.Of(day) == period).OrderBy(b => b.EarnedOn)],
            [.. Dated.In(books.Commissions, period, entry => entry.Day).Where(entry => entry.Party.Staff == staff)],
            [.. Dated.In(books.Credits, period, credit => credit.Day).Where(credit => credit.Party.Staff == staff)]);
    }

    /// <summary>Months in which the clerk has a statement or anything on one, rising.</summary>
    public static IReadOnlyList<Month> MonthsOf(Books books, StaffId staff) =>
    [
        .. books.Statements.Where(row => row.Staff == staff).Select(row => row.Period)
            .Concat(books.Earnings.Where(row => row.Staff == staff).Select(row => row.Period)).Distinct().Order(),
    ];

    private static List<SaleMonthRow> SaleMonthsOf(Books books, StaffId staff, Month period)
    {
        Dictionary<Month, Int128> grossBefore = [];
        List<SaleMonthRow> rows = [];
        foreach (var row in books.Earnings)
        {
            if (row.Staff != staff || row.Period > period) continue;
            if (row.Period < period) grossBefore[row.SaleMonth] = row.GrossE4;
            else rows.Add(RowOf(row, grossBefore.GetValueOrDefault(row.SaleMonth), books.Policy.SettlingMonth(row.SaleMonth)));
        }
        return rows;
    }

    private static SaleMonthRow RowOf(EarningsRow row, Int128 grossBeforeE4, PolicyVersion version)
    {
        var uncapped = SettlementRules.Earned(row.GrossE4, row.Credit, version with { CapPerMonth = null });
        var plain = SettlementRules.Earned(row.GrossE4, row.Credit, version with { CapPerMonth = null, Bands = null });
        var before = row.Earned - row.Change;
        return new SaleMonthRow(
            row.SaleMonth, version, row.Credit, row.GrossE4, grossBeforeE4, uncapped - plain, row.Earned - uncapped, row.Earned, before,
            SettlementRules.StaffPay(row.Earned, version) - SettlementRules.StaffPay(before, version));
    }
}
