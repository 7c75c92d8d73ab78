using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What became of saving a draft.</summary>
public enum OfferSaved
{
    Done,

    /// <summary>Somebody else saved it meanwhile, or has made one of that id.</summary>
    Changed,

    /// <summary>It was deleted, or has been approved.</summary>
    Gone,

    /// <summary>There are too many.</summary>
    Full,
}

/// <summary>Offers that are being written; at most one draft an offer.</summary>
public static class OfferDrafts
{
    /// <summary>Beyond so many open ones nobody finds theirs.</summary>
    public const int Most = 200;

    public const int MostLettersOfBody = 100_000;

    /// <summary>The latest changed first.</summary>
    public static async Task<IReadOnlyList<OfferDraftRow>> ListAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.OfferDrafts.OrderByDescending(row => row.ChangedAtTicks).ThenBy(row => row.Offer).ToListAsync(stop);
    }

    public static async Task<OfferDraftRow?> FindAsync(Turn turn, string offer, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.OfferDrafts.SingleOrDefaultAsync(row => row.Offer == offer, stop);
    }

    /// <summary>Begins a draft, or changes one. What was asked for is no longer asked for.</summary>
    /// <param name="turn">A write turn, to be committed when done.</param>
    /// <param name="offer">Which.</param>
    /// <param name="revision">The one that the person changed; null begins it.</param>
    /// <param name="body">Of at most <see cref="MostLettersOfBody"/>.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<OfferSaved> SaveAsync(Turn turn, string offer, int? revision, string body, Guid by, Instant now, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MostLettersOfBody);
        if (revision is null)
        {
            if (await FindAsync(turn, offer, stop) is not null) return OfferSaved.Changed;
            if (await turn.CountAsync("select count(*) from offer_draft", stop) >= Most) return OfferSaved.Full;
            await turn.InsertAsync<OfferDraftRow>(
                [new OfferDraftRow { Offer = offer, Body = body, Revision = 1, MadeBy = by.ToString(), MadeAtTicks = now.Ticks, ChangedBy = by.ToString(), ChangedAtTicks = now.Ticks }], stop);
            return OfferSaved.Done;
        }
        var saved = await turn.ExecuteAsync(
            """
            update offer_draft set body = @body, revision = revision + 1, changed_by = @by, changed_at_ticks = @at, asked_by = null, asked_at_ticks = null, asked_sha256 = null
            where offer = @offer and revision = @revision
            """,
            stop, ("body", body), ("by", by.ToString()), ("at", now.Ticks), ("offer", offer), ("revision", revision));
        return saved == 1 ? OfferSaved.Done : await MissedAsync(turn, offer, stop);
    }

    /// <inheritdoc cref="SaveAsync"/>
    public static async Task<OfferSaved> DeleteAsync(Turn turn, string offer, int revision, CancellationToken stop)
    {
        var gone = await turn.ExecuteAsync("delete from offer_draft where offer = @offer and revision = @revision", stop, ("offer", offer), ("revision", revision));
        return gone == 1 ? OfferSaved.Done : await MissedAsync(turn, offer, stop);
    }

    private static async Task<OfferSaved> MissedAsync(Turn turn, string offer, CancellationToken stop) => await FindAsync(turn, offer, stop) is null ? OfferSaved.Gone : OfferSaved.Changed;
}
