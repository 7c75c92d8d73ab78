using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Serving;

/// <summary>
/// Several clients that send facts to a server, or to any of several, in random order, in requests small and large, some with an
/// Idempotency-Key, some twice; each again and again until it is answered. No answer, half an answer and a busy server mean that
/// nothing is known of what was sent, never that it was lost. Any other answer that was not expected ends the load.
/// </summary>
internal sealed class FactLoad : IAsyncDisposable
{
    private const int Clients = 4, KeyedPercent = 30, TwicePercent = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), LongestWait = TimeSpan.FromMinutes(3);

    private readonly Uri[] _nodes;
    private readonly Random _dice;
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Patience };
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ConcurrentDictionary<string, FactStatus> _acknowledged = new();
    private readonly ConcurrentDictionary<string, Fact> _sent = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _open, _keys, _answered;

    /// <param name="key">An API key that may send facts.</param>
    /// <param name="seed">Of the order, the sizes and the choice of a node.</param>
    /// <param name="nodes">Where to; a request goes to any of them, as a load balancer sends it.</param>
    public FactLoad(string key, int seed, params Uri[] nodes)
    {
        (_nodes, _dice) = (nodes, new Random(seed));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _running = Task.WhenAll(Enumerable.Range(1, Clients).Select(client => Task.Run(() => ClientAsync(new Random(seed + client)))));
    }

    private enum FactStatus { Parked, Stored }

    /// <param name="Key">The Idempotency-Key; null without one.</param>
    /// <param name="Expected">What it must be answered, where that is known: 422, or the text that came before.</param>
    private sealed record Request(IReadOnlyList<Fact> Facts, byte[] Body, string? Key, (HttpStatusCode Status, string? Text)? Expected);

    /// <summary>Facts that were acknowledged so far, stored or parked; any that was read here before a crash must be there after it.</summary>
    public IReadOnlyCollection<string> Acknowledged => [.. _acknowledged.Keys];

    /// <summary>How many requests have been answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Everything that was ever to be sent, by id.</summary>
    public IReadOnlyDictionary<string, Fact> Sent => _sent;

    /// <summary>Whether a node answers it; one that is known to be gone may be left out, as a load balancer does.</summary>
    public Func<Uri, bool> IsUp { get; set; } = _ => true;

    /// <summary>Lets the clients send these, in any order.</summary>
    public void Add(IReadOnlyList<Fact> facts)
    {
        foreach (var fact in facts) _sent[fact.Id.Value] = fact;
        var left = facts.Concat(facts.Where(_ => _dice.Chance(TwicePercent))).ToArray();
        _dice.Shuffle(left);
        for (var at = 0; at < left.Length;)
        {
            var size = _dice.Next(100) switch { < 60 => 1, < 85 => _dice.Next(2, 20), _ => _dice.Next(50, 300) };
            var some = left.Skip(at).Take(size).ToList();
            at += some.Count;
            Enqueue(new Request(some, BodyOf(some), _dice.Chance(KeyedPercent) ? NewKey() : null, null));
        }
    }

    /// <summary>Waits until so many more requests are answered, or all.</summary>
    public async Task ReachAsync(int more)
    {
        var goal = Answered + more;
        await UntilAsync(() => Answered >= goal || Volatile.Read(ref _open) == 0);
    }

    /// <summary>Waits until nothing is left without an answer.</summary>
    public Task AllAnsweredAsync() => UntilAsync(() => Volatile.Read(ref _open) == 0);

    /// <summary>Waits until a node answers one more request.</summary>
    public async Task AnswersAsync(Uri node)
    {
        var body = BodyOf([_sent[_acknowledged.Keys.First()]]);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            if (await PostAsync(node, body, null) is { Status: HttpStatusCode.OK }) return;
            Assert.True(Stopwatch.GetElapsedTime(began) < LongestWait, $"{node} does not answer.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // What went wrong was told to whoever waited for answers.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task UntilAsync(Func<bool> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            if (_running.IsFaulted) await _running;
            Assert.True(Stopwatch.GetElapsedTime(began) < LongestWait, $"After {LongestWait} {Volatile.Read(ref _open)} requests are not answered yet.");
            await Task.Delay(5);
        }
        if (_running.IsFaulted) await _running;
    }

    private string NewKey() => string.Create(CultureInfo.InvariantCulture, $"request-{Interlocked.Increment(ref _keys)}");

    private void Enqueue(Request request)
    {
        Interlocked.Increment(ref _open);
        _requests.Enqueue(request);
    }

    /// <summary>The same fact is the same whatever the offset it is told in.</summary>
    private byte[] BodyOf(IEnumerable<Fact> facts)
    {
        var body = new ArrayBufferWriter<byte>();
        foreach (var fact in facts) FactLines.Write(body, fact, _dice.Pick(0, 3600, 8 * 3600));
        return body.WrittenSpan.ToArray();
    }

    private async Task ClientAsync(Random dice)
    {
        try
        {
            await SendAllAsync(dice);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task SendAllAsync(Random dice)
    {
        while (!_stop.IsCancellationRequested)
        {
            if (!_requests.TryDequeue(out var request))
            {
                await Task.Delay(5, _stop.Token);
                continue;
            }
            if (await SendAsync(request, dice))
            {
                Interlocked.Decrement(ref _open);
                continue;
            }
            await Task.Delay(dice.Next(20, 80), _stop.Token);
            _requests.Enqueue(request);
        }
    }

    /// <returns>False: nothing is known of it.</returns>
    private async Task<bool> SendAsync(Request request, Random dice)
    {
        var up = Array.FindAll(_nodes, node => IsUp(node));
        if (await PostAsync(dice.Pick<Uri>(up.Length > 0 ? up : _nodes), request.Body, request.Key) is not var (status, text)) return false;
        Take(request, status, text, dice);
        Interlocked.Increment(ref _answered);
        return true;
    }

    /// <returns>Null: nothing is known of it.</returns>
    private async Task<(HttpStatusCode Status, string Text)?> PostAsync(Uri node, byte[] body, string? key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/api/v1/facts")) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await _http.SendAsync(message, _stop.Token);
            var text = await answer.Content.ReadAsStringAsync(_stop.Token);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return (answer.StatusCode, text);
            Assert.True(answer.Headers.RetryAfter is not null, $"503 without Retry-After: {text}");
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            return null;
        }
    }

    private void Take(Request request, HttpStatusCode status, string text, Random dice)
    {
        var (expected, expectedText) = request.Expected ?? (HttpStatusCode.OK, null);
        Assert.True(status == expected && (expectedText is null || text == expectedText), $"{status} {text}{Environment.NewLine}where {expected} {expectedText} was expected");
        if (status != HttpStatusCode.OK) return;
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(request.Facts.Count, lines.Length);
        foreach (var (fact, line) in request.Facts.Zip(lines))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(fact.Id.Value, json.RootElement.GetProperty("id").GetString());
            var word = json.RootElement.GetProperty("status").GetString();
            Assert.True(word is "accepted" or "duplicate" or "parked", line);
            _acknowledged.AddOrUpdate(fact.Id.Value, word == "parked" ? FactStatus.Parked : FactStatus.Stored, (_, before) => word == "parked" ? before : FactStatus.Stored);
        }
        if (request is not { Key: not null, Expected: null } || !dice.Chance(TwicePercent)) return;
        // The same again is answered the same; other input under the same key is not taken.
        Enqueue(request with { Expected = (HttpStatusCode.OK, text) });
        Enqueue(request with { Body = [.. request.Body, (byte)'\n'], Expected = (HttpStatusCode.UnprocessableEntity, null) });
    }
}
