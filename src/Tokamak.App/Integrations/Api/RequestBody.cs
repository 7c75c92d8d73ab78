using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>How much of all requests' bodies is held in memory at once, so that many large ones cannot fill it.</summary>
public sealed class BodyRoom
{
    public const int OfOneRequest = 16 << 20;

    private const long OfAll = 256L << 20;

    private long _taken;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= OfAll) return true;
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>A body read whole, within limits; gives its room back when disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The server's own least rate is an average over the whole body: who begins fast could then keep its room for hours.</summary>
    private const int LeastBytesPerSecond = 32 << 10;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10), Grace = TimeSpan.FromSeconds(30);

    private readonly BodyRoom _room;
    private readonly int _taken;

    private RequestBody(BodyRoom room, int taken, byte[] bytes) => (_room, _taken, Bytes) = (room, taken, bytes);

    public byte[] Bytes { get; }

    /// <returns>Null: it was answered already with what is wrong.</returns>
    public static async Task<RequestBody?> ReadAsync(HttpContext request, BodyRoom room)
    {
        if (request.Request.ContentLength > BodyRoom.OfOneRequest) return await TooLargeAsync(request);
        var taken = 0;
        var began = Stopwatch.GetTimestamp();
        var reader = request.Request.BodyReader;
        using var slow = new CancellationTokenSource();
        await using var wake = slow.Token.Register(reader.CancelPendingRead);
        try
        {
            while (true)
            {
                slow.CancelAfter(Stopwatch.GetElapsedTime(began) < Grace + TimeSpan.FromSeconds(taken / LeastBytesPerSecond) ? LongestPause : TimeSpan.Zero);
                var read = await reader.ReadAsync(request.RequestAborted);
                if (read.IsCanceled)
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return await BadAsync(request, StatusCodes.Status408RequestTimeout);
                }
                var length = read.Buffer.Length;
                var isTooLarge = length > BodyRoom.OfOneRequest;
                if (isTooLarge || (length > taken && !room.TryTake((int)length - taken)))
                {
                    // What was read is let go, or the server could not read the rest away.
                    reader.AdvanceTo(read.Buffer.End);
                    return isTooLarge ? await TooLargeAsync(request) : await BusyAsync(request);
                }
                taken = (int)length;
                if (read.IsCompleted)
                {
                    var body = new RequestBody(room, taken, read.Buffer.ToArray());
                    reader.AdvanceTo(read.Buffer.End);
                    taken = 0;
                    return body;
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (IOException bad)
        {
            // One of BadHttpRequestException says more; the size of a chunk that is no number is another.
            return await BadAsync(request, (bad as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest);
        }
        finally
        {
            room.GiveBack(taken);
        }
    }

    public void Dispose() => _room.GiveBack(_taken);

    /// <summary>Too slow, too long, or no HTTP any more: the sender's fault, and no failure of ours.</summary>
    private static async Task<RequestBody?> BadAsync(HttpContext request, int status)
    {
        request.Response.Headers.Connection = "close";
        await Problem.WriteAsync(request, status, "bad-request", Problem.BadRequest);
        return null;
    }

    private static async Task<RequestBody?> TooLargeAsync(HttpContext request)
    {
        await Problem.WriteAsync(request, StatusCodes.Status413PayloadTooLarge, "too-large", $"A request may have {BodyRoom.OfOneRequest >> 20} MiB; send it in several.");
        return null;
    }

    private static async Task<RequestBody?> BusyAsync(HttpContext request)
    {
        await Answers.BusyAsync(request);
        return null;
    }
}
