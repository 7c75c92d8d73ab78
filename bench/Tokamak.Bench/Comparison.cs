using System.Diagnostics;
using System.Globalization;

namespace Tokamak.Bench;

/// <summary>
/// Times whole processes in turn, the plain copy and a replay, so that a machine whose speed drifts is fair to both:
/// wall and CPU seconds and peak memory of each run, then the median of the ratios pair by pair.
/// </summary>
internal static class Comparison
{
    private readonly record struct Run(double Wall, double Cpu, long PeakBytes);

    public static int Of(string folder, int pairs)
    {
        var here = AppContext.BaseDirectory;
        var (facts, policy) = (Path.Combine(folder, "facts.jsonl"), Path.Combine(folder, "policy.json"));
        string[] plain = [Path.Combine(here, "Tokamak.Bench.dll"), "plain", facts, Path.Combine(folder, "copy.jsonl")];
        string[] replay = [Path.Combine(here, "tokamak.dll"), "replay", "--facts", facts, "--policy", policy, "--out", Path.Combine(folder, "out")];
        Console.WriteLine($"{Environment.ProcessorCount} cores, {RuntimeName()}, {new FileInfo(facts).Length / 1_000_000:N0} MB of facts");
        Time(plain);
        Time(replay);
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            var (copied, derived) = (Time(plain), Time(replay));
            ratios.Add(derived.Wall / copied.Wall);
            Console.WriteLine($"plain copy {Shown(copied)} | replay {Shown(derived)} | replay / plain {Number(derived.Wall / copied.Wall)}");
        }
        Console.WriteLine($"median of replay / plain: {Number(ratios.Order().ElementAt(ratios.Count / 2))}");
        return 0;
    }

    private static Run Time(string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var (peak, cpu) = (0L, TimeSpan.Zero);
        while (!process.WaitForExit(20))
        {
            try
            {
                process.Refresh();
                (peak, cpu) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                // It ended between the two looks; the figures of the last one stand.
            }
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}");
        return new Run(clock.Elapsed.TotalSeconds, cpu.TotalSeconds, peak);
    }

    private static string Shown(Run run) => $"{Number(run.Wall)} s, {Number(run.Cpu)} s CPU, {run.PeakBytes / 1_000_000:N0} MB";

    private static string Number(double value) => value.ToString("N2", CultureInfo.InvariantCulture);

    private static string RuntimeName() => System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;
}
