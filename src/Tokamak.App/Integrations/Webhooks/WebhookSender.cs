using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>
/// Sends what was posted to each receiver, in order and at least once: which message is under way is committed before it leaves,
/// and that it arrived before the next one does, so that after a crash the same message goes out again under the same id.
/// It runs on the node that writes the brand's books. Each receiver goes at its own pace.
/// </summary>
public sealed partial class WebhookSender(Writers writers, BookShelf shelf, WebhookPost post, WebhookRules rules, TimeProvider time, ILogger<WebhookSender> log) : BackgroundService
{
    /// <summary>What is posted meanwhile goes into one message.</summary>
    private static readonly TimeSpan Gathers = TimeSpan.FromMilliseconds(100);

    /// <summary>How far a receiver to whom nothing is of interest may lag behind before that is written down.</summary>
    private const int MostPassedOver = 1_000;

    private readonly ConcurrentDictionary<(string Brand, string Id), Task> _sending = new();
    private readonly ConcurrentDictionary<string, long> _quietSince = new();

    /// <summary>A message that was begun, with what it tells.</summary>
    private sealed record Begun(WebhookRow Row, WebhookMessage Message);

    /// <summary>A receiver has come, or is to go on.</summary>
    public void Wake(string brand)
    {
        _quietSince.TryRemove(brand, out _);
        writers.Wake();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                foreach (var writer in writers.Writing) await LookAsync(writer, stoppingToken);
                await Task.Delay(Gathers, time, stoppingToken);
                await writers.PostedAsync(rules.Poll, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        await Task.WhenAll(_sending.Values);
    }

    /// <summary>Begins with every receiver for whom something waits and whose time has come.</summary>
    private async Task LookAsync(BrandWriter writer, CancellationToken stop)
    {
        var brand = writer.Database.Name;
        if (_quietSince.TryGetValue(brand, out var since) && time.GetElapsedTime(since) < rules.Poll) return;
        try
        {
            List<WebhookRow> active;
            long last;
            await using (var turn = await writer.Database.BeginReadAsync(stop))
            await using (var books = turn.Books())
            {
                active = await books.Webhooks.Where(row => row.State == WebhookState.Active).ToListAsync(stop);
                last = active.Count == 0 ? 0 : await ReadEvents.LastAsync(turn, stop);
            }
            if (active.Count == 0) _quietSince[brand] = time.GetTimestamp();
            else _quietSince.TryRemove(brand, out _);
            foreach (var row in active.Where(row => MayGo(row) && (row.SendingSeq is not null || row.CursorSeq < last)))
                Start(writer, row.Id, stop);
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            Failed(log, brand, e.GetType().Name);
        }
    }

    private void Start(BrandWriter writer, string id, CancellationToken stop)
    {
        var key = (writer.Database.Name, id);
        if (_sending.ContainsKey(key)) return;
        var started = new TaskCompletionSource();
        var sending = Task.Run(async () =>
        {
            await started.Task;
            try
            {
                await DeliverAsync(writer, id, stop);
            }
            finally
            {
                _sending.TryRemove(key, out _);
            }
        }, CancellationToken.None);
        _sending[key] = sending;
        started.SetResult();
    }

    /// <summary>One message after the other, until nothing waits or one fails.</summary>
    private async Task DeliverAsync(BrandWriter writer, string id, CancellationToken stop)
    {
        try
        {
            var begun = await BeginAsync(writer.Database, id, stop);
            while (begun is not null && writer.Writes)
            {
                var outcome = await post.SendAsync(begun.Row, begun.Message.Id, begun.Message.Body, stop);
                begun = await NoteAsync(writer.Database, begun.Row, outcome, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node goes down: the message leaves again from the next.
        }
        catch (Exception e) when (DatabaseTrouble.Is(e))
        {
            Failed(log, writer.Database.Name, e.GetType().Name);
        }
        catch (Exception e)
        {
            // Whatever it was, it may hold the address: only its kind is told.
            Broken(log, id, writer.Database.Name, e.GetType().Name);
        }
    }

    private async Task<Begun?> BeginAsync(BrandDatabase database, string id, CancellationToken stop)
    {
        await using (var look = await database.BeginReadAsync(stop))
        {
            if (await FindAsync(look, id, stop) is not { } row || !MayGo(row)) return null;
            var page = await PageAsync(look, row, stop);
            if (row.SendingSeq is not null) return await BegunAsync(look, database.Name, row, page, stop);
            if (page.Events.Count == 0 && page.Next - row.CursorSeq < MostPassedOver) return null;
        }
        await using var turn = await database.BeginWriteAsync(stop);
        if (await FindAsync(turn, id, stop) is not { } now || !MayGo(now)) return null;
        return await GoOnAsync(turn, database.Name, now, stop);
    }

    /// <summary>Writes down what came of a message, and in the same commit which one is next.</summary>
    private async Task<Begun?> NoteAsync(BrandDatabase database, WebhookRow sent, PostOutcome outcome, CancellationToken stop)
    {
        await using var turn = await database.BeginWriteAsync(stop);
        // Deleted, or sent elsewhere meanwhile: then this outcome is of no use any more.
        if (await FindAsync(turn, sent.Id, stop) is not { } row || row.Round != sent.Round || row.CursorSeq != sent.CursorSeq || row.SendingSeq != sent.SendingSeq) return null;
        var tried = WebhookProgress.Tried(row, outcome, time.GetUtcNow().UtcTicks, WebhookProgress.Jitter());
        if (tried.State != row.State) Ended(log, row.Id, database.Name, tried.State);
        return await GoOnAsync(turn, database.Name, tried, stop);
    }

    /// <summary>Saves the row, with the next message begun if it may begin.</summary>
    private async Task<Begun?> GoOnAsync(Turn turn, string brand, WebhookRow row, CancellationToken stop)
    {
        Begun? begun = null;
        if (row is { State: WebhookState.Active, SendingSeq: null })
        {
            var page = await PageAsync(turn, row, stop);
            row = page.Events.Count == 0 ? WebhookProgress.Skipped(row, page.Next) : WebhookProgress.Begun(row, page.Next, time.GetUtcNow().UtcTicks);
            if (page.Events.Count > 0) begun = await BegunAsync(turn, brand, row, page, stop);
        }
        await turn.UpsertAsync<WebhookRow>([row], stop);
        await turn.CommitAsync(stop);
        return begun;
    }

    private async Task<Begun> BegunAsync(Turn turn, string brand, WebhookRow row, EventPage page, CancellationToken stop) =>
        new(row, WebhookMessage.Of(row, brand, (await shelf.KnownAsync(turn, brand, stop)).Currency, page.Events));

    private static Task<EventPage> PageAsync(Turn turn, WebhookRow row, CancellationToken stop) =>
        ReadEvents.RunAsync(turn, row.CursorSeq, row.SendingSeq ?? long.MaxValue, WebhookMessage.TypesOf(row), WebhookMessage.MostEvents, stop);

    private static async Task<WebhookRow?> FindAsync(Turn turn, string id, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.Webhooks.SingleOrDefaultAsync(row => row.Id == id, stop);
    }

    /// <summary>Asked again of the row as it is now: it may have failed since it was seen to be due.</summary>
    private bool MayGo(WebhookRow row) => row.State == WebhookState.Active && row.NextTryTicks <= time.GetUtcNow().UtcTicks;


    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Id} of {Brand} is {State} from now on; the list of webhooks says why.")]
    private static partial void Ended(ILogger log, string id, string brand, WebhookState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhooks of {Brand} could not be looked up or written down ({Kind}); tried again in a moment.")]
    private static partial void Failed(ILogger log, string brand, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhook {Id} of {Brand} could not be sent ({Kind}); tried again in a moment.")]
    private static partial void Broken(ILogger log, string id, string brand, string kind);
}
