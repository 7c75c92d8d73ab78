using System.Diagnostics;
using System.Globalization;

namespace Tokamak.App.Cli;

/// <summary>Tells a waiting person what is being done and how long it took: one line a step, on standard output.</summary>
public static class Steps
{
    private static readonly bool Live = !Console.IsOutputRedirected;

    public static T Run<T>(string doing, Func<T> step)
    {
        var clock = Stopwatch.StartNew();
        Console.Write($"{doing} ...");
        // On a terminal the seconds count up while the step runs; a log gets them once.
        using (Live ? new Timer(_ => Console.Write($"\r{doing} ... {Seconds(clock)}"), null, 1000, 500) : null)
        {
            try
            {
                var result = step();
                Console.WriteLine(Live ? $"\r{doing} ... {Seconds(clock)}" : $" {Seconds(clock)}");
                return result;
            }
            catch
            {
                Console.WriteLine();
                throw;
            }
        }
    }

    public static async Task<T> RunAsync<T>(string doing, Func<Action<string>, Task<T>> step)
    {
        var clock = Stopwatch.StartNew();
        var doingNow = "";
        Console.Write($"{doing} ...");
        using (Live ? new Timer(_ => Console.Write($"\r{doing} ... {Seconds(clock)}  {doingNow,-40}"), null, 1000, 500) : null)
        {
            try
            {
                var result = await step(now => doingNow = now);
                Console.WriteLine(Live ? $"\r{doing} ... {Seconds(clock)}{"",-42}" : $" {Seconds(clock)}");
                return result;
            }
            catch
            {
                Console.WriteLine();
                throw;
            }
        }
    }

    private static string Seconds(Stopwatch clock) => string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0.0} s");
}
