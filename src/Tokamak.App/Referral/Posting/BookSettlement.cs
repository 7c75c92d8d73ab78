using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Earnings and statements from the monthly totals of what is posted (R14). Postings of closed months never change, so
/// their statements come out as they were frozen, and the first open one settles the difference to them.
/// </summary>
public static class BookSettlement
{
    /// <summary>Settles month by month, up to the last one that anything is dated in, or to the month given.</summary>
    public static async Task<Settlement> OfAsync(Turn turn, BookRules rules, Month? until, CancellationToken stop)
    {
        await using var books = turn.Books();
        var credits = await books.CreditTotals.Where(row => row.Amount != 0)
            .GroupBy(row => new { row.Period, row.Staff, row.Store }).Select(g => new { g.Key, Amount = g.Sum(row => row.Amount) }).ToListAsync(stop);
        return Of(
            rules, credits.Select(row => (row.Key.Period, row.Key.Staff, row.Key.Store, (Int128)row.Amount)),
            (await books.CommissionTotals.ToListAsync(stop)).Select(row => (row.Period, row.Staff, row.Store, row.SaleMonth, (Int128)row.GrossE4, (Int128)row.Credit)),
            (await books.BountyTotals.ToListAsync(stop)).Select(row => (row.Period, row.Staff, (Int128)row.Amount)), until);
    }

    /// <summary>Settles sums by period; an empty staff is the store itself.</summary>
    internal static Settlement Of(
        BookRules rules, IEnumerable<(string Period, string Staff, string Store, Int128 Amount)> credits,
        IEnumerable<(string Period, string Staff, string Store, string SaleMonth, Int128 GrossE4, Int128 Credit)> commissions,
        IEnumerable<(string Period, string Staff, Int128 Amount)> bounties, Month? until)
    {
        var (ofCredit, ofCommission, ofBounty) = (credits.ToLookup(row => row.Period), commissions.ToLookup(row => row.Period), bounties.ToLookup(row => row.Period));
        var settlement = new Settlement(rules.Policy, rules.Roster);
        foreach (var period in ofCredit.Select(g => g.Key).Concat(ofCommission.Select(g => g.Key)).Concat(ofBounty.Select(g => g.Key)).Distinct().Order(StringComparer.Ordinal))
        {
            var month = StoredForms.MonthOf(period);
            if (month > until) break;
            settlement.Open(month);
            foreach (var row in ofCredit[period]) settlement.Credit(PartyOf(row.Staff, row.Store), row.Amount);
            foreach (var row in ofCommission[period]) settlement.Commission(PartyOf(row.Staff, row.Store), StoredForms.MonthOf(row.SaleMonth), row.GrossE4, row.Credit);
            foreach (var row in ofBounty[period]) settlement.Bounty(PartyOf(row.Staff, "-").Clerk!, row.Amount);
        }
        settlement.Close();
        return settlement;

        Party PartyOf(string staff, string store) => rules.PartyOf(staff.Length == 0 ? null : staff, store);
    }
}
