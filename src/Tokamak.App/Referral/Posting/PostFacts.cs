using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>What came of posting facts: how many were new, how many were stored already, how many members were derived anew.</summary>
public sealed record Posted(int New, long Known, int Rederived);

/// <summary>Hears how far posting is: what is being done and how much of it is done.</summary>
public delegate void PostingProgress(string doing, long done, long? of);

/// <summary>
/// Posts many facts at once, in any order: all of them or, where R1 refuses one, none. What a late fact reaches is worked
/// off after the commit, a bounded batch at a time.
/// </summary>
public static class PostFacts
{
    // A batch of some weeks sees most of its sales vest: a sale that vests in a later batch is read and written once more.
    private const int FactsPerBatch = 100_000, SalesPerBatch = 20_000;

    /// <summary>Members derived anew in one transaction.</summary>
    public const int MembersPerBatch = 500;

    /// <param name="database">Whose books.</param>
    /// <param name="facts">As they came; <see cref="Fact.SourceLine"/> names them in faults.</param>
    /// <param name="today">Up to the end of which lines vest.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="stop">Gives up; nothing is kept of what is not committed.</param>
    /// <returns>What was posted, or why nothing was.</returns>
    public static async Task<(Posted? Posted, IReadOnlyList<Fault> Faults)> RunAsync(
        BrandDatabase database, IEnumerable<Fact> facts, DateOnly today, PostingProgress? progress, CancellationToken stop)
    {
        Posted posted;
        await using (var turn = await database.BeginWriteAsync(stop))
        {
            (var done, var faults) = await PostAsync(turn, facts, today, progress, stop);
            if (done is null) return (null, faults);
            posted = done;
            await turn.CommitAsync(stop);
        }
        var rederived = await WorkOffAsync(database, progress, stop);
        return (posted with { Rederived = rederived }, []);
    }

    /// <summary>Derives anew whoever waits, batch by batch, until nobody does. What a crash left over is worked off the same way.</summary>
    public static async Task<int> WorkOffAsync(BrandDatabase database, PostingProgress? progress, CancellationToken stop)
    {
        var total = 0;
        while (true)
        {
            await using var turn = await database.BeginWriteAsync(stop);
            if (await WorkQueue.CountAsync(turn, int.MaxValue, stop) is var left && left == 0) return total;
            progress?.Invoke("deriving anew", total, total + left);
            var (_, done) = await RederiveMembers.RunAsync(turn, await BookRules.LoadAsync(turn, stop), MembersPerBatch, stop);
            await turn.CommitAsync(stop);
            total += done;
        }
    }

    /// <summary>Lets the lines vest whose day has come, up to the end of a day.</summary>
    public static async Task<int> AdvanceAsync(BrandDatabase database, DateOnly today, CancellationToken stop)
    {
        await using var turn = await database.BeginWriteAsync(stop);
        var (_, vested) = await VestSales.RunAsync(turn, await BookRules.LoadAsync(turn, stop), today, Reached.All, null, stop);
        await turn.CommitAsync(stop);
        return vested;
    }

    /// <summary>Posts in a transaction of the caller's, to be committed where nothing is refused; whoever a late fact reaches waits in the queue.</summary>
    public static async Task<(Posted? Posted, IReadOnlyList<Fault> Faults)> PostAsync(
        Turn turn, IEnumerable<Fact> facts, DateOnly today, PostingProgress? progress, CancellationToken stop)
    {
        try
        {
            var (posted, faults) = await StageAndPostAsync(turn, facts, today, progress, stop);
            return faults.Count > 0 ? (null, faults) : (posted, []);
        }
        catch (FactFormException wrong)
        {
            return (null, [wrong.Fault]);
        }
    }

