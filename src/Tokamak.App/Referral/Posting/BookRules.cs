using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>What every posting of a brand depends on: its policy, all its staff, and how far its books have come.</summary>
public sealed record BookRules(Policy Policy, Roster Roster, long Facts, long Postings, DateOnly? Horizon, Month? LastClosed)
{
    /// <summary>Whether lines that are due up to the horizon are still being let vest (<see cref="VestSales"/>).</summary>
    public bool Vesting { get; init; }

    public const string NoPolicy = "There is no policy yet, and facts mean nothing without one: run 'tokamak policy import' first.";

    /// <exception cref="WrongBooksException">There is no policy yet, or a stored one no longer reads.</exception>
    public static async Task<BookRules> LoadAsync(Turn turn, CancellationToken stop)
    {
        var policy = await PolicyAsync(turn, stop)
            ?? throw new WrongBooksException(NoPolicy);
        var faults = new List<Fault>();
        var roster = await RosterAsync(turn, policy.Zone, faults, stop);
        if (faults.Count > 0) throw new WrongBooksException($"The stored roster cannot be: {faults[0].Message}. Run 'tokamak verify'.");
        return await WithAsync(turn, policy, roster, stop);
    }

    /// <summary>The stored versions as one policy; null without any.</summary>
    public static async Task<Policy?> PolicyAsync(Turn turn, CancellationToken stop)
    {
        await using var books = turn.Books();
        var bodies = await books.PolicyVersions.OrderBy(version => version.Version).Select(version => version.Body).ToListAsync(stop);
        if (bodies.Count == 0) return null;
        var faults = new List<Fault>();
        return PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes($"[{string.Join(',', bodies)}]"), Zones.Find, faults)
            ?? throw new WrongBooksException($"A stored policy no longer reads: {faults[0]}.");
    }

    /// <summary>The roster as all stored staff facts give it, voided ones left out.</summary>
    public static async Task<Roster> RosterAsync(Turn turn, Zone zone, ICollection<Fault> faults, CancellationToken stop, long upTo = long.MaxValue)
    {
        await using var books = turn.Books();
        return FactLog.Build([.. (await RosterFactsAsync(books, upTo, stop)).Select(StoredForms.FactOf)], zone, null, faults).Roster;
    }

    /// <summary>Staff facts and the voids of such, in the order of their arrival.</summary>
    internal static async Task<List<FactRow>> RosterFactsAsync(BrandContext books, long upTo, CancellationToken stop)
    {
        // Their numbers first, from the index of the roster alone: PostgreSQL takes facts without member and sale for so many that
        // it would rather read the whole table.
        var seqs = await books.Facts.Where(fact => fact.Member == null && fact.Sale == null && fact.Seq <= upTo).Select(fact => fact.Seq).ToListAsync(stop);
        return await books.Facts.Where(fact => seqs.Contains(fact.Seq)).OrderBy(fact => fact.Seq).ToListAsync(stop);
    }

    internal static async Task<BookRules> WithAsync(Turn turn, Policy policy, Roster roster, CancellationToken stop)
    {
        await using var books = turn.Books();
        var book = await books.Books.SingleOrDefaultAsync(stop) ?? throw new WrongBooksException("The books have lost the row that says how far they have come (table book). Restore a backup.");
        var closed = await books.Periods.MaxAsync(period => (string?)period.Month, stop);
        return new BookRules(policy, roster, book.Facts, book.Postings, book.Horizon, Month.TryParse(closed, out var month) ? month : null) { Vesting = book.Vesting };
    }

    /// <summary>The day a posting is dated that belongs to a day: that day, or the first open one where its period is closed (R10).</summary>
    public DateOnly DatedOn(DateOnly day) => LastClosed is { } closed && Month.Of(day) <= closed ? closed.Next.FirstDay : day;

    /// <summary>Who a stored row is for, whatever the roster says of them now.</summary>
    public Party PartyOf(string? staff, string store) => new(staff is null ? null : Roster.FindPosted(new StaffId(staff)), new StoreId(store));
}

/// <summary>The books cannot be worked with as they are; the message says what to do.</summary>
public sealed class WrongBooksException(string message) : WrongDatabaseException(message);
