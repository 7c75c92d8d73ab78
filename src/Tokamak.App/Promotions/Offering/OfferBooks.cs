using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>A brand's offers as an edition has them.</summary>
/// <param name="Edition">0: nobody has approved anything yet.</param>
/// <param name="Book">Of the offers that were not ended; when each holds is the offer's own condition.</param>
/// <param name="Latest">By offer, what was last approved, ended ones included.</param>
public sealed record HeldOffers(long Edition, OfferBook Book, IReadOnlyDictionary<string, OfferVersionRow> Latest)
{
    /// <summary>The terms that all offers share, as JSON.</summary>
    public string Terms => Latest.GetValueOrDefault(OfferVersionRow.Terms)?.Body ?? OfferText.DefaultTerms;
}

/// <summary>Reads a brand's approved offers.</summary>
public static class OfferBooks
{
    /// <param name="turn">A turn.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="edition">As of this one; without, the latest.</param>
    /// <exception cref="WrongDatabaseException">What is stored no longer reads.</exception>
    public static async Task<HeldOffers> ReadAsync(Turn turn, CancellationToken stop, long edition = long.MaxValue)
    {
        await using var books = turn.Books();
        var rows = await books.OfferVersions.Where(row => row.Edition <= edition && !books.OfferVersions.Any(later => later.Offer == row.Offer && later.Edition > row.Edition && later.Edition <= edition))
            .ToListAsync(stop);
        var latest = rows.ToDictionary(row => row.Offer);
        var terms = latest.GetValueOrDefault(OfferVersionRow.Terms)?.Body ?? OfferText.DefaultTerms;
        var faults = new List<Fault>();
        var book = OfferReader.Read(OfferText.Document(terms, rows.Where(row => row.Offer != OfferVersionRow.Terms && row.Body is not null).Select(row => row.Body!)), Zones.Find, faults);
        if (book is null || faults.Count > 0) throw new WrongDatabaseException($"The offers that are stored no longer read: {faults[0]}. Restore a backup, or end that offer.");
        return new HeldOffers(rows.Count == 0 ? 0 : rows.Max(row => row.Edition), book, latest);
    }

    public static Task<long> EditionAsync(Turn turn, CancellationToken stop) => turn.CountAsync("select coalesce(max(edition), 0) from offer_version", stop);
}

/// <summary>Keeps each brand's offers in memory until an edition changes them.</summary>
public sealed class OfferShelf
{
    private readonly ConcurrentDictionary<string, HeldOffers> _held = new(StringComparer.Ordinal);

    /// <param name="brand">Its name.</param>
    /// <param name="turn">A turn of its database.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<HeldOffers> OfAsync(string brand, Turn turn, CancellationToken stop)
    {
        var edition = await OfferBooks.EditionAsync(turn, stop);
        if (_held.TryGetValue(brand, out var held) && held.Edition == edition) return held;
        return _held[brand] = await OfferBooks.ReadAsync(turn, stop);
    }
}
