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
        foreach (ref readonly var row in InOrder(day.Credits, CreditOrder))
        {
            var file = _files[0].Bytes(date).Text(row.Cause.Value).Text(row.Sale.Value).Number(row.Line).Bytes(Roles[(int)row.Role]);
            file.Text(row.Party.Staff?.Value).Text(row.Party.Store.Value).Number(row.Amount).Number(row.Policy).End();
        }
        foreach (ref readonly var row in InOrder(day.Commissions, CommissionOrder))
        {
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

    private static Span<T> InOrder<T>(List<T> rows, Comparison<T> order)
    {
        var span = CollectionsMarshal.AsSpan(rows);
        span.Sort(order);
        return span;
    }

    // Amount and policy never decide: cause, sale, line, role and party are one row.
    private static int CreditOrder(CreditPosting a, CreditPosting b) =>
        a.Cause != b.Cause ? a.Cause.CompareTo(b.Cause) : InFact(a.Sale, b.Sale, a.Line, b.Line, a.Role, b.Role, a.Party, b.Party);

    private static int CommissionOrder(CommissionPosting a, CommissionPosting b) =>
        a.Cause != b.Cause ? a.Cause.CompareTo(b.Cause) : InFact(a.Sale, b.Sale, a.Line ?? -1, b.Line ?? -1, a.Role, b.Role, a.Party, b.Party);

    private static int InFact(FactId saleA, FactId saleB, long lineA, long lineB, Role roleA, Role roleB, Party a, Party b)
    {
        if (saleA != saleB) return saleA.CompareTo(saleB);
        if (lineA != lineB) return CompareAsText(lineA, lineB);
        if (roleA != roleB) return roleA.CompareTo(roleB);
        var staff = string.CompareOrdinal(a.Staff?.Value ?? "", b.Staff?.Value ?? "");
        return staff != 0 ? staff : a.Store.CompareTo(b.Store);
    }

    /// <summary>Line numbers compare as text: 10 comes before 2. A missing line (-1 here) comes first.</summary>
    private static int CompareAsText(long a, long b) =>
        (a < 10 && b < 10) || a < 0 || b < 0
            ? a.CompareTo(b)
            : string.CompareOrdinal(a.ToString(CultureInfo.InvariantCulture), b.ToString(CultureInfo.InvariantCulture));
}
