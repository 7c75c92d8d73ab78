using CsvHelper;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

/// <summary>Reads one CSV file (RFC 4180 quoting) row by row. A row with the wrong number of columns or broken quotes is rejected, the rest comes in.</summary>
internal sealed class CsvRows(string file, Source source, NeededColumns needed, Rejects rejects)
{
    /// <summary>Longest record taken, in bytes. A longer one is a quote that never closes as often as not.</summary>
    public const int MaxRecord = 1 << 20;

    /// <summary>After a broken row the file is read again up to it; so many lines at most, lest a broken file takes for ever.</summary>
    private const long MaxLinesReadAgain = 50_000_000;

    private CsvMalformedReason? _malformed;
    private string _lostBecause = "";
    private int[]? _slots;
    private int _width;

    public IEnumerable<SourceRow> Read(Func<TextReader> open)
    {
        if (source.Columns is { } named) (_slots, _width) = (SlotsOf([.. named]), named.Count);
        var readAgain = 0L;
        for (int skip = 0, lost = 0; ; skip = lost, lost = 0)
        {
            using var lines = open();
            for (var i = 0; i < skip; i++) lines.ReadLine();
            using var csv = CsvReader.Create(lines, Options(), leaveOpen: true);
            while (lost == 0 && Next(csv, skip, out lost))
            {
                if (_slots is null) (_slots, _width) = (SlotsOf(Header(csv)), csv.FieldCount);
                else if (RowOf(csv, new RowPlace(file, skip + (int)csv.LineNumber)) is { } row) yield return row;
            }
            if (lost == 0) break;
            rejects.Add(new RowPlace(file, lost), "", _lostBecause + ". Reading goes on with the next line");
            if ((readAgain += lost) > MaxLinesReadAgain) throw new WrongInputException(new Fault($"{file} has too many rows with quotes in the wrong place; export it with fields quoted as RFC 4180 says", Path: source.Path));
        }
        if (_slots is null) throw new WrongInputException(Empty());
    }

    /// <summary>The next record. False at the end, or with the line on which a broken record begins that swallows lines after it.</summary>
    private bool Next(CsvReader csv, int skipped, out int lost)
    {
        _malformed = null;
        lost = 0;
        try
        {
            if (!csv.Read()) return false;
            var broken = _malformed is not null || (_width > 0 && csv.FieldCount != _width);
            if (!broken || csv.RawRecord.IndexOfAny((byte)'\n', (byte)'\r') < 0) return true;
            lost = skipped + (int)csv.LineNumber;
            _lostBecause = "has a double quote that is never closed, or closed lines later; close it, or double it if it is part of the text";
        }
        catch (CsvFormatException e)
        {
            lost = skipped + Math.Max(1, (int)e.LineNumber);
            _lostBecause = $"is longer than {MaxRecord:N0} bytes, most likely since a double quote is never closed";
        }
        return false;
    }

    private CsvReaderOptions Options() => new()
    {
        Separator = source.Delimiter,
        HasHeader = false,
        MaxRecordSize = MaxRecord,
        TrackLineNumbers = true,
        PoolStrings = true,
        OnMalformedRecord = record => _malformed = record.Reason,
    };

    private static List<string> Header(CsvReader csv)
    {
        var names = new List<string>(csv.FieldCount);
        for (var i = 0; i < csv.FieldCount; i++) names.Add(csv.GetString(i).Trim().TrimStart('\uFEFF'));
        return names;
    }

    /// <summary>What the header (or the columns named in its place) lacks.</summary>
    public List<Fault> FaultsOfHeader(Func<TextReader> open)
    {
        if (source.Columns is { } named) return FaultsOf(named);
        using var lines = open();
        using var csv = CsvReader.Create(lines, Options(), leaveOpen: true);
        return Next(csv, 0, out _) ? FaultsOf(Header(csv)) : [Empty()];
    }

    private List<Fault> FaultsOf(IReadOnlyList<string> header)
    {
        var faults = needed.Names.Where(name => !header.Contains(name)).Select(name => needed.Missing(name, file, [.. header])).ToList();
        foreach (var name in needed.Names)
            if (header.Count(h => h == name) > 1)
                faults.Add(new Fault($"{file} has two columns called \"{name}\"; name all of its columns apart with \"columns\" in the mapping", Path: source.Path));
        return faults;
    }

    private Fault Empty() => new($"{file} is empty; it needs a header line, or name its \"columns\" in the mapping", Path: source.Path);

    private int[] SlotsOf(List<string> header)
    {
        if (FaultsOf(header) is { Count: > 0 } faults) throw new WrongInputException(faults);
        return [.. needed.Names.Select(name => header.IndexOf(name))];
    }

    private SourceRow? RowOf(CsvReader csv, RowPlace place)
    {
        if (_malformed is not null) return Refuse(place, "", "has a double quote in the wrong place; quote the whole field and double the quotes inside it");
        if (csv.FieldCount != _width)
            return Refuse(place, "", $"has {csv.FieldCount} columns where {_width} are expected; is there a delimiter or a quote too many or too few?");
        var cells = new string[_slots!.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = csv.GetString(_slots[i]).Trim();
            if (cells[i].Contains('\uFFFD', StringComparison.Ordinal))
                return Refuse(place, needed.Names[i], $"has bytes that are not {source.Encoding}; name the file's \"encoding\" in the mapping, or mend the row");
        }
        return new SourceRow(place, cells);
    }

    private SourceRow? Refuse(RowPlace place, string column, string reason)
    {
        rejects.Add(place, column, reason);
        return null;
    }
}
