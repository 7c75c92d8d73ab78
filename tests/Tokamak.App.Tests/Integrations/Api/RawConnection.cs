using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>An answer as it came: headers by name in small letters.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string ContentType => Headers.GetValueOrDefault("content-type", "").Split(';')[0];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} {ContentType} {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 400)))}");
}

/// <summary>Sends bytes as they are: a client that knows no manners.</summary>
internal sealed class RawConnection(Uri address) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly byte[] _buffer = new byte[64 << 10];
    private TcpClient? _client;
    private int _from, _to;

    /// <returns>Null: the server hung up without a word.</returns>
    public async Task<RawAnswer?> SendAsync(byte[] request, bool hasBody = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        if (_client is null)
        {
            _client = new TcpClient();
            await _client.ConnectAsync(address.Host, address.Port, patience.Token);
            (_from, _to) = (0, 0);
        }
        try
        {
            await WriteAsync(request, patience.Token);
            var answer = await ReadAsync(hasBody, patience.Token);
            if (answer is null || answer.Headers.GetValueOrDefault("connection") == "close") Close();
            return answer;
        }
        catch (IOException)
        {
            Close();
            return null;
        }
    }

    /// <summary>Hangs up.</summary>
    public void Close()
    {
        _client?.Dispose();
        _client = null;
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>A server that has heard enough may answer and hang up before everything was said.</summary>
    private async Task WriteAsync(byte[] request, CancellationToken stop)
    {
        try
        {
            await _client!.GetStream().WriteAsync(request, stop);
        }
        catch (IOException)
        {
        }
    }

    private async Task<RawAnswer?> ReadAsync(bool hasBody, CancellationToken stop)
    {
        while (true)
        {
            if (await LineAsync(stop) is not { } first) return null;
            var status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new Dictionary<string, string>();
            while (await LineAsync(stop) is { Length: > 0 } line) headers[line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            if (status < 200) continue;
            return new RawAnswer(status, headers, hasBody && status != 204 ? await BodyAsync(headers, stop) : []);
        }
    }

    private async Task<byte[]> BodyAsync(Dictionary<string, string> headers, CancellationToken stop)
    {
        var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out var length))
        {
            for (var left = int.Parse(length, CultureInfo.InvariantCulture); left > 0; left--) body.WriteByte(await ByteAsync(stop) ?? throw new IOException("Half an answer."));
            return body.ToArray();
        }
        if (headers.GetValueOrDefault("transfer-encoding") != "chunked")
        {
            // To HTTP/1.0 the end of the line is the end of the answer.
            while (headers.GetValueOrDefault("connection") == "close" && await ByteAsync(stop) is { } next) body.WriteByte(next);
            return body.ToArray();
        }
        while (int.Parse(await LineAsync(stop) ?? throw new IOException("Half an answer."), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            for (var left = size; left > 0; left--) body.WriteByte(await ByteAsync(stop) ?? throw new IOException("Half an answer."));
            await LineAsync(stop);
        }
        await LineAsync(stop);
        return body.ToArray();
    }

    private async Task<string?> LineAsync(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (await ByteAsync(stop) is { } next)
        {
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }
        return null;
    }

    private ValueTask<byte?> ByteAsync(CancellationToken stop) => _from < _to ? new(_buffer[_from++]) : FillAsync(stop);

    private async ValueTask<byte?> FillAsync(CancellationToken stop)
    {
        (_from, _to) = (0, await _client!.GetStream().ReadAsync(_buffer, stop));
        return _to == 0 ? null : _buffer[_from++];
    }
}
