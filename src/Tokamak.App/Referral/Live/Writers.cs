using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tokamak.App.Data;
using Tokamak.App.Web;

namespace Tokamak.App.Referral.Live;

/// <summary>The writers of all brands on this node, from its start to its stop; new brands get theirs within seconds.</summary>
public sealed partial class Writers(
    Databases databases, NodeAddress address, IServer server, IHostApplicationLifetime life, TimeProvider time, ILogger<Writers> log, EraseDue? erases = null, PutOffFacts? putOff = null) : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan LooksForBrands = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, BrandWriter> _writers = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lazy<Node> _node = new(() => new Node(Guid.NewGuid().ToString("N"), address.Given ?? Listening(server)));
    private readonly Channel<bool> _posted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _draining;

    /// <summary>Known once the server listens.</summary>
    public Node Node => _node.Value;

    /// <summary>The brands that this node writes now, as far as it knows.</summary>
    public IEnumerable<BrandWriter> Writing => _writers.Values.Where(writer => writer.Writes);

    /// <summary>Waits until a brand's writer has posted something since the last time, but no longer than that. One may wait at a time.</summary>
    public async Task PostedAsync(TimeSpan atMost, CancellationToken stop)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        pause.CancelAfter(atMost);
        try
        {
            await _posted.Reader.ReadAsync(pause.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Ends the waiting of <see cref="PostedAsync"/>.</summary>
    public void Wake() => _posted.Writer.TryWrite(true);

    /// <exception cref="WrongDatabaseException">There is no such brand.</exception>
    public async ValueTask<BrandWriter> OfAsync(string brand, CancellationToken stop)
    {
        if (_writers.TryGetValue(brand, out var writer)) return writer;
        await _opening.WaitAsync(stop);
        try
        {
            ObjectDisposedException.ThrowIf(_draining, this);
            if (_writers.TryGetValue(brand, out writer)) return writer;
            return _writers[brand] = new BrandWriter(await databases.BrandAsync(brand, stop), Node, time, log, Wake, erases, putOff);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Writes what has queued; nothing new is taken meanwhile.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await DrainAsync();
    }

    /// <summary>A host that was given up without being stopped leaves no writer behind either.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_draining) await DrainAsync();
        Dispose();
    }

    private async Task DrainAsync()
    {
        await _opening.WaitAsync(CancellationToken.None);
        _draining = true;
        _opening.Release();
        await Task.WhenAll(_writers.Values.Select(writer => writer.DisposeAsync().AsTask()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LooksForBrands, time);
        try
        {
            await ListeningAsync(stoppingToken);
            do
            {
                try
                {
                    foreach (var brand in await databases.BrandsAsync(stoppingToken)) await OfAsync(brand.Name, stoppingToken);
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

    private async Task ListeningAsync(CancellationToken stop)
    {
        var listening = new TaskCompletionSource();
        await using var started = life.ApplicationStarted.Register(listening.SetResult);
        await listening.Task.WaitAsync(stop);
    }

    private static Uri Listening(IServer server)
    {
        var first = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost";
        return new Uri(first.Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal).Replace("*", "localhost", StringComparison.Ordinal));
    }

    public override void Dispose()
    {
        _opening.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The brands could not be looked up; tried again in a moment.")]
    private static partial void Failed(ILogger log, Exception e);
}
