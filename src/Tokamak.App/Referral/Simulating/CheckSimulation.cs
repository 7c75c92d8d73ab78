using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What of a question can be wrong.</summary>
public enum SimulationPart
{
    Months,
    Budget,
    Losers,

    /// <summary>A number without values, values without a number, or too many of them.</summary>
    Values,

    /// <summary>The version that is tried.</summary>
    Policy,

    /// <summary>There is no such number, or it cannot have one of the values.</summary>
    Vary,
}

/// <summary>What may be asked of a simulation, whoever asks: a person on the page, or a program.</summary>
public static class CheckSimulation
{
    public const int MostMonths = 60, MostPercent = 100;

    /// <param name="asked">What somebody wants to know.</param>
    /// <param name="stored">The policy as it is.</param>
    /// <param name="faults">Receives what is wrong with the version, or with it under one of the values.</param>
    /// <returns>Which parts cannot be; the version is looked at once all others can be.</returns>
    public static IReadOnlyList<SimulationPart> Of(SimulationAsked asked, Policy stored, ICollection<Fault> faults)
    {
        List<SimulationPart> wrong = [];
        if (asked.Stretch.MonthCount is < 1 or > MostMonths) wrong.Add(SimulationPart.Months);
        if (asked.Questions.Budget < 0) wrong.Add(SimulationPart.Budget);
        if (asked.Questions.LosersBeyondPercent is < 0 or > MostPercent) wrong.Add(SimulationPart.Losers);
        if (asked.Vary is null != (asked.Values.Count == 0) || asked.Values.Count > Simulations.MostValues) wrong.Add(SimulationPart.Values);
        if (wrong.Count > 0) return wrong;
        // By itself first: what is wrong with it then is no fault of the values.
        if (Simulations.PoliciesOf(asked with { Values = [] }, stored, faults) is null) return [SimulationPart.Policy];
        return Simulations.PoliciesOf(asked, stored, faults) is null ? [SimulationPart.Vary] : [];
    }
}
