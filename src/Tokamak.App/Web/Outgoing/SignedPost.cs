using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Tokamak.App.Web.Outgoing;

/// <summary>What a receiver answered; without a status, why it did not.</summary>
public sealed record PostOutcome(int? Status, string? Fault = null)
{
    public bool HasArrived => Status is >= 200 and < 300;

    /// <summary>The receiver wants no more.</summary>
    public bool IsGone => Status == StatusCodes.Status410Gone;
}

/// <summary>
/// Posts JSON, signed as Standard Webhooks has it. The address is looked up and judged when the connection is made, so that a name
/// cannot lead elsewhere afterwards; nothing is followed, and of the answer only the status counts.
/// </summary>
public sealed class SignedPost : IDisposable
{
    public const string Timeout = "timeout", Unreachable = "unreachable", Private = "private-address", Tls = "tls", Broken = "broken";

    private const int MostDrainedBytes = 4096, MostHeaderKilobytes = 16;

    private readonly TimeSpan _patience;
    private readonly bool _allowsPrivate;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <param name="patience">So long a receiver may take to answer.</param>
    /// <param name="allowsPrivate">Whether addresses inside the network are allowed: not where strangers say where to send.</param>
    /// <param name="time">What signatures are dated with.</param>
    public SignedPost(TimeSpan patience, bool allowsPrivate, TimeProvider time)
    {
        (_patience, _allowsPrivate, _time) = (patience, allowsPrivate, time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            // A proxy would connect where it likes.
            UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, ConnectCallback = ConnectAsync,
            ConnectTimeout = patience, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = MostHeaderKilobytes, MaxResponseDrainSize = MostDrainedBytes, ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        })
        { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <param name="to">Where to.</param>
    /// <param name="id">By which the receiver tells a repetition.</param>
    /// <param name="secrets">It is signed with each of them.</param>
    /// <param name="body">JSON.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<PostOutcome> SendAsync(string to, string id, IReadOnlyList<string> secrets, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var message = new HttpRequestMessage(HttpMethod.Post, to) { Content = new ReadOnlyMemoryContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("Tokamak", null));
        message.Headers.Add("webhook-id", id);
        message.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        message.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(secret => SigningSecret.Sign(secret, id, now, body.Span))));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_patience);
        try
        {
            using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return new PostOutcome((int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new PostOutcome(null, Timeout);
        }
        // What it says may hold the address: only its kind is kept.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new PostOutcome(null, FaultOf(e));
        }
    }

    public void Dispose() => _client.Dispose();

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
        var allowed = _allowsPrivate ? found : Array.FindAll(found, PublicAddress.Is);
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
