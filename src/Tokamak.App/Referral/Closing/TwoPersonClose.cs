using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Closing;

/// <summary>What became of a step of closing.</summary>
public enum CloseStep
{
    Done,

    /// <summary>The checklist does not hold.</summary>
    MayNot,

    /// <summary>What would be frozen is no longer what the person saw.</summary>
    Changed,

    /// <summary>Who prepared cannot also confirm.</summary>
    SamePerson,

    /// <summary>One of the two let the other in a short while ago: they might be one person with two accounts.</summary>
    LetIn,

    /// <summary>Nobody prepared this month, or it was taken back.</summary>
    NotAsked,
}

/// <summary>
/// Closing by two people, because it moves money: one prepares what they saw, another confirms that it is still the same, by the hash
/// of the canonical bytes of all its statements (<see cref="FrozenPeriod"/>).
/// </summary>
public static class TwoPersonClose
{
    /// <param name="turn">A write turn; to be committed when done.</param>
    /// <param name="month">Which period.</param>
    /// <param name="seen">The SHA-256 of what the person saw.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">For the record.</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<CloseStep> PrepareAsync(Turn turn, Month month, string? seen, Guid by, Instant now, DateOnly today, CancellationToken stop)
    {
        var (rules, _) = await VestSales.RunAsync(turn, await BookRules.LoadAsync(turn, stop), today, Reached.All, null, stop);
        var preview = await ClosePeriod.PreviewAsync(turn, rules, month, today, stop);
        if (!preview.MayClose) return CloseStep.MayNot;
        if (preview.Frozen.Sha256 != seen) return CloseStep.Changed;
        await TakeBackAsync(turn, stop);
        await turn.InsertAsync<CloseRequestRow>([new CloseRequestRow { Month = month.ToString(), Sha256 = preview.Frozen.Sha256, AskedBy = by.ToString(), AskedAtTicks = now.Ticks }], stop);
        return CloseStep.Done;
    }

    /// <inheritdoc cref="PrepareAsync"/>
    /// <param name="invitations">Who let in whom within <see cref="LetIn.For"/>.</param>
    public static async Task<CloseStep> ConfirmAsync(
        Turn turn, Month month, string? seen, Guid by, Instant now, DateOnly today, IReadOnlyCollection<LetIn> invitations, CancellationToken stop)
    {
        if (await ReadClosing.AskedAsync(turn, stop) is not { } asked || asked.Month != month) return CloseStep.NotAsked;
        if (asked.By == by) return CloseStep.SamePerson;
        if (LetIn.AreOne(asked.By, by, invitations)) return CloseStep.LetIn;
        var preview = await ClosePeriod.RunAsync(turn, month, $"{asked.By} {by}", now, today, stop);
        if (!preview.MayClose) return CloseStep.MayNot;
        if (preview.Frozen.Sha256 != asked.Sha256 || preview.Frozen.Sha256 != seen) return CloseStep.Changed;
        await TakeBackAsync(turn, stop);
        return CloseStep.Done;
    }

    /// <summary>Nothing is prepared any more.</summary>
    public static Task<int> TakeBackAsync(Turn turn, CancellationToken stop) => turn.ExecuteAsync("delete from close_request", stop);
}
