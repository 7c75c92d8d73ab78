using System.Threading.Channels;
using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Facts and policy from files, in order and checked as far as that goes before deriving.</summary>
public sealed record LoadedFacts(FactLog Log, Policy Policy, IReadOnlyList<Fault> Faults);

/// <summary>Replay from files to files: read, derive, settle and write; settling and writing run beside the derivation.</summary>
public static class ReplayFiles
{
    /// <summary>Writes the four files into <paramref name="outFolder"/>, or says what is wrong and writes none.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<FileFault> Run(string factsPath, string policyPath, string outFolder, DateOnly? asOf, Action<long>? onBytesRead = null)
    {
        var wrong = Load(factsPath, policyPath, asOf, onBytesRead, out var loaded);
        if (wrong.Count > 0) return wrong;

        var replay = new Replay(loaded!.Log, loaded.Policy, asOf);
        var settlement = new Settlement(loaded.Policy, loaded.Log.Roster);
        using var csv = new ReplayCsv(outFolder);
        var days = System.Threading.Channels.Channel.CreateBounded<DayPostings>(new BoundedChannelOptions(16) { SingleReader = true, SingleWriter = true });
        var writing = Task.Run(async () =>
        {
            await foreach (var day in days.Reader.ReadAllAsync())
            {
                csv.Write(day);
                settlement.Take(day);
                replay.GiveBack(day);
            }
        });
        try
        {
            foreach (var day in replay.Days())
                if (!days.Writer.TryWrite(day)) WriteOrFail(days.Writer, day, writing);
        }
        finally
        {
            days.Writer.Complete();
        }
        writing.GetAwaiter().GetResult();

        if (FirstOf([.. loaded.Faults, .. replay.Faults]) is { } fault) return [new FileFault(factsPath, fault)];
        settlement.Close();
        csv.Write(settlement.Earnings);
        csv.Write(settlement.Statements);
        csv.Keep();
        return [];
    }

    /// <summary>Reads both files. On success <paramref name="loaded"/> is set; its own faults still await those of the replay.</summary>
    public static IReadOnlyList<FileFault> Load(string factsPath, string policyPath, DateOnly? asOf, Action<long>? onBytesRead, out LoadedFacts? loaded)
    {
        loaded = null;
        var faults = new List<Fault>();
        var policy = PolicyFile.Read(policyPath, faults);
        if (policy is null) return [.. faults.Select(f => new FileFault(policyPath, f))];

        var (facts, fault) = FactFile.Read(factsPath, onBytesRead);
        if (fault is not null) return [new FileFault(factsPath, FirstOf([fault, .. FactLog.Repeats(facts, policy.Zone, asOf)])!)];
        var log = FactLog.Build(facts, policy.Zone, asOf, faults);
        if (log.Facts.Count == 0 && FirstOf(faults) is { } first) return [new FileFault(factsPath, first)];
        loaded = new LoadedFacts(log, policy, faults);
        return [];
    }

    /// <summary>What a replay refuses about the facts, for a verb that has noticed that there is something.</summary>
    public static IReadOnlyList<FileFault> WhatIsWrong(string factsPath, string policyPath, DateOnly? asOf)
    {
        var wrong = Load(factsPath, policyPath, asOf, null, out var loaded);
        if (wrong.Count > 0) return wrong;
        var replay = new Replay(loaded!.Log, loaded.Policy, asOf);
        foreach (var day in replay.Days()) replay.GiveBack(day);
        return FirstOf([.. loaded.Faults, .. replay.Faults]) is { } fault ? [new FileFault(factsPath, fault)] : [];
    }

    /// <summary>R1: of all that is refused, the first in the order of the file is named.</summary>
    public static Fault? FirstOf(IReadOnlyList<Fault> faults) => faults.MinBy(f => f.Line);

    private static void WriteOrFail(ChannelWriter<DayPostings> days, DayPostings day, Task writing)
    {
        var write = days.WriteAsync(day).AsTask();
        // A full disk ends the writer; waiting for room then would wait for ever.
        if (Task.WaitAny(write, writing) == 1) writing.GetAwaiter().GetResult();
    }
}
