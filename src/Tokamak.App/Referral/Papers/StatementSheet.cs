using System.Globalization;
using CsvHelper;
using Tokamak.App.Brands;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Papers;

/// <summary>
/// Statements as CSV for a spreadsheet: UTF-8 with its mark, by which Excel knows that it is Chinese; CRLF; one header in
/// the reader's language. Amounts are numbers in the brand's currency; what a cell may hold is <see cref="SheetCell"/>'s.
/// Rows go out as they come, so that a large sheet is never whole in memory, and never by a write that blocks.
/// </summary>
public sealed class StatementSheet(BrandNames names, Texts t, Show show)
{
    private const int CommissionDecimals = 4;

    private readonly TraceWords _said = new(names, t, show);

    private int Decimals => show.Currency.Decimals;

    /// <summary>One row a statement, of clerks and of stores, in the order given. Leaves the stream open.</summary>
    public async Task WriteAsync(Stream to, IAsyncEnumerable<ListedStatement> statements, CancellationToken stop = default)
    {
        await using var csv = Open(to);
        await csv.WriteRecordAsync(
        [
            t["paper.period"], t["paper.staff.id"], t["paper.staff.name"], t["paper.store.id"], t["paper.store.name"], t["credit.label"], t["statement.commission"],
            t["statement.pay"], t["statement.topool"], t["statement.bounty"], t["statement.paid"], t["statement.carriedout"], t["paper.currency"],
        ], stop);
        await foreach (var (row, store) in statements.WithCancellation(stop))
            await csv.WriteRecordAsync(
            [
                Period(row.Period), SheetCell.Text(row.Staff?.Value), SheetCell.Text(row.Staff is { } staff ? names.StaffName(staff) : null),
                SheetCell.Text(store?.Value), Store(store), Amount(row.Credit), Amount(row.Commission), Amount(row.StaffPay), Amount(row.StorePool),
                Amount(row.Bounty), Amount(row.Paid), Amount(row.Carried), SheetCell.Text(show.Currency.Code),
            ], stop);
        await csv.FlushAsync(stop);
    }

    /// <summary>
    /// One clerk's statement with what it rests on. The first column says what a row is: the statement, a sale month, a
    /// bounty, an entry of commission or of credit. Amounts of one kind stand in one column; sum within one part only.
    /// </summary>
    public async Task WriteAsync(Stream to, PrintedStatement printed, CancellationToken stop = default)
    {
        await using var csv = Open(to);
        var columns = Columns();
        await csv.WriteRecordAsync([.. columns.Select(column => column.Head)], stop);
        foreach (var row in Rows(printed)) await csv.WriteRecordAsync([.. columns.Select(column => row.GetValueOrDefault(column.Key, ""))], stop);
        await csv.FlushAsync(stop);
    }

    private enum Column
    {
        Part, Period, StaffId, StaffName, Day, SaleMonth, Sale, Line, Role, StoreId, StoreName, Cause, Counted, Rates, Bands, Cap, Earned, Before,
        Credit, Commission, Pay, Pool, Bounty, CarriedIn, Paid, CarriedOut, Currency,
    }

    private IReadOnlyList<(Column Key, string Head)> Columns() =>
    [
        (Column.Part, t["paper.part"]), (Column.Period, t["paper.period"]), (Column.StaffId, t["paper.staff.id"]), (Column.StaffName, t["paper.staff.name"]),
        (Column.Day, t["day"]), (Column.SaleMonth, t["months.month"]), (Column.Sale, t["sale.label"]), (Column.Line, t["line"]), (Column.Role, t["role"]),
        (Column.StoreId, t["paper.store.id"]), (Column.StoreName, t["paper.store.name"]), (Column.Cause, t["cause"]),
        (Column.Counted, t["months.credit"]), (Column.Rates, t["months.gross"]), (Column.Bands, t["months.bands"]), (Column.Cap, t["months.cap"]),
        (Column.Earned, t["months.earned"]), (Column.Before, t["months.before"]),
        (Column.Credit, t["statement.credit"]), (Column.Commission, t["statement.commission"]), (Column.Pay, t["statement.pay"]), (Column.Pool, t["statement.topool"]),
        (Column.Bounty, t["statement.bounty"]), (Column.CarriedIn, t["statement.carriedin"]), (Column.Paid, t["statement.paid"]), (Column.CarriedOut, t["statement.carriedout"]),
        (Column.Currency, t["paper.currency"]),
    ];

