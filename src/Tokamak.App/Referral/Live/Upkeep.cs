using Tokamak.App.Data;
using Tokamak.App.Promotions.Quoting;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

internal enum UpkeepStep
{
    /// <summary>Members who wait are derived anew, some at a time.</summary>
    Rederive,

    /// <summary>Lines vest whose day has come, some at a time.</summary>
    Vest,

    /// <summary>Parked facts are taken up whose day has come, or for which an import has brought something.</summary>
    Wake,

    /// <summary>Answers are forgotten that nobody asks for again, codes that no longer count, and quotes that became nothing.</summary>
    Forget,

    /// <summary>What is known of members goes whose day has come.</summary>
    Erase,

    /// <summary>Facts are posted that another feature has put off to this day.</summary>
    PutOff,
}

/// <summary>Facts that another feature brings when their day has come, some at a time.</summary>
/// <param name="TakeAsync">The next of them, at most so many; they are taken, whatever becomes of them. None: there are no more for now.</param>
/// <param name="AnsweredAsync">Hears what became of each.</param>
public sealed record PutOffFacts(
    Func<Turn, BookRules, DateOnly, Instant, int, CancellationToken, Task<IReadOnlyList<Fact>>> TakeAsync,
    Func<Turn, IReadOnlyList<Fact>, IReadOnlyList<FactAnswer>, CancellationToken, Task> AnsweredAsync);

/// <summary>Erases members whose day has come; a feature that knows members says how, which this one does not.</summary>
/// <param name="turn">The writer's.</param>
/// <param name="today">The brand's day: whose day was before it are due as well.</param>
/// <param name="most">Members at most.</param>
/// <param name="stop">Gives up.</param>
/// <returns>How many were erased; as many as there may be: there may be more.</returns>
public delegate Task<int> EraseDue(Turn turn, DateOnly today, int most, CancellationToken stop);

/// <summary>
/// What the writer does beside the live traffic, in steps as small as will keep callers from waiting: a step that took longer
/// than it should makes the next one smaller.
/// </summary>
internal sealed class Upkeep(TimeProvider time, Action<string, Exception> putsAside, EraseDue? erases = null, PutOffFacts? putOff = null)
{
    private const int FewestAtOnce = 1, MostMembers = PostFacts.MembersPerBatch, MostSales = 20_000, MostErased = 50, MostPutOff = 20, FirstSize = 20;
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1), WhenBusy = TimeSpan.FromMilliseconds(25), WhenIdle = TimeSpan.FromSeconds(1);

    private readonly Dictionary<UpkeepStep, int> _sizes = new() { [UpkeepStep.Rederive] = FirstSize, [UpkeepStep.Vest] = FirstSize };
    private readonly Queue<UpkeepStep> _due = new();
    private DateTimeOffset? _began;
    private DateOnly? _day;
    private bool _triesAgain;

    /// <summary>Whether a log may still hold what was erased; in the beginning as well, since the power may have failed before it was emptied.</summary>
    public bool LeavesTraces { get; set; } = true;

    /// <summary>A commit has left members waiting.</summary>
    public void Leaves(bool work)
    {
        if (work && !_due.Contains(UpkeepStep.Rederive)) _due.Enqueue(UpkeepStep.Rederive);
    }

    /// <summary>The next step; null if there is nothing to do now.</summary>
    /// <param name="today">The brand's day, if known: a new one is a reason to begin at once.</param>
    public UpkeepStep? Next(DateOnly? today)
    {
        var now = time.GetUtcNow();
        if (_began is null || now - _began >= Round || now < _began || today != _day)
        {
            _triesAgain |= today != _day;
            (_began, _day) = (now, today);
            foreach (var step in Enum.GetValues<UpkeepStep>())
                if (!_due.Contains(step)) _due.Enqueue(step);
        }
        return _due.TryPeek(out var next) ? next : null;
    }

    /// <returns>The books after it, and whether there is more of the same.</returns>
    public async Task<(BookRules Rules, bool More)> DoAsync(UpkeepStep step, Turn turn, BookRules rules, DateOnly today, Instant now, CancellationToken stop)
    {
        switch (step)
        {
            case UpkeepStep.Rederive:
                if (_triesAgain) await WorkQueue.TryAgainAsync(turn, stop);
                _triesAgain = false;
                var (derived, done) = await RederiveMembers.RunAsync(turn, rules, _sizes[step], stop);
                return (derived, done == _sizes[step]);
            case UpkeepStep.Vest:
                if (rules.Facts == 0) return (rules, false);
                var (vested, _, due) = await VestSales.StepAsync(turn, rules, today, Reached.All, _sizes[step], stop);
                return (vested, due);
            case UpkeepStep.Wake:
                var parked = await ParkedFacts.DueAsync(turn, rules, today, stop);
                if (parked.Count == 0) return (rules, false);
                var commit = new LiveCommit(turn, rules, today, now) { PutsAside = putsAside };
                await commit.WakeAsync(parked, stop);
                Leaves(commit.LeavesWork);
                return (commit.Rules, false);
            case UpkeepStep.Forget:
                var moreAnswers = await StoredAnswers.ForgetAsync(turn, now, stop);
                var moreQuotes = await HeldQuotes.ForgetAsync(turn, now, stop);
                return (rules, await VerificationRow.ForgetAsync(turn, now, stop) || moreAnswers || moreQuotes);
            case UpkeepStep.PutOff:
                var facts = putOff is null ? [] : await putOff.TakeAsync(turn, rules, today, now, MostPutOff, stop);
                if (facts.Count == 0) return (rules, false);
                var live = new LiveCommit(turn, rules, today, now) { PutsAside = putsAside };
                await putOff!.AnsweredAsync(turn, facts, (await live.RunAsync([new Part([.. facts.Select(fact => new Arrival(fact, null))])], stop))[0].Answers, stop);
                Leaves(live.LeavesWork);
                return (live.Rules, true);
            default:
                var erased = erases is null ? 0 : await erases(turn, today, MostErased, stop);
                LeavesTraces |= erased > 0;
                return (rules, erased == MostErased);
        }
    }

    /// <summary>A step came to grief: the others go on, and it has its turn again with the next round.</summary>
    public void Failed()
    {
        if (_due.Count > 0) _due.Dequeue();
    }

    /// <summary>How long a step took, and whether callers waited meanwhile.</summary>
    public void Took(UpkeepStep step, TimeSpan elapsed, bool callersWait, bool hasMore)
    {
        _due.Dequeue();
        if (hasMore) _due.Enqueue(step);
        if (!_sizes.TryGetValue(step, out var size)) return;
        var factor = Math.Clamp((callersWait ? WhenBusy : WhenIdle) / (elapsed + TimeSpan.FromMilliseconds(1)), 0.25, 2);
        _sizes[step] = Math.Clamp((int)(size * factor), FewestAtOnce, step == UpkeepStep.Rederive ? MostMembers : MostSales);
    }
}
