using System.Data.Common;
using System.Threading.Channels;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Live;

/// <summary>
/// Writes one brand's books on this node, as long as the node holds the lease: takes up what has queued, decides it, commits
/// once, and only then answers every caller. Between commits it does what time and late facts ask for, a little at a time.
/// </summary>
public sealed partial class BrandWriter : IAsyncDisposable
{
    /// <summary>So many facts may wait; who comes then is asked to come again.</summary>
    public const int MostWaiting = 20_000;

    /// <summary>Facts in one commit: what comes later waits for the next.</summary>
    private const int MostInCommit = 1_000;

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1), Poll = TimeSpan.FromMilliseconds(250), MostIdle = TimeSpan.FromSeconds(3);

    private readonly BrandDatabase _database;
    private readonly Node _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action? _posted;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Upkeep _upkeep;
    private readonly Task _loop;
    private long? _epoch;
    private HeldRules? _held;
    private volatile Uri? _holder;
    private volatile bool _writes, _draining;
    private int _waiting;

    /// <param name="database">Whose books.</param>
    /// <param name="node">This process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For the operator.</param>
    /// <param name="posted">Told after every commit that posted something.</param>
    /// <param name="erases">Erases members whose day has come.</param>
    /// <param name="putOff">Facts whose day comes.</param>
    public BrandWriter(BrandDatabase database, Node node, TimeProvider time, ILogger log, Action? posted = null, EraseDue? erases = null, PutOffFacts? putOff = null)
        : this(database, node, time, log, byItself: true, posted, erases, putOff)
    {
    }

    /// <param name="database">Whose books.</param>
    /// <param name="node">This process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For the operator.</param>
    /// <param name="byItself">False: it does nothing but when <see cref="StepAsync"/> is called; so a simulation decides what happens when.</param>
    /// <param name="posted">Told after every commit that posted something.</param>
    /// <param name="erases">Erases members whose day has come.</param>
    /// <param name="putOff">Facts whose day comes.</param>
    internal BrandWriter(BrandDatabase database, Node node, TimeProvider time, ILogger log, bool byItself, Action? posted = null, EraseDue? erases = null, PutOffFacts? putOff = null)
    {
        (_database, _node, _time, _log, _posted) = (database, node, time, log, posted);
        _upkeep = new Upkeep(time, PutsAside, erases, putOff);
        _loop = byItself ? Task.Run(LoopAsync) : Task.CompletedTask;
    }

    private sealed record Waiting(Part Part, TaskCompletionSource<WriteResult> Answer);

    public BrandDatabase Database => _database;

    /// <summary>Whether this node writes the brand's books, as far as it knows.</summary>
    public bool Writes => _writes;

    /// <summary>Where the node is that writes them, if that is another and known.</summary>
    public Uri? Holder => _writes ? null : _holder;

    /// <summary>Decides a part with others; the answer comes after the commit.</summary>
    public Task<WriteResult> SubmitAsync(Part part)
    {
        if (Holder is { } holder) return Task.FromResult(new WriteResult(WriteOutcome.Elsewhere, [], holder));
        var cost = Math.Max(1, part.Arrivals.Count);
        if (_draining || Interlocked.Add(ref _waiting, cost) > MostWaiting)
        {
            if (!_draining) Interlocked.Add(ref _waiting, -cost);
            return Task.FromResult(WriteResult.Without(WriteOutcome.Busy));
        }
        var waiting = new Waiting(part, new TaskCompletionSource<WriteResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _queue.Writer.TryWrite(waiting) ? waiting.Answer.Task : Task.FromResult(WriteResult.Without(WriteOutcome.Busy));
    }

    /// <summary>Takes nothing new, writes what has queued, and lets another node take over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_draining) return;
        _draining = true;
        _queue.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    // The count of such a queue is not to be had.
    private bool HasQueued => _queue.Reader.TryPeek(out _);

    private async Task LoopAsync()
    {
        while (!_draining || HasQueued)
            if (await StepAsync() is { } pause) await PauseAsync(pause);
        await LetGoAsync();
    }

    /// <summary>Takes the lease if need be, writes what has queued, and does a little of what time and late facts ask for.</summary>
    /// <returns>How long it may rest if nothing comes; null where there is more to do.</returns>
    internal async Task<TimeSpan?> StepAsync()
    {
        try
        {
            if (!await HoldAsync())
            {
                Answer(TakeUp(), new WriteResult(_holder is null ? WriteOutcome.Busy : WriteOutcome.Elsewhere, [], _holder));
                return Poll;
            }
            var parts = TakeUp();
            if (parts.Count > 0) await WriteAsync(parts);
            var hasMore = await KeepUpAsync(isBusy: parts.Count > 0);
            return hasMore || HasQueued ? null : Renewal;
        }
        catch (Exception e)
        {
            Answer(TakeUp(), WriteResult.Without(WriteOutcome.Busy));
            // Where whoever opened the database has closed it, there is nothing left to write.
            _draining |= _database.IsClosed;
            if (e is LeaseLostException) Lost(_log, _database.Name); else Failed(_log, _database.Name, e);
            (_epoch, _writes, _held) = (null, false, null);
            return Poll;
        }
    }

    /// <summary>Waits until something has queued, but no longer than that.</summary>
    private async Task PauseAsync(TimeSpan atMost)
    {
        if (_draining) return;
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        pause.CancelAfter(atMost);
        try
        {
            await _queue.Reader.WaitToReadAsync(pause.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Sees that this node has the lease, or finds out who has.</summary>
    private async Task<bool> HoldAsync()
    {
        if (_epoch is not null) return true;
        if (_draining) return false;
        await using (var look = await _database.BeginReadAsync(CancellationToken.None))
        {
            if (await Lease.HolderAsync(look, _node, CancellationToken.None) is { } holder)
            {
                _holder = Uri.TryCreate(holder, UriKind.Absolute, out var address) ? address : null;
                // Who takes over some day has policy and roster at hand; what has changed by then is read anew.
                _held ??= await HeldRules.ReadAsync(look, null, CancellationToken.None);
                return false;
            }
        }
        await using var turn = await BeginAsync();
        (_epoch, var other) = await Lease.TakeAsync(turn, _node, _time, CancellationToken.None);
        await turn.CommitAsync(CancellationToken.None);
        _writes = _epoch is not null;
        _holder = _epoch is null && Uri.TryCreate(other, UriKind.Absolute, out var at) ? at : null;
        if (_epoch is { } epoch) Took(_log, _database.Name, epoch);
        return _writes;
    }

    /// <summary>A node that stands still in the middle of a commit, or whose line is cut, keeps nobody waiting for long.</summary>
    private Task<Turn> BeginAsync() => _database.BeginWriteAsync(CancellationToken.None, MostIdle);

    private List<Waiting> TakeUp()
    {
        var (taken, facts) = (new List<Waiting>(), 0);
        while (facts < MostInCommit && _queue.Reader.TryRead(out var waiting))
        {
            taken.Add(waiting);
            facts += Math.Max(1, waiting.Part.Arrivals.Count);
        }
        Interlocked.Add(ref _waiting, -facts);
        return taken;
    }

    private static void Answer(List<Waiting> waiting, WriteResult result)
    {
        foreach (var one in waiting) one.Answer.TrySetResult(result);
    }

    private async Task WriteAsync(List<Waiting> parts)
    {
        IReadOnlyList<WriteResult> results;
        try
        {
            results = await CommitAsync(async (turn, rules, today, now) =>
            {
                var commit = new LiveCommit(turn, rules, today, now) { PutsAside = PutsAside };
                var answers = await commit.RunAsync([.. parts.Select(waiting => waiting.Part)], CancellationToken.None);
                _upkeep.Leaves(commit.LeavesWork);
                return (commit.Rules, answers);
            }) ?? [.. parts.Select(_ => WriteResult.Without(WriteOutcome.NoPolicy))];
        }
        catch (Exception e)
        {
            // Whether it was committed is not known to whoever lost the line to the database: to send it again is safe.
            Answer(parts, WriteResult.Without(WriteOutcome.Busy));
            if (e is LeaseLostException || DatabaseTrouble.Is(e)) throw;
            throw new InvalidOperationException($"A commit of {parts.Count} parts failed.", e);
        }
        foreach (var (waiting, result) in parts.Zip(results)) waiting.Answer.TrySetResult(result);
    }

    /// <summary>One commit under the lease.</summary>
    /// <returns>Null without a policy.</returns>
    private async Task<T?> CommitAsync<T>(Func<Turn, BookRules, DateOnly, Instant, Task<(BookRules Rules, T Result)>> work) where T : class
    {
        await using var turn = await BeginAsync();
        var held = await HeldRules.ReadAsync(turn, _held, CancellationToken.None);
        if (held is null)
        {
            await Lease.RenewAsync(turn, _node, _epoch!.Value, _time, CancellationToken.None);
            await turn.CommitAsync(CancellationToken.None);
            return null;
        }
        var now = new Instant(_time.GetUtcNow().UtcTicks);
        var (rules, result) = await work(turn, held.Rules, held.Rules.Policy.Zone.DayOf(now), now);
        await Lease.RenewAsync(turn, _node, _epoch!.Value, _time, CancellationToken.None);
        await turn.CommitAsync(CancellationToken.None);
        // A roster that this commit changed is read anew by the next.
        _held = ReferenceEquals(rules.Roster, held.Rules.Roster) ? held with { Rules = rules } : null;
        if (rules.Postings != held.Rules.Postings) _posted?.Invoke();
        return result;
    }

    /// <summary>One step of what time and late facts ask for; true if there is more to do.</summary>
    private async Task<bool> KeepUpAsync(bool isBusy)
    {
        if (_upkeep.LeavesTraces) _upkeep.LeavesTraces = !await _database.ForgetLogAsync(CancellationToken.None);
        if (_upkeep.Next(_held?.Rules.Policy.Zone.DayOf(new Instant(_time.GetUtcNow().UtcTicks))) is not { } step)
        {
            if (!isBusy && _database.Provider == Provider.Postgres) await CommitAsync<object>((_, rules, _, _) => Task.FromResult((rules, new object())));
            return false;
        }
        var began = _time.GetTimestamp();
        string? done;
        try
        {
            done = await CommitAsync(async (turn, rules, today, now) =>
            {
                var (after, more) = await _upkeep.DoAsync(step, turn, rules, today, now, CancellationToken.None);
                return (after, more ? "more" : "done");
            });
        }
        catch
        {
            _upkeep.Failed();
            throw;
        }
        _upkeep.Took(step, _time.GetElapsedTime(began), HasQueued, hasMore: done == "more");
        return done == "more";
    }

    private void PutsAside(string fact, Exception why) => HasPutAside(_log, fact, _database.Name, why);

    private async Task LetGoAsync()
    {
        if (_epoch is null || _database.Provider == Provider.Sqlite) return;
        try
        {
            await using var turn = await _database.BeginWriteAsync(CancellationToken.None);
            await Lease.ReleaseAsync(turn, _node, CancellationToken.None);
            await turn.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            // It runs out by itself.
        }
        _writes = false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This node writes the books of {Brand} now, under epoch {Epoch}.")]
    private static partial void Took(ILogger log, string brand, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another node has taken over the writing of the books of {Brand}.")]
    private static partial void Lost(ILogger log, string brand);

    [LoggerMessage(Level = LogLevel.Error, Message = "The fact {Fact} could not be posted to the books of {Brand}: it is parked for the office's attention.")]
    private static partial void HasPutAside(ILogger log, string fact, string brand, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The books of {Brand} could not be written; tried again in a moment.")]
    private static partial void Failed(ILogger log, string brand, Exception e);
}
