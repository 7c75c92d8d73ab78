using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>
/// The four CSV files of a replay, rows sorted by all columns as text (spec: "Output of a replay"). Files are written
/// beside their place and moved there by <see cref="Keep"/> only once all are whole.
/// </summary>
internal sealed class ReplayCsv : IDisposable
{
    private static readonly string[] Names = ["credits.csv", "commission.csv", "earnings.csv", "statements.csv"];
    private static readonly byte[][] Roles = [.. Enum.GetNames<Role>().Select(r => Encoding.ASCII.GetBytes(r.ToLowerInvariant()))];

    private readonly RowOrder _order = new();
    private readonly string _folder;
    private readonly Utf8Rows[] _files;
    private bool _closed;

    public ReplayCsv(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _files = [.. Names.Select(name => new Utf8Rows(new FileStream(Unfinished(name), FileMode.Create, FileAccess.Write, FileShare.None, 0)))];
        _files[0].Header("day,cause,sale,line,role,staff,store,amount,policy");
        _files[1].Header("day,cause,sale,line,role,staff,store,amount_e4,policy");
        _files[2].Header("period,staff,month,credit,gross_e4,earned,change");
        _files[3].Header("period,staff,store,credit,commission,staff_pay,store_pool,bounty,paid,carried");
    }

    /// <summary>One day's postings; days come in order, so that sorting within a day sorts the file.</summary>
    public void Write(DayPostings day)
    {
        Span<byte> date = stackalloc byte[10];
        day.Day.TryFormat(date, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var credits = CollectionsMarshal.AsSpan(day.Credits);
        foreach (var place in _order.Of<CreditPosting>(credits))
        {
            ref readonly var row = ref credits[place];
            var file = _files[0].Bytes(date).Text(row.Cause.Value).Text(row.Sale.Value).Number(row.Line).Bytes(Roles[(int)row.Role]);
            file.Text(row.Party.Staff?.Value).Text(row.Party.Store.Value).Number(row.Amount).Number(row.Policy).End();
        }
        var commissions = CollectionsMarshal.AsSpan(day.Commissions);
        foreach (var place in _order.Of<CommissionPosting>(commissions))
        {
            ref readonly var row = ref commissions[place];
            if (row.AmountE4 == 0) continue;
            var file = _files[1].Bytes(date).Text(row.Cause.Value).Text(row.Sale.Value);
            (row.Line is { } line ? file.Number(line) : file.Text(null)).Bytes(Roles[(int)row.Role])
                .Text(row.Party.Staff?.Value).Text(row.Party.Store.Value).Number(row.AmountE4).Number(row.Policy).End();
        }
    }

    public void Write(IEnumerable<EarningsRow> earnings)
    {
        foreach (var row in earnings.OrderBy(r => r.Period).ThenBy(r => r.Staff).ThenBy(r => r.SaleMonth))
            _files[2].Text(row.Period.ToString()).Text(row.Staff.Value).Text(row.SaleMonth.ToString())
                .Number(row.Credit).Number(row.GrossE4).Number(row.Earned).Number(row.Change).End();
    }

    public void Write(IEnumerable<StatementRow> statements)
    {
        foreach (var row in statements.OrderBy(r => r.Period).ThenBy(r => r.Staff?.Value ?? "", StringComparer.Ordinal).ThenBy(r => r.Store?.Value ?? "", StringComparer.Ordinal))
            _files[3].Text(row.Period.ToString()).Text(row.Staff?.Value).Text(row.Store?.Value).Number(row.Credit).Number(row.Commission)
                .Number(row.StaffPay).Number(row.StorePool).Number(row.Bounty).Number(row.Paid).Number(row.Carried).End();
    }

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
