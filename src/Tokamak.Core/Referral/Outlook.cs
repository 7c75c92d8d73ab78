namespace Tokamak.Core.Referral;

/// <summary>What a binding comes to if its clerk does not serve the member again.</summary>
/// <param name="LastDay">The last day on which a sale gives the owner what it gives today.</param>
/// <param name="PercentNow">Of the owner's share (R7).</param>
/// <param name="PercentAfter">From the day after on; 0 where nothing is left, or the binding is over.</param>
/// <param name="Ends">Whether the member belongs to nobody then.</param>
public readonly record struct Outlook(DateOnly LastDay, int PercentNow, int PercentAfter, bool Ends)
{
    /// <param name="binding">In force on the day.</param>
    /// <param name="day">From which is looked ahead.</param>
    /// <param name="inForce">The version in force that day: a later one may change what comes.</param>
    public static Outlook Of(Binding binding, DateOnly day, PolicyVersion inForce)
    {
        var steps = inForce.Decay;
        var now = CreditRules.DecayPercent(steps, day.DayNumber - binding.RenewedOn.DayNumber);
        foreach (var step in steps)
        {
            var last = BindingRules.After(binding.RenewedOn, step.Days);
            if (last < day || last >= binding.ExpiresOn) continue;
            var after = CreditRules.DecayPercent(steps, step.Days + 1);
            if (after != now) return new Outlook(last, now, after, Ends: false);
        }
        return new Outlook(binding.ExpiresOn, now, 0, Ends: true);
    }
}
