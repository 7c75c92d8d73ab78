using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Verifying;

/// <summary>What is posted, added up by month as the tables of totals should have it.</summary>
internal sealed class MonthlySums
{
    public Dictionary<(string Period, short Channel, short Role, string Staff, string Store), Int128> Credits { get; } = [];
    public Dictionary<(string Period, string Staff, string Store, string SaleMonth), (Int128 GrossE4, Int128 Credit)> Commissions { get; } = [];
    public Dictionary<(string Period, string Staff), Int128> Bounties { get; } = [];

    public void Add(ComponentSlice slice)
    {
        foreach (var row in slice.Sales.Credits.SelectMany(of => of))
        {
            var key = (Month.Of(row.Day).ToString(), slice.Sales.Rows.GetValueOrDefault(row.Sale)?.Channel ?? 0, row.Role, row.Staff ?? "", row.Store);
            Credits[key] = Credits.GetValueOrDefault(key) + row.Amount;
        }
        foreach (var row in slice.Sales.Commissions.SelectMany(of => of))
        {
            var key = (Month.Of(row.Day).ToString(), row.Staff ?? "", row.Store, row.SaleMonth);
            var sum = Commissions.GetValueOrDefault(key);
            Commissions[key] = (sum.GrossE4 + row.AmountE4, sum.Credit + row.Credit);
        }
        foreach (var row in slice.Bounties)
        {
            var key = (Month.Of(row.Day).ToString(), row.Staff);
            Bounties[key] = Bounties.GetValueOrDefault(key) + row.Amount;
        }
    }
}
