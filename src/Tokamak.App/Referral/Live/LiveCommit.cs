using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Live;

/// <summary>Policy and roster as the writer last read them, so that they are read again only when they have changed.</summary>
internal sealed record HeldRules(BookRules Rules, long Versions, long LastRosterFact)
{
    /// <summary>The books as this transaction finds them; null without a policy.</summary>
    public static async Task<HeldRules?> ReadAsync(Turn turn, HeldRules? before, CancellationToken stop)
    {
        var mark = (await turn.ReadAsync(
            """
            select facts, postings, horizon, (select max(month) from period), (select count(*) from policy_version),
              (select coalesce(max(seq), 0) from fact where member is null and sale is null), vesting from book
            """,
            row => (Facts: row.GetInt64(0), Postings: row.GetInt64(1), Horizon: row.IsDBNull(2) ? (DateOnly?)null : row.GetFieldValue<DateOnly>(2),
                Closed: row.IsDBNull(3) ? null : row.GetString(3), Versions: row.GetInt64(4), Roster: row.GetInt64(5), Vesting: row.GetBoolean(6)), stop)).Single();
        if (mark.Versions == 0) return null;
        if (before is null || before.Versions != mark.Versions || before.LastRosterFact != mark.Roster)
            return new HeldRules(await BookRules.LoadAsync(turn, stop), mark.Versions, mark.Roster);
        return before with
        {
            Rules = before.Rules with
            {
                Facts = mark.Facts, Postings = mark.Postings, Horizon = mark.Horizon, Vesting = mark.Vesting, LastClosed = Month.TryParse(mark.Closed, out var closed) ? closed : null,
            },
        };
    }
}

/// <summary>
/// Decides parts that came from several callers in one transaction, each fact by itself. Facts that the database or a rule
/// cannot take are found by halving, and put aside for the office; the others are none the worse for them.
/// </summary>
internal sealed class LiveCommit(Turn turn, BookRules rules, DateOnly today, Instant now)
{
    /// <summary>The books as the commit leaves them.</summary>
    public BookRules Rules { get; private set; } = rules;

    public bool LeavesWork { get; private set; }

    /// <summary>Hears of a fact that is put aside for the office, and why.</summary>
    public Action<string, Exception>? PutsAside { get; init; }

    public async Task<IReadOnlyList<WriteResult>> RunAsync(IReadOnlyList<Part> parts, CancellationToken stop)
    {
        var answers = await StoredAnswers.LoadAsync(turn, parts.Select(part => part.Key).OfType<RequestKey>(), stop);
        var used = parts.Where(part => part.Key is { } key && answers.IsUsed(key)).ToHashSet();
        var toDo = parts.Where(part => !used.Contains(part) && (part.Key is null || answers.Find(part.Key) is null)).ToList();
        // The same part twice in one commit is done once.
        toDo = [.. toDo.Where((part, place) => part.Key is null || toDo.FindIndex(other => other.Key == part.Key) == place)];
        var held = await UnboundAsync(toDo, stop);
        toDo.RemoveAll(held.ContainsKey);
        var decided = await DecideAsync([.. toDo.SelectMany(part => part.Arrivals)], [], stop);
        var results = new Dictionary<Part, IReadOnlyList<FactAnswer>>(ReferenceEqualityComparer.Instance);
        var next = 0;
        foreach (var part in toDo)
        {
            results[part] = [.. decided.Skip(next).Take(part.Arrivals.Count)];
            next += part.Arrivals.Count;
            if (part.Key is { } key) answers.Add(key, results[part], now);
            if (part.Bond is { } bond && results[part].All(answer => answer.Status != FactStatus.Refused)) await bond.DoneAsync(turn, now, stop);
        }
        await answers.SaveAsync(turn, stop);
        return
        [
            .. parts.Select(part => used.Contains(part) ? WriteResult.Without(WriteOutcome.KeyUsed) : held.TryGetValue(part, out var why) ? WriteResult.Without(why)
                : new WriteResult(WriteOutcome.Decided, results.TryGetValue(part, out var done) ? done : answers.Find(part.Key!)!)),
        ];
    }

    /// <summary>Parts that are not decided: their bond says no, or is about what another part here is about already, which is decided first.</summary>
    private async Task<Dictionary<Part, WriteOutcome>> UnboundAsync(IEnumerable<Part> parts, CancellationToken stop)
    {
        var (held, about) = (new Dictionary<Part, WriteOutcome>(ReferenceEqualityComparer.Instance), new HashSet<string>(StringComparer.Ordinal));
        foreach (var part in parts.Where(part => part.Bond is not null))
        {
            if (part.Bond!.About.Any(about.Contains)) held[part] = WriteOutcome.Busy;
            else if (!await part.Bond.MayAsync(turn, now, stop)) held[part] = WriteOutcome.MayNot;
            about.UnionWith(part.Bond.About);
        }
        return held;
    }

    /// <summary>Takes parked facts up again.</summary>
    public Task WakeAsync(IReadOnlyList<ParkedRow> parked, CancellationToken stop) => DecideAsync([], parked, stop);

    private async Task<IReadOnlyList<FactAnswer>> DecideAsync(IReadOnlyList<Arrival> arrivals, IReadOnlyList<ParkedRow> parked, CancellationToken stop)
    {
        if (arrivals.Count + parked.Count == 0) return [];
        var savepoint = $"of_{arrivals.Count}_{parked.Count}";
        await turn.Transaction.SaveAsync(savepoint, stop);
        Exception failure;
        try
        {
            var batch = new LiveBatch(turn, Rules, today, now);
            var answers = await batch.RunAsync(arrivals, parked, stop);
            (Rules, LeavesWork) = (batch.Rules, LeavesWork | batch.LeavesWork);
            return answers;
        }
        catch (Exception e) when (Failures.AreAboutTheFacts(e))
        {
            await turn.Transaction.RollbackAsync(savepoint, stop);
            failure = e;
        }
        if (arrivals.Count + parked.Count == 1) return await PutAsideAsync(arrivals, parked, failure, stop);
        var (half, parkedHalf) = ((arrivals.Count + 1) / 2, (parked.Count + 1) / 2);
        var first = await DecideAsync([.. arrivals.Take(half)], [.. parked.Take(parkedHalf)], stop);
        return [.. first, .. await DecideAsync([.. arrivals.Skip(half)], [.. parked.Skip(parkedHalf)], stop)];
    }

    private async Task<IReadOnlyList<FactAnswer>> PutAsideAsync(IReadOnlyList<Arrival> arrivals, IReadOnlyList<ParkedRow> parked, Exception failure, CancellationToken stop)
    {
        var reason = failure is WrongBooksException ? failure.Message : $"it could not be posted ({failure.GetType().Name}); it is kept, and the office can try it again";
        var candidate = arrivals.Count > 0
            ? new Candidate(arrivals[0].Fact, arrivals[0].Body, arrivals[0].Sender, null)
            : new Candidate(ParkedFacts.FactOf(parked[0]), parked[0].Body, parked[0].Sender, parked[0]);
        candidate.Wait(WaitsFor.Attention, reason);
        PutsAside?.Invoke(candidate.Fact.Id.Value, failure);
        Rules = await ParkedFacts.SaveAsync(turn, [candidate], Rules, now, stop);
        return arrivals.Count > 0 ? [new FactAnswer(FactStatus.Parked, reason)] : [];
    }
}
