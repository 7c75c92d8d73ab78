using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>How a line's remaining net is split among the roles (R7, R9).</summary>
public static class CreditRules
{
    /// <summary>Places in a line's credits: owner, closer, host, and from here on the parties of its handovers.</summary>
    public const int OwnerAt = 0, CloserAt = 1, HostAt = 2, HandoversAt = 3;

    /// <summary>R7: the percent left of the owner's share after so many days since the last renewal.</summary>
    public static int DecayPercent(IReadOnlyList<DecayStep> steps, int daysSinceRenewal)
    {
        if (steps.Count == 0) return 100;
        for (var i = 0; i < steps.Count; i++)
            if (daysSinceRenewal <= steps[i].Days) return steps[i].Percent;
        return 0;
    }

    public static int CountOf(in LineBook line) => HandoversAt + line.Handovers.Length;

    /// <summary>
    /// R9: the credits of a line as it stands, in whole units; they add up to its remaining net exactly. All zero for
    /// a sale before the first version.
    /// </summary>
    public static void Split(SaleBook sale, int index, Span<long> credits)
    {
        credits.Clear();
        if (sale.Version is null) return;
        ref readonly var line = ref sale.Line(index);
        var rest = line.Net;
        if (sale.Split is { } split)
        {
            if (sale.Owner is not null)
                rest -= credits[OwnerAt] = Exact.MulDivFloor(line.Net, split.OwnerPercent * sale.DecayPercent, 10_000);
            if (line.Closer is not null)
                rest -= credits[CloserAt] = Exact.MulDivFloor(line.Net, split.CloserPercent, 100);
            for (var i = 0; i < line.Handovers.Length; i++)
                rest -= credits[HandoversAt + i] = Exact.MulDivFloor(line.Net, (long)split.HandoverPercent * line.Handovers[i].Units, 100L * sale.NotCancelled(index));
        }
        credits[HostAt] = rest;
    }

    /// <summary>Whose the credit at a place is, and in which role.</summary>
    public static (Role Role, Party Party) At(SaleBook sale, in LineBook line, int place) => place switch
    {
        OwnerAt => (Role.Owner, sale.Owner ?? default),
        CloserAt => (Role.Closer, line.Closer ?? default),
        HostAt => (Role.Host, sale.Host),
        _ => (Role.Handover, line.Handovers[place - HandoversAt].Party),
    };
}
