using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>
/// Decides facts as they arrive, in any order, in the writer's transaction: stores and posts those that fit with all that is
/// known, wakes parked ones that fit now, parks those that do not fit yet, and refuses those that never can. Each fact stands
/// or falls by itself.
/// </summary>
internal sealed class LiveBatch(Turn turn, BookRules rules, DateOnly today, Instant now)
{
    /// <summary>Parked facts that one batch wakes at most; the others are woken by the next.</summary>
    private const int MostWoken = 1_000;

    /// <summary>Who waits to be derived anew is derived at once if they are so few; else beside the live traffic.</summary>
    private const int DerivedAtOnce = 16;

    /// <summary>Facts that do not fit together are sorted out so many times before the batch is divided.</summary>
    private const int MostRounds = 16;

    // In the order in which they came; those woken come after them.
    private readonly List<Candidate> _candidates = [];
    private readonly Dictionary<string, Candidate> _byId = [];
    private readonly Dictionary<string, StoredFact> _stored = [];
    private readonly HashSet<string> _asked = [];
    private readonly CorrectedSales _corrected = new(turn);
    private readonly HashSet<string> _offered = [];
    private bool _queues;

    /// <summary>The books as the batch leaves them.</summary>
    public BookRules Rules { get; private set; } = rules;

    /// <summary>Whether anybody is left waiting to be derived anew.</summary>
    public bool LeavesWork { get; private set; }

    /// <param name="arrivals">What has come.</param>
    /// <param name="woken">Parked facts to take up again whatever they wait for.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>One answer for each arrival, in their order.</returns>
    /// <exception cref="TangledFactsException">The facts are too many that do not fit with one another: divide the batch.</exception>
    public async Task<IReadOnlyList<FactAnswer>> RunAsync(IReadOnlyList<Arrival> arrivals, IReadOnlyList<ParkedRow> woken, CancellationToken stop)
    {
        var told = await AdmitAsync(arrivals, stop);
        await AddParkedAsync(woken, stop);
        await WakeAsync(stop);
        await StoreWhatFitsAsync(stop);
        await DeriveAnewAsync(stop);
        Rules = await ParkedFacts.SaveAsync(turn, _candidates, Rules, now, stop);
        return [.. told.Select(answer => answer.Candidate is { } candidate ? AnswerTo(candidate, answer.IsRepeat) : answer.Told!)];
    }

    private static FactAnswer AnswerTo(Candidate candidate, bool isRepeat) =>
        candidate.Refusal is { } refusal ? new FactAnswer(FactStatus.Refused, refusal)
        : candidate.Waits is { } waits ? new FactAnswer(FactStatus.Parked, waits.Reason)
        : new FactAnswer(isRepeat ? FactStatus.Duplicate : FactStatus.Accepted);

    /// <summary>Tells new facts from those that are there already. What comes twice in one batch is one candidate.</summary>
    private async Task<List<(Candidate? Candidate, bool IsRepeat, FactAnswer? Told)>> AdmitAsync(IReadOnlyList<Arrival> arrivals, CancellationToken stop)
    {
        var facts = arrivals.Select(arrival => arrival.Fact).ToList();
        await LookUpAsync(facts.Select(fact => fact.Id.Value).Concat(facts.Select(NamedFact).OfType<string>()), stop);
        // Those of the same ids, and those that wait for these, with one question.
        var ids = facts.Select(fact => fact.Id.Value).ToHashSet();
        List<string> offers = [.. facts.Where(IsNewAndTimely).SelectMany(fact => WaitsFor.OfferedBy(fact, VoidedBy(fact))).Where(_offered.Add)];
        await using var books = turn.Books();
        var found = await books.Parked.Where(row => ids.Contains(row.Id) || (row.DismissedAtTicks == null && offers.Contains(row.WaitsFor)))
            .OrderByDescending(row => ids.Contains(row.Id)).ThenBy(row => row.SinceTicks).ThenBy(row => row.Id).Take(ids.Count + MostWoken).ToListAsync(stop);
        var parked = found.ToDictionary(row => row.Id);
        var told = new List<(Candidate?, bool, FactAnswer?)>(arrivals.Count);
        foreach (var arrival in arrivals)
        {
            var id = arrival.Fact.Id.Value;
            if (_stored.TryGetValue(id, out var stored))
                told.Add((null, false, StoredForms.BodyOf(stored.Fact) == arrival.Body || _corrected.Says(stored.Fact, arrival.Fact) ? new FactAnswer(FactStatus.Duplicate) : Refused(SaysSomethingElse(id))));
            else if (_byId.TryGetValue(id, out var before))
                told.Add(before.Body == arrival.Body ? (before, true, null) : (null, false, Refused($"the id {id} came before in the same request with something else; give every fact an id of its own")));
            else if (parked.TryGetValue(id, out var row) && RefusalOf(row, arrival) is { } refusal) told.Add((null, false, Refused(refusal)));
            else told.Add((Add(new Candidate(arrival.Fact, arrival.Body, arrival.Sender, row)), false, null));
        }
        // Also those whose id has just come with something else, and was refused: what waited is woken nevertheless.
        await AddParkedAsync([.. found.Where(row => row.DismissedAtTicks is null && offers.Contains(row.WaitsFor))], stop);
        return told;

        static FactAnswer Refused(string reason) => new(FactStatus.Refused, reason);
    }

