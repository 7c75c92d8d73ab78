using System.Data.Common;
using Microsoft.EntityFrameworkCore.Metadata;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;

namespace Tokamak.App.Tests.Referral.Verifying;

public sealed class VerifyBooksTests(PostgresServer server)
{
    /// <summary>Bounties of both kinds, a merge, a late return, a void after a close, a sale without member, a voided sale.</summary>
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1","grade":"senior"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
        {"type":"service","id":"V2","at":"2026-01-06T12:00:00+08:00","member":"M2","kind":"app-install","store":"S2","staff":"B"}
        {"type":"service","id":"V3","at":"2026-01-07T12:00:00+08:00","member":"M1","kind":"link-click","store":"S2","staff":"B"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","code":"A1","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"},{"line":2,"category":"shoes","quantity":1,"net":501,"fulfil":"ship"}]}
        {"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}
        {"type":"handover","id":"H2","at":"2026-01-18T15:00:00+08:00","sale":"W1","lines":[{"line":2,"quantity":1}]}
        {"type":"sale","id":"P2","at":"2026-01-20T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":9000,"fulfil":"taken"}]}
        {"type":"sale","id":"P3","at":"2026-01-21T12:00:00+08:00","channel":"store","store":"S2","member":"M3","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":400,"fulfil":"taken"}]}
        {"type":"merge","id":"G1","at":"2026-02-01T12:00:00+08:00","from":"M2","into":"M3"}
        {"type":"sale","id":"W2","at":"2026-02-25T21:00:00+08:00","channel":"online","member":"M3","lines":[{"line":1,"category":"bags","quantity":1,"net":700,"fulfil":"ship"}]}
        """;

    private const string AfterTheClose =
        """
        {"type":"return","id":"R1","at":"2026-02-20T12:00:00+08:00","sale":"P2","lines":[{"line":1,"quantity":1}]}
        {"type":"void","id":"X1","at":"2026-02-21T12:00:00+08:00","fact":"P1"}
        """;

    /// <summary>
    /// Tables of the live writer, of whom it tells, of people, and of what people plan and say, beside the books; notices are numbered with
    /// the postings, which is proven.
    /// </summary>
    private static readonly string[] Beside =
    [
        "lease", "parked", "notice", "answer", "webhook", "person", "member_key", "consent", "two_people", "erasure", "verification",
        "target", "handing", "handing_member", "handing_notice", "policy_draft", "simulation", "appeal", "appeal_comment", "shift", "pool_division", "pool_share",
        "offer_draft", "offer_version", "quote", "offer_hold", "offer_count", "parity_mark",
        "coupon_series", "coupon_batch", "coupon", "coupon_use", "coupon_member", "coupon_clearing",
    ];

    /// <summary>What no fact says: who did something when (and how far the books had come then), and what people see. Everything else is proven.</summary>
    private static readonly string[] NotFromFacts =
    [
        "book.one", "setting.name", "setting.value", "display_name.kind", "display_name.id", "display_name.name", "policy_version.facts", "policy_version.stored_at_ticks",
        "period.closed_at_ticks", "period.closed_by", "period.facts", "period.postings", "period.horizon", "book.horizon", "book.vesting", "work.kind", "work.name", "work.cause", "work.trouble",
        "close_request.one", "close_request.month", "close_request.sha256", "close_request.asked_by", "close_request.asked_at_ticks",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Whatever_is_changed_in_any_table_is_found(Provider provider)
    {
        await using var books = await CreateAsync(provider);
        await books.AssertProvenAsync();
        var unnoticed = new List<string>();
        var tampered = 0;
        foreach (var (what, sql) in await TamperingsAsync(books))
        {
            tampered++;
            if (!await IsFoundAsync(books, sql)) unnoticed.Add(what);
        }
        Assert.True(unnoticed.Count == 0, $"of {tampered}: {string.Join(", ", unnoticed)}");
        Assert.True(tampered > 150, $"only {tampered} tried");
    }

    [Theory, EveryDatabase]
    public async Task Postings_and_facts_cannot_be_changed_and_closed_periods_take_no_more(Provider provider)
    {
        await using var books = await CreateAsync(provider);
        foreach (var table in (string[])["fact", "credit", "commission", "bounty", "period", "statement", "earning"])
        {
            var key = table switch { "period" => "month", "statement" or "earning" => "staff", _ => "seq" };
            foreach (var sql in (string[])[$"delete from {table}", $"update {table} set {key} = {key}"])
            {
                await using var turn = await books.Brand.BeginWriteAsync(Stop);
                var refused = await Assert.ThrowsAnyAsync<DbException>(() => turn.ExecuteAsync(sql, Stop));
                Assert.Contains("only ever added to", refused.Message, StringComparison.Ordinal);
            }
        }
        foreach (var (table, columns) in (await ColumnsAsync(books)).Where(t => t.Table is "credit" or "commission" or "bounty"))
        {
            var copy = string.Join(", ", columns.Select(column => column == "seq" ? "seq + 100000" : column == "day" ? (provider == Provider.Postgres ? "date '2026-01-31'" : "'2026-01-31'") : column));
            await using var turn = await books.Brand.BeginWriteAsync(Stop);
            var refused = await Assert.ThrowsAnyAsync<DbException>(() => turn.ExecuteAsync($"insert into {table} ({string.Join(", ", columns)}) select {copy} from {table} limit 1", Stop));
            Assert.Contains("closed period", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory, EveryDatabase]
    public async Task A_fraud_before_a_close_that_is_undone_after_it_is_found(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await turn.ExecuteAsync(
                "insert into commission (seq, day, for_day, cause, sale, line, role, staff, store, amount_e4, credit, policy, sale_month) " +
                "select seq + 1000, day, for_day, cause, sale, line, role, staff, store, 9000000, 0, policy, sale_month from commission where staff = 'A' order by seq limit 1", Stop);
            await turn.ExecuteAsync("update commission_total set gross_e4 = gross_e4 + 9000000 where staff = 'A' and period = '2026-01' and sale_month = '2026-01'", Stop);
            await turn.ExecuteAsync("update book set postings = postings + 2000", Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        await using (var turn = await books.Brand.BeginWriteAsync(Stop))
        {
            await turn.ExecuteAsync(
                "insert into commission (seq, day, for_day, cause, sale, line, role, staff, store, amount_e4, credit, policy, sale_month) " +
                $"select seq + 5000, {(provider == Provider.Postgres ? "date '2026-02-01'" : "'2026-02-01'")}, for_day, cause, sale, line, role, staff, store, -9000000, 0, policy, sale_month from commission where amount_e4 = 9000000", Stop);
            await turn.ExecuteAsync("insert into commission_total (period, staff, store, sale_month, gross_e4, credit) values ('2026-02', 'A', 'S1', '2026-01', -9000000, 0) on conflict (period, staff, store, sale_month) do update set gross_e4 = commission_total.gross_e4 - 9000000", Stop);
            await turn.CommitAsync(Stop);
        }
        var done = await books.VerifyAsync();
        Assert.Contains(done.Findings, finding => finding.Table == "commission, as 2026-01 was closed,");
    }

    [Theory, EveryDatabase]
    public async Task Whom_only_a_voided_merge_names_proves_alone(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts + "\n" + """{"type":"merge","id":"G2","at":"2026-03-01T12:00:00+08:00","from":"M1","into":"M9"}""");
        await books.PostAsync("""{"type":"void","id":"X2","at":"2026-03-02T12:00:00+08:00","fact":"G2"}""");
        await books.AssertProvenAsync();
        // A member whom nobody names is found all the same.
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        await turn.ExecuteAsync("insert into member (id, root, last_at_ticks, last_type, last_fact, declined) select 'M8', 'M8', 0, 0, '', declined from member where id = 'M9'", Stop);
        Assert.Contains((await VerifyBooks.RunAsync(turn, null, Stop)).Findings, finding => finding is { Table: "member", Row: "M8", Follows: "nothing" });
    }

    [Theory, EveryDatabase]
    public async Task What_a_merge_settled_that_is_voided_after_the_close_is_judged_with_both_members(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts.Replace("02-01T12:00:00+08:00\",\"from", "01-08T12:00:00+08:00\",\"from", StringComparison.Ordinal));
        Assert.Equal("B", await OwnerOfP4Async(books));
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        await books.PostAsync("""{"type":"void","id":"X2","at":"2026-02-02T12:00:00+08:00","fact":"G1"}""");
        Assert.Null(await OwnerOfP4Async(books));
        await books.AssertProvenAsync();
    }

    /// <summary>An order of M3 in January, whose owner comes from M2.</summary>
    private static async Task<string?> OwnerOfP4Async(TestBooks books)
    {
        await books.PostAsync("""{"type":"sale","id":"P4","at":"2026-01-12T12:00:00+08:00","channel":"online","member":"M3","lines":[{"line":1,"category":"tops","quantity":1,"net":500,"fulfil":"taken"}]}""");
        return await books.ReadAsync(context => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.SingleAsync(context.Sales.Where(sale => sale.Id == "P4").Select(sale => sale.OwnerStaff), Stop));
    }

    [Theory, EveryDatabase]
    public async Task While_anybody_waits_nothing_is_proven(Provider provider)
    {
        await using var books = await CreateAsync(provider);
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        await turn.InsertAsync<WorkRow>([new WorkRow { Kind = WorkKind.Member, Name = "M1", Cause = "V1" }], Stop);
        var done = await VerifyBooks.RunAsync(turn, null, Stop);
        Assert.Equal((0, 1, false), (done.Found, done.Waiting, done.IsProof));
        Assert.Equal(ExitCodes.CheckFailed, VerifyCommand.Report(done));
    }

    private async Task<TestBooks> CreateAsync(Provider provider)
    {
        var books = await TestBooks.CreateAsync(provider, server);
        await books.PostAsync(Facts);
        Assert.True((await books.CloseAsync("2026-01")).MayClose);
        await books.PostAsync(AfterTheClose);
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        await StoredNames.WriteAsync(turn, new("嶼晴織", "倉", 0, new() { ["S1"] = "大安店" }, new() { ["A"] = "林怡君" }), Stop);
        await turn.CommitAsync(Stop);
        return books;
    }

    private static async Task<bool> IsFoundAsync(TestBooks books, string sql)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        if (turn.Provider == Provider.Postgres) await turn.ExecuteAsync("set local session_replication_role = replica", Stop);
        else
            foreach (var trigger in await turn.ReadAsync("select name from sqlite_master where type = 'trigger'", row => row.GetString(0), Stop))
                await turn.ExecuteAsync($"drop trigger {trigger}", Stop);
        try
        {
            Assert.True(await turn.ExecuteAsync(sql, Stop) > 0, sql);
            return (await VerifyBooks.RunAsync(turn, null, Stop)).Found > 0;
        }
        catch (DbException)
        {
            return true; // The database itself refuses it.
        }
        catch (WrongBooksException)
        {
            return true;
        }
    }

    /// <summary>For every table: one row gone, one row twice under another key, and each column of a row changed.</summary>
    private static async Task<List<(string What, string Sql)>> TamperingsAsync(TestBooks books)
    {
        var tamperings = new List<(string, string)>();
        foreach (var row in await books.ReadAsync(context => Task.FromResult(context.Model.GetEntityTypes().ToList())))
        {
            var table = Microsoft.EntityFrameworkCore.RelationalEntityTypeExtensions.GetTableName(row)!;
            if (Beside.Contains(table)) continue;
            var key = string.Join(", ", row.FindPrimaryKey()!.Properties.Select(ColumnOf));
            foreach (var property in row.GetProperties())
            {
                var column = ColumnOf(property);
                if (NotFromFacts.Contains($"{table}.{column}")) continue;
                tamperings.Add(($"{table}.{column}", $"update {table} set {column} = {Changed(column, property, books.Brand.Provider)} where ({key}) = (select {key} from {table} order by {column} is null, {column} limit 1)"));
            }
            if (NotFromFacts.Any(column => column.StartsWith(table + ".", StringComparison.Ordinal)) && table is not ("period" or "policy_version" or "book")) continue;
            tamperings.Add(($"{table} without a row", $"delete from {table} where ({key}) = (select {key} from {table} order by {key} limit 1)"));
        }
        return tamperings;
    }

    private static string Changed(string column, IReadOnlyProperty property, Provider provider)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(string)) return $"coalesce({column}, '') || 'x'";
        if (type == typeof(DateOnly)) return provider == Provider.Postgres ? $"coalesce({column}, date '2026-01-01') + 1" : $"date(coalesce({column}, '2026-01-01'), '+1 day')";
        if (type == typeof(bool)) return $"not {column}";
        return $"coalesce({column}, 0) + 1";
    }

    private static async Task<List<(string Table, List<string> Columns)>> ColumnsAsync(TestBooks books) => await books.ReadAsync(context => Task.FromResult(context.Model.GetEntityTypes()
        .Select(row => (Microsoft.EntityFrameworkCore.RelationalEntityTypeExtensions.GetTableName(row)!, row.GetProperties().Select(ColumnOf).ToList())).ToList()));

    private static string ColumnOf(IReadOnlyProperty property) => Microsoft.EntityFrameworkCore.RelationalPropertyExtensions.GetColumnName(property);
}
