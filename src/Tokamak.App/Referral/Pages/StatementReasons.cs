using Tokamak.App.Web;

namespace Tokamak.App.Referral.Pages;

/// <summary>Says in words what made a statement other than rate times credit: bands, cap, corrections, what is carried (R14).</summary>
public sealed class StatementReasons(Texts t, Show show)
{
    public IReadOnlyList<string> Of(ClerkStatement statement)
    {
        List<string> reasons = [];
        foreach (var row in statement.SaleMonths)
        {
            var (month, credit) = (show.Month(row.SaleMonth), show.Money(row.Credit));
            if (row.BandEffect > 0) reasons.Add(t["reason.band.lifted", month, credit, show.Money(row.BandEffect)]);
            if (row.BandEffect < 0) reasons.Add(t["reason.band.lowered", month, credit, show.Money(-row.BandEffect)]);
            if (row.CapEffect < 0) reasons.Add(t["reason.cap", month, show.Money(row.Version.CapPerMonth ?? 0), show.Money(-row.CapEffect)]);
            if (row.Change < 0) reasons.Add(t["reason.corrected", month, show.Money(-row.Change)]);
        }
        if (statement.CarriedIn < 0) reasons.Add(t["reason.carried.in", show.Money(-statement.CarriedIn)]);
        if (statement.CarriedOut < 0) reasons.Add(t["reason.carried.out", show.Money(-statement.CarriedOut)]);
        return reasons;
    }
}
