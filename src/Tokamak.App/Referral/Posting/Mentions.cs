using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>The clerks and codes that a fact names: what a change of the roster looks for.</summary>
internal static class Mentions
{
    /// <summary>Each once.</summary>
    public static IEnumerable<(MentionKind Kind, string Name)> Of(Fact fact)
    {
        foreach (var clerk in StaffOf(fact)) yield return (MentionKind.Staff, clerk.Value);
        if (fact is SaleFact { Code: { } code }) yield return (MentionKind.Code, code);
    }

    /// <summary>The staff whom a staff fact must name before this fact can count (R1), each once.</summary>
    public static IEnumerable<StaffId> StaffOf(Fact fact) => fact switch
    {
        ServiceFact { Staff: { } server } => [server],
        SaleFact sale => sale.Lines.Select(line => line.Staff).Append(sale.Staff).OfType<StaffId>().Distinct(),
        HandoverFact { Staff: { } clerk } => [clerk],
        _ => [],
    };
}
