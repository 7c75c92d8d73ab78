using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>
/// The office takes a parked fact up again, as it is or with the store that a till left out: it is decided as if it had just
/// arrived, in the brand's one write turn, so that any node can do it.
/// </summary>
internal static class OfficeRetry
{
    /// <summary>Whether the office can add what the fact lacks.</summary>
    public static bool LacksStore(ParkedRow row) => row.WaitsFor == WaitsFor.Store;

    /// <summary>Whether nothing that may come will make it count, but another try.</summary>
    public static bool NeedsAttention(ParkedRow row) => row.WaitsFor == WaitsFor.Attention;

    /// <summary>Whether it is about a sale that an appeal has corrected, and the office can count it there.</summary>
    public static bool IsOfCorrected(ParkedRow row) => row.WaitsFor.StartsWith(WaitsFor.CorrectedWord, StringComparison.Ordinal);

    /// <summary>Whether whoever sent it may send it again with what it lacked.</summary>
    public static bool MayBeSentOtherwise(ParkedRow row) => LacksStore(row) || IsOfCorrected(row);

    /// <param name="database">Whose books.</param>
    /// <param name="id">The fact's.</param>
    /// <param name="store">Where the sale was, for one that does not say.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>What became of it, counted for the corrected sale where it named one that an appeal has corrected; null: it does not wait for this any more.</returns>
    /// <exception cref="WrongBooksException">What is kept of it no longer reads.</exception>
    public static async Task<FactAnswer?> RunAsync(BrandDatabase database, string id, StoreId? store, Instant now, CancellationToken stop)
    {
        await using var turn = await database.BeginWriteAsync(stop);
        if (await FindAsync(turn, id, stop) is not { DismissedAtTicks: null } row || (store is not null && !LacksStore(row))) return null;
        var fact = ParkedFacts.FactOf(row);
        if (store is not null) fact = (SaleFact)fact with { Store = store };
        else if (IsOfCorrected(row)) fact = await new CorrectedSales(turn).InPlaceOfAsync(fact, stop) ?? fact;
        var answer = (await OfficeFacts.PostAsync(turn, [fact], row.Sender, now, stop))[0];
        await turn.CommitAsync(stop);
        return answer;
    }

    private static async Task<ParkedRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Parked.SingleOrDefaultAsync(row => row.Id == id, stop);
    }
}
