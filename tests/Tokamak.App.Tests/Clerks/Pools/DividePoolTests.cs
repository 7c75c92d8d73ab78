using Tokamak.App.Clerks.Pools;
using Tokamak.App.Clerks.Shifts;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Pools;

/// <summary>A store's pool of January, from a sale of 30,000 at S1 that earned 200 (the cap), of which 20 percent are the store's.</summary>
public sealed class DividePoolTests(PostgresServer server)
{
    private const int Pool = 40;

    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1"}
        {"type":"staff","id":"F4","at":"2026-01-01T09:00:00+08:00","staff":"D","event":"joined","store":"S1"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":30000,"fulfil":"taken"}]}
        {"type":"staff","id":"F5","at":"2026-01-20T09:00:00+08:00","staff":"C","event":"left"}
        {"type":"staff","id":"F6","at":"2026-02-01T00:00:00+08:00","staff":"B","event":"moved","store":"S1"}
        """;

    private static readonly StoreId Store = new("S1");
    private static readonly StaffId A = new("A"), B = new("B"), C = new("C"), D = new("D");
    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_pool_is_divided_once_its_period_is_closed_and_every_division_stays(Provider provider)
    {
        await using var world = await ClosedAsync(provider, close: false);
        Assert.Equal(DivideOutcome.NotClosed, await DivideAsync(world, Equally(0, A, C, D)));
        await CloseAsync(world);

        Assert.Equal(DivideOutcome.Divided, await DivideAsync(world, Equally(0, A, C, D, A, B)));
        Assert.Equal(DivideOutcome.Late, await DivideAsync(world, Equally(0, A)));
        Assert.Equal(DivideOutcome.NoReason, await DivideAsync(world, Equally(1, A)));
        Assert.Equal(DivideOutcome.Divided, await DivideAsync(world, Equally(1, A) with { Reason = "C has left" }));
        var pool = await PoolAsync(world);
        // B came only in February.
        Assert.Equal([(A, true), (C, true), (D, true)], pool.Candidates.Select(one => (one.Staff, one.WasThere)));
        Assert.Equal([(2, "C has left"), (1, null)], pool.Records.Select(record => (record.Row.Number, record.Row.Reason)));
        Assert.Equal(["A 40"], pool.Records[0].Shares.Select(share => $"{share.Staff} {share.Amount}"));
        Assert.Equal(["A 14", "C 13", "D 13"], pool.Records[1].Shares.Select(share => $"{share.Staff} {share.Amount}"));
    }

    [Theory, EveryDatabase]
    public async Task By_hours_the_month_s_shifts_decide_and_the_record_keeps_them(Provider provider)
    {
        await using var world = await ClosedAsync(provider, close: false);
        await ShiftAsync(world, (A, 480), (C, 240), (D, 80));
        await CloseAsync(world);
        Assert.Equal(DivideOutcome.Divided, await DivideAsync(world, new PoolPlan(PoolWay.Hours, [A, C, D], None, null, 0)));
        var record = (await PoolAsync(world)).Latest!;
        Assert.Equal((PoolWay.Hours, Pool), (record.Row.Way, (int)record.Row.Pool));
        Assert.Equal(["A 24 480", "C 12 240", "D 4 80"], record.Shares.Select(share => $"{share.Staff} {share.Amount} {share.Minutes}"));
    }

    [Theory, EveryDatabase]
    public async Task Without_any_hours_it_is_recorded_as_what_it_is_an_equal_division(Provider provider)
    {
        await using var world = await ClosedAsync(provider);
        Assert.Equal(DivideOutcome.Divided, await DivideAsync(world, new PoolPlan(PoolWay.Hours, [A, D], None, null, 0)));
        var record = (await PoolAsync(world)).Latest!;
        Assert.Equal((PoolWay.Equal, "A 20 , D 20 "), (record.Row.Way, string.Join(", ", record.Shares.Select(share => $"{share.Staff} {share.Amount} {share.Minutes}"))));
    }

    [Theory, EveryDatabase]
    public async Task By_hand_it_adds_up_exactly_and_says_why(Provider provider)
    {
        await using var world = await ClosedAsync(provider);
        var plan = new PoolPlan(PoolWay.ByHand, [], new Dictionary<StaffId, long> { [A] = 30, [D] = 9, [C] = 0 }, "stock-taking", 0);
        Assert.Equal(DivideOutcome.WrongSum, await DivideAsync(world, plan));
        // Somebody who was never there receives nothing, and what was meant for them is missing.
        Assert.Equal(DivideOutcome.WrongSum, await DivideAsync(world, plan with { ByHand = new Dictionary<StaffId, long> { [A] = 30, [B] = 10 } }));
        Assert.Equal(DivideOutcome.Nobody, await DivideAsync(world, plan with { ByHand = None }));
        var right = plan with { ByHand = new Dictionary<StaffId, long> { [A] = 30, [D] = 10, [C] = 0 } };
        Assert.Equal(DivideOutcome.NoReason, await DivideAsync(world, right with { Reason = null }));
        Assert.Equal(DivideOutcome.Divided, await DivideAsync(world, right));
        Assert.Equal(["A 30", "D 10"], (await PoolAsync(world)).Latest!.Shares.Select(share => $"{share.Staff} {share.Amount}"));
    }

    [Theory, EveryDatabase]
    public async Task Where_nothing_is_in_the_pool_or_nobody_is_chosen_nothing_is_recorded(Provider provider)
    {
        await using var world = await ClosedAsync(provider);
        Assert.Equal(DivideOutcome.Nobody, await DivideAsync(world, Equally(0, B)));
        Assert.Equal(DivideOutcome.NoPool, await DivideAsync(world, Equally(0, B), new StoreId("S2")));
        Assert.Empty((await PoolAsync(world)).Records);
        var negative = (await PoolAsync(world)) with { Amount = -5 };
        Assert.Equal((DivideOutcome.NoPool, 0), DividePool.Plan(negative, Equally(0, A)) is var (outcome, _, parts) ? (outcome, parts.Count) : default);
    }

    [Theory, EveryDatabase]
    public async Task Payroll_reads_the_divisions_that_count_and_a_clerk_only_the_own_last_share(Provider provider)
    {
        await using var world = await ClosedAsync(provider);
        await DivideAsync(world, Equally(0, A, C, D));
        await DivideAsync(world, new PoolPlan(PoolWay.ByHand, [], new Dictionary<StaffId, long> { [A] = 15, [D] = 25 }, "agreed", 1));
        Assert.Equal(["S1 A 15 ByHand", "S1 D 25 ByHand"], await world.ReadAsync(async books =>
            (await ReadPools.OfPeriodAsync(books.Turn, books.Scope, January, Stop)).Select(share => $"{share.Store} {share.Staff} {share.Amount} {share.Way}").ToList()));
        Assert.Empty(await world.ReadAsync(books => ReadPools.OfPeriodAsync(books.Turn, books.Scope, January, Stop), new Scope(Store, null)));
        Assert.Equal((15, PoolWay.ByHand, January), await LastAsync(world, A));
        // What took the place of the first division has no share for C.
        Assert.Null(await LastAsync(world, C));
        var listed = Assert.Single(await world.ReadAsync(books => ReadPools.StoresAsync(books, January, Stop)));
        Assert.Equal((Store, (Int128)Pool, 2), (listed.Store, listed.Amount, listed.Division!.Number));
    }

    [Theory, EveryDatabase]
    public async Task What_was_decided_the_database_itself_lets_nobody_change(Provider provider)
    {
        await using var world = await ClosedAsync(provider);
        await DivideAsync(world, Equally(0, A));
        foreach (var sql in new[] { "update pool_share set amount = 1", "delete from pool_share", "update pool_division set reason = 'x'", "delete from pool_division" })
        {
            await using var turn = await world.Database.BeginWriteAsync(Stop);
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => turn.ExecuteAsync(sql, Stop));
        }
    }

    private static IReadOnlyDictionary<StaffId, long> None => new Dictionary<StaffId, long>();

    private static PoolPlan Equally(int seen, params StaffId[] chosen) => new(PoolWay.Equal, chosen, None, null, seen);

    private static async Task<(long, PoolWay, Month)?> LastAsync(WorldBooks world, StaffId staff) =>
        await world.ReadAsync(books => ReadPools.LastOfAsync(books.Turn, staff, Stop)) is [var share] ? (share.Amount, share.Way, share.Period) : null;

    private async Task<WorldBooks> ClosedAsync(Provider provider, bool close = true)
    {
        var world = await WorldBooks.ImportAsync(provider, server, Facts);
        if (close) await CloseAsync(world);
        return world;
    }

    private static async Task CloseAsync(WorldBooks world)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        Assert.True((await ClosePeriod.RunAsync(turn, January, "test", new Instant(1), new DateOnly(2026, 3, 1), Stop)).MayClose);
        await turn.CommitAsync(Stop);
    }

    private static async Task ShiftAsync(WorldBooks world, params (StaffId Staff, int Minutes)[] shifts)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        await StoreShifts.SaveAsync(turn, Store, shifts.ToDictionary(one => new ShiftPlace(one.Staff, new DateOnly(2026, 1, 12)), one => new ShiftChange(0, one.Minutes)), null, Stop);
        await turn.CommitAsync(Stop);
    }

    private static Task<StorePool> PoolAsync(WorldBooks world) => world.ReadAsync(books => StorePool.ReadAsync(books, Store, January, Stop));

    private static async Task<DivideOutcome> DivideAsync(WorldBooks world, PoolPlan plan, StoreId? store = null)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        var books = new OpenBooks(turn, world.Database, await world.Shelf.KnownAsync(turn, world.Database.Name, Stop), world.Shelf, Scope.All);
        var outcome = await DividePool.RunAsync(books, store ?? Store, January, plan, "test", new Instant(2), Stop);
        if (outcome == DivideOutcome.Divided) await turn.CommitAsync(Stop);
        return outcome;
    }
}
