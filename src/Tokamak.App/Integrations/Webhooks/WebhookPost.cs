using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Tokamak.App.Data;

namespace Tokamak.App.Integrations.Webhooks;

/// <summary>How webhooks are sent here.</summary>
/// <param name="AllowsPrivate">Whether http and addresses inside the network are allowed; for development.</param>
public sealed record WebhookRules(bool AllowsPrivate = false)
{
    /// <summary>How often it is looked for what waits, where nothing says so sooner.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So long a receiver may take to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>What a receiver answered; without a status, why it did not.</summary>
public sealed record WebhookOutcome(int? Status, string? Fault = null)
{
    public bool HasArrived => Status is >= 200 and < 300;

    /// <summary>The receiver wants no more.</summary>
    public bool IsGone => Status == StatusCodes.Status410Gone;
}

/// <summary>
/// Posts one message, signed. The address is looked up and judged when the connection is made, so that a name cannot lead
/// elsewhere afterwards; nothing is followed, and of the answer only the status counts.
/// </summary>
public sealed class WebhookPost : IDisposable
{
    public const string Timeout = "timeout", Unreachable = "unreachable", Private = "private-address", Tls = "tls", Broken = "broken";

    private const int MostDrainedBytes = 4096, MostHeaderKilobytes = 16;

    private readonly WebhookRules _rules;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookPost(WebhookRules rules, TimeProvider time)
    {
        (_rules, _time) = (rules, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            // A proxy would connect where it likes.
            UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, ConnectCallback = ConnectAsync,
            ConnectTimeout = rules.Patience, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = MostHeaderKilobytes, MaxResponseDrainSize = MostDrainedBytes, ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        })
        { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    public async Task<WebhookOutcome> SendAsync(WebhookRow to, string id, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        using var message = new HttpRequestMessage(HttpMethod.Post, to.Url) { Content = new ReadOnlyMemoryContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Tokamak", null));
        message.Headers.Add("webhook-id", id);
        message.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        message.Headers.Add("webhook-signature", string.Join(' ', SecretsOf(to, now).Select(secret => WebhookSecret.Sign(secret, id, now.ToUnixTimeSeconds(), body.Span))));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_rules.Patience);
        try
        {
            using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return new WebhookOutcome((int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new WebhookOutcome(null, Timeout);
        }
        // What it says may hold the address: only its kind is kept.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new WebhookOutcome(null, FaultOf(e));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>After a change both hold for a while, so that the receiver need not change at the same moment.</summary>
    private static IEnumerable<string> SecretsOf(WebhookRow to, DateTimeOffset now)
    {
        yield return to.Secret;
        if (to.OldSecret is { } old && now.UtcTicks < to.OldUntilTicks) yield return old;
    }

    private static string FaultOf(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
            if (cause is PrivateAddressException) return Private;
        return (e as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => Unreachable,
            HttpRequestError.SecureConnectionError => Tls,
            _ => e.InnerException is SocketException ? Unreachable : Broken,
        };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, stop);
        var allowed = _rules.AllowsPrivate ? found : Array.FindAll(found, PublicAddress.Is);
        if (allowed.Length == 0) throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
