using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Serving;

/// <summary>
/// What time and late facts ask for, done beside the pages for every brand: at the start and at the brand's midnight lines vest that
/// are due, and every minute whoever waits is derived anew. What a stop interrupts is undone and done again later.
/// </summary>
public sealed partial class BooksUpkeep(BookShelf shelf, TimeProvider time, ILogger<BooksUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>One round over all brands.</summary>
    public async Task RunOnceAsync(CancellationToken stop)
    {
        foreach (var brand in await shelf.Databases.BrandsAsync(stop))
        {
            try
            {
                await KeepUpAsync(await shelf.Databases.BrandAsync(brand.Name, stop), stop);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or WrongDatabaseException or IOException or TimeoutException)
            {
                Failed(log, brand.Name, e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do
            {
                try
                {
                    await RunOnceAsync(stoppingToken);
                }
                catch (Exception e) when (e is System.Data.Common.DbException or WrongDatabaseException or IOException or TimeoutException)
                {
                    Failed(log, "", e);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop: what was not committed is undone.
        }
    }

    private async Task KeepUpAsync(BrandDatabase database, CancellationToken stop)
    {
        bool isDue, waits;
        DateOnly today;
        await using (var turn = await database.BeginReadAsync(stop))
        {
            var known = await shelf.KnownAsync(turn, database.Name, stop);
            if (known.Policy is null || known.Mark.Facts == 0) return;
            today = known.Policy.Zone.DayOf(new Instant(time.GetUtcNow().UtcTicks));
            isDue = known.Mark.Horizon is not { } horizon || horizon < today;
            await using var books = turn.Books();
            waits = await books.Work.AnyAsync(stop);
            // So that the first visitor need not wait for it.
            await shelf.MonthsAsync(turn, database.Name, known, stop);
        }
        if (waits) await PostFacts.WorkOffAsync(database, null, stop);
        if (isDue) await PostFacts.AdvanceAsync(database, today, stop);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The books of {Brand} could not be kept up; tried again in a minute.")]
    private static partial void Failed(ILogger log, string brand, Exception e);
}
