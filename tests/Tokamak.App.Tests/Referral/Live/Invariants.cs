using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>What must hold of the books at every moment, whatever happened.</summary>
internal sealed class Invariants(Policy policy)
{
    private readonly Dictionary<string, string> _acknowledged = [];
    private readonly HashSet<string> _counting = [];

    /// <summary>Facts that are stored, as the last look found them.</summary>
    public IReadOnlyList<Fact> Stored { get; private set; } = [];

    /// <summary>When the first of them happened.</summary>
    public Instant First => Stored.Min(fact => fact.At);

    /// <summary>What was answered must stay true: what was accepted counts, what was parked is not lost, what is honest was not refused.</summary>
    public void Acknowledge(IReadOnlyList<Fact> facts, IReadOnlyList<FactAnswer> answers)
    {
        foreach (var (fact, answer) in facts.Zip(answers))
        {
            Assert.True(answer.Status != FactStatus.Refused || fact.Id.Value.StartsWith("crook", StringComparison.Ordinal), $"{StoredForms.BodyOf(fact)} was refused: {answer.Reason}");
            if (answer.Status == FactStatus.Refused) continue;
            _acknowledged[fact.Id.Value] = StoredForms.BodyOf(fact);
            if (answer.Status != FactStatus.Parked) _counting.Add(fact.Id.Value);
        }
    }

    /// <returns>How the books stand, in a few words.</returns>
    public async Task<string> AssertAsync(BrandDatabase database, DateOnly today, bool mustBeSettled, bool proves)
    {
        await using var turn = await database.BeginReadAsync(CancellationToken.None);
        await using var books = turn.Books();
        var rows = await books.Facts.OrderBy(row => row.Seq).ToListAsync();
        Stored = [.. rows.Select((row, place) => StoredForms.FactOf(row) with { SourceLine = place + 1 })];
        var parked = await books.Parked.ToListAsync();
        AssertKept(rows, parked);
        var book = await books.Books.SingleAsync();
        await AssertNumberedAsync(turn, rows, book);

        var waiting = await books.Work.ToListAsync();
        Assert.DoesNotContain(waiting, row => row.Trouble is not null);
        var credits = await books.Credits.ToListAsync();
        AssertLines(credits, waiting);
        // A clock that jumped back leaves facts of what is tomorrow again: they have counted, and their day is not settled yet.
        var day = rows.Select(row => row.Day).Append(today).Max();
        var isSettled = waiting.Count == 0 && !book.Vesting && book.Horizon >= day;
        Assert.True(isSettled || !mustBeSettled || rows.Count == 0, $"{waiting.Count} wait, and lines have vested up to {book.Horizon}, in parts: {book.Vesting}");
        if (isSettled) await Replayed.Of(Stored, policy, book.Horizon).AssertPostedAsync("posted", books);
        if (proves)
        {
            var verified = await VerifyBooks.RunAsync(turn, null, CancellationToken.None);
            Assert.True(verified.Found == 0, string.Join(Environment.NewLine, verified.Findings.Take(5)));
        }
        return string.Create(CultureInfo.InvariantCulture, $"{rows.Count} facts, {parked.Count} parked, {book.Postings} postings, {waiting.Count} waiting, {credits.Sum(row => row.Amount)} credited");
    }

    /// <summary>In the end: nothing honest is left parked.</summary>
    public static async Task AssertWholeAsync(BrandDatabase database)
    {
        await using var turn = await database.BeginReadAsync(CancellationToken.None);
        await using var books = turn.Books();
        var left = (await books.Parked.ToListAsync()).FindAll(row => !row.Id.StartsWith("crook", StringComparison.Ordinal));
        Assert.True(left.Count == 0, string.Join(Environment.NewLine, left.Select(row => $"{row.Body} waits for {row.WaitsFor}: {row.Reason}")));
    }

    private void AssertKept(List<FactRow> stored, List<ParkedRow> parked)
    {
        var bodies = stored.Select(row => (row.Id, row.Body)).Concat(parked.Select(row => (row.Id, row.Body))).ToLookup(row => row.Id, row => row.Body);
        // What an import brought may be parked as well, until the writer looks.
        foreach (var (id, body) in _acknowledged) Assert.Equal([body], bodies[id].Distinct());
        var counting = stored.Select(row => row.Id).ToHashSet();
        Assert.True(_counting.IsSubsetOf(counting), string.Join(", ", _counting.Except(counting)));
        // Nothing here is beyond the books: whatever is put aside for the office would be a fault of ours.
        Assert.DoesNotContain(parked, row => row.WaitsFor == WaitsFor.Attention);
    }

    private static async Task AssertNumberedAsync(Turn turn, List<FactRow> facts, BookRow book)
    {
        Assert.Equal(Enumerable.Range(1, facts.Count).Select(seq => (long)seq), facts.Select(row => row.Seq));
        Assert.Equal(facts.Count, book.Facts);
        var numbers = await turn.ReadAsync("select seq from credit union all select seq from commission union all select seq from bounty union all select seq from notice order by seq");
        Assert.Equal(Enumerable.Range(1, (int)book.Postings).Select(seq => seq.ToString(CultureInfo.InvariantCulture)), numbers);
    }

    /// <summary>The credits of a line add up to exactly its remaining net (R11), worked out once more by other code.</summary>
    private void AssertLines(List<CreditRow> credits, List<WorkRow> waiting)
    {
        var names = waiting.Select(row => row.Name).ToHashSet();
        var voided = Stored.OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        var sums = credits.GroupBy(row => (row.Sale, row.Line)).ToDictionary(of => of.Key, of => of.Sum(row => row.Amount));
        var changes = Stored.OfType<SaleChangeFact>().Where(fact => !voided.Contains(fact.Id)).OrderBy(fact => fact.At).ThenBy(fact => fact.Order).ThenBy(fact => fact.Id).ToLookup(fact => fact.Sale);
        foreach (var sale in Stored.OfType<SaleFact>())
        {
            // A merge makes whoever belongs together wait under one name.
            if (waiting.Count > 0 && (sale.Member is not null || names.Contains(sale.Id.Value))) continue;
            var counts = !voided.Contains(sale.Id) && policy.InForceOn(policy.Zone.DayOf(sale.At)) is not null;
            foreach (var line in sale.Lines)
            {
                var net = counts ? PlainLine.Of(line, changes[sale.Id]).Net : 0;
                Assert.True(sums.GetValueOrDefault((sale.Id.Value, line.Line)) == net, $"line {line.Line} of {sale.Id} has credits of {sums.GetValueOrDefault((sale.Id.Value, line.Line))}, and a remaining net of {net}");
            }
        }
    }
}
