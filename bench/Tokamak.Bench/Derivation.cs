using System.Diagnostics;
using System.Globalization;
using Tokamak.App.Referral;
using Tokamak.Core.Referral;

namespace Tokamak.Bench;

/// <summary>The pure derivation alone, on one thread: facts already in memory and in order, rows counted and dropped.</summary>
internal static class Derivation
{
    public static int Run(string factsPath, string policyPath)
    {
        var loading = Stopwatch.StartNew();
        var wrong = ReplayFiles.Load(factsPath, policyPath, null, null, out var loaded);
        if (wrong.Count > 0 || loaded!.Faults.Count > 0) throw new InvalidOperationException("the bench world is refused");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"read, ordered and numbered in {loading.Elapsed.TotalSeconds:N2} s, {Environment.CpuUsage.TotalTime.TotalSeconds:N2} s of CPU; {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} collections, {GC.GetTotalPauseDuration().TotalSeconds:N2} s paused"));
        for (var run = 1; run <= 3; run++)
        {
            long credits = 0, commissions = 0;
            var (clock, cpuBefore) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var (replay, settlement) = (new Replay(loaded.Log, loaded.Policy), new Settlement(loaded.Policy, loaded.Log.Roster));
            foreach (var day in replay.Days())
            {
                credits += day.Credits.Count;
                commissions += day.Commissions.Count;
                settlement.Take(day);
                replay.GiveBack(day);
            }
            settlement.Close();
            var (seconds, cpu) = (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"run {run}: {loaded.Log.Facts.Count:N0} facts in {seconds:N2} s, {cpu:N2} s of CPU = {loaded.Log.Facts.Count / cpu:N0} facts a second of one core; {credits:N0} credit and {commissions:N0} commission rows; so far {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)} collections, {GC.GetTotalPauseDuration().TotalSeconds:N1} s paused"));
        }
        return 0;
    }
}
