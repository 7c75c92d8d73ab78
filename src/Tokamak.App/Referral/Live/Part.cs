using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Live;

/// <summary>Says that a request is the same as one before: the sender's <c>Idempotency-Key</c>, and what came with it.</summary>
/// <param name="Sender">The API key that it came with.</param>
/// <param name="Request">The <c>Idempotency-Key</c>.</param>
/// <param name="Number">Which part of the request, from 0.</param>
/// <param name="InputHash">Keyed hash of the whole request.</param>
public sealed record RequestKey(string Sender, string Request, int Number, string InputHash);

/// <summary>Something that stands or falls with a part, in the same commit: a held price that becomes the sale's, say.</summary>
public interface IPartBond
{
    /// <summary>What the bond is about; of parts about any of the same, one is decided at a time.</summary>
    IReadOnlyList<string> About { get; }

    /// <summary>Whether the part may be decided; who says no keeps why, for whoever sent it.</summary>
    Task<bool> MayAsync(Turn turn, Instant now, CancellationToken stop);

    /// <summary>The part's facts are stored, parked, or were there before.</summary>
    Task DoneAsync(Turn turn, Instant now, CancellationToken stop);
}

/// <summary>Facts that are decided and answered in one commit: a request, or a bounded part of a long one.</summary>
/// <param name="Arrivals">At most <see cref="MostFacts"/>.</param>
/// <param name="Key">Null without an <c>Idempotency-Key</c>.</param>
public sealed record Part(IReadOnlyList<Arrival> Arrivals, RequestKey? Key = null)
{
    /// <summary>So many facts wait for one commit at most, so that others need not wait long for theirs.</summary>
    public const int MostFacts = 500;

    /// <summary>What stands or falls with its facts.</summary>
    public IPartBond? Bond { get; init; }
}

public enum WriteOutcome
{
    /// <summary>Committed: each fact has its answer.</summary>
    Decided,

    /// <summary>The key was used before with other input; nothing was done.</summary>
    KeyUsed,

    /// <summary>Too much is waiting, or the database does not answer: to be sent again in a moment. It may have been done all the same.</summary>
    Busy,

    /// <summary>Another node writes these books.</summary>
    Elsewhere,

    /// <summary>There is no policy yet, without which facts mean nothing.</summary>
    NoPolicy,

    /// <summary>What it is bound to does not allow it; nothing was done.</summary>
    MayNot,
}

/// <summary>What the writer says to a part.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Answers">One for each arrival, if decided; else empty.</param>
/// <param name="Holder">The address of the node that writes, if elsewhere and known.</param>
public sealed record WriteResult(WriteOutcome Outcome, IReadOnlyList<FactAnswer> Answers, Uri? Holder = null)
{
    public static WriteResult Without(WriteOutcome outcome) => new(outcome, []);
}