    /// <summary>What is there already, or never can be, makes nothing known.</summary>
    private bool IsNewAndTimely(Fact fact) => !_stored.ContainsKey(fact.Id.Value) && Rules.Policy.Zone.DayOf(fact.At) <= today && !Arrival.LacksStoreOf(fact);

    private static string SaysSomethingElse(string id) => $"the fact {id} is stored already and says something else; facts never change: void it and enter it anew under another id";

    /// <summary>Why a fact whose id is parked is not taken; what lacked a store or the right number may be sent again with it.</summary>
    private static string? RefusalOf(ParkedRow row, Arrival arrival) =>
        row.DismissedAtTicks is not null ? $"the fact {row.Id} was dismissed by the office: {row.DismissedBecause}"
        : row.Body != arrival.Body && !OfficeRetry.MayBeSentOtherwise(row) ? $"the fact {row.Id} was taken already, waits, and says something else; enter this under another id, or let the office dismiss the one that waits"
        : null;

    private Candidate Add(Candidate candidate)
    {
        _candidates.Add(candidate);
        _byId.Add(candidate.Fact.Id.Value, candidate);
        var day = Rules.Policy.Zone.DayOf(candidate.Fact.At);
        if (day > today.AddDays(1)) candidate.Refuse($"the fact {candidate.Fact.Id} is dated {day:yyyy-MM-dd}, and today is {today:yyyy-MM-dd}; facts have happened: check the clock or the date");
        else if (day > today) candidate.Wait(WaitsFor.Day(day), $"it is dated tomorrow, {day:yyyy-MM-dd}, and counts from then on; check the clock of whoever sent it");
        else if (Arrival.LacksStoreOf(candidate.Fact)) candidate.Wait(WaitsFor.Store, "the sale does not say in which store it was; send it again with its store, or let the office add it");
        return candidate;
    }

    /// <summary>Adds parked facts for which something has come that they waited for, and those that wait for these, and so on.</summary>
    private async Task WakeAsync(CancellationToken stop)
    {
        await using var books = turn.Books();
        var arrived = _candidates.Count;
        for (var next = 0; next < _candidates.Count && _candidates.Count < arrived + MostWoken;)
        {
            List<string> offers = [.. _candidates.Skip(next).Where(candidate => candidate.IsIn).SelectMany(candidate => WaitsFor.OfferedBy(candidate.Fact, VoidedBy(candidate.Fact))).Where(_offered.Add)];
            next = _candidates.Count;
            if (offers.Count == 0) return;
            var woken = await books.Parked.Where(row => row.DismissedAtTicks == null && offers.Contains(row.WaitsFor)).OrderBy(row => row.SinceTicks).ThenBy(row => row.Id).Take(MostWoken).ToListAsync(stop);
            await AddParkedAsync(woken, stop);
        }
    }

    private async Task AddParkedAsync(IReadOnlyList<ParkedRow> rows, CancellationToken stop)
    {
        var facts = rows.Where(row => !_byId.ContainsKey(row.Id)).Select(row => (Row: row, Fact: ParkedFacts.FactOf(row))).ToList();
        await LookUpAsync(facts.SelectMany(parked => (string?[])[parked.Row.Id, NamedFact(parked.Fact)]).OfType<string>(), stop);
        foreach (var (row, fact) in facts)
        {
            var candidate = Add(new Candidate(fact, row.Body, row.Sender, row));
            // An import may have brought it meanwhile.
            if (_stored.TryGetValue(row.Id, out var stored) && StoredForms.BodyOf(stored.Fact) != row.Body) candidate.Refuse(SaysSomethingElse(row.Id));
        }
    }

    /// <summary>The fact that a fact is about.</summary>
    private static string? NamedFact(Fact fact) => fact switch { SaleChangeFact change => change.Sale.Value, VoidFact voiding => voiding.Voided.Value, _ => null };

    private Fact? VoidedBy(Fact fact) =>
        fact is not VoidFact voiding ? null
        : _stored.TryGetValue(voiding.Voided.Value, out var stored) ? stored.Fact
        : _byId.GetValueOrDefault(voiding.Voided.Value)?.Fact;

