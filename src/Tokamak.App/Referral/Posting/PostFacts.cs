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
            if (await turn.CountAsync("select count(*) from work", stop) is var left && left == 0) return total;
            progress?.Invoke("deriving anew", total, total + left);
            var (_, done) = await RederiveMembers.RunAsync(turn, await BookRules.LoadAsync(turn, stop), MembersPerBatch, stop);
            await turn.CommitAsync(stop);
            total += done;
        }
    }

    /// <summary>Lets the lines vest whose day has come, up to the end of a day, in bounded batches.</summary>
    public static async Task<int> AdvanceAsync(BrandDatabase database, DateOnly today, CancellationToken stop)
    {
        await using var turn = await database.BeginWriteAsync(stop);
        var (_, vested) = await AdvanceAsync(turn, await BookRules.LoadAsync(turn, stop), today, null, stop);
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
        if (refused.Count > 0) return (posted, await FaultsAsync(stage, refused, stop));
        await turn.InsertNewAsync(reached, stop);
        rules = rules with { Facts = await turn.CountAsync("select max(seq) from fact", stop) };
        try
        {
            rules = await PostInOrderAsync(turn, rules, stage, before, today, count, progress, stop);
            await AdvanceAsync(turn, rules, today, progress, stop);
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
        await using var books = turn.Books();
        for (var place = 1; ; place += FactsPerBatch)
        {
            var rows = await stage.NextAsync(place, FactsPerBatch, stop);
            if (rows.Count == 0) return rules;
            progress?.Invoke("posting", place - 1, count);
            List<StoredFact> batch = [.. rows.Select(StoredFact.Of)];
            // Time passes as the facts come: what vests before the last of them has vested.
            var yesterday = rows[^1].Day.AddDays(-1);
            var horizon = Later(rules.Horizon, yesterday < today ? yesterday : today);
            var due = await books.Sales.Where(sale => sale.VestDue <= horizon).Select(sale => sale.Id).ToListAsync(stop);
            rules = await new PostBatch(turn, rules, new Reached(before, batch[^1].Fact)).RunAsync(batch, due, rules.Facts, horizon, stop);
        }
    }

    internal static async Task<(BookRules Rules, int Vested)> AdvanceAsync(Turn turn, BookRules rules, DateOnly today, PostingProgress? progress, CancellationToken stop)
    {
        var (vested, after) = (0, "");
        do
        {
            progress?.Invoke("vesting", vested, null);
            (rules, var some, after) = await AdvanceStepAsync(turn, rules, today, after, SalesPerBatch, stop);
            vested += some;
        }
        while (after.Length > 0);
        return (rules, vested);
    }

    /// <summary>
    /// Lets the lines of some sales vest that are due up to the end of a day. From the first step on the books stand at that day,
    /// so that whatever else is posted between two steps vests with it.
    /// </summary>
    /// <param name="turn">The writer's.</param>
    /// <param name="rules">The books.</param>
    /// <param name="today">The day.</param>
    /// <param name="after">The last sale of the step before; "" for the first.</param>
    /// <param name="most">Sales in this step.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The books, how many sales these were, and the last of them; "" after the last step.</returns>
    internal static async Task<(BookRules Rules, int Vested, string After)> AdvanceStepAsync(Turn turn, BookRules rules, DateOnly today, string after, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        var horizon = Later(rules.Horizon, today);
#pragma warning disable CA1309 // The database compares, by the bytes of its column.
        var due = await books.Sales.Where(sale => sale.VestDue <= horizon && string.Compare(sale.Id, after) > 0)
#pragma warning restore CA1309
            .OrderBy(sale => sale.Id).Select(sale => sale.Id).Take(most).ToListAsync(stop);
        var isLast = due.Count < most;
        rules = await new PostBatch(turn, rules, Reached.All).RunAsync([], due, rules.Facts, horizon, stop);
        await turn.ExecuteAsync("update book set vesting = @vesting", stop, ("vesting", !isLast));
        return (rules, due.Count, isLast ? "" : due[^1]);
    }

    private static DateOnly Later(DateOnly? a, DateOnly b) => a is { } there && there > b ? there : b;

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
