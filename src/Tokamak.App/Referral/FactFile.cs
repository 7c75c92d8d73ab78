using System.Buffers;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>
/// Reads a file of facts (JSON Lines, R1) with all cores: one thread cuts it into blocks of whole lines, the others
/// parse them. Facts come back in file order.
/// </summary>
public static class FactFile
{
    private const int BlockBytes = 4 << 20;

    /// <summary>The facts; with the fault of the first line whose form is wrong, those of the lines before it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (IReadOnlyList<Fact> Facts, Fault? Fault) Read(string path, Action<long>? onBytesRead = null)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var workers = Math.Max(1, Environment.ProcessorCount);
        var blocks = System.Threading.Channels.Channel.CreateBounded<Block>(new BoundedChannelOptions(workers * 2) { SingleWriter = true });
        using var stop = new CancellationTokenSource();
        var parsers = Enumerable.Range(0, workers).Select(_ => Task.Run(() => ParseAsync(blocks.Reader, stop))).ToArray();
        Fault? tooLong;
        try
        {
            tooLong = Cut(file, blocks.Writer, onBytesRead, stop.Token);
        }
        finally
        {
            blocks.Writer.Complete();
            Task.WaitAll(parsers);
        }

        var parsed = parsers.SelectMany(p => p.Result).OrderBy(p => p.Index).ToList();
        var fault = parsed.Select(p => p.Fault).Append(tooLong).OfType<Fault>().MinBy(f => f.Line);
        if (fault is not null) return ([.. parsed.SelectMany(p => p.Facts).Where(f => f.SourceLine < fault.Line)], fault);
        var facts = new Fact[parsed.Sum(p => p.Facts.Count)];
        var at = 0;
        foreach (var block in parsed)
        {
            block.Facts.CopyTo(facts, at);
            at += block.Facts.Count;
        }
        return (facts, null);
    }

    /// <summary>
    /// The same in flat memory however long the file is: facts are given away in file order, some thousands at a time, while others are
    /// being parsed. Gives the fault of the first line whose form is wrong; those before it have been given.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Fault? ForEach(string path, Action<IReadOnlyList<Fact>> take, Action<long>? onBytesRead = null)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        var workers = Math.Max(1, Environment.ProcessorCount);
        var blocks = System.Threading.Channels.Channel.CreateBounded<Block>(new BoundedChannelOptions(workers) { SingleWriter = true });
        var parsed = System.Threading.Channels.Channel.CreateBounded<ParsedBlock>(new BoundedChannelOptions(workers) { SingleReader = true });
        using var stop = new CancellationTokenSource();
        var cutting = Task.Run(() => CutAll(file, blocks.Writer, onBytesRead, stop.Token));
        var parsing = Enumerable.Range(0, workers).Select(_ => Task.Run(() => ParseAsync(blocks.Reader, parsed.Writer, stop))).ToArray();
        var ended = Task.WhenAll(parsing).ContinueWith(done => parsed.Writer.Complete(done.Exception), TaskScheduler.Default);
        Fault? fault = null;
        var (early, next) = (new Dictionary<int, ParsedBlock>(), 0);
        while (parsed.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (parsed.Reader.TryRead(out var block))
                for (early.Add(block.Index, block); early.Remove(next, out var due); next++)
                {
                    if (fault is null) take(due.Facts);
                    fault ??= due.Fault;
                }
        ended.GetAwaiter().GetResult();
        return fault ?? cutting.GetAwaiter().GetResult();

        static Fault? CutAll(SafeFileHandle file, ChannelWriter<Block> blocks, Action<long>? onBytesRead, CancellationToken stop)
        {
            try
            {
                return Cut(file, blocks, onBytesRead, stop);
            }
            finally
            {
                blocks.Complete();
            }
        }
    }

    private static async Task ParseAsync(ChannelReader<Block> blocks, ChannelWriter<ParsedBlock> parsed, CancellationTokenSource stop)
    {
        var reader = new FactReader();
        await foreach (var block in blocks.ReadAllAsync())
        {
            var facts = new List<Fact>(BlockBytes / 200);
            var fault = Parse(block, reader, facts);
            if (fault is not null) await stop.CancelAsync();
            ArrayPool<byte>.Shared.Return(block.Bytes);
            await parsed.WriteAsync(new ParsedBlock(block.Index, facts, fault));
        }
    }

    /// <summary>Cuts the file at line ends. A line that no fact can be as long as ends the reading.</summary>
    private static Fault? Cut(SafeFileHandle file, ChannelWriter<Block> blocks, Action<long>? onBytesRead, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        int kept = 0, firstLine = 1;
        long offset = 0;
        for (var index = 0; !stop.IsCancellationRequested; index++)
        {
            var filled = kept;
            for (int read; filled < buffer.Length && (read = RandomAccess.Read(file, buffer.AsSpan(filled), offset)) > 0; filled += read) offset += read;
            onBytesRead?.Invoke(offset);

            var isLast = filled < buffer.Length;
            var end = isLast ? filled : buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && !isLast) return new Fault($"the line is longer than {FactReader.MaxLineBytes:N0} bytes. Put each fact on a line of its own", firstLine);
            var start = index == 0 && buffer.AsSpan(0, end).StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
            var lines = buffer.AsSpan(0, end).Count((byte)'\n');
            var next = ArrayPool<byte>.Shared.Rent(BlockBytes);
            buffer.AsSpan(end, filled - end).CopyTo(next);
            blocks.WriteAsync(new Block(index, firstLine, buffer, start, end), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (isLast) return null;
            (buffer, kept) = (next, filled - end);
            firstLine += lines;
        }
        return null;
    }

    private static async Task<List<ParsedBlock>> ParseAsync(ChannelReader<Block> blocks, CancellationTokenSource stop)
    {
        var reader = new FactReader();
        var parsed = new List<ParsedBlock>();
        await foreach (var block in blocks.ReadAllAsync())
        {
            var facts = new List<Fact>(BlockBytes / 200);
            var fault = Parse(block, reader, facts);
            if (fault is not null) await stop.CancelAsync();
            ArrayPool<byte>.Shared.Return(block.Bytes);
            parsed.Add(new ParsedBlock(block.Index, facts, fault));
        }
        return parsed;
    }

    private static Fault? Parse(Block block, FactReader reader, List<Fact> facts)
    {
        var rest = block.Bytes.AsSpan(block.Start, block.End - block.Start);
        for (var lineNumber = block.FirstLine; !rest.IsEmpty; lineNumber++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            if (!reader.TryRead(line, lineNumber, out var fact, out var fault)) return fault;
            facts.Add(fact);
        }
        return null;
    }

    private sealed record Block(int Index, int FirstLine, byte[] Bytes, int Start, int End);

    private sealed record ParsedBlock(int Index, List<Fact> Facts, Fault? Fault);
}
