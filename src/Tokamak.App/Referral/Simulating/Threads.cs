using Tokamak.Core.Referral.Simulation;

namespace Tokamak.App.Referral.Simulating;

/// <summary>Runs a simulation on the machine's cores, a partition at a time on each.</summary>
public static class Threads
{
    /// <param name="run">What to run.</param>
    /// <param name="onPartition">Told after each partition how many of all are done; from any thread.</param>
    /// <param name="cores">How many at a time; null for as many as the machine has.</param>
    /// <param name="stop">Stops between two partitions.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static SimulatedBooks Run(SimulationRun run, Action<int, int>? onPartition = null, int? cores = null, CancellationToken stop = default)
    {
        var (next, done) = (-1, 0);
        var workers = Enumerable.Range(0, Math.Max(1, cores ?? Environment.ProcessorCount)).Select(_ => run.NewWorker()).ToArray();
        // Threads of their own: those that answer requests are not taken up for seconds.
        var tasks = workers.Select(worker => Task.Factory.StartNew(
            () =>
            {
                for (int place; (place = Interlocked.Increment(ref next)) < run.PartitionCount;)
                {
                    stop.ThrowIfCancellationRequested();
                    worker.Take(place);
                    onPartition?.Invoke(Interlocked.Increment(ref done), run.PartitionCount);
                }
            },
            stop, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WhenAll(tasks).GetAwaiter().GetResult();
        stop.ThrowIfCancellationRequested();
        return run.Finish(workers);
    }
}