    private IEnumerable<Dictionary<Column, string>> Rows(PrintedStatement printed)
    {
        var statement = printed.Statement;
        yield return Row(printed, t["paper.part.statement"], new()
        {
            [Column.StoreId] = SheetCell.Text(printed.Store?.Value), [Column.StoreName] = Store(printed.Store), [Column.Credit] = Amount(statement.Credit),
            [Column.Commission] = Amount(statement.Commission), [Column.Pay] = Amount(statement.StaffPay), [Column.Pool] = Amount(statement.StorePool),
            [Column.Bounty] = Amount(statement.Bounty), [Column.CarriedIn] = Amount(statement.CarriedIn), [Column.Paid] = Amount(statement.Paid),
            [Column.CarriedOut] = Amount(statement.CarriedOut),
        });
        foreach (var month in statement.SaleMonths)
            yield return Row(printed, t["paper.part.month"], new()
            {
                [Column.SaleMonth] = Period(month.SaleMonth), [Column.Counted] = Amount(month.Credit), [Column.Rates] = Amount(month.Gross),
                [Column.Bands] = Amount(month.BandEffect), [Column.Cap] = Amount(month.CapEffect), [Column.Earned] = Amount(month.Earned),
                [Column.Before] = Amount(month.SettledBefore), [Column.Commission] = Amount(month.Change), [Column.Pay] = Amount(month.StaffPay), [Column.Pool] = Amount(month.Pool),
            });
        foreach (var bounty in statement.Bounties)
            yield return Row(printed, t["paper.part.bounty"], new()
            {
                [Column.Day] = Day(bounty.Day), [Column.Sale] = SheetCell.Text(bounty.Sale?.Value),
                [Column.Cause] = SheetCell.Text(string.Concat(NameMarks.Pieces(_said.Kind(bounty.Kind)).Select(piece => piece.Text))),
                [Column.Bounty] = Amount(bounty.Amount),
            });
        foreach (var (entry, forDay, cause) in statement.Entries.Rows)
            yield return Posted(printed, t["paper.part.entry"], entry.Day, entry, Causes.Of(t, show, cause, entry.Day, forDay), new()
            {
                [Column.SaleMonth] = Period(entry.SaleMonth), [Column.Rates] = SheetCell.Amount(entry.AmountE4, Decimals + CommissionDecimals),
            });
        foreach (var (credit, forDay, cause) in statement.Credits.Rows)
            yield return Posted(printed, t["paper.part.credit"], credit.Day, credit, Causes.Of(t, show, cause, credit.Day, forDay), new() { [Column.Credit] = Amount(credit.Amount) });
    }

    private Dictionary<Column, string> Posted(PrintedStatement printed, string part, DateOnly day, IPosting posting, string cause, Dictionary<Column, string> row)
    {
        row[Column.Day] = Day(day);
        row[Column.Sale] = SheetCell.Text(posting.Sale.Value);
        row[Column.Line] = posting.LineOrNone is { } line ? SheetCell.Number(line) : "";
        row[Column.Role] = _said.Role(posting.Role);
        row[Column.StoreId] = SheetCell.Text(posting.Party.Store.Value);
        row[Column.StoreName] = Store(posting.Party.Store);
        row[Column.Cause] = SheetCell.Text(cause);
        return Row(printed, part, row);
    }

    private Dictionary<Column, string> Row(PrintedStatement printed, string part, Dictionary<Column, string> row)
    {
        row[Column.Part] = part;
        row[Column.Period] = Period(printed.Statement.Period);
        row[Column.StaffId] = SheetCell.Text(printed.Statement.Staff.Value);
        row[Column.StaffName] = SheetCell.Text(names.StaffName(printed.Statement.Staff));
        row[Column.Currency] = SheetCell.Text(show.Currency.Code);
        return row;
    }

    private string Store(StoreId? store) => store is not { } id ? "" : id == StoreId.Online ? t["store.online"] : SheetCell.Text(names.StoreName(id));

    private string Amount(Int128 amount) => SheetCell.Amount(amount, Decimals);

    // Dates that a spreadsheet may know as such: they lose nothing by it.
    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Period(Month month) => month.ToString();

    // CsvHelper's own guard against formulas knows neither full-width signs nor ids that become numbers: SheetCell does both.
    private static CsvWriter Open(Stream to) =>
        CsvWriter.Create(to, new CsvWriterOptions { WriteByteOrderMark = true, NewLine = "\r\n", Injection = CsvInjection.None }, leaveOpen: true);
}
