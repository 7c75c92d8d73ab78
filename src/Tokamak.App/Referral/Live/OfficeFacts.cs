using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>Facts that a person of the office or another feature brings, in the same commit as what goes with them.</summary>
public static class OfficeFacts
{
    /// <param name="turn">A write turn of the brand: the one at a time, so that any node can do it.</param>
    /// <param name="facts">What happened.</param>
    /// <param name="by">The account or key.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="WrongBooksException">The brand has no policy, or its books no longer read.</exception>
    public static async Task<IReadOnlyList<FactAnswer>> PostAsync(Turn turn, IReadOnlyList<Fact> facts, string? by, Instant now, CancellationToken stop)
    {
        // What could not be read again would stop the books for ever: it is seen before it is stored.
        foreach (var fact in facts)
            if (!FactText.TryRead(Encoding.UTF8.GetBytes(StoredForms.BodyOf(fact)), 0, out _, out var fault)) return [.. facts.Select(_ => new FactAnswer(FactStatus.Refused, fault.Message))];
        var rules = await BookRules.LoadAsync(turn, stop);
        var commit = new LiveCommit(turn, rules, rules.Policy.Zone.DayOf(now), now);
        return (await commit.RunAsync([new Part([.. facts.Select(fact => new Arrival(fact, by))])], stop))[0].Answers;
    }
}
