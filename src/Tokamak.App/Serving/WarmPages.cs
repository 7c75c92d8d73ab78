using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;

namespace Tokamak.App.Serving;

/// <summary>Reads every brand's figures now and then, so that the first visitor of the morning need not wait for them.</summary>
public sealed partial class WarmPages(BookShelf shelf, TimeProvider time, ILogger<WarmPages> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                try
                {
                    foreach (var brand in await shelf.Databases.BrandsAsync(stoppingToken)) await WarmAsync(await shelf.Databases.BrandAsync(brand.Name, stoppingToken), stoppingToken);
                }
                catch (Exception e) when (e is WrongDatabaseException || DatabaseTrouble.Is(e))
                {
                    Failed(log, e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task WarmAsync(BrandDatabase database, CancellationToken stop)
    {
        await using var turn = await database.BeginReadAsync(stop);
        var known = await shelf.KnownAsync(turn, database.Name, stop);
        if (known.Policy is null || known.Mark.Facts == 0) return;
        await shelf.MonthsAsync(turn, database.Name, known, stop);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The figures of the pages could not be read ahead; tried again in a minute.")]
    private static partial void Failed(ILogger log, Exception e);
}
