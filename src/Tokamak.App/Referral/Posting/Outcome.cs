using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>A stored fact, its place in the order of arrival, and whom it is about: a void has the member and sale of what it voids.</summary>
internal sealed record StoredFact(long Seq, Fact Fact, string? Member, string? Sale)
{
    public static StoredFact Of(FactRow row) => new(row.Seq, StoredForms.FactOf(row), row.Member, row.Sale);

    public bool IsOfRoster => Member is null && Sale is null;
}

/// <summary>What the rules give for some facts: rows by sale, and where they leave sales, members and bounties.</summary>
internal sealed class Outcome
{
    private Outcome(Replay replay, Journal journal, FactLog log) => (Replay, Journal, Log) = (replay, journal, log);

    public Replay Replay { get; }
    public Journal Journal { get; }
    public FactLog Log { get; }
    public Dictionary<FactId, List<CreditPosting>> Credits { get; } = [];
    public Dictionary<FactId, List<CommissionPosting>> Commissions { get; } = [];
    public List<BountyPosting> Bounties { get; } = [];

    /// <summary>Runs the rules; lines vest up to the end of the horizon.</summary>
    /// <param name="refused">Receives the facts that cannot be (R1), with the reason; with any, nothing else counts.</param>
    public static Outcome Of(IReadOnlyList<StoredFact> facts, BookRules rules, DateOnly? horizon, Opening? opening, List<RefusedFact> refused)
    {
        // A fault names its fact by the line it came from; here, by its place in the list.
        var numbered = facts.Select((stored, place) => stored.Fact with { SourceLine = place + 1 }).ToList();
        var faults = new List<Tokamak.Core.Kernel.Fault>();
        var log = FactLog.Build(numbered, rules.Policy.Zone, null, faults, rules.Roster);
        var journal = new Journal(withReasons: false);
        var replay = new Replay(log, rules.Policy, horizon ?? DateOnly.MinValue, journal, opening);
        var outcome = new Outcome(replay, journal, log);
        foreach (var day in replay.Days())
        {
            foreach (var row in day.Credits) ListOf(outcome.Credits, row.Sale).Add(row);
            foreach (var row in day.Commissions) ListOf(outcome.Commissions, row.Sale).Add(row);
            outcome.Bounties.AddRange(day.Bounties);
            replay.GiveBack(day);
        }
        foreach (var fault in faults.Concat(replay.Faults))
            refused.Add(new RefusedFact(facts[fault.Line!.Value - 1], fault.Message, fault.MayFitLater));
        return outcome;
    }

    private static List<TRow> ListOf<TRow>(Dictionary<FactId, List<TRow>> lists, FactId sale)
    {
        if (!lists.TryGetValue(sale, out var list)) lists.Add(sale, list = []);
        return list;
    }
}

/// <summary>A fact that cannot be, with the facts there are, and why (R1); whether others that are still to come could make it fit.</summary>
internal sealed record RefusedFact(StoredFact Stored, string Reason, bool MayFitLater = false);
