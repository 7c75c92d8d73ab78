using System.Runtime.InteropServices;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>
/// The four CSV files of a replay, rows sorted by all columns as text (spec: "Output of a replay"). Files are written
/// beside their place and moved there by <see cref="Keep"/> only once all are whole.
/// </summary>
internal sealed class ReplayCsv : IDisposable
{
    private static readonly string[] Names = ["credits.csv", "commission.csv", "earnings.csv", "statements.csv"];

    private readonly PostingRows _rows = new();
    private readonly string _folder;
    private readonly Utf8Rows[] _files;
    private bool _closed;

    public ReplayCsv(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _files = [.. Names.Select(name => new Utf8Rows(new FileStream(Unfinished(name), FileMode.Create, FileAccess.Write, FileShare.None, 0)))];
        _files[0].Header(PostingRows.CreditsHeader);
        _files[1].Header(PostingRows.CommissionHeader);
        _files[2].Header(PostingRows.EarningsHeader);
        _files[3].Header(PostingRows.StatementsHeader);
    }

    /// <summary>One day's postings; days come in order, so that sorting within a day sorts the file.</summary>
    public void Write(DayPostings day)
    {
        _rows.Write(_files[0], day.Day, CollectionsMarshal.AsSpan(day.Credits));
        _rows.Write(_files[1], day.Day, CollectionsMarshal.AsSpan(day.Commissions));
    }

    public void Write(IEnumerable<EarningsRow> earnings) => PostingRows.Write(_files[2], earnings);

    public void Write(IEnumerable<StatementRow> statements) => PostingRows.Write(_files[3], statements);

    /// <summary>The files are whole: put them in their places.</summary>
    public void Keep()
    {
        Close();
        foreach (var name in Names) File.Move(Unfinished(name), Path.Combine(_folder, name), overwrite: true);
    }

    public void Dispose()
    {
        Close();
        foreach (var name in Names) File.Delete(Unfinished(name));
    }

    private void Close()
    {
        if (_closed) return;
        _closed = true;
        foreach (var file in _files) file.Dispose();
    }

    private string Unfinished(string name) => Path.Combine(_folder, $".{name}.unfinished");
}
