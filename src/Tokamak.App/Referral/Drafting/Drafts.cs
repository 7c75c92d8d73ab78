using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Drafting;

/// <summary>What became of saving a draft.</summary>
public enum DraftSaved
{
    Done,

    /// <summary>Somebody else saved it meanwhile.</summary>
    Changed,

    /// <summary>It was deleted, or has become a version.</summary>
    Gone,
}

/// <summary>What a person says of a draft beside its policy.</summary>
public sealed record DraftTexts(string Name, string Chinese, string English);

/// <summary>Drafts of a brand's policy: any number at once, changed by one person at a time.</summary>
public static class Drafts
{
    /// <summary>Beyond so many open ones nobody finds theirs.</summary>
    public const int MostOpen = 50;

    /// <param name="turn">A turn.</param>
    /// <param name="decimals">Of the brand's currency.</param>
    /// <param name="now">What day it is follows from it, in the policy's zone.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DraftFrame> FrameAsync(Turn turn, int decimals, Instant now, CancellationToken stop)
    {
        if (await BookRules.PolicyAsync(turn, stop) is not { Versions: [.., var last] } policy) return new DraftFrame(null, null, decimals, ImportPolicy.LatestOf(DateOnly.FromDateTime(new DateTime(now.Ticks))));
        await using var books = turn.Books();
        var today = policy.Zone.DayOf(now);
        // One that was stored before a version could begin too late may stand on the last day there is.
        var (open, after) = (await ImportPolicy.EarliestAsync(books, today, stop), last.EffectiveFrom < DateOnly.MaxValue ? last.EffectiveFrom.AddDays(1) : last.EffectiveFrom);
        return new DraftFrame(last, open > after ? open : after, decimals, ImportPolicy.LatestOf(today));
    }

    /// <summary>Open ones first, then those that became versions; the latest changed first.</summary>
    public static async Task<IReadOnlyList<PolicyDraftRow>> ListAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.PolicyDrafts.OrderBy(row => row.State).ThenByDescending(row => row.ChangedAtTicks).Take(MostOpen * 2).ToListAsync(stop);
    }

    public static async Task<PolicyDraftRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.PolicyDrafts.SingleOrDefaultAsync(row => row.Id == id, stop);
    }

    /// <returns>The id; null where there are too many open ones.</returns>
    public static async Task<string?> MakeAsync(Turn turn, DraftTexts texts, string body, Guid by, Instant now, CancellationToken stop)
    {
        if (await turn.CountAsync("select count(*) from policy_draft where state = 0", stop) >= MostOpen) return null;
        var id = Guid.CreateVersion7().ToString("N");
        await turn.InsertAsync<PolicyDraftRow>(
        [
            new PolicyDraftRow
            {
                Id = id, Name = texts.Name, Body = body, AnnouncementZh = texts.Chinese, AnnouncementEn = texts.English, Revision = 1,
                MadeBy = by.ToString(), MadeAtTicks = now.Ticks, ChangedBy = by.ToString(), ChangedAtTicks = now.Ticks,
            },
        ], stop);
        return id;
    }

    /// <param name="turn">A write turn, to be committed when done.</param>
    /// <param name="id">Which.</param>
    /// <param name="revision">The one that the person changed.</param>
    /// <param name="texts">What it is called, and its announcement.</param>
    /// <param name="body">Of <see cref="DraftCheck"/>.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DraftSaved> SaveAsync(Turn turn, string id, int revision, DraftTexts texts, string body, Guid by, Instant now, CancellationToken stop)
    {
        var saved = await turn.ExecuteAsync(
            """
            update policy_draft set name = @name, body = @body, announcement_zh = @zh, announcement_en = @en, revision = revision + 1, changed_by = @by, changed_at_ticks = @at
            where id = @id and revision = @revision and state = 0
            """,
            stop, ("name", texts.Name), ("body", body), ("zh", texts.Chinese), ("en", texts.English), ("by", by.ToString()), ("at", now.Ticks), ("id", id), ("revision", revision));
        if (saved == 1) return DraftSaved.Done;
        return await FindAsync(turn, id, stop) is { State: DraftState.Open } ? DraftSaved.Changed : DraftSaved.Gone;
    }

    /// <inheritdoc cref="SaveAsync"/>
    public static async Task<DraftSaved> DeleteAsync(Turn turn, string id, int revision, CancellationToken stop)
    {
        var gone = await turn.ExecuteAsync("delete from policy_draft where id = @id and revision = @revision and state = 0", stop, ("id", id), ("revision", revision));
        if (gone == 1) return DraftSaved.Done;
        return await FindAsync(turn, id, stop) is { State: DraftState.Open } ? DraftSaved.Changed : DraftSaved.Gone;
    }
}