    private async Task LookUpAsync(IEnumerable<string> ids, CancellationToken stop)
    {
        var asked = ids.Where(_asked.Add).ToList();
        if (asked.Count == 0) return;
        await using var books = turn.Books();
        foreach (var row in await books.Facts.Where(fact => asked.Contains(fact.Id)).ToListAsync(stop)) _stored[row.Id] = StoredFact.Of(row);
        await _corrected.LookUpAsync(asked.Select(id => _stored.GetValueOrDefault(id)?.Sale).OfType<string>(), stop);
    }

    private async Task StoreWhatFitsAsync(CancellationToken stop)
    {
        for (var round = 0; ; round++)
        {
            FitWhatTheyName();
            var fit = _candidates.Where(candidate => candidate.IsIn && !_stored.ContainsKey(candidate.Fact.Id.Value)).ToList();
            if (fit.Count == 0) return;
            if (round == MostRounds) throw new TangledFactsException();
            await turn.Transaction.SaveAsync("fit", stop);
            try
            {
                Rules = await StoreAsync(fit, stop);
                return;
            }
            catch (FactsRefusedException refusal)
            {
                await turn.Transaction.RollbackAsync("fit", stop);
                foreach (var refused in refusal.Refused) Blame(refused, fit);
            }
        }
    }

    /// <summary>Those that name what is not known wait for it, until those left name only what is known or comes with them.</summary>
    private void FitWhatTheyName()
    {
        var joining = new HashSet<StaffId>();
        while (true)
        {
            joining.Clear();
            foreach (var candidate in _candidates)
                if (candidate is { IsIn: true, Fact: StaffFact employment }) joining.Add(employment.Staff);
            var fitted = true;
            // Sales before what is about them, and voids last: each finds what it is about already told.
            foreach (var candidate in _candidates.Where(candidate => candidate.IsIn).OrderBy(candidate => candidate.Fact.Order))
            {
                Fit(candidate, joining);
                fitted &= candidate.IsIn;
            }
            if (fitted) return;
        }
    }

    private void Fit(Candidate candidate, HashSet<StaffId> joining)
    {
        foreach (var staff in Mentions.StaffOf(candidate.Fact))
            if (Rules.Roster.Find(staff) is null && !joining.Contains(staff))
            {
                candidate.Wait(WaitsFor.Staff(staff), $"it names {staff}, of whom nothing is known yet; add when and where they joined, or void this and enter it with the right clerk");
                return;
            }
        switch (candidate.Fact)
        {
            case SaleFact sale: (candidate.Member, candidate.Sale) = (sale.Member?.Value, sale.Id.Value); break;
            case ServiceFact service: candidate.Member = service.Member.Value; break;
            case MergeFact merge: candidate.Member = merge.From.Value; break;
            case SaleChangeFact change: FitSale(candidate, change); break;
            case VoidFact voiding: FitVoid(candidate, voiding); break;
            default: break;
        }
    }

    private void FitSale(Candidate candidate, SaleChangeFact change)
    {
        if (Known(change.Sale) is not var (fact, member, _)) candidate.Wait(WaitsFor.Fact(change.Sale), $"the sale {change.Sale} is not known yet");
        else if (fact is not SaleFact) candidate.Refuse($"{change.Sale} is no sale; check the id");
        else if (_corrected.LatestOf(change.Sale.Value) is { } corrected) candidate.Wait(WaitsFor.Corrected(corrected), $"the sale {change.Sale} was corrected and counts as {corrected} alone; send this again with that number, or let the office count it there");
        else (candidate.Sale, candidate.Member) = (change.Sale.Value, member);
    }

    private void FitVoid(Candidate candidate, VoidFact voiding)
    {
        if (Known(voiding.Voided) is not var (fact, member, sale)) candidate.Wait(WaitsFor.Fact(voiding.Voided), $"the fact {voiding.Voided} is not known yet");
        else if (fact is VoidFact) candidate.Refuse($"{voiding.Voided} is a void itself and cannot be voided; enter the fact anew under another id");
        else if (sale is not null && _corrected.IsReplaced(sale) && _corrected.LatestOf(sale) is { } corrected) candidate.Wait(WaitsFor.Corrected(corrected), $"the sale {sale} was corrected and counts as {corrected} alone, with all that was about it; void what stands there, or let the office do so");
        else (candidate.Voided, candidate.Member, candidate.Sale) = (fact, member, sale);
    }

    private (Fact Fact, string? Member, string? Sale)? Known(FactId id) =>
        _stored.TryGetValue(id.Value, out var stored) ? (stored.Fact, stored.Member, stored.Sale)
        : _byId.TryGetValue(id.Value, out var candidate) && candidate.IsIn ? (candidate.Fact, candidate.Member, candidate.Sale)
        : null;

