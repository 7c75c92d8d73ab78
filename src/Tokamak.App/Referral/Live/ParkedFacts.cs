using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

internal enum DismissOutcome
{
    Done,
    DoneBefore,

    /// <summary>No such fact waits.</summary>
    Unknown,
}

/// <summary>The table of parked facts: what comes into it and leaves it, with a notice of each.</summary>
internal static class ParkedFacts
{
    /// <summary>Parked facts that one sweep takes up.</summary>
    private const int MostSwept = 1_000;

    public const int MostLettersOfReason = 500;

    /// <exception cref="WrongBooksException">It no longer reads.</exception>
    public static Fact FactOf(ParkedRow row) =>
        FactText.TryRead(Encoding.UTF8.GetBytes(row.Body), 0, out var fact, out var fault) ? fact
            : throw new WrongBooksException($"The parked fact {row.Id} no longer reads: {fault.Message}. Let the office dismiss it.");

    /// <summary>Parks what waits, and takes out what counts or was refused.</summary>
    /// <returns>The books with the notices counted.</returns>
    public static async Task<BookRules> SaveAsync(Turn turn, IReadOnlyList<Candidate> candidates, BookRules rules, Instant now, CancellationToken stop)
    {
        // One that was to take the place of a parked one and cannot be leaves it as it is.
        var left = candidates.Where(candidate => candidate is { Parked: { } parked, Waits: null } && (candidate.Refusal is null || candidate.Body == parked.Body)).ToList();
        var waiting = candidates.Where(candidate => candidate is { Waits: not null, Refusal: null }).ToList();
        if (left.Count == 0 && waiting.Count == 0) return rules;
        if (left.Count > 0) await turn.DeleteAsync<ParkedRow>("id", [.. left.Select(candidate => candidate.Fact.Id.Value)], stop);
        await turn.UpsertAsync(
            [
                .. waiting.Select(candidate => new ParkedRow
                {
                    Id = candidate.Fact.Id.Value, Body = candidate.Body, WaitsFor = candidate.Waits!.Value.For, Reason = candidate.Waits.Value.Reason, Facts = rules.Facts,
                    SinceTicks = candidate.Parked?.SinceTicks ?? now.Ticks, Sender = candidate.Parked?.Sender ?? candidate.Sender,
                }),
            ], stop);
        return await TellAsync(
            turn, rules, now,
            [
                .. left.Select(candidate => (candidate.Refusal is null ? NoticeKind.Accepted : NoticeKind.Refused, candidate.Fact.Id.Value, candidate.Refusal, candidate.Parked!.Sender)),
                .. waiting.Where(candidate => candidate.Parked is null).Select(candidate => (NoticeKind.Parked, candidate.Fact.Id.Value, (string?)candidate.Waits!.Value.Reason, candidate.Sender)),
            ], stop);
    }

    /// <summary>The office lets a parked fact go: it never counts, and is refused if it is sent again. The turn is to be committed when done.</summary>
    /// <param name="turn">A write turn.</param>
    /// <param name="id">The fact's.</param>
    /// <param name="by">The account, or <c>key ID</c>.</param>
    /// <param name="because">Why, for whoever sent it.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DismissOutcome> DismissAsync(Turn turn, string id, string by, string because, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Parked.SingleOrDefaultAsync(row => row.Id == id, stop) is not { } parked) return DismissOutcome.Unknown;
        if (parked.DismissedAtTicks is not null) return DismissOutcome.DoneBefore;
        await turn.ExecuteAsync(
            "update parked set dismissed_at_ticks = @now, dismissed_by = @by, dismissed_because = @because where id = @id", stop,
            ("now", now.Ticks), ("by", by), ("because", because), ("id", id));
        await TellAsync(turn, await BookRules.LoadAsync(turn, stop), now, [(NoticeKind.Dismissed, id, because, parked.Sender)], stop);
        return DismissOutcome.Done;
    }

    /// <summary>Parked facts that may count by now, though no fact has woken them: their day has come, or an import brought what they waited for.</summary>
    public static async Task<List<ParkedRow>> DueAsync(Turn turn, BookRules rules, DateOnly today, CancellationToken stop)
    {
        await using var books = turn.Books();
        var due = await turn.ReadAsync(
            """
            select p.id from parked p where p.dismissed_at_ticks is null and (
              (p.waits_for like 'day %' and p.waits_for <= @today)
              or (p.waits_for like 'fact %' and exists (select 1 from fact f where f.id = substr(p.waits_for, 6)))
              or (p.waits_for like 'sale %' and exists (select 1 from fact f where f.sale = substr(p.waits_for, 6) and f.seq > p.facts))
              or exists (select 1 from fact f where f.id = p.id))
            order by p.since_ticks, p.id limit @most
            """, row => row.GetString(0), stop, ("today", WaitsFor.Day(today)), ("most", MostSwept));
        var named = await books.Parked.Where(row => row.DismissedAtTicks == null && row.WaitsFor.StartsWith("staff ")).Select(row => row.WaitsFor).Distinct().ToListAsync(stop);
        var known = named.Where(waits => rules.Roster.Find(new StaffId(waits["staff ".Length..])) is not null).ToList();
        return await books.Parked.Where(row => row.DismissedAtTicks == null && (due.Contains(row.Id) || (known.Contains(row.WaitsFor) && row.Facts < rules.Facts)))
            .OrderBy(row => row.SinceTicks).ThenBy(row => row.Id).Take(MostSwept).ToListAsync(stop);
    }

    private static async Task<BookRules> TellAsync(
        Turn turn, BookRules rules, Instant now, IReadOnlyList<(NoticeKind Kind, string Fact, string? Reason, string? Sender)> told, CancellationToken stop)
    {
        if (told.Count == 0) return rules;
        var seq = rules.Postings;
        await turn.InsertAsync<NoticeRow>(
            [.. told.Select(notice => new NoticeRow { Seq = ++seq, Kind = notice.Kind, Fact = notice.Fact, AtTicks = now.Ticks, Reason = notice.Reason, Sender = notice.Sender })], stop);
        await turn.ExecuteAsync("update book set postings = @postings", stop, ("postings", seq));
        return rules with { Postings = seq };
    }
}
