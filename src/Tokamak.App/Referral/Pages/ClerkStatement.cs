using Tokamak.App.Referral.Reading;
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

/// <summary>Commission entries of a statement that belong to one sale month: what they come to, in ten-thousandths.</summary>
public sealed record EntrySum(Month SaleMonth, Int128 AmountE4);

/// <summary>
/// A clerk's statement of a period with everything that it rests on: sale months, bounties, what was carried, the
/// commission entries and the credits dated in the period. Its sums are those of the statement row. Entries and credits
/// may be a part of the list; their counts are of all.
/// </summary>
public sealed record ClerkStatement(
    StaffId Staff, Month Period, StatementRow? Row, Int128 CarriedIn, IReadOnlyList<SaleMonthRow> SaleMonths,
    IReadOnlyList<PostedBounty> Bounties, Part<PostedCommission> Entries, IReadOnlyList<EntrySum> EntrySums, Part<PostedCredit> Credits)
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

    /// <summary>The sale months that the period settled, from the clerk's earnings of all periods, rising.</summary>
    public static IReadOnlyList<SaleMonthRow> SaleMonthsOf(IEnumerable<EarningsRow> earnings, Month period, Policy policy)
    {
        Dictionary<Month, Int128> grossBefore = [];
        List<SaleMonthRow> rows = [];
        foreach (var row in earnings)
        {
            if (row.Period > period) continue;
            if (row.Period < period) grossBefore[row.SaleMonth] = row.GrossE4;
            else rows.Add(RowOf(row, grossBefore.GetValueOrDefault(row.SaleMonth), policy.SettlingMonth(row.SaleMonth)));
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
