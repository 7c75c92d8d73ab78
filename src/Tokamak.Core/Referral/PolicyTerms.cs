namespace Tokamak.Core.Referral;

/// <summary>The five parts of a fair mechanism, with the frame around them: from when, in which zone and currency.</summary>
public enum MechanismPart { Frame, Binding, Services, Lives, Settled, Divided }

/// <summary>What one thing that a policy says is about.</summary>
public enum TermKind
{
    Start, Units, Takeover, StaffMoves, StaffLeaves, Service, Life, Decay, Link, Closers, SelfPurchase, Rate, Hold, Clawback, Shares, Bands, Cap, StaffPercent, Bounty,
}

/// <summary>One thing that a policy says, by what it is about: a kind of service (<paramref name="Name"/>), a channel's shares, the rate of a role and grade.</summary>
public readonly record struct PolicyTerm(TermKind Kind, string? Name = null, Channel? Channel = null, Role? Role = null)
{
    public MechanismPart Part => Kind switch
    {
        TermKind.Start or TermKind.Units => MechanismPart.Frame,
        TermKind.Takeover or TermKind.StaffMoves or TermKind.StaffLeaves => MechanismPart.Binding,
        TermKind.Service => MechanismPart.Services,
        TermKind.Life or TermKind.Decay or TermKind.Link => MechanismPart.Lives,
        TermKind.Closers or TermKind.SelfPurchase or TermKind.Rate or TermKind.Hold or TermKind.Clawback => MechanismPart.Settled,
        TermKind.Shares or TermKind.Bands or TermKind.Cap or TermKind.StaffPercent or TermKind.Bounty => MechanismPart.Divided,
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
    };
}

/// <summary>A term that two versions do not say alike; one of them may not have it at all.</summary>
public sealed record PolicyChange(PolicyTerm Term, bool WasThere, bool IsThere)
{
    public MechanismPart Part => Term.Part;
}

/// <summary>What changes from one version to another, term by term in the order of the five parts. Numbers of versions are no terms.</summary>
public static class PolicyChanges
{
    private static readonly Channel[] Channels = [Channel.Store, Channel.Online];

    public static IReadOnlyList<PolicyChange> Between(PolicyVersion before, PolicyVersion after)
    {
        var (was, becomes) = (Terms(before), Terms(after));
        var said = becomes.ToDictionary(entry => entry.Key, entry => entry.Value);
        var old = was.ToDictionary(entry => entry.Key, entry => entry.Value);
        return
        [
            .. becomes.Select(entry => entry.Key).Concat(was.Select(entry => entry.Key)).Distinct()
                .Where(term => old.GetValueOrDefault(term) != said.GetValueOrDefault(term))
                .Select(term => new PolicyChange(term, old.ContainsKey(term), said.ContainsKey(term)))
                .OrderBy(change => change.Part).ThenBy(change => change.Term.Kind),
        ];
    }

    /// <summary>Each term with what it says, written so that equal texts are equal terms.</summary>
    private static List<KeyValuePair<PolicyTerm, string>> Terms(PolicyVersion version)
    {
        List<KeyValuePair<PolicyTerm, string>> terms =
        [
            new(new(TermKind.Start), $"{version.EffectiveFrom:O}"),
            new(new(TermKind.Units), $"{version.Timezone} {version.Currency}"),
            new(new(TermKind.Takeover), $"{version.Takeover}"),
            new(new(TermKind.StaffMoves), $"{version.StaffMoves}"),
            new(new(TermKind.StaffLeaves), $"{version.StaffLeaves}"),
            .. version.Services.Select(terms => new KeyValuePair<PolicyTerm, string>(new(TermKind.Service, terms.Kind), $"{terms.Strength} {terms.Renews}")),
            .. version.Services.Select(terms => new KeyValuePair<PolicyTerm, string>(new(TermKind.Life, terms.Kind), $"{terms.LockDays} {terms.LifeDays}")),
            new(new(TermKind.Decay), string.Join(' ', version.Decay)),
            new(new(TermKind.Link), $"{version.LinkDays}"),
            new(new(TermKind.SelfPurchase), $"{version.SelfPurchase}"),
            .. version.Rates.Select(rule => new KeyValuePair<PolicyTerm, string>(new(TermKind.Rate, rule.Grade, Role: rule.Role), Said(rule))),
            new(new(TermKind.Hold), $"{version.HoldDaysStore} {version.HoldDaysOnline}"),
            new(new(TermKind.Clawback), $"{version.ClawbackDays}"),
            new(new(TermKind.Bands), version.Bands is { } bands ? $"{bands.Mode} {string.Join(' ', bands.Steps)}" : ""),
            new(new(TermKind.Cap), $"{version.CapPerMonth}"),
            new(new(TermKind.StaffPercent), $"{version.StaffPercent}"),
            .. version.Bounties.Select(bounty => new KeyValuePair<PolicyTerm, string>(new(TermKind.Bounty, bounty.Service), $"{bounty}")),
        ];
        foreach (var channel in Channels)
        {
            // Only the first rule of a channel counts (R9); none is a rule of its own: all to the host.
            var split = version.SplitOf(channel);
            terms.Add(new(new(TermKind.Closers, Channel: channel), split is null ? "" : string.Join(' ', split.Closer.Cast<object>().Prepend("of"))));
            terms.Add(new(new(TermKind.Shares, Channel: channel), split is null ? "" : $"{split.OwnerPercent} {split.CloserPercent} {split.HandoverPercent}"));
        }
        return terms;
    }

    private static string Said(RateRule rule) => string.Join(' ',
        rule.CategoryRatesBps.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key} {entry.Value}").Prepend($"{rule.RateBps} {rule.PerHandover} {rule.PerHandoverMinNet}"));
}
