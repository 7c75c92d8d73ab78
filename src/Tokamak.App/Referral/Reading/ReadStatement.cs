using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>Which rows of a statement's long lists are wanted, from 0.</summary>
public sealed record StatementPart(int EntriesFrom, int CreditsFrom, int Most)
{
    public static readonly StatementPart Whole = new(0, 0, int.MaxValue);
}

/// <summary>A clerk's statement of a period with what it rests on: by the clerk's and the day's index, so that only that month is read.</summary>
public static class ReadStatement
{
    /// <returns>Null for somebody who was never on the roster, or whom the scope does not show.</returns>
    public static async Task<ClerkStatement?> OfAsync(
        Turn turn, BookRules rules, SettledMonths months, Scope scope, StaffId staff, Month period, StatementPart part, CancellationToken stop)
    {
        if (rules.Roster.Find(staff) is not { Employments: [.., var last] } || !scope.MaySee(staff, last.Store)) return null;
        var figures = months.Figures;
        StatementRow? row = null;
        Int128 carriedIn = 0;
        foreach (var statement in figures.StatementsOf(staff))
        {
            if (statement.Period < period) carriedIn = statement.Carried;
            if (statement.Period == period) row = statement;
        }
        // What was posted after the months were settled belongs to the next look at them.
        (string, object?)[] given = [("staff", staff.Value), ("first", period.FirstDay), ("last", period.LastDay), ("seq", months.Postings)];
        var sums = await SumsAsync(turn, given, stop);
        return new ClerkStatement(
            staff, period, row, carriedIn, ClerkStatement.SaleMonthsOf(figures.EarningsOf(staff), period, rules.Policy),
            await BountiesAsync(turn, given, stop),
            new(await EntriesAsync(turn, rules, given, part, stop), sums.Sum(sum => sum.Count)), [.. sums.Select(sum => sum.Sum)],
            new(await CreditsAsync(turn, rules, given, part, stop), (int)await turn.CountAsync($"select count(*) from credit {Where}", stop, given)));
    }

    private const string Where = "where staff = @staff and day >= @first and day <= @last and seq <= @seq";

    private static Task<List<(EntrySum Sum, int Count)>> SumsAsync(Turn turn, (string, object?)[] given, CancellationToken stop) => turn.ReadAsync(
        $"select sale_month, cast(sum(amount_e4) as bigint), count(*) from commission {Where} group by sale_month order by sale_month",
        row => (new EntrySum(StoredForms.MonthOf(row.GetString(0)), row.GetInt64(1)), (int)row.GetInt64(2)), stop, given);

    private static Task<List<PostedCommission>> EntriesAsync(Turn turn, BookRules rules, (string, object?)[] given, StatementPart part, CancellationToken stop) => turn.ReadAsync(
        $"""
        select {PostedRows.CommissionColumns}
        from (select * from commission {Where} order by sale_month, day, seq limit @most offset @from) p left join fact f on f.id = p.cause
        order by p.sale_month, p.day, p.seq
        """,
        row => PostedRows.CommissionOf(row, rules), stop, [.. given, ("most", part.Most), ("from", part.EntriesFrom)]);

    private static Task<List<PostedCredit>> CreditsAsync(Turn turn, BookRules rules, (string, object?)[] given, StatementPart part, CancellationToken stop) => turn.ReadAsync(
        $"""
        select {PostedRows.CreditColumns}
        from (select * from credit {Where} order by day, seq limit @most offset @from) p left join fact f on f.id = p.cause
        order by p.day, p.seq
        """,
        row => PostedRows.CreditOf(row, rules), stop, [.. given, ("most", part.Most), ("from", part.CreditsFrom)]);

    private static Task<List<PostedBounty>> BountiesAsync(Turn turn, (string, object?)[] given, CancellationToken stop) => turn.ReadAsync(
        """
        select b.day, b.for_day, d.kind, b.fact, b.sale, b.amount from bounty b left join bounty_decision d on d.fact = b.fact
        where b.staff = @staff and b.day >= @first and b.day <= @last and b.seq <= @seq order by b.day, b.seq
        """,
        row => new PostedBounty(
            row.GetFieldValue<DateOnly>(0), row.GetFieldValue<DateOnly>(1), row.IsDBNull(2) ? "" : row.GetString(2), new FactId(row.GetString(3)),
            row.IsDBNull(4) ? null : new FactId(row.GetString(4)), row.GetInt64(5)), stop, given);
}
