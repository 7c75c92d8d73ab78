using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Reads a file of facts one after the other, in flat memory however long it is (<see cref="FactFile"/> reads whole files faster).</summary>
public static class FactStream
{
    private const int BufferBytes = 1 << 20;

    /// <exception cref="FactFormException">A line is no fact; those before it have been given.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<Fact> Read(string path, Action<long>? onBytesRead = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        var reader = new FactReader();
        var buffer = new byte[BufferBytes + FactReader.MaxLineBytes];
        int filled = 0, line = 1;
        for (var isFirst = true; ; isFirst = false)
        {
            var read = file.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            filled += read;
            onBytesRead?.Invoke(file.Position);
            var isLast = filled < buffer.Length;
            var start = isFirst && buffer.AsSpan(0, filled).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            while (start < filled)
            {
                var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (length < 0 && !isLast && start > 0) break;
                if (length < 0 && !isLast) throw new FactFormException(new Fault($"the line is longer than {FactReader.MaxLineBytes:N0} bytes. Put each fact on a line of its own", line));
                if (length < 0) length = filled - start;
                if (Parse(buffer.AsSpan(start, length), reader, line) is { } fact) yield return fact;
                start += length + 1;
                line++;
            }
            if (isLast) yield break;
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    private static Fact? Parse(ReadOnlySpan<byte> json, FactReader reader, int line) =>
        json.IndexOfAnyExcept(" \t\r"u8) < 0 ? null
            : reader.TryRead(json, line, out var fact, out var fault) ? fact
            : throw new FactFormException(fault);
}

/// <summary>A line that is no fact; reading stops there.</summary>
public sealed class FactFormException(Fault fault) : Exception(fault.Message)
{
    public Fault Fault { get; } = fault;
}
