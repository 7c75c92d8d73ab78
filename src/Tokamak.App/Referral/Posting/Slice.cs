using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>Which stored facts count already: those before an import, and of the import those up to where it has come.</summary>
internal sealed record Reached(long Before, Fact? UpTo)
{
    public static readonly Reached All = new(long.MaxValue, null);

    public bool Counts(FactRow row) => row.Seq <= Before || (UpTo is { } last && Compare(row, last) <= 0);

    private static int Compare(FactRow row, Fact fact) =>
        row.AtTicks != fact.At.Ticks ? row.AtTicks.CompareTo(fact.At.Ticks)
            : row.Type != (short)fact.Order ? row.Type.CompareTo((short)fact.Order)
            : string.CompareOrdinal(row.Id, fact.Id.Value);
}

/// <summary>What is stored of some sales: their facts, their decisions and what stands posted.</summary>
internal sealed class StoredSales
{
    public static StoredSales None => new();

    public List<StoredFact> Facts { get; } = [];
    public Dictionary<string, SaleRow> Rows { get; private init; } = [];
    public ILookup<string, CreditRow> Credits { get; private init; } = Array.Empty<CreditRow>().ToLookup(row => row.Sale);
    public ILookup<string, CommissionRow> Commissions { get; private init; } = Array.Empty<CommissionRow>().ToLookup(row => row.Sale);

    public static async Task<StoredSales> LoadAsync(Turn turn, IReadOnlyCollection<string> sales, Reached reached, CancellationToken stop)
    {
        if (sales.Count == 0) return None;
        await using var books = turn.Books();
        var facts = await books.Facts.Where(fact => sales.Contains(fact.Sale!)).OrderBy(fact => fact.Seq).ToListAsync(stop);
        var posted = await PostedAsync(turn, sales, stop);
        posted.Facts.AddRange(facts.Where(reached.Counts).Select(StoredFact.Of));
        return posted;
    }

    /// <summary>Decisions and postings alone.</summary>
    public static async Task<StoredSales> PostedAsync(Turn turn, IReadOnlyCollection<string> sales, CancellationToken stop)
    {
        await using var books = turn.Books();
        return new StoredSales
        {
            Rows = await books.Sales.Where(sale => sales.Contains(sale.Id)).ToDictionaryAsync(sale => sale.Id, stop),
            Credits = (await books.Credits.Where(row => sales.Contains(row.Sale)).OrderBy(row => row.Seq).ToListAsync(stop)).ToLookup(row => row.Sale),
            Commissions = (await books.Commissions.Where(row => sales.Contains(row.Sale)).OrderBy(row => row.Seq).ToListAsync(stop)).ToLookup(row => row.Sale),
        };
    }
}

/// <summary>Posts what a run of the rules gives and does not stand yet (R10).</summary>
internal sealed class SalePosting(BookRules rules, BookWriter writer)
{
    public void Post(SaleBook sale, Outcome outcome, StoredSales stored, FactId later)
    {
        var given = outcome.Credits.GetValueOrDefault(sale.Fact.Id) ?? [];
        Post(sale.Fact.Id.Value, sale.Fact.Channel, given, outcome.Commissions.GetValueOrDefault(sale.Fact.Id) ?? [], stored, later);
        writer.Stand(sale, given, stored.Credits[sale.Fact.Id.Value]);
    }

    /// <summary>A sale that a void took back: all its rows are reversed.</summary>
    public void Reverse(SaleRow sale, StoredSales stored, FactId later)
    {
        Post(sale.Id, (Channel)sale.Channel, [], [], stored, later);
        writer.Stand(sale);
    }

    private void Post(string sale, Channel channel, List<CreditPosting> credits, List<CommissionPosting> commissions, StoredSales stored, FactId later)
    {
        var known = stored.Credits[sale].Select(row => new FactId(row.Cause)).Concat(stored.Commissions[sale].Select(row => new FactId(row.Cause))).ToHashSet();
        foreach (var row in Differences.OfCredits(credits, [.. stored.Credits[sale].Select(row => StoredForms.PostingOf(row, rules))], known, later)) writer.Post(row, channel);
        // Lines of a sale that waited have not vested, though the books have come further.
        var vestedThrough = stored.Rows.GetValueOrDefault(sale)?.VestDue?.AddDays(-1) ?? rules.Horizon;
        foreach (var row in Differences.OfCommissions(
            commissions, [.. stored.Commissions[sale].Select(row => StoredForms.PostingOf(row, rules))], known, vestedThrough, later)) writer.Post(row);
    }
}
