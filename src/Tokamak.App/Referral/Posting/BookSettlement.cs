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
        var credits = (await books.CreditTotals.Where(row => row.Amount != 0)
            .GroupBy(row => new { row.Period, row.Staff, row.Store }).Select(g => new { g.Key, Amount = g.Sum(row => row.Amount) }).ToListAsync(stop)).ToLookup(row => row.Key.Period);
        var commissions = (await books.CommissionTotals.ToListAsync(stop)).ToLookup(row => row.Period);
        var bounties = (await books.BountyTotals.ToListAsync(stop)).ToLookup(row => row.Period);

        var settlement = new Settlement(rules.Policy, rules.Roster);
        foreach (var period in credits.Select(g => g.Key).Concat(commissions.Select(g => g.Key)).Concat(bounties.Select(g => g.Key)).Distinct().Order(StringComparer.Ordinal))
        {
            var month = StoredForms.MonthOf(period);
            if (month > until) break;
            settlement.Open(month);
            foreach (var row in credits[period]) settlement.Credit(PartyOf(row.Key.Staff, row.Key.Store), row.Amount);
            foreach (var row in commissions[period]) settlement.Commission(PartyOf(row.Staff, row.Store), StoredForms.MonthOf(row.SaleMonth), row.GrossE4, row.Credit);
            foreach (var row in bounties[period]) settlement.Bounty(PartyOf(row.Staff, "-").Clerk!, row.Amount);
        }
        settlement.Close();
        return settlement;

        Party PartyOf(string staff, string store) => rules.PartyOf(staff.Length == 0 ? null : staff, store);
    }
}
