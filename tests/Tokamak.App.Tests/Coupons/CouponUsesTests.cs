using System.Data.Common;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using static Tokamak.App.Tests.Coupons.CouponWorld;

namespace Tokamak.App.Tests.Coupons;

public sealed class CouponUsesTests(PostgresServer server)
{
    private const int Callers = 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Of_two_hundred_who_want_the_last_use_one_gets_it(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Save100 with { TotalUses = 1 });
        Assert.Equal(1, await RushAsync(world, "SAVE100"));
    }

    [Theory, EveryDatabase]
    public async Task Of_two_hundred_who_present_one_code_one_gets_it(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring);
        Assert.Equal(1, await RushAsync(world, await world.GiveAsync("spring", Ann)));
    }

    [Fact]
    public async Task Two_nodes_on_one_server_give_the_last_use_once()
    {
        await using var world = await CreateAsync(Provider.Postgres, server, 2, Save100 with { TotalUses = 1 }, Spring);
        Assert.Equal(1, await RushAsync(world, "SAVE100"));
        Assert.Equal(1, await RushAsync(world, await world.GiveAsync("spring", Ann)));
    }

    [Fact]
    public async Task Two_nodes_redeem_a_hold_once()
    {
        await using var world = await CreateAsync(Provider.Postgres, server, 2, Save100 with { TotalUses = 5 });
        await world.HoldAsync("Q1", null, Noon, "SAVE100");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => world.WriteAsync(
            turn => CouponUses.RedeemAsync(turn, "Q1", $"W{n}", new Dictionary<string, long> { ["SAVE100"] = 100 }, Later, Stop), n)));
        Assert.Equal((1, 49), (answers.Count(answer => answer.Outcome == RedeemOutcome.Redeemed), answers.Count(answer => answer.Outcome == RedeemOutcome.OtherSale)));
        Assert.Equal([100], (await world.ClearingAsync()).Select(sum => sum.AmountMinor));
    }

    /// <summary>Everybody holds at once, on whichever node, and whoever holds redeems.</summary>
    private static async Task<int> RushAsync(CouponWorld world, string code)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(n => Task.Run(async () =>
        {
            var cart = new CouponCart("store", "T01", new MemberId($"M{n}"));
            var held = await world.WriteAsync(turn => CouponUses.HoldAsync(turn, $"{code}-{n}", [code], cart, MuchLater, Noon, Stop), n);
            if (held.Coupons[0].Opens is not { } opens) return held.Coupons[0].Refusal is CouponRefusal.UsedUp or CouponRefusal.HeldElsewhere or CouponRefusal.Redeemed ? 0 : throw new InvalidOperationException($"{held.Coupons[0].Refusal}");
            var redeemed = await world.WriteAsync(turn => CouponUses.RedeemAsync(turn, $"{code}-{n}", $"{code}-{n}", new Dictionary<string, long> { [opens] = 100 }, Later, Stop), n + 1);
            return redeemed.Outcome == RedeemOutcome.Redeemed ? 1 : throw new InvalidOperationException($"{redeemed.Outcome}");
        }, Stop)));
        await world.AssertCountsAsync();
        return answers.Sum();
    }

    [Theory, EveryDatabase]
    public async Task The_tables_refuse_a_use_too_many_whoever_writes_it(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Save100 with { TotalUses = 2 }, Spring);
        await Assert.ThrowsAnyAsync<DbException>(() => world.WriteAsync(turn => turn.ExecuteAsync("update coupon_series set uses = 3 where id = 'save'", Stop)));
        await Assert.ThrowsAnyAsync<DbException>(() => world.WriteAsync(turn => turn.ExecuteAsync("update coupon_series set redeemed = 1 where id = 'save'", Stop)));
        var code = await world.GiveAsync("spring", Ann);
        Assert.Null((await world.HoldAsync("Q1", null, Noon, code)).Coupons[0].Refusal);
        // The same code for another cart, past all rules.
        await Assert.ThrowsAnyAsync<DbException>(() => world.WriteAsync(turn => turn.ExecuteAsync(
            "insert into coupon_use (hold, series, code, redeemer, bearer, state, until_ticks, amount, cost) select 'Q2', series, code, redeemer, bearer, state, until_ticks, amount, cost from coupon_use", Stop)));
        await world.RedeemAsync("Q1", "W1", Later, ("spring", 100));
        foreach (var sql in (string[])["delete from coupon_clearing", "update coupon_clearing set amount = 1"])
            await Assert.ThrowsAnyAsync<DbException>(() => world.WriteAsync(turn => turn.ExecuteAsync(sql, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task A_code_opens_its_series_and_a_shared_one_itself(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring, Save100);
        var code = await world.GiveAsync("spring", Ann);
        var held = await world.HoldAsync("Q1", null, Noon, code.ToLowerInvariant().Replace('-', ' '), " save-100", "nothing");
        Assert.Equal(["spring", "SAVE100", null], held.Coupons.Select(coupon => coupon.Opens));
        Assert.Equal(CouponRefusal.Unknown, held.Coupons[2].Refusal);
        // Two of a series, and one twice.
        var second = await world.GiveAsync("spring", Ann);
        Assert.Equal([null, CouponRefusal.SeriesTwice, null], (await world.HoldAsync("Q1", null, Noon, code, second, code)).Coupons.Select(coupon => coupon.Refusal));
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_hold_keeps_others_out_until_it_is_over_and_then_by_itself_no_more(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring with { TotalUses = 1, MemberUses = 1 });
        var code = await world.GiveAsync("spring", Ann);
        Assert.Null((await world.HoldAsync("Q1", null, Noon, code)).Coupons[0].Refusal);
        Assert.Equal(CouponRefusal.MemberUsedUp, (await world.HoldAsync("Q2", null, Later, code)).Coupons[0].Refusal);
        Assert.Equal(CouponRefusal.HeldElsewhere, (await world.HoldAsync("Q2", Counter with { Member = Bob }, Later, code)).Coupons[0].Refusal);
        Assert.Equal((1, 0), await world.SeriesAsync("spring", Later) is { } now ? (now.Uses, now.Redeemed) : default);
        // Nobody has done anything, and its time is over.
        Assert.Equal(0, (await world.SeriesAsync("spring", MuchLater))!.Uses);
        Assert.Null((await world.ReadAsync(turn => PresentedCoupons.JudgeAsync(turn, null, [code], Counter, MuchLater, Stop)))[0].Refusal);
        Assert.Equal(RedeemOutcome.NotHeld, (await world.RedeemAsync("Q1", "W1", MuchLater, ("spring", 100))).Outcome);
        Assert.Null((await world.HoldAsync("Q2", Counter with { Member = Bob }, MuchLater, code)).Coupons[0].Refusal);
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task Holding_again_takes_what_is_presented_now_and_lets_the_rest_go(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring with { TotalUses = 1, MemberUses = 1 }, Save100);
        var code = await world.GiveAsync("spring", Ann);
        await world.HoldAsync("Q1", null, Noon, code);
        Assert.Equal([null, null], (await world.HoldAsync("Q1", null, Later, code, "SAVE100")).Coupons.Select(coupon => coupon.Refusal));
        Assert.Single((await world.HoldAsync("Q1", null, Later, "SAVE100")).Coupons);
        Assert.Null((await world.HoldAsync("Q2", null, Later, code)).Coupons[0].Refusal);
        Assert.Equal(ReleaseOutcome.Released, await world.WriteAsync(turn => CouponUses.ReleaseAsync(turn, "Q1", Later, Stop)));
        Assert.Equal(ReleaseOutcome.NotHeld, await world.WriteAsync(turn => CouponUses.ReleaseAsync(turn, "Q1", Later, Stop)));
        Assert.Equal((0, 1), ((await world.SeriesAsync("save", Later))!.Uses, (await world.SeriesAsync("spring", Later))!.Uses));
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task Redeeming_is_done_once_and_lets_go_what_took_nothing_off(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring, Save100);
        var code = await world.GiveAsync("spring", Ann);
        await world.HoldAsync("Q1", null, Noon, code, "SAVE100");
        var missing = await world.RedeemAsync("Q1", "W1", Later, ("spring", 120), ("OTHER", 1));
        Assert.Equal((RedeemOutcome.NotHeld, "OTHER"), (missing.Outcome, missing.Missing.Single()));
        var answer = await world.RedeemAsync("Q1", "W1", Later, ("spring", 120), ("SAVE100", 0));
        Assert.Equal([new CouponClearing(CouponParty.Hq, CouponParty.OfStore("T01"), 120)], answer.Clearings);
        Assert.Equal(RedeemOutcome.AlreadyRedeemed, (await world.RedeemAsync("Q1", "W1", Later, ("spring", 120))).Outcome);
        Assert.Equal(RedeemOutcome.OtherSale, (await world.RedeemAsync("Q1", "W2", Later, ("spring", 120))).Outcome);
        Assert.True((await world.HoldAsync("Q1", null, Later, "SAVE100")).IsOver);
        Assert.Equal(ReleaseOutcome.AlreadyRedeemed, await world.WriteAsync(turn => CouponUses.ReleaseAsync(turn, "Q1", Later, Stop)));
        Assert.Equal(CouponRefusal.Redeemed, (await world.HoldAsync("Q2", null, MuchLater, code)).Coupons[0].Refusal);
        Assert.Equal((0, 1, 1, 120), await CountsAsync(world));
        Assert.Equal(120, (await world.ClearingAsync()).Single().AmountMinor);
        await world.AssertCountsAsync();
    }

    private static async Task<(long Shared, long Uses, long Redeemed, long Cost)> CountsAsync(CouponWorld world) =>
        await world.SeriesAsync("spring", MuchLater) is { } row ? ((await world.SeriesAsync("save", MuchLater))!.Uses, row.Uses, row.Redeemed, row.Cost) : default;

    [Theory, EveryDatabase]
    public async Task Returns_take_back_what_was_cleared_and_give_the_coupon_back_with_the_last_of_it(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring with { TotalUses = 1, MemberUses = 1 }, Save100 with { OnReturn = CouponOnReturn.Keep });
        var code = await world.GiveAsync("spring", Ann);
        await world.HoldAsync("Q1", null, Noon, code, "SAVE100");
        await world.RedeemAsync("Q1", "W1", Later, ("spring", 100), ("SAVE100", 50));
        Assert.Equal([-17, -33], (await world.ReturnAsync("W1", 1, 3)).Clearings.Select(row => row.AmountMinor).OrderDescending());
        // Said twice.
        Assert.Empty((await world.ReturnAsync("W1", 1, 3)).Clearings);
        Assert.Equal(CouponRefusal.Redeemed, (await world.HoldAsync("Q2", null, MuchLater, code)).Coupons[0].Refusal);
        var all = await world.ReturnAsync("W1", 3, 3);
        Assert.Equal(["spring"], all.GivenBack);
        Assert.Equal(-100, all.Clearings.Sum(row => row.AmountMinor));
        Assert.Equal(0, (await world.ClearingAsync()).Sum(sum => sum.AmountMinor));
        Assert.Empty((await world.ReturnAsync("W1", 3, 3)).GivenBack);
        Assert.Equal((1, 0, 0, 0), await CountsAsync(world));
        Assert.True((await world.ReadAsync(turn => Wallet.ListAsync(turn, Ann, MuchLater, 10, Stop))).Single().IsUsable);
        // And it pays again.
        Assert.Null((await world.HoldAsync("Q2", null, MuchLater, code)).Coupons[0].Refusal);
        Assert.Equal(RedeemOutcome.Redeemed, (await world.RedeemAsync("Q2", "W2", MuchLater, ("spring", 70))).Outcome);
        Assert.Empty((await world.ReturnAsync("W1", 3, 3)).Clearings);
        Assert.Equal((1, 1, 1, 70), await CountsAsync(world));
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task Members_who_are_one_share_their_uses_and_their_wallet(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring with { MemberUses = 1, Holding = CouponHolding.HolderOnly });
        var (first, second) = (await world.GiveAsync("spring", Ann), await world.GiveAsync("spring", Bob));
        Assert.Equal(CouponRefusal.Unknown, (await world.HoldAsync("Q1", null, Noon, second)).Coupons[0].Refusal);
        await world.HoldAsync("Q2", Counter with { Member = Bob }, Noon, second);
        await world.RedeemAsync("Q2", "W2", Later, ("spring", 10));
        // M2 was merged into M1.
        await world.WriteAsync(turn => turn.ExecuteAsync(
            "insert into member (id, root, last_at_ticks, last_type, last_fact, declined) values ('M1', 'M1', 0, 0, '', @no), ('M2', 'M1', 0, 0, '', @no)", Stop, ("no", provider == Provider.Postgres ? false : 0)));
        Assert.Equal([second, first], (await world.ReadAsync(turn => Wallet.ListAsync(turn, Ann, Later, 10, Stop))).OrderByDescending(coupon => coupon.Use).Select(coupon => coupon.Code.Shown));
        Assert.Equal(CouponRefusal.MemberUsedUp, (await world.HoldAsync("Q3", null, Later, first)).Coupons[0].Refusal);
        await world.ReturnAsync("W2", 1, 1);
        Assert.Equal([null], (await world.HoldAsync("Q4", Counter with { Member = Bob }, Later, second)).Coupons.Select(coupon => coupon.Refusal));
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task Clearing_is_summed_by_who_owes_whom_and_nets_to_nothing(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Save100, Spring with { IssuingStore = "T02", Bearer = CouponBearer.Issuer, Department = "" });
        foreach (var (hold, store, amount) in new (string, string?, long)[] { ("Q1", "T01", 100), ("Q2", null, 30), ("Q3", "T01", 5) })
        {
            var cart = new CouponCart(store is null ? "online" : "store", store, Ann);
            await world.HoldAsync(hold, cart, Noon, "SAVE100", await world.GiveAsync("spring", Ann));
            await world.RedeemAsync(hold, hold, Later, ("SAVE100", amount), ("spring", 1));
        }
        var sums = await world.ClearingAsync();
        Assert.Equal(
            ["hq>online marketing 30 1", "hq>store:T01 marketing 105 2", "store:T02>online  1 1", "store:T02>store:T01  2 2"],
            sums.Select(sum => $"{sum.From}>{sum.To} {sum.Department} {sum.AmountMinor} {sum.Postings}"));
        var balances = ReadClearing.BalancesOf(sums);
        Assert.Equal(["hq -135", "online 31", "store:T01 107", "store:T02 -3"], balances.Select(balance => $"{balance.Party} {balance.NetMinor}"));
        Assert.Equal(0, balances.Sum(balance => balance.NetMinor));
        Assert.Empty(await world.ReadAsync(turn => ReadClearing.OfAsync(turn, new Instant(0), Later, Stop)));
    }
}