    private async Task<BookRules> StoreAsync(List<Candidate> fit, CancellationToken stop)
    {
        var before = Rules.Facts;
        var seq = before;
        List<FactRow> rows =
        [
            .. fit.Select(candidate => new FactRow
            {
                Seq = ++seq, Id = candidate.Fact.Id.Value, Type = (short)candidate.Fact.Order, AtTicks = candidate.Fact.At.Ticks,
                Day = Rules.Policy.Zone.DayOf(candidate.Fact.At), Member = candidate.Member, Sale = candidate.Sale, Body = candidate.Body,
            }),
        ];
        await using (var writes = new Writes(turn))
        {
            await writes.InsertAsync(rows, stop);
            await writes.InsertAsync([.. rows.Zip(fit).SelectMany(stored => Mentions.Of(stored.Second.Fact).Select(mention => new MentionRow { Kind = mention.Kind, Name = mention.Name, Seq = stored.First.Seq }))], stop);
            await writes.SendAsync(stop);
        }
        List<StoredFact> batch = [.. rows.Zip(fit).Select(stored => new StoredFact(stored.First.Seq, stored.Second.Fact, stored.First.Member, stored.First.Sale))];

        var with = Rules;
        if (batch.Any(stored => stored.IsOfRoster))
        {
            (with, var reached, var refused) = await ArrivedRoster.ReadAsync(turn, with.Policy, before, stop);
            if (refused.Count > 0) throw new FactsRefusedException(refused);
            _queues |= reached.Count > 0;
            await WorkQueue.AddAsync(turn, reached, stop);
        }
        if (batch.Any(stored => stored is { Fact: VoidFact, Member: not null, Sale: null }) && await ArrivedVoids.RefusedAsync(turn, before, stop) is { Count: > 0 } twice)
            throw new FactsRefusedException(twice);
        if (batch.Any(stored => stored.Fact is MergeFact) && await ArrivedMerges.RefusedAsync(turn, before, stop) is { Count: > 0 } gone) throw new FactsRefusedException(gone);
        List<StoredFact> inOrder = [.. batch.Where(stored => stored.Fact is not StaffFact).OrderBy(stored => stored.Fact.At).ThenBy(stored => stored.Fact.Order).ThenBy(stored => stored.Fact.Id)];
        var posting = new PostBatch(turn, with, Reached.All);
        with = await posting.RunAsync(inOrder, [], seq, with.Horizon ?? today, stop);
        _queues |= posting.Queues;
        return with;
    }

    /// <summary>
    /// What the rules refuse waits or is refused. Where that is a fact which is stored already, what came last of those that
    /// are about the same waits instead: whoever comes first is served.
    /// </summary>
    private void Blame(RefusedFact refused, List<Candidate> fit)
    {
        var own = _byId.GetValueOrDefault(refused.Stored.Fact.Id.Value);
        var blamed = own is not null && fit.Contains(own)
            ? own
            : fit.LastOrDefault(candidate => candidate.IsIn && (refused.Stored.IsOfRoster ? candidate is { Member: null, Sale: null } : refused.Stored.Sale is { } sale ? candidate.Sale == sale : candidate.Member == refused.Stored.Member));
        if (blamed is null) throw new TangledFactsException();
        var reason = blamed == own ? refused.Reason : $"with it, {refused.Stored.Fact.Id}, which is stored already, could not be: {refused.Reason}";
        if (!refused.MayFitLater) blamed.Refuse(reason); else blamed.Wait(WhatCouldHelp(blamed, refused), reason);
    }

    private string WhatCouldHelp(Candidate blamed, RefusedFact refused) => blamed switch
    {
        { Sale: { } sale } => WaitsFor.Sale(sale),
        { Fact: StaffFact { Code: { } code } employment } when Rules.Roster.EverHolderOf(code) is { } holder && holder != employment.Staff => WaitsFor.Code(code),
        { Fact: StaffFact employment } => WaitsFor.Staff(employment.Staff),
        { Voided: StaffFact employment } => WaitsFor.Staff(employment.Staff),
        _ => WaitsFor.Fact(refused.Stored.Fact.Id),
    };

    private async Task DeriveAnewAsync(CancellationToken stop)
    {
        if (!_queues) return;
        var waiting = await WorkQueue.CountAsync(turn, DerivedAtOnce + 1, stop);
        LeavesWork = waiting > DerivedAtOnce;
        if (waiting is > 0 and <= DerivedAtOnce) (Rules, _) = await RederiveMembers.RunAsync(turn, Rules, DerivedAtOnce, stop);
    }
}

/// <summary>Facts of one batch that do not fit with one another in too many ways; in smaller batches they do or do not.</summary>
internal sealed class TangledFactsException : Exception
{
    public TangledFactsException() : base("These facts do not fit with one another in too many ways; they are to be taken in smaller batches.")
    {
    }
}
