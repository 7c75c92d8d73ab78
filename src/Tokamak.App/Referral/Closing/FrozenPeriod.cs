using System.Security.Cryptography;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Closing;

/// <summary>
/// A period's statements and earnings as they are frozen. A statement's canonical bytes are its row and then its earnings
/// rows, as an export writes them (UTF-8, comma, line feed); the period's are those of all statements in their order.
/// </summary>
public sealed record FrozenPeriod(Month Month, IReadOnlyList<FrozenStatementRow> Statements, IReadOnlyList<FrozenEarningRow> Earnings, string Sha256)
{
    public static FrozenPeriod Of(Settlement settlement, Month month)
    {
        var earnings = settlement.Earnings.Where(row => row.Period == month).OrderBy(row => row.Staff).ThenBy(row => row.SaleMonth).ToList();
        var ofStaff = earnings.ToLookup(row => row.Staff);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var statements = new List<FrozenStatementRow>();
        foreach (var row in settlement.Statements.Where(row => row.Period == month)
            .OrderBy(row => row.Staff?.Value ?? "", StringComparer.Ordinal).ThenBy(row => row.Store?.Value ?? "", StringComparer.Ordinal))
        {
            var bytes = BytesOf(row, row.Staff is { } staff ? ofStaff[staff] : []);
            whole.AppendData(bytes);
            statements.Add(RowOf(row, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        }
        return new FrozenPeriod(month, statements, [.. earnings.Select(RowOf)], Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    private static byte[] BytesOf(StatementRow row, IEnumerable<EarningsRow> earnings)
    {
        var bytes = new MemoryStream();
        using (var rows = new Utf8Rows(bytes, 1 << 13))
        {
            PostingRows.Write(rows, [row]);
            PostingRows.Write(rows, earnings);
        }
        return bytes.ToArray();
    }

    private static FrozenStatementRow RowOf(StatementRow row, string sha256) => new()
    {
        Period = row.Period.ToString(), Staff = row.Staff?.Value ?? "", Store = row.Store?.Value ?? "", Credit = Fitting(row.Credit), Commission = Fitting(row.Commission),
        StaffPay = Fitting(row.StaffPay), StorePool = Fitting(row.StorePool), Bounty = Fitting(row.Bounty), Paid = Fitting(row.Paid), Carried = Fitting(row.Carried), Sha256 = sha256,
    };

    private static FrozenEarningRow RowOf(EarningsRow row) => new()
    {
        Period = row.Period.ToString(), Staff = row.Staff.Value, Month = row.SaleMonth.ToString(), Credit = Fitting(row.Credit), GrossE4 = Fitting(row.GrossE4),
        Earned = Fitting(row.Earned), Change = Fitting(row.Change),
    };

    private static long Fitting(Int128 amount) => checked((long)amount);
}
