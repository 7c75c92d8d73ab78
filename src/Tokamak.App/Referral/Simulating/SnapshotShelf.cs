using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>
/// All facts of one brand in memory, kept up to date: what came in since is added before each simulation. Of the brand that was asked
/// about last; another one, or a while without any, lets it go. One simulation at a time has it.
/// </summary>
public sealed class SnapshotShelf
{
    private const int FactsAtOnce = 20_000;

    private string? _brand;
    private FactSnapshot _snapshot = new();
    private long _seq;
    private (string Of, SimulationScope Scope, SimulatedBooks Books)? _before;

    /// <summary>The brand's facts, all that there are when the last part is read; each part in a turn of its own, so that none stays open for long.</summary>
    /// <param name="place">Whose.</param>
    /// <param name="onFacts">Told how many there are so far.</param>
    /// <param name="stop">Gives up; what was read stays.</param>
    public async Task<FactSnapshot> OfAsync(BrandDatabase place, Action<long>? onFacts, CancellationToken stop)
    {
        if (_brand != place.Name) (_brand, _snapshot, _seq, _before) = (place.Name, new FactSnapshot(), 0, null);
        for (var more = true; more;)
        {
            List<(long Seq, string Id, string Body)> rows;
            await using (var turn = await place.BeginReadAsync(stop))
                rows = await turn.ReadAsync(
                    "select seq, id, body from fact where seq > @seq order by seq limit @most", row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), stop, ("seq", _seq), ("most", FactsAtOnce));
            var facts = new Fact[rows.Count];
            Parallel.For(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = SimulationRunner.Cores, CancellationToken = stop }, number => facts[number] = StoredForms.FactOf(rows[number].Body, rows[number].Id));
            foreach (var (number, fact) in facts.Index())
            {
                _snapshot.Add(fact);
                _seq = rows[number].Seq;
            }
            more = rows.Count == FactsAtOnce;
            onFacts?.Invoke(_snapshot.FactCount);
        }
        _snapshot.Regroup();
        return _snapshot;
    }

    /// <summary>What the policy in force made of a stretch: run once, and kept for the next draft as long as facts and policy are the same.</summary>
    /// <param name="scope">Of the snapshot that was taken last.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="run">Runs it.</param>
    public (SimulationScope Scope, SimulatedBooks Books) Before(SimulationScope scope, Policy policy, Func<SimulationRun, SimulatedBooks> run)
    {
        var of = $"{scope.Version} {scope.Stretch} {scope.AsOf} {policy.Versions.Count} {policy.Versions[^1].Version}";
        if (_before is { } kept && kept.Of == of) return (kept.Scope, kept.Books);
        _before = null;
        var books = run(new SimulationRun(scope, policy, kept: true));
        _before = (of, scope, books);
        return (scope, books);
    }

    /// <summary>Nobody has asked for a while: the memory is of more use elsewhere.</summary>
    public void Clear() => (_brand, _snapshot, _seq, _before) = (null, new FactSnapshot(), 0, null);
}
