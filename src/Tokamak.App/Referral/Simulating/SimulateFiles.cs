using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>What is asked of a simulation over files.</summary>
/// <param name="Facts">Facts, JSON Lines.</param>
/// <param name="Policy">The policy in force.</param>
/// <param name="Draft">One version in its place.</param>
/// <param name="Stretch">Sales of which months count.</param>
/// <param name="AsOf">Facts of later days are left out.</param>
/// <param name="Questions">Losers and budget.</param>
/// <param name="Vary">A number of the draft to vary; null for none.</param>
/// <param name="Values">Its values.</param>
public sealed record SimulationFiles(
    string Facts, string Policy, string Draft, Stretch Stretch, DateOnly? AsOf, Questions Questions, string? Vary, IReadOnlyList<long> Values);

/// <summary>What came of it.</summary>
public sealed record SimulationResult(SimulationReport Report, string? Vary, IReadOnlyList<CurvePoint> Curve);

/// <summary>A simulation from files: read once, the policy in force once, then the draft and each value of what is varied.</summary>
public static class SimulateFiles
{
    /// <returns>The result, or what is wrong with the files.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (SimulationResult? Result, IReadOnlyList<FileFault> Wrong) Run(
        SimulationFiles asked, Action<long>? onBytesRead = null, Action<string, int, int>? onPartition = null, CancellationToken stop = default)
    {
        var faults = new List<Fault>();
        if (PolicyFile.Read(asked.Policy, faults) is not { } policy) return (null, [.. faults.Select(f => new FileFault(asked.Policy, f))]);
        if (Drafts(asked, policy, faults) is not { } drafts) return (null, [.. faults.Select(f => new FileFault(asked.Draft, f))]);

        var snapshot = Read(asked.Facts, policy.Zone, asked.AsOf, onBytesRead);
        var scope = snapshot is null ? null : new SimulationScope(snapshot, policy.Zone, asked.Stretch, asked.AsOf);
        // What cannot be is found as cheaply as may be, and then said by the replay itself, so that both say the same.
        if (scope is not { IsSound: true } || Books("policy in force", new SimulationRun(scope, policy, kept: true, whole: true)) is not { HasFaults: false } before)
            return (null, ReplayFiles.WhatIsWrong(asked.Facts, asked.Policy, asked.AsOf));

        var report = Comparing.Compare(scope, before, Books("draft", new SimulationRun(scope, drafts[0], before: before)), asked.Questions);
        List<CurvePoint> curve =
        [
            .. asked.Values.Select((value, i) => Comparing.Point(scope, before, Books($"{asked.Vary} {value}", new SimulationRun(scope, drafts[i + 1])), asked.Questions, value)),
        ];
        return (new SimulationResult(report, asked.Vary, curve), []);

        SimulatedBooks Books(string what, SimulationRun run) => Threads.Run(run, (done, all) => onPartition?.Invoke(what, done, all), stop: stop);
    }

    /// <summary>The draft in the place of what is in force, then with each value of the number that is varied.</summary>
    private static List<Policy>? Drafts(SimulationFiles asked, Policy stored, List<Fault> faults)
    {
        if (PolicyFile.ReadJson(asked.Draft, faults) is not { } json) return null;
        var drafts = new List<Policy>();
        if (!Read(json)) return null;
        foreach (var value in asked.Values)
            if (Draft.With(json, asked.Vary!, value, faults) is not { } varied || !Read(varied)) return null;
        return drafts;

        bool Read(ReadOnlyMemory<byte> draft)
        {
            if (PolicyReader.Read(draft, Zones.Find, faults) is not { } read || Draft.Instead(stored, read, asked.Stretch, faults) is not { } instead) return false;
            drafts.Add(instead);
            return true;
        }
    }

    /// <summary>The facts of a file up to a day; null where a line is no fact.</summary>
    public static FactSnapshot? Read(string path, Zone zone, DateOnly? asOf, Action<long>? onBytesRead = null)
    {
        var snapshot = new FactSnapshot();
        var fault = FactFile.ForEach(
            path,
            facts =>
            {
                foreach (var fact in facts)
                    if (asOf is not { } last || zone.DayOf(fact.At) <= last) snapshot.Add(fact);
            },
            onBytesRead);
        if (fault is not null) return null;
        snapshot.Regroup();
        return snapshot;
    }
}
