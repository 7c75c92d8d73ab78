using System.Globalization;
using Microsoft.Extensions.Logging;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>A clock that goes as it is told; what is measured by it takes a millisecond.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private long _measured;

    public DateTimeOffset Now { get; set; }

    public override long TimestampFrequency => 1000;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => ++_measured;
}

/// <summary>
/// The writer, its storage and its clock in one process and one order, drawn from a seed: shops that trade and people who try to
/// cheat, requests that come late, twice and not at all, a power that fails between any two steps of a commit, disks that fail,
/// nodes that take over from one another, clocks that jump, imports and closes in between. After every step all that must hold is
/// held against the books (<see cref="Invariants"/>).
/// </summary>
#pragma warning disable CA1001 // A writer that is stepped by hand holds nothing but the books, which the test closes.
internal sealed class Simulation : ILogger
#pragma warning restore CA1001
{
    private const int Facts = 45, MostSteps = 400, LatestDelivery = 25, StepsOfCommit = 40;
    private static readonly TimeSpan FarthestBack = TimeSpan.FromHours(20);

    private readonly Random _dice;
    private readonly BrandDatabase _real, _failing;
    private readonly Failures _failures = new();
    private readonly SimulatedClock _clock = new();
    private readonly DrawnWorlds _worlds;
    private readonly Queue<Fact> _toCome;
    private readonly CrookedActors _crooks;
    private readonly List<Request> _underway = [];
    private readonly List<Request> _answered = [];
    private readonly Dictionary<string, DateTimeOffset> _firstSent = [];
    private readonly List<string> _complaints = [];
    private readonly Invariants _invariants;
    private BrandWriter _writer = null!;
    private DateTimeOffset _latest;
    private int _step, _nodes, _requests;

    public Simulation(int seed, BrandDatabase database, DrawnWorlds worlds)
    {
        (_dice, _real, _worlds) = (new Random(seed), database, worlds);
        _failing = new BrandDatabase(database.Name, new FailingPlace(database.Place, _failures));
        _toCome = new Queue<Fact>(worlds.Next(Facts));
        _crooks = new CrookedActors(_dice, "w1-");
        _invariants = new Invariants(worlds.Policy);
        _clock.Now = _latest = At(_toCome.Peek());
        StartAnew();
    }

    /// <param name="Facts">Of one request, which is one part.</param>
    /// <param name="Key">With an Idempotency-Key.</param>
    /// <param name="Due">The step from which on it may arrive.</param>
    private sealed record Request(IReadOnlyList<Fact> Facts, RequestKey? Key, int Due)
    {
        public IReadOnlyList<FactAnswer>? Answers { get; init; }

        /// <summary>Sent by someone who uses another's id.</summary>
        public bool MustFail { get; init; }

        public Part Part => new([.. Facts.Select(fact => new Arrival(fact, Key?.Sender))], Key);
    }

    /// <summary>A line for every step: the same for the same seed.</summary>
    public List<string> History { get; } = [];

    private DateOnly Today => _worlds.Policy.Zone.DayOf(Now);

    private Instant Now => new(_clock.Now.UtcTicks);

    public async Task RunAsync()
    {
        while (_toCome.Count + _underway.Count > 0 && _step < MostSteps) await StepAsync(_dice.Next(100));
        // In the end nothing fails any more, and whoever has no answer sends again.
        for (var tries = 0; _underway.Count > 0; tries++)
        {
            Assert.True(tries < 100, $"{_underway.Count} requests are never answered");
            await DeliverAsync(_underway.Count);
        }
        Move(_latest.AddDays(2));
        for (var calm = 0; calm < 20; calm++) await _writer.StepAsync();
        await CheckAsync("settled", mustBeSettled: true);
        await Invariants.AssertWholeAsync(_real);
    }

    private async Task StepAsync(int drawn)
    {
        _step++;
        var what = drawn switch
        {
            < 34 => await HappenAsync(),
            < 41 => await CheatAsync(),
            < 66 => await DeliverAsync(_dice.Next(1, 5)),
            < 70 => await RepeatAsync(),
            < 75 => Jump(TimeSpan.FromMinutes(_dice.Next(1, 3 * 24 * 60))),
            < 79 => Jump(-TimeSpan.FromMinutes(_dice.Next(1, 20 * 60))),
            < 85 => await FailAsync(lasts: true),
            < 89 => await FailAsync(lasts: false),
            < 91 => await TakeOverAsync(),
            < 94 => await ImportAsync(),
            < 96 => await CloseAsync(),
            _ => await RestAsync(),
        };
        await CheckAsync(what, mustBeSettled: false);
    }

    private async Task CheckAsync(string what, bool mustBeSettled)
    {
        var found = await _invariants.AssertAsync(_real, Today, mustBeSettled, proves: _step % 10 == 0 || mustBeSettled);
        History.Add(string.Create(CultureInfo.InvariantCulture, $"{_step} {_clock.Now:yyyy-MM-dd HH:mm:ss} {what}: {found}"));
        Assert.True(_complaints.Count == 0, string.Join(Environment.NewLine, _complaints));
    }

    private static DateTimeOffset At(Fact fact) => new(fact.At.Ticks, TimeSpan.Zero);

    private void StartAnew()
    {
        _failures.None();
        _writer = new BrandWriter(_failing, new Node(string.Create(CultureInfo.InvariantCulture, $"node{++_nodes}"), new Uri("http://localhost")), _clock, this, byItself: false);
    }

    /// <summary>The next facts happen, and are sent: at once, or some time later.</summary>
    private async Task<string> HappenAsync()
    {
        var some = new List<Fact>();
        for (var more = _dice.Next(1, 5); more > 0 && _toCome.TryDequeue(out var fact); more--)
        {
            if (At(fact) > _clock.Now) Move(At(fact));
            _crooks.Sees(fact);
            some.Add(fact);
        }
        Send(some);
        return await RestAsync();
    }

    private async Task<string> CheatAsync()
    {
        switch (_dice.Next(3))
        {
            case 0 when _invariants.Stored.Count > 0:
                var stored = _invariants.Stored[_dice.Next(_invariants.Stored.Count)];
                _underway.Add(new Request([CrookedActors.Forged(stored)], null, _step) { MustFail = true });
                return "forged";
            case 1 when _answered.FindAll(IsRemembered) is { Count: > 0 } keyed:
                var key = _dice.Pick<Request>([.. keyed]).Key!;
                var answer = _writer.SubmitAsync(new Part([new Arrival(CrookedActors.Forged(_answered[0].Facts[0]), key.Sender)], key with { InputHash = key.InputHash + "?" }));
                await _writer.StepAsync();
                Assert.Contains((await answer).Outcome, (WriteOutcome[])[WriteOutcome.KeyUsed, WriteOutcome.Busy]);
                return "key reused";
            default:
                Send(_crooks.Scheme(Now));
                return await RestAsync();
        }
    }

    private void Send(List<Fact> facts)
    {
        while (facts.Count > 0)
        {
            var some = facts.Take(_dice.Next(1, facts.Count + 1)).ToList();
            facts.RemoveRange(0, some.Count);
            var number = string.Create(CultureInfo.InvariantCulture, $"key{++_requests}");
            _underway.Add(new Request(some, _dice.Chance(30) ? new RequestKey("till", number, 0, number) : null, _step + (_dice.Chance(60) ? 0 : _dice.Next(LatestDelivery))));
        }
    }

    private async Task<string> RestAsync()
    {
        await _writer.StepAsync();
        return "rested";
    }

    /// <summary>Some of what is underway arrives, in any order, and is decided in one commit.</summary>
    private async Task<string> DeliverAsync(int most)
    {
        var due = _underway.FindAll(request => request.Due <= _step || _step >= MostSteps || _toCome.Count == 0).ToArray();
        _dice.Shuffle(due);
        var sent = due.Take(most).Select(request => (Request: request, Answer: Submit(request))).ToList();
        await _writer.StepAsync();
        foreach (var (request, answer) in sent)
        {
            // An answer may be lost on its way: then the same comes again.
            var result = await answer;
            if (result.Outcome == WriteOutcome.Busy || (_step < MostSteps && _dice.Chance(10))) continue;
            Take(request, result);
        }
        return string.Create(CultureInfo.InvariantCulture, $"{sent.Count} delivered");
    }

    /// <summary>What was answered comes once more.</summary>
    private async Task<string> RepeatAsync()
    {
        if (_answered.Count == 0) return await RestAsync();
        var request = _answered[_dice.Next(_answered.Count)];
        var answer = Submit(request);
        await _writer.StepAsync();
        var result = await answer;
        if (result.Outcome == WriteOutcome.Busy) return "repeated, busy";
        Assert.Equal(WriteOutcome.Decided, result.Outcome);
        if (IsRemembered(request)) Assert.Equal(request.Answers, result.Answers);
        else if (request.Key is null)
            foreach (var (before, now) in request.Answers!.Zip(result.Answers))
                Assert.True(now.Status == FactStatus.Duplicate || before.Status is not (FactStatus.Accepted or FactStatus.Duplicate), $"{before}, and then {now}");
        return "repeated";
    }

    /// <summary>Answers are kept for some days from when they were first given, which may have been to nobody: the first one was lost.</summary>
    private bool IsRemembered(Request request) => request.Key is { } key && _latest - _firstSent[key.Request] < TimeSpan.FromDays(6);

    private Task<WriteResult> Submit(Request request)
    {
        if (request.Key is { } key) _firstSent.TryAdd(key.Request, _clock.Now);
        return _writer.SubmitAsync(request.Part);
    }

    private void Take(Request request, WriteResult result)
    {
        _underway.Remove(request);
        if (request.MustFail)
        {
            Assert.True(result.Outcome == WriteOutcome.Decided && result.Answers.All(answer => answer.Status == FactStatus.Refused), $"{result.Outcome} {string.Join("; ", result.Answers)}");
            return;
        }
        Assert.Equal(WriteOutcome.Decided, result.Outcome);
        _invariants.Acknowledge(request.Facts, result.Answers);
        _answered.Add(request with { Answers = result.Answers });
    }

    private string Jump(TimeSpan by)
    {
        var to = _clock.Now + by;
        Move(to < _latest - FarthestBack ? _latest - FarthestBack : to);
        return "the clock jumped";
    }

    private void Move(DateTimeOffset to)
    {
        _clock.Now = to;
        if (to > _latest) _latest = to;
    }

    /// <summary>At some step of what the writer does next the power, the disk or the line to the database fails; nobody gets an answer, and it may have been done.</summary>
    private async Task<string> FailAsync(bool lasts)
    {
        var breaksLine = _dice.Chance(50);
        _failures.After(_dice.Next(StepsOfCommit), lasts, breaksLine);
        var due = _underway.FindAll(request => request.Due <= _step).Take(_dice.Next(1, 5)).ToList();
        foreach (var request in due) _ = Submit(request);
        await _writer.StepAsync();
        var happened = _failures.Happened;
        _complaints.Clear();
        if (lasts) StartAnew();
        else _failures.None();
        return happened ? lasts ? "the power failed" : breaksLine ? "the line was cut" : "the disk failed" : "nothing failed";
    }

    /// <summary>Another node takes over; the one before does not know yet and tries to write.</summary>
    private async Task<string> TakeOverAsync()
    {
        var before = _writer;
        if (!before.Writes) return await RestAsync();
        StartAnew();
        await _writer.StepAsync();
        var late = _underway.Take(3).Select(request => before.SubmitAsync(request.Part)).ToList();
        await before.StepAsync();
        foreach (var answer in late) Assert.NotEqual(WriteOutcome.Decided, (await answer).Outcome);
        _complaints.Clear();
        return "taken over";
    }

    /// <summary>The office imports what has not come yet; all of it or, where one cannot be, nothing.</summary>
    private async Task<string> ImportAsync()
    {
        var requests = _underway.FindAll(request => request is { MustFail: false, Key: null } && request.Facts.All(fact => _worlds.Policy.Zone.DayOf(fact.At) <= Today)).Take(4).ToList();
        // What is stored already would be skipped, and its number with it.
        var stored = _invariants.Stored.Select(fact => fact.Id).ToHashSet();
        var facts = requests.SelectMany(request => request.Facts).DistinctBy(fact => fact.Id).Where(fact => !stored.Contains(fact.Id)).ToList();
        if (facts.Count == 0) return await RestAsync();
        var (posted, _) = await PostFacts.RunAsync(_real, facts, Today, null, CancellationToken.None);
        if (posted is null) return "import refused";
        _invariants.Acknowledge(facts, [.. facts.Select(_ => new FactAnswer(FactStatus.Accepted))]);
        return "imported";
    }

    private async Task<string> CloseAsync()
    {
        if (_invariants.Stored.Count == 0) return await RestAsync();
        await using var turn = await _real.BeginWriteAsync(CancellationToken.None);
        var rules = await BookRules.LoadAsync(turn, CancellationToken.None);
        var month = rules.LastClosed is { } closed ? closed.Next : Month.Of(_worlds.Policy.Zone.DayOf(new Instant(_invariants.First.Ticks)));
        var preview = await ClosePeriod.RunAsync(turn, month, "test", Now, Today, CancellationToken.None);
        if (!preview.MayClose) return "not closed";
        await turn.CommitAsync(CancellationToken.None);
        return "closed";
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning) _complaints.Add($"{formatter(state, exception)} {exception}");
    }
}