    private static async Task<(Posted, IReadOnlyList<Fault>)> StageAndPostAsync(
        Turn turn, IEnumerable<Fact> facts, DateOnly today, PostingProgress? progress, CancellationToken stop)
    {
        var policy = await BookRules.PolicyAsync(turn, stop) ?? throw new WrongBooksException(BookRules.NoPolicy);
        await using var books = turn.Books();
        var before = (await books.Books.SingleAsync(stop)).Facts;
        var stage = new StageFacts(turn, policy.Zone, before);
        await stage.BeginAsync(stop);
        await stage.AddAsync(Dated(facts, policy.Zone, today), staged => progress?.Invoke("reading", staged, null), stop);
        if (await stage.FindRepeatsAsync(stop) is { Count: > 0 } repeats) return (new(0, 0, 0), repeats);
        var count = await stage.StoreAsync(stop);
        var posted = new Posted(count, stage.Last - before - count, 0);
        if (count == 0) return (posted, []);

        var (rules, reached, refused) = await ArrivedRoster.ReadAsync(turn, policy, before, stop);
        refused.AddRange(await ArrivedVoids.RefusedAsync(turn, before, stop));
        refused.AddRange(await ArrivedMerges.RefusedAsync(turn, before, stop));
        if (refused.Count > 0) return (posted, await FaultsAsync(stage, refused, stop));
        await WorkQueue.AddAsync(turn, reached, stop);
        rules = rules with { Facts = await turn.CountAsync("select max(seq) from fact", stop) };
        await turn.ExecuteAsync("update book set facts = @facts", stop, ("facts", rules.Facts));
        try
        {
            rules = await PostInOrderAsync(turn, rules, stage, before, today, count, progress, stop);
            await VestSales.RunAsync(turn, rules, today, Reached.All, progress, stop);
            return (posted, []);
        }
        catch (FactsRefusedException refusal)
        {
            return (posted, await FaultsAsync(stage, refusal.Refused, stop));
        }
    }

    private static async Task<BookRules> PostInOrderAsync(
        Turn turn, BookRules rules, StageFacts stage, long before, DateOnly today, int count, PostingProgress? progress, CancellationToken stop)
    {
        var reached = new Reached(before, null);
        for (var place = 1; ;)
        {
            var rows = await stage.NextAsync(place, FactsPerBatch, stop);
            if (rows.Count == 0) return rules;
            progress?.Invoke("posting", place - 1, count);
            // Time passes as the facts come: what vests before the first of them has vested, and before the last of them vests with them.
            (rules, _) = await VestSales.RunAsync(turn, rules, Earlier(rows[0].Day.AddDays(-1), today), reached, null, stop);
            var horizon = HorizonOf(rules, rows, today);
            var due = new List<string>();
            if (VestSales.IsDue(rules, horizon))
            {
                if (await VestSales.DayAfterAsync(turn, SalesPerBatch, horizon, stop) is { } crowded) rows.RemoveAll(row => row.Day > crowded);
                horizon = HorizonOf(rules, rows, today);
                due = await VestSales.DueAsync(turn, horizon, int.MaxValue, stop);
            }
            List<StoredFact> batch = [.. rows.Select(StoredFact.Of)];
            reached = new Reached(before, batch[^1].Fact);
            rules = await new PostBatch(turn, rules, reached).RunAsync(batch, due, rules.Facts, horizon, stop);
            place += batch.Count;
        }
    }

    private static DateOnly HorizonOf(BookRules rules, List<FactRow> rows, DateOnly today) =>
        Earlier(rows[^1].Day.AddDays(-1), today) is var day && rules.Horizon is { } there && there > day ? there : day;

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    /// <summary>A fact is something that happened: one dated after tomorrow is a wrong clock or a wrong date.</summary>
    private static IEnumerable<Fact> Dated(IEnumerable<Fact> facts, Zone zone, DateOnly today)
    {
        foreach (var fact in facts)
        {
            if (zone.DayOf(fact.At) > today.AddDays(1))
                throw new FactFormException(new Fault($"the fact {fact.Id} is dated {zone.DayOf(fact.At):yyyy-MM-dd}, and today is {today:yyyy-MM-dd}; facts have happened: check the clock or the date", fact.SourceLine));
            yield return fact;
        }
    }

    /// <summary>What is refused, by the line it came on; a fact that was stored before has none.</summary>
    private static async Task<IReadOnlyList<Fault>> FaultsAsync(StageFacts stage, IReadOnlyList<RefusedFact> refused, CancellationToken stop)
    {
        var faults = new List<Fault>();
        foreach (var fact in refused)
        {
            var line = await stage.LineOfAsync(fact.Stored.Seq, stop);
            faults.Add(line > 0 ? new Fault(fact.Reason, line) : new Fault($"with these facts, {fact.Stored.Fact.Id}, which is stored already, could not be: {fact.Reason}"));
        }
        return faults;
    }
}
