using System.Data.Common;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Web;

namespace Tokamak.App.Clerks.HandingOn;

/// <summary>Works off what members are to be told of hand-overs, on the node that writes the brand's books, beside everything else.</summary>
public sealed partial class HandingNotices(Writers writers, TellHanded tell, TimeProvider time, ILogger<HandingNotices> log) : BackgroundService
{
    private static readonly TimeSpan Looks = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                foreach (var writer in writers.Writing) await TellAsync(writer, stoppingToken);
                await Task.Delay(Looks, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was under way leaves again, under the same id.
        }
    }

    private async Task TellAsync(BrandWriter writer, CancellationToken stop)
    {
        try
        {
            while (writer.Writes && await tell.StepAsync(writer.Database, stop))
            {
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was, it may hold a number: only its kind is told.
            if (DatabaseTrouble.Is(e)) Failed(log, writer.Database.Name, e.GetType().Name);
            else Broken(log, writer.Database.Name, e.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notices of hand-overs of {Brand} could not be looked up or written down ({Kind}); tried again in a moment.")]
    private static partial void Failed(ILogger log, string brand, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "A notice of a hand-over of {Brand} could not be sent ({Kind}); tried again later.")]
    private static partial void Broken(ILogger log, string brand, string kind);
}
