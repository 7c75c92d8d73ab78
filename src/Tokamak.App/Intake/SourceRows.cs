using System.IO.Compression;
using System.Text;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>An input that cannot be used at all, with every reason known: a faulty mapping, a missing, empty or damaged file.</summary>
public sealed class WrongInputException(IReadOnlyList<Fault> faults) : Exception(string.Join('\n', faults))
{
    public WrongInputException(Fault fault) : this([fault])
    {
    }

    public IReadOnlyList<Fault> Faults { get; } = faults;
}

/// <summary>One row of a source, its needed columns in their slots; valid until the next row is read.</summary>
public readonly record struct SourceRow(RowPlace Place, string[] Cells);

/// <summary>The files of a source in the data folder, and reading their rows one by one.</summary>
public sealed class SourceRows
{
    private readonly Source _source;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _files;

    public SourceRows(Source source, string folder)
    {
        _source = source;
        _folder = folder;
        _files = source.Rows is null ? FilesOf(source, folder) : [];
    }

    public Source Source => _source;

    public IEnumerable<string> FullPaths => _files.Select(file => Path.GetFullPath(Path.Combine(_folder, file)));

    public long Bytes => FullPaths.Sum(path => new FileInfo(path).Length);

    /// <summary>Reads every row. Rows that cannot be read go to the rejects; <paramref name="advance"/> hears of bytes read.</summary>
    public IEnumerable<SourceRow> Read(NeededColumns needed, Rejects rejects, Action<long> advance)
    {
        if (_source.Rows is not null) return WrittenRows(needed);
        return _files.SelectMany(file => ReadFile(file, needed, rejects, advance)).Concat(NeverSeen(needed));
    }

    /// <summary>Columns that the files do not have, all of them, without reading the files to their end.</summary>
    public IEnumerable<Fault> MissingColumns(NeededColumns needed) =>
        _source.Format != SourceFormat.Csv || _source.Rows is not null
            ? []
            : _files.SelectMany(file => new CsvRows(file, _source, needed, new Rejects()).FaultsOfHeader(() => Open(file, _ => { })));

    private IEnumerable<SourceRow> ReadFile(string file, NeededColumns needed, Rejects rejects, Action<long> advance)
    {
        var rows = _source.Format == SourceFormat.Csv
            ? new CsvRows(file, _source, needed, rejects).Read(() => Open(file, advance))
            : new JsonRows(file, _source, needed, rejects).Read(() => Open(file, advance));
        using var each = rows.GetEnumerator();
        while (true)
        {
            try
            {
                if (!each.MoveNext()) yield break;
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new WrongInputException(new Fault($"{file} cannot be read to its end ({e.Message.TrimEnd('.')}); export or copy it anew", Path: _source.Path));
            }
            yield return each.Current;
        }
    }

    private IEnumerable<SourceRow> WrittenRows(NeededColumns needed)
    {
        var number = 0;
        foreach (var row in _source.Rows!)
            yield return new SourceRow(
                new RowPlace($"mapping:{_source.Name}", ++number), [.. needed.Names.Select(name => row.GetValueOrDefault(name, "").Trim())]);
        foreach (var row in NeverSeen(needed)) yield return row;
    }

    /// <summary>JSON Lines has no header: a column that no line has is a mistake in the mapping, found when all is read.</summary>
    private IEnumerable<SourceRow> NeverSeen(NeededColumns needed)
    {
        if (_source.Rows is { } rows)
            foreach (var name in needed.Names.Where(name => !rows.Any(row => row.ContainsKey(name)))) throw new WrongInputException(needed.Missing(name, "the rows written in the mapping", []));
        if (_source.Format == SourceFormat.JsonLines && needed.Names.FirstOrDefault(name => !needed.WasSeen(name)) is { } never)
            throw new WrongInputException(needed.Missing(never, _source.File, []));
        yield break;
    }

    private StreamReader Open(string file, Action<long> advance)
    {
        Stream stream = new CountedStream(File.OpenRead(Path.Combine(_folder, file)), advance);
        var buffered = new BufferedStream(stream, 1 << 16);
        var gzip = IsGzip(Path.Combine(_folder, file));
        return new StreamReader(gzip ? new GZipStream(buffered, CompressionMode.Decompress) : buffered, EncodingOf(_source.Encoding), detectEncodingFromByteOrderMarks: true, 1 << 16);
    }

    private static bool IsGzip(string path)
    {
        using var stream = File.OpenRead(path);
        return stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
    }

    private static Encoding EncodingOf(string name)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = (Encoding)Encoding.GetEncoding(name == "utf-16" ? "utf-16" : name).Clone();
        encoding.DecoderFallback = new DecoderReplacementFallback("\uFFFD");
        return encoding;
    }

    private static List<string> FilesOf(Source source, string folder)
    {
        var found = new List<string>();
        if (source.File.Contains('*', StringComparison.Ordinal))
        {
            var inside = Path.GetDirectoryName(source.File) ?? "";
            var directory = Path.Combine(folder, inside);
            if (Directory.Exists(directory)) found.AddRange(Directory.GetFiles(directory, Path.GetFileName(source.File)).Select(path => Path.Combine(inside, Path.GetFileName(path)).Replace('\\', '/')));
            found.Sort(string.CompareOrdinal);
        }
        else if (File.Exists(Path.Combine(folder, source.File))) found.Add(source.File);
        else if (File.Exists(Path.Combine(folder, source.File + ".gz"))) found.Add(source.File + ".gz");
        if (found.Count == 0)
            throw new WrongInputException(new Fault($"there is no file {source.File} in the data folder; put it there or mend the name", Path: source.Path + ".file"));
        return found;
    }

    /// <summary>Tells how many bytes of the file have been read, before decompression.</summary>
    private sealed class CountedStream(FileStream inner, Action<long> advance) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            advance(read);
            return read;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
