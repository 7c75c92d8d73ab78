using System.Globalization;
using System.Text;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Postings, earnings and statements as rows of CSV, sorted by all columns as text (spec: "Output of a replay").</summary>
internal sealed class PostingRows
{
    public const string CreditsHeader = "day,cause,sale,line,role,staff,store,amount,policy";
    public const string CommissionHeader = "day,cause,sale,line,role,staff,store,amount_e4,policy";
    public const string EarningsHeader = "period,staff,month,credit,gross_e4,earned,change";
    public const string StatementsHeader = "period,staff,store,credit,commission,staff_pay,store_pool,bounty,paid,carried";

    private static readonly byte[][] Roles = [.. Enum.GetNames<Role>().Select(r => Encoding.ASCII.GetBytes(r.ToLowerInvariant()))];

    private readonly RowOrder _order = new();

    /// <summary>Credits of one day.</summary>
    public void Write(Utf8Rows file, DateOnly day, ReadOnlySpan<CreditPosting> credits)
    {
        Span<byte> date = stackalloc byte[10];
        day.TryFormat(date, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var place in _order.Of(credits))
        {
            ref readonly var row = ref credits[place];
            file.Bytes(date).Text(row.Cause.Value).Text(row.Sale.Value).Number(row.Line).Bytes(Roles[(int)row.Role])
                .Text(row.Party.Staff?.Value).Text(row.Party.Store.Value).Number(row.Amount).Number(row.Policy).End();
        }
    }

    /// <summary>Commission of one day.</summary>
    public void Write(Utf8Rows file, DateOnly day, ReadOnlySpan<CommissionPosting> commissions)
    {
        Span<byte> date = stackalloc byte[10];
        day.TryFormat(date, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var place in _order.Of(commissions))
        {
            ref readonly var row = ref commissions[place];
            if (row.AmountE4 == 0) continue;
            file.Bytes(date).Text(row.Cause.Value).Text(row.Sale.Value);
            (row.Line is { } line ? file.Number(line) : file.Text(null)).Bytes(Roles[(int)row.Role])
                .Text(row.Party.Staff?.Value).Text(row.Party.Store.Value).Number(row.AmountE4).Number(row.Policy).End();
        }
    }

    public static void Write(Utf8Rows file, IEnumerable<EarningsRow> earnings)
    {
        foreach (var row in earnings.OrderBy(r => r.Period).ThenBy(r => r.Staff).ThenBy(r => r.SaleMonth))
            file.Text(row.Period.ToString()).Text(row.Staff.Value).Text(row.SaleMonth.ToString())
                .Number(row.Credit).Number(row.GrossE4).Number(row.Earned).Number(row.Change).End();
    }

    public static void Write(Utf8Rows file, IEnumerable<StatementRow> statements)
    {
        foreach (var row in statements.OrderBy(r => r.Period).ThenBy(r => r.Staff?.Value ?? "", StringComparer.Ordinal).ThenBy(r => r.Store?.Value ?? "", StringComparer.Ordinal))
            file.Text(row.Period.ToString()).Text(row.Staff?.Value).Text(row.Store?.Value).Number(row.Credit).Number(row.Commission)
                .Number(row.StaffPay).Number(row.StorePool).Number(row.Bounty).Number(row.Paid).Number(row.Carried).End();
    }
}
