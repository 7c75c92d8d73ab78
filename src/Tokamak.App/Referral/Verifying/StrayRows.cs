using Tokamak.App.Data;

namespace Tokamak.App.Referral.Verifying;

/// <summary>Rows that belong to no fact, and so to no member or sale that is derived anew; and facts that belong elsewhere than they say.</summary>
internal static class StrayRows
{
    private static readonly (string Table, string Sql)[] Searches =
    [
        ("fact", "select f.id from fact f where f.member is not null and not exists (select 1 from member m where m.id = f.member)"),
        ("fact", "select f.id from fact f join fact s on s.id = f.sale and s.type = 3 where f.type between 4 and 7 and coalesce(f.member, '') <> coalesce(s.member, '')"),
        ("fact", "select f.id from fact f where f.type between 4 and 7 and not exists (select 1 from fact s where s.id = f.sale and s.type = 3)"),
        ("member", "select m.id from member m where not exists (select 1 from member r where r.id = m.root)"),
        ("sale", "select s.id from sale s where not exists (select 1 from fact f where f.id = s.id and f.type = 3)"),
        ("sale_party", "select p.sale from sale_party p where not exists (select 1 from sale s where s.id = p.sale)"),
        ("credit", "select c.sale from credit c where not exists (select 1 from fact f where f.id = c.sale and f.type = 3)"),
        ("commission", "select c.sale from commission c where not exists (select 1 from fact f where f.id = c.sale and f.type = 3)"),
        ("bounty", "select b.fact from bounty b where not exists (select 1 from fact f where f.id = b.fact and f.type = 2)"),
        ("bounty_decision", "select b.fact from bounty_decision b where not exists (select 1 from fact f where f.id = b.fact and f.type = 2 and f.member = b.member)"),
        ("binding", "select b.member from binding b where not exists (select 1 from member m where m.id = b.member)"),
        ("credit", "select c.cause from credit c where c.cause <> 'new policy' and not exists (select 1 from fact f where f.id = c.cause)"),
        ("commission", "select c.cause from commission c where c.cause not in ('vest', 'new policy') and not exists (select 1 from fact f where f.id = c.cause)"),
        ("bounty", "select b.cause from bounty b where b.cause <> 'new policy' and not exists (select 1 from fact f where f.id = b.cause)"),
    ];

    public static async Task FindAsync(Turn turn, Verification verification, CancellationToken stop)
    {
        foreach (var (table, sql) in Searches)
            foreach (var id in await turn.ReadAsync($"{sql} limit 50", row => row.GetString(0), stop))
                verification.Add(table, id, "a row", "nothing that it belongs to");
    }
}

/// <summary>Each posting is dated the day it belongs to, or, where that day's period was closed when it was posted, the first open day (R10).</summary>
internal static class VerifyDates
{
    public static async Task RunAsync(Turn turn, IReadOnlyList<PeriodRow> closes, Verification verification, CancellationToken stop)
    {
        for (var place = -1; place < closes.Count; place++)
        {
            var after = place < 0 ? 0 : closes[place].Postings;
            var until = place + 1 < closes.Count ? closes[place + 1].Postings : long.MaxValue;
            var closed = place < 0 ? DateOnly.MinValue : Posting.StoredForms.MonthOf(closes[place].Month).LastDay;
            foreach (var table in (string[])["credit", "commission", "bounty"])
                foreach (var (seq, day, forDay) in await turn.ReadAsync(
                    $"select seq, day, for_day from {table} where seq > @after and seq <= @until and day <> case when for_day <= @closed then @open else for_day end limit 50",
                    row => (row.GetInt64(0), row.GetFieldValue<DateOnly>(1), row.GetFieldValue<DateOnly>(2)), stop,
                    ("after", after), ("until", until), ("closed", closed), ("open", closed.AddDays(1))))
                    verification.Add(table, $"{seq}", $"dated {day:yyyy-MM-dd} for {forDay:yyyy-MM-dd}", $"{(forDay <= closed ? closed.AddDays(1) : forDay):yyyy-MM-dd}");
        }
    }
}
