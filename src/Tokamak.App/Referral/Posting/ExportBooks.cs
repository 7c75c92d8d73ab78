using System.Data.Common;
using System.Runtime.InteropServices;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>What of a brand's books can be written to a file, in the forms of a replay.</summary>
public enum ExportKind { Facts, Credits, Commission, Earnings, Statements }

/// <summary>Writes facts as JSON Lines (in the order of arrival, in the brand's time zone) and rows as a replay writes them. Streams.</summary>
public static class ExportBooks
{
    public static async Task WriteAsync(Turn turn, BookRules rules, ExportKind kind, Stream file, CancellationToken stop)
    {
        if (kind == ExportKind.Facts)
        {
            await WriteFactsAsync(turn, rules.Policy.Zone, file, stop);
            return;
        }
        using var rows = new Utf8Rows(file);
        switch (kind)
        {
            case ExportKind.Credits:
                rows.Header(PostingRows.CreditsHeader);
                await WriteDaysAsync(
                    turn, "select day, cause, sale, line, role, staff, store, amount, policy from credit order by day, seq", row => CreditOf(row, rules),
                    (written, day, of) => written.Write(rows, day, CollectionsMarshal.AsSpan(of)), stop);
                break;
            case ExportKind.Commission:
                rows.Header(PostingRows.CommissionHeader);
                await WriteDaysAsync(
                    turn, "select day, cause, sale, line, role, staff, store, amount_e4, policy from commission where amount_e4 <> 0 order by day, seq",
                    row => CommissionOf(row, rules), (written, day, of) => written.Write(rows, day, CollectionsMarshal.AsSpan(of)), stop);
                break;
            case ExportKind.Earnings:
                rows.Header(PostingRows.EarningsHeader);
                PostingRows.Write(rows, (await BookSettlement.OfAsync(turn, rules, null, stop)).Earnings);
                break;
            default:
                rows.Header(PostingRows.StatementsHeader);
                PostingRows.Write(rows, (await BookSettlement.OfAsync(turn, rules, null, stop)).Statements);
                break;
        }
    }

    private static async Task WriteFactsAsync(Turn turn, Zone zone, Stream file, CancellationToken stop)
    {
        using var writer = new FactWriter(file, zone);
        await using var command = turn.Command("select body, id from fact order by seq");
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop)) writer.Write(StoredForms.FactOf(rows.GetString(0), rows.GetString(1)));
    }

    /// <summary>A day at a time, so that sorting within a day sorts the file.</summary>
    private static async Task WriteDaysAsync<TRow>(
        Turn turn, string sql, Func<DbDataReader, TRow> read, Action<PostingRows, DateOnly, List<TRow>> write, CancellationToken stop)
        where TRow : struct, IPosting
    {
        var order = new PostingRows();
        var day = new List<TRow>();
        await using var command = turn.Command(sql);
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
        {
            var row = read(rows);
            if (day.Count > 0 && day[0].Day != row.Day)
            {
                write(order, day[0].Day, day);
                day.Clear();
            }
            day.Add(row);
        }
        if (day.Count > 0) write(order, day[0].Day, day);
    }

    private static CreditPosting CreditOf(DbDataReader row, BookRules rules) => new(
        row.GetFieldValue<DateOnly>(0), new FactId(row.GetString(1)), new FactId(row.GetString(2)), row.GetInt64(3), (Role)row.GetInt16(4), PartyOf(row, rules), row.GetInt64(7), row.GetInt32(8));

    private static CommissionPosting CommissionOf(DbDataReader row, BookRules rules) => new(
        row.GetFieldValue<DateOnly>(0), new FactId(row.GetString(1)), new FactId(row.GetString(2)), row.IsDBNull(3) ? null : row.GetInt64(3), (Role)row.GetInt16(4), PartyOf(row, rules),
        row.GetInt64(7), 0, row.GetInt32(8), default);

    private static Party PartyOf(DbDataReader row, BookRules rules) => rules.PartyOf(row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6));
}
