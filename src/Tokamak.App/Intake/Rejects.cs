using System.Globalization;
using CsvHelper;

namespace Tokamak.App.Intake;

/// <summary>Where a row stands: the file (as named below the data folder) and the 1-based line on which it begins.</summary>
public readonly record struct RowPlace(string File, int Line);

/// <summary>Rows that do not come in, each with its column and reason. A row refused twice for one reason is listed once.</summary>
public sealed class Rejects
{
    private readonly HashSet<(RowPlace Place, string Column, string Reason)> _all = [];
    private readonly HashSet<RowPlace> _rows = [];

    private int _rowsTaken;

    public int Rows => _rowsTaken + _rows.Count;

    public void Add(RowPlace place, string column, string reason)
    {
        _all.Add((place, column, reason));
        _rows.Add(place);
    }

    public IEnumerable<(RowPlace Place, string Column, string Reason)> InOrder() => _all
        .OrderBy(r => r.Place.File, StringComparer.Ordinal).ThenBy(r => r.Place.Line)
        .ThenBy(r => r.Column, StringComparer.Ordinal).ThenBy(r => r.Reason, StringComparer.Ordinal);

    /// <summary>Gives what has been gathered since, in order, and forgets it but for the count: for who writes as they go.</summary>
    public List<(RowPlace Place, string Column, string Reason)> Take()
    {
        List<(RowPlace, string, string)> taken = [.. InOrder()];
        _rowsTaken += _rows.Count;
        _all.Clear();
        _rows.Clear();
        return taken;
    }

    public void Write(Stream stream)
    {
        using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(["file", "line", "column", "reason"]);
        foreach (var (place, column, reason) in InOrder())
            csv.WriteRecord([place.File, place.Line.ToString(CultureInfo.InvariantCulture), column, reason]);
    }

    /// <summary>A value as a reason may show it: short, and not at all where it could be somebody's phone number, address or name.</summary>
    public static string Shown(string value)
    {
        if (value.Length == 0) return "an empty text";
        if (value.Contains('@', StringComparison.Ordinal) || value.Count(char.IsDigit) >= 8 && PersonalValue.OfText(value, ofPerson: true) is not null) return "the value (not shown: it looks personal)";
        var printable = string.Concat(value.Take(40).Select(c => char.IsControl(c) ? '·' : c));
        return $"'{printable}{(value.Length > 40 ? "…" : "")}'";
    }
}
