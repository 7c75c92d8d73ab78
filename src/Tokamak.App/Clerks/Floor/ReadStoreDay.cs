using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Floor;

/// <summary>A store's credit of a day: that of people who have any credit there in the month, and the store's own.</summary>
public static class ReadStoreDay
{
    public static async Task<long> CreditAsync(Turn turn, MonthlyFigures figures, StoreId store, DateOnly day, CancellationToken stop)
    {
        // The month's totals say whose credits there are to look for, so that each is found by an index.
        var staff = figures.CreditsOf(Month.Of(day), store).Select(sum => sum.Party.Staff?.Value).OfType<string>().Distinct().ToList();
        return await turn.CountAsync(
            $"""
            select cast(
              coalesce((select sum(amount) from credit where store = @store and day = @day and staff is not null and {turn.IsOneOf("staff", "clerks")}), 0)
              + coalesce((select sum(amount) from credit where store = @store and day = @day and staff is null and store <> 'online'), 0) as bigint)
            """, stop, ("store", store.Value), ("day", day), turn.List("clerks", staff));
    }
}
