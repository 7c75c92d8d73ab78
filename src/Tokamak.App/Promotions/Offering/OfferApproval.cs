using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>What became of a step of an offer's life.</summary>
public enum OfferStep
{
    Done,

    /// <summary>Something in it is wrong.</summary>
    MayNot,

    /// <summary>It is no longer what the person saw.</summary>
    Changed,

    /// <summary>Who asked cannot also approve.</summary>
    SamePerson,

    /// <summary>One of the two let the other in a short while ago.</summary>
    LetIn,

    /// <summary>Nobody asked, or it was taken back, or it is done already.</summary>
    NotAsked,

    /// <summary>A brand runs no more offers at once.</summary>
    Full,
}

/// <summary>
/// An offer counts once two people have agreed on it: one asks for what they saw, another approves that it is still the same. One person can
/// end it, since that takes nothing but a discount away and may be urgent; it comes back by approval only.
/// </summary>
public static class OfferApproval
{
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="offer">Which.</param>
    /// <param name="seen">The SHA-256 of what the person saw.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<OfferStep> AskAsync(Turn turn, string offer, string? seen, Guid by, Instant now, CancellationToken stop)
    {
        if (await OfferDrafts.FindAsync(turn, offer, stop) is not { } draft) return OfferStep.NotAsked;
        if (OfferText.Check(offer, draft.Body).Sha256 is not { } sha) return OfferStep.MayNot;
        if (sha != seen) return OfferStep.Changed;
        await turn.ExecuteAsync(
            "update offer_draft set asked_by = @by, asked_at_ticks = @at, asked_sha256 = @sha where offer = @offer", stop, ("by", by.ToString()), ("at", now.Ticks), ("sha", sha), ("offer", offer));
        return OfferStep.Done;
    }

    /// <inheritdoc cref="AskAsync"/>
    /// <param name="invitations">Who let in whom within <see cref="LetIn.For"/>.</param>
    /// <returns>What became of it, and the edition in which it counts.</returns>
    public static async Task<(OfferStep Step, long? Edition)> ConfirmAsync(
        Turn turn, string offer, string? seen, Guid by, Instant now, IReadOnlyCollection<LetIn> invitations, CancellationToken stop)
    {
        if (await OfferDrafts.FindAsync(turn, offer, stop) is not { AskedBy: { } askedBy } draft) return (OfferStep.NotAsked, null);
        var asked = Guid.Parse(askedBy);
        if (asked == by) return (OfferStep.SamePerson, null);
        if (LetIn.AreOne(asked, by, invitations)) return (OfferStep.LetIn, null);
        var check = OfferText.Check(offer, draft.Body);
        if (check.Body is null) return (OfferStep.MayNot, null);
        if (check.Sha256 != draft.AskedSha256 || check.Sha256 != seen) return (OfferStep.Changed, null);
        if (await StoreAsync(turn, [(offer, check.Body)], askedBy, by.ToString(), now, stop) is not { } edition) return (OfferStep.Full, null);
        await turn.ExecuteAsync("delete from offer_draft where offer = @offer", stop, ("offer", offer));
        return (OfferStep.Done, edition);
    }

    /// <summary>Nobody asks for it any more.</summary>
    public static async Task<OfferStep> TakeBackAsync(Turn turn, string offer, CancellationToken stop) =>
        await turn.ExecuteAsync("update offer_draft set asked_by = null, asked_at_ticks = null, asked_sha256 = null where offer = @offer and asked_by is not null", stop, ("offer", offer)) == 1
            ? OfferStep.Done : OfferStep.NotAsked;

    /// <summary>Ends an offer before its time, at once.</summary>
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="offer">Which; the terms cannot be ended.</param>
    /// <param name="seen">The edition that the person saw.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">The moment.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<OfferStep> EndAsync(Turn turn, string offer, long seen, Guid by, Instant now, CancellationToken stop)
    {
        if (offer == OfferVersionRow.Terms) return OfferStep.MayNot;
        await using var books = turn.Books();
        if (await books.OfferVersions.Where(row => row.Offer == offer).OrderByDescending(row => row.Edition).FirstOrDefaultAsync(stop) is not { Body: not null } latest) return OfferStep.NotAsked;
        if (latest.Edition != seen) return OfferStep.Changed;
        await turn.InsertAsync<OfferVersionRow>([Version(await OfferBooks.EditionAsync(turn, stop) + 1, offer, null, by.ToString(), by.ToString(), now)], stop);
        return OfferStep.Done;
    }

    /// <summary>Lets checked offers count, each in an edition of its own; those that say the same already stay as they are.</summary>
    /// <returns>The last edition; null where the brand would have more than <see cref="OfferReader.MaxOffers"/> that were not ended.</returns>
    internal static async Task<long?> StoreAsync(Turn turn, IReadOnlyList<(string Offer, string Body)> offers, string askedBy, string approvedBy, Instant now, CancellationToken stop)
    {
        var held = await OfferBooks.ReadAsync(turn, stop);
        var changed = offers.Where(offer => held.Latest.GetValueOrDefault(offer.Offer)?.Body != offer.Body).ToList();
        var more = changed.Count(offer => offer.Offer != OfferVersionRow.Terms && held.Latest.GetValueOrDefault(offer.Offer)?.Body is null);
        if (held.Book.Offers.Count + more > OfferReader.MaxOffers) return null;
        var edition = held.Edition;
        await turn.InsertAsync<OfferVersionRow>([.. changed.Select(offer => Version(++edition, offer.Offer, offer.Body, askedBy, approvedBy, now))], stop);
        return edition;
    }

    private static OfferVersionRow Version(long edition, string offer, string? body, string askedBy, string approvedBy, Instant now) =>
        new() { Edition = edition, Offer = offer, Body = body, AskedBy = askedBy, ApprovedBy = approvedBy, AtTicks = now.Ticks };
}
