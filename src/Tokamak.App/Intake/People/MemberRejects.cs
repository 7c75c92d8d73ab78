using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;

namespace Tokamak.App.Intake.People;

/// <summary>
/// Rows and values that do not come in, written as they are found, into a file that only its owner may read: reasons name ids and
/// values of people. What is counted for the terminal names none.
/// </summary>
internal sealed partial class MemberRejects : IDisposable
{
    /// <summary>So many different reasons are counted apart; the files of a brand have a dozen.</summary>
    private const int MostReasons = 100;

    private readonly Stream? _file;
    private readonly CsvWriter? _csv;
    private readonly string? _path;

    /// <param name="path">The file; null: only counted.</param>
    public MemberRejects(string? path)
    {
        if (path is null) return;
        _path = path;
        File.Delete(Unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(Unfinished, options);
        _csv = CsvWriter.Create(_file, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        _csv.WriteRecord(["file", "line", "column", "reason"]);
    }

    /// <summary>Rows that do not come in at all.</summary>
    public Rejects Rows { get; } = new();

    /// <summary>Values without which their rows come in.</summary>
    public Rejects Values { get; } = new();

    public long ValuesLeftOut { get; private set; }

    /// <summary>How often each reason was given, without the values that it names.</summary>
    public Dictionary<string, long> Reasons { get; } = new(StringComparer.Ordinal);

    private string Unfinished => _path + ".writing";

    /// <summary>Writes what has been gathered since, so that memory stays flat.</summary>
    public void Write()
    {
        foreach (var (place, column, reason) in Rows.Take()) Write(place, column, reason);
        foreach (var (place, column, reason) in Values.Take())
        {
            ValuesLeftOut++;
            Write(place, column, $"left out: {reason}");
        }
    }

    /// <summary>Puts the file in its place.</summary>
    public void Finish()
    {
        Write();
        if (_path is null) return;
        _csv!.Dispose();
        _file!.Dispose();
        File.Move(Unfinished, _path, overwrite: true);
    }

    public void Dispose()
    {
        if (_path is null) return;
        _csv!.Dispose();
        _file!.Dispose();
        File.Delete(Unfinished);
    }

    private void Write(RowPlace place, string column, string reason)
    {
        _csv?.WriteRecord([place.File, place.Line.ToString(CultureInfo.InvariantCulture), column, reason]);
        var plain = (column.Length == 0 ? "" : column + ": ") + Quoted().Replace(reason, "'…'");
        if (!Reasons.ContainsKey(plain) && Reasons.Count >= MostReasons) plain = "other reasons";
        Reasons[plain] = Reasons.GetValueOrDefault(plain) + 1;
    }

    // From the first quote to the last: a value may hold quotes itself.
    [GeneratedRegex("'.*'", RegexOptions.Singleline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();
}
