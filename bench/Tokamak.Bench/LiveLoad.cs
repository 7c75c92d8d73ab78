using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tokamak.Bench;

/// <summary>
/// Many tills that each send one sale of two lines a request to a running server and wait for its answer before the next. Plain
/// sockets, so that the load costs the machine as little as that of the database's own benchmark.
/// </summary>
internal static class LiveLoad
{
    private const int Stores = 200, Clerks = 1_000, BufferBytes = 4096;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly string[] Categories = ["tops", "bottoms", "shoes", "bags", "outerwear", "accessories"];

    private sealed class Client(int number)
    {
        public List<double> Took { get; } = new(100_000);
        public Random Dice { get; } = new(number);
        public Dictionary<string, int> Others { get; } = [];
        public long Sent { get; set; }
    }

    /// <param name="url">Where the server listens.</param>
    /// <param name="key">An API key that may send facts.</param>
    /// <param name="seconds">How long to measure, after a warm-up.</param>
    /// <param name="clients">How many at once.</param>
    /// <param name="members">Members M000000… who buy.</param>
    public static async Task<int> RunAsync(Uri url, string key, int seconds, int clients, int members)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        var began = Stopwatch.GetTimestamp();
        var until = WarmUp + TimeSpan.FromSeconds(seconds);
        List<Client> all = [.. Enumerable.Range(0, clients).Select(number => new Client(number))];
        await Task.WhenAll(all.Select((client, number) => Task.Run(() => SendAsync(client, $"{run}-{number}", url, key, members, began, until))));
        var took = all.SelectMany(client => client.Took).Order().ToArray();
        var others = all.SelectMany(client => client.Others).GroupBy(other => other.Key).Select(group => $"{group.Sum(other => other.Value)} × {group.Key}");
        if (took.Length == 0) throw new InvalidOperationException($"No sale was accepted: {string.Join(", ", others)}.");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{took.Length / (double)seconds:N0} sales/s; p50 {took[took.Length / 2]:N1} ms, p99 {took[took.Length * 99 / 100]:N1} ms, max {took[^1]:N1} ms; {took.Length:N0} sales in {seconds} s from {clients} clients{string.Concat(others.Select(other => ", " + other))}"));
        return 0;
    }

    private static async Task SendAsync(Client client, string name, Uri url, string key, int members, long began, TimeSpan until)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port));
        var answer = new byte[BufferBytes];
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < until)
        {
            var request = RequestOf(client, $"{name}-{client.Sent++}", url, key, members);
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var status = await StatusAsync(socket, answer);
            if (elapsed < WarmUp) continue;
            if (status == "201") client.Took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            else client.Others[status] = client.Others.GetValueOrDefault(status) + 1;
            if (status == "503") await Task.Delay(100);
        }
    }

    private static byte[] RequestOf(Client client, string id, Uri url, string key, int members)
    {
        var (dice, clerk) = (client.Dice, client.Dice.Next(Clerks));
        var body = $$"""{"id":"{{id}}","at":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}}","channel":"store","store":"S{{clerk % Stores:D3}}","member":"M{{dice.Next(members):D6}}","staff":"C{{clerk:D4}}","lines":[{{LineOf(dice, 1)}},{{LineOf(dice, 2)}}]}""";
        return Encoding.ASCII.GetBytes(
            $"POST /api/v1/sales HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static string LineOf(Random dice, int number) =>
        $$"""{"line":{{number}},"category":"{{Categories[dice.Next(Categories.Length)]}}","quantity":1,"net":{{290 + (10 * dice.Next(500))}},"fulfil":"taken"}""";

    /// <summary>Reads one answer whole: by its length, or in chunks up to the last.</summary>
    internal static async Task<string> StatusAsync(Socket socket, byte[] buffer)
    {
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0) throw new IOException("The server closed the connection.");
            filled += read;
            var text = Encoding.ASCII.GetString(buffer, 0, filled);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;
            var length = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
            if (length >= 0 && length < head)
            {
                var end = text.IndexOf('\r', length);
                if (filled >= head + 4 + int.Parse(text.AsSpan(length + 16, end - length - 16), CultureInfo.InvariantCulture)) return text.Substring(9, 3);
            }
            else if (text.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
            {
                return text.Substring(9, 3);
            }
        }
    }
}
