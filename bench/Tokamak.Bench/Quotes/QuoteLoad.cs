using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokamak.Bench.Quotes;

/// <summary>Many tills that each price one cart of the corpus a request over HTTP, or price and hold it, and wait for the answer before the next.</summary>
internal static class QuoteLoad
{
    private const int Carts = 10, BufferBytes = 1 << 18, Members = 100_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>The offers that the carts are priced under; every fifth is counted, by member and in all.</summary>
    public static int WriteOffers(string size, string path)
    {
        var document = JsonNode.Parse(QuoteCorpus.Of(size, 1).Single().Offers)!.AsObject();
        foreach (var (place, offer) in document["offers"]!.AsArray().Index())
            if (place % 5 == 0) (offer!["perMember"], offer["total"]) = (1_000_000, 1_000_000_000);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(document));
        return 0;
    }

    /// <param name="url">Where the server listens.</param>
    /// <param name="key">An API key that may price.</param>
    /// <param name="size">Of <see cref="QuoteCorpus.Sizes"/>.</param>
    /// <param name="holds">Whether each price is held.</param>
    /// <param name="seconds">How long to measure, after a warm-up.</param>
    /// <param name="clients">How many at once.</param>
    public static async Task<int> RunAsync(Uri url, string key, string size, bool holds, int seconds, int clients)
    {
        var carts = QuoteCorpus.Of(size, Carts).Select(one => JsonNode.Parse(one.Cart)!.AsObject()).ToList();
        var began = Stopwatch.GetTimestamp();
        var until = WarmUp + TimeSpan.FromSeconds(seconds);
        var run = Guid.NewGuid().ToString("N")[..8];
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(() => SendAsync(new Random(number), $"{run}-{number}", url, key, carts, holds, began, until))));
        var took = all.SelectMany(client => client.Took).Order().ToArray();
        var others = all.SelectMany(client => client.Others).GroupBy(status => status).Select(group => $", {group.Count()} × {group.Key}");
        if (took.Length == 0) throw new InvalidOperationException($"Nothing was priced{string.Concat(others)}.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size}, {(holds ? "held" : "priced")}: {took.Length / (double)seconds:N0} quotes/s; p50 {took[took.Length / 2]:N1} ms, p99 {took[took.Length * 99 / 100]:N1} ms, max {took[^1]:N1} ms from {clients} clients{string.Concat(others)}"));
        return 0;
    }

    private static async Task<(List<double> Took, List<string> Others)> SendAsync(Random dice, string name, Uri url, string key, List<JsonObject> carts, bool holds, long began, TimeSpan until)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port));
        var (answer, took, others) = (new byte[BufferBytes], new List<double>(), new List<string>());
        for (var number = 0; Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < until; number++)
        {
            var cart = (JsonObject)carts[dice.Next(carts.Count)].DeepClone();
            cart["member"]!["id"] = $"M{dice.Next(Members):D6}";
            if (holds) cart["at"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var body = JsonSerializer.SerializeToUtf8Bytes(cart);
            byte[] request =
            [
                .. Encoding.ASCII.GetBytes($"{(holds ? $"PUT /api/v1/quotes/{name}-{number}" : "POST /api/v1/quotes")} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
                .. body,
            ];
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var status = await LiveLoad.StatusAsync(socket, answer);
            if (elapsed < WarmUp) continue;
            if (status == "200") took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds); else others.Add(status);
        }
        return (took, others);
    }
}
