using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;

namespace Tokamak.App.Referral.Reading;

/// <summary>What a parked fact can wait for: the first word of its <c>waits_for</c>.</summary>
public enum ParkedWait
{
    /// <summary>The sale or fact that it is about.</summary>
    Fact,

    /// <summary>Something more of the sale that it is about.</summary>
    Sale,

    /// <summary>A clerk's employment.</summary>
    Staff,

    /// <summary>A referral code to be free.</summary>
    Code,

    /// <summary>Its day.</summary>
    Day,

    /// <summary>The store that a till left out.</summary>
    Store,

    /// <summary>Somebody to count it for the sale that an appeal put in the place of the one it names.</summary>
    Corrected,

    /// <summary>Somebody to look at it.</summary>
    Attention,
}

/// <summary>Facts that wait, or that the office let go, each list in the order of its own index.</summary>
public static class ReadParked
{
    // Between the word and what follows it stands a blank: everything that begins with the word comes before the word with a '!'.
    private const string Beyond = "!";

    /// <summary>Those that wait, the longest first, after a place.</summary>
    public static async Task<List<ParkedRow>> WaitingAsync(Turn turn, long afterTicks, string afterId, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Parked.FromSql(
            $"select * from parked where dismissed_at_ticks is null and (since_ticks, id) > ({afterTicks}, {afterId}) order by since_ticks, id limit {most}").ToListAsync(stop);
    }

    /// <summary>A page of those that wait, the longest first, and how many there are.</summary>
    public static async Task<Part<ParkedRow>> WaitingAsync(Turn turn, ParkedWait? wait, int page, int pageSize, CancellationToken stop)
    {
        await using var books = turn.Books();
        var (from, before) = wait is { } kind ? (WordOf(kind), WordOf(kind) + Beyond) : ("", "\U0010FFFF");
        var rows = await books.Parked.FromSql(
            $"select * from parked where dismissed_at_ticks is null and waits_for >= {from} and waits_for < {before} order by since_ticks, id limit {pageSize} offset {(page - 1) * (long)pageSize}").ToListAsync(stop);
        var count = await turn.CountAsync(
            "select count(*) from parked where dismissed_at_ticks is null and waits_for >= @from and waits_for < @before", stop, ("from", from), ("before", before));
        return new(rows, (int)count);
    }

    /// <summary>A page of those that were let go, the latest first.</summary>
    public static async Task<Part<ParkedRow>> DismissedAsync(Turn turn, int page, int pageSize, CancellationToken stop)
    {
        await using var books = turn.Books();
        var dismissed = books.Parked.Where(row => row.DismissedAtTicks != null);
        return new(
            await dismissed.OrderByDescending(row => row.DismissedAtTicks).ThenByDescending(row => row.Id).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(stop), await dismissed.CountAsync(stop));
    }

    public static async Task<ParkedRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Parked.SingleOrDefaultAsync(row => row.Id == id, stop);
    }

    /// <summary>Whether a fact counts, and so does not wait any more.</summary>
    public static async Task<bool> CountsAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Facts.AnyAsync(row => row.Id == id, stop);
    }

    /// <summary>What it waits for, and the name of that: an id, a code or a day; empty where it needs none.</summary>
    public static (ParkedWait Wait, string Name) WaitOf(ParkedRow row)
    {
        var parts = row.WaitsFor.Split(' ', 2);
        return (Enum.GetValues<ParkedWait>().First(wait => WordOf(wait) == parts[0]), parts.Length > 1 ? parts[1] : "");
    }

    private static string WordOf(ParkedWait wait) => wait switch
    {
        ParkedWait.Fact => "fact",
        ParkedWait.Sale => "sale",
        ParkedWait.Staff => "staff",
        ParkedWait.Code => "code",
        ParkedWait.Day => "day",
        ParkedWait.Store => "store",
        ParkedWait.Corrected => "corrected",
        ParkedWait.Attention => "attention",
        _ => throw new ArgumentOutOfRangeException(nameof(wait), wait, null),
    };
}
