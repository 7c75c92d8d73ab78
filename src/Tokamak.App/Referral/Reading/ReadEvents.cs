using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Referral.Reading;

/// <summary>What can have been posted, as others are told of it.</summary>
public enum EventType
{
    CreditPosted,
    CommissionPosted,
    BountyPosted,
    FactParked,
    FactAccepted,
    FactRefused,
    FactDismissed,
}

/// <summary>One posting or notice: a <see cref="CreditRow"/>, <see cref="CommissionRow"/>, <see cref="BountyRow"/> or <see cref="NoticeRow"/>.</summary>
public sealed record PostedEvent(long Seq, EventType Type, object Row);

/// <summary>A part of what was posted, in the order of its numbers.</summary>
/// <param name="Events">Those that were asked for.</param>
/// <param name="Next">Up to which number they were looked for: what comes after it is the next part.</param>
/// <param name="HasMore">Whether anything stands after that.</param>
public sealed record EventPage(IReadOnlyList<PostedEvent> Events, long Next, bool HasMore);

/// <summary>
/// What was posted after a number. Postings and notices share one gapless count, given by the one writer in the order of its
/// commits: the books are their own outbox, and a reader who goes on from the last number misses nothing.
/// </summary>
public static class ReadEvents
{
    /// <summary>What tells of anybody's pay.</summary>
    public static readonly IReadOnlySet<EventType> OfPay = new HashSet<EventType> { EventType.CommissionPosted, EventType.BountyPosted };

    public static readonly IReadOnlySet<EventType> All = Enum.GetValues<EventType>().ToHashSet();

    public static readonly IReadOnlySet<EventType> WithoutPay = All.Except(OfPay).ToHashSet();

    /// <param name="turn">A look at the books.</param>
    /// <param name="after">The last number that is known already; 0 from the beginning.</param>
    /// <param name="upTo">The last number to look at.</param>
    /// <param name="wanted">The types to read; others are passed over.</param>
    /// <param name="most">Events at most.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<EventPage> RunAsync(Turn turn, long after, long upTo, IReadOnlySet<EventType> wanted, int most, CancellationToken stop)
    {
        var last = await LastAsync(turn, stop);
        upTo = Math.Min(upTo, last);
        if (after >= upTo) return new EventPage([], Math.Max(after, upTo), false);
        await using var books = turn.Books();
        List<PostedEvent> events = [];
        if (wanted.Contains(EventType.CreditPosted))
            events.AddRange((await books.Credits.Where(row => row.Seq > after && row.Seq <= upTo).OrderBy(row => row.Seq).Take(most).ToListAsync(stop)).Select(row => new PostedEvent(row.Seq, EventType.CreditPosted, row)));
        if (wanted.Contains(EventType.CommissionPosted))
            events.AddRange((await books.Commissions.Where(row => row.Seq > after && row.Seq <= upTo).OrderBy(row => row.Seq).Take(most).ToListAsync(stop)).Select(row => new PostedEvent(row.Seq, EventType.CommissionPosted, row)));
        if (wanted.Contains(EventType.BountyPosted))
            events.AddRange((await books.Bounties.Where(row => row.Seq > after && row.Seq <= upTo).OrderBy(row => row.Seq).Take(most).ToListAsync(stop)).Select(row => new PostedEvent(row.Seq, EventType.BountyPosted, row)));
        if (Enum.GetValues<NoticeKind>().Where(kind => wanted.Contains(TypeOf(kind))).ToList() is { Count: > 0 } kinds)
            events.AddRange((await books.Notices.Where(row => row.Seq > after && row.Seq <= upTo && kinds.Contains(row.Kind)).OrderBy(row => row.Seq).Take(most).ToListAsync(stop)).Select(row => new PostedEvent(row.Seq, TypeOf(row.Kind), row)));
        // Each table gave its first ones: the first of all are among them.
        var page = events.OrderBy(row => row.Seq).Take(most).ToList();
        var next = page.Count == most ? page[^1].Seq : upTo;
        return new EventPage(page, next, next < last);
    }

    /// <summary>The number of the last posting or notice.</summary>
    public static Task<long> LastAsync(Turn turn, CancellationToken stop) => turn.CountAsync("select postings from book", stop);

    private static EventType TypeOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Parked => EventType.FactParked,
        NoticeKind.Accepted => EventType.FactAccepted,
        NoticeKind.Refused => EventType.FactRefused,
        NoticeKind.Dismissed => EventType.FactDismissed,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
