using System.Text;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Drafting;

/// <summary>What became of a step of activating a draft.</summary>
public enum ActivationStep
{
    Done,

    /// <summary>Something in it is wrong, or it would begin too early.</summary>
    MayNot,

    /// <summary>It is no longer what the person saw: the draft was changed, or another became a version before it.</summary>
    Changed,

    /// <summary>Who asked cannot also confirm.</summary>
    SamePerson,

    /// <summary>One of the two let the other in a short while ago.</summary>
    LetIn,

    /// <summary>Nobody asked, or it was taken back, or it is a version already.</summary>
    NotAsked,
}

/// <summary>
/// A draft becomes the next version by two people, as a period closes (<see cref="TwoPersonClose"/>): one asks for what they saw, another
/// confirms that it is still the same, by the hash of the version's one form and its announcement.
/// </summary>
public static class TwoPersonActivation
{
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="id">Which draft.</param>
    /// <param name="seen">The SHA-256 of what the person saw.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record, and for the date rule.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ActivationStep> AskAsync(Turn turn, string id, string? seen, Guid by, Instant now, CancellationToken stop)
    {
        if (await Drafts.FindAsync(turn, id, stop) is not { State: DraftState.Open } draft) return ActivationStep.NotAsked;
        var (check, sha) = await CheckAsync(turn, draft, now, stop);
        if (!check.IsReady) return ActivationStep.MayNot;
        if (sha != seen) return ActivationStep.Changed;
        await turn.ExecuteAsync("update policy_draft set asked_by = @by, asked_at_ticks = @at, asked_sha256 = @sha where id = @id", stop, ("by", by.ToString()), ("at", now.Ticks), ("sha", sha), ("id", id));
        return ActivationStep.Done;
    }

    /// <inheritdoc cref="AskAsync"/>
    /// <param name="invitations">Who let in whom within <see cref="LetIn.For"/>.</param>
    /// <returns>What became of it, and the number of the version.</returns>
    public static async Task<(ActivationStep Step, int? Version)> ConfirmAsync(
        Turn turn, string id, string? seen, Guid by, Instant now, IReadOnlyCollection<LetIn> invitations, CancellationToken stop)
    {
        if (await Drafts.FindAsync(turn, id, stop) is not { State: DraftState.Open, AskedBy: { } askedBy } draft) return (ActivationStep.NotAsked, null);
        var asked = Guid.Parse(askedBy);
        if (asked == by) return (ActivationStep.SamePerson, null);
        if (LetIn.AreOne(asked, by, invitations)) return (ActivationStep.LetIn, null);
        var (check, sha) = await CheckAsync(turn, draft, now, stop);
        if (!check.IsReady) return (ActivationStep.MayNot, null);
        if (sha != draft.AskedSha256 || sha != seen) return (ActivationStep.Changed, null);
        var (stored, _) = await ImportPolicy.RunAsync(turn, Encoding.UTF8.GetBytes(check.Body), now, null, stop);
        if (stored is not [var version]) return (ActivationStep.MayNot, null);
        await turn.ExecuteAsync(
            "update policy_draft set state = 1, version = @version, confirmed_by = @by, body = @body, revision = revision + 1 where id = @id",
            stop, ("version", version.Version), ("by", by.ToString()), ("body", check.Body), ("id", id));
        return (ActivationStep.Done, version.Version);
    }

    /// <summary>Nobody asks for it any more.</summary>
    /// <returns>What was asked for, if anything was.</returns>
    public static async Task<string?> TakeBackAsync(Turn turn, string id, CancellationToken stop)
    {
        if (await Drafts.FindAsync(turn, id, stop) is not { State: DraftState.Open, AskedSha256: { } sha }) return null;
        await turn.ExecuteAsync("update policy_draft set asked_by = null, asked_at_ticks = null, asked_sha256 = null where id = @id", stop, ("id", id));
        return sha;
    }

    private static async Task<(DraftCheck Check, string? Sha256)> CheckAsync(Turn turn, PolicyDraftRow draft, Instant now, CancellationToken stop)
    {
        var check = DraftCheck.Of(draft.Body, await Drafts.FrameAsync(turn, 0, now, stop));
        return (check, check.Sha256(draft.AnnouncementZh, draft.AnnouncementEn));
    }
}
