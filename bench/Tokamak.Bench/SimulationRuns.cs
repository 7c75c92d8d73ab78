using System.Diagnostics;
using System.Globalization;
using Tokamak.App.Brands;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Simulating;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Referral.Simulation;

namespace Tokamak.Bench;

/// <summary>
/// A draft over two years of the bench world: cold (the file read into a snapshot), the policy in force once, then warm runs of drafts, each
/// another one, with what is printed of a report.
/// </summary>
internal static class SimulationRuns
{
    public static int Measure(string folder, int runs)
    {
        var policyJson = File.ReadAllBytes(Path.Combine(folder, "policy.json"));
        var faults = new List<Fault>();
        var policy = PolicyReader.Read(policyJson, Zones.Find, faults)!;
        var stretch = new Stretch(Month.Of(new DateOnly(2024, 1, 1)), Month.Of(new DateOnly(2025, 12, 1)));

        var cold = Clock.Start();
        var snapshot = SimulateFiles.Read(Path.Combine(folder, "facts.jsonl"), policy.Zone, null) ?? throw new InvalidOperationException("the bench world is refused");
        GC.Collect();
        Console.WriteLine($"cold: {snapshot.FactCount:N0} facts read and grouped in {snapshot.PartitionCount:N0} partitions: {cold}; {GC.GetTotalMemory(true) / 1_000_000:N0} MB in memory");

        var scope = new SimulationScope(snapshot, policy.Zone, stretch);
        var first = Clock.Start();
        var before = Threads.Run(new SimulationRun(scope, policy, kept: true));
        Console.WriteLine($"policy in force: {first}; {GC.GetTotalMemory(true) / 1_000_000:N0} MB in memory with what it keeps");
        if (before.HasFaults || !scope.IsSound) throw new InvalidOperationException("the bench world is refused");

        for (var run = 1; run <= runs; run++)
        {
            var json = Draft.With(policyJson, "services[store-sale].lockDays", 14 + run, faults)!;
            var draft = Draft.Instead(policy, PolicyReader.Read(json, Zones.Find, faults)!, stretch, faults)!;
            var collections = GC.CollectionCount(0);
            var clock = Clock.Start();
            var after = Threads.Run(new SimulationRun(scope, draft, before: before));
            var report = Comparing.Compare(scope, before, after, new Questions());
            Console.WriteLine($"draft {run}, warm: {clock}; commission {report.Total.Before.Commission:N0} to {report.Total.After.Commission:N0}, {report.Movers.Count} movers; {GC.CollectionCount(0) - collections} collections");
        }
        Console.WriteLine($"at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1_000_000:N0} MB of the process");
        return 0;
    }

    /// <summary>Wall and CPU seconds since.</summary>
    private readonly record struct Clock(Stopwatch Wall, TimeSpan CpuBefore, TimeSpan PausedBefore)
    {
        public static Clock Start() => new(Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, GC.GetTotalPauseDuration());

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Wall.Elapsed.TotalSeconds:N2} s, {(Environment.CpuUsage.TotalTime - CpuBefore).TotalSeconds:N2} s of CPU, {(GC.GetTotalPauseDuration() - PausedBefore).TotalSeconds:N2} s paused");
    }
}
