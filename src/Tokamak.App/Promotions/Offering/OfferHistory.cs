using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What became of one offer, edition by edition.</summary>
public static class OfferHistory
{
    /// <summary>More nobody reads on a page.</summary>
    public const int Most = 100;

    /// <summary>The latest first.</summary>
    public static async Task<IReadOnlyList<OfferVersionRow>> ReadAsync(Turn turn, string offer, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.OfferVersions.Where(row => row.Offer == offer).OrderByDescending(row => row.Edition).Take(Most).ToListAsync(stop);
    }
}
