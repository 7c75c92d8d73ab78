using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Members;
using static Tokamak.App.Tests.Coupons.CouponWorld;

namespace Tokamak.App.Tests.Coupons;

public sealed class WalletTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_coupon_is_given_shown_with_what_became_of_it_and_only_its_holders(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring with { Holding = CouponHolding.HolderOnly, Until = MuchLater }, Save100);
        var code = await world.GiveAsync("spring", Ann);
        Assert.Equal(GiveOutcome.SharedCode, (await GiveAsync(world, "save")).Outcome);
        Assert.Equal(GiveOutcome.NoSeries, (await GiveAsync(world, "nothing")).Outcome);
        Assert.True((await ListAsync(world, Ann)).Single().IsUsable);
        Assert.Empty(await ListAsync(world, Bob));
        // Another's and none are one answer.
        Assert.Equal((GiveOutcome.NoCode, GiveOutcome.NoCode, GiveOutcome.Hers), (await ClaimAsync(world, code, Bob), await ClaimAsync(world, IssueCodes.Fresh().Shown, Bob), await ClaimAsync(world, code, Ann)));
        await world.HoldAsync("Q1", null, Noon, code);
        Assert.Equal(CouponUse.Held, (await ListAsync(world, Ann)).Single().Use);
        await world.RedeemAsync("Q1", "W1", Later, ("spring", 5));
        Assert.Equal(CouponUse.Redeemed, (await ListAsync(world, Ann)).Single().Use);
        var over = await world.ReadAsync(turn => Wallet.ListAsync(turn, Ann, MuchLater, 10, Stop));
        Assert.Equal(CouponRefusal.Over, over.Single().Ended);
        Assert.Equal(GiveOutcome.Ended, (await world.WriteAsync(turn => Wallet.GiveAsync(turn, "spring", Ann, IssueCodes.Fresh(), "test", MuchLater, Stop))).Outcome);
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_code_on_paper_is_put_into_a_wallet_and_passed_on_as_long_as_it_has_not_paid(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring, Spring with { Id = "own", Holding = CouponHolding.HolderOnly });
        var paper = new Dictionary<string, string>();
        foreach (var series in (string[])["spring", "own"])
        {
            await world.WriteAsync(turn => IssueCodes.AskAsync(turn, series, 1, "test", Noon, Stop));
            var batch = (await world.ReadAsync(turn => IssueCodes.BatchesAsync(turn, series, Stop))).Single();
            await foreach (var part in IssueCodes.CodesAsync(world.Brand, batch, Stop)) paper[series] = part.Single().Shown;
        }
        Assert.Equal([CouponRefusal.NotInWallet, null], (await world.HoldAsync("Q1", null, Noon, paper["own"], paper["spring"])).Coupons.Select(coupon => coupon.Refusal));
        Assert.Equal((GiveOutcome.Given, GiveOutcome.Used), (await ClaimAsync(world, paper["own"], Ann), await ClaimAsync(world, paper["spring"], Bob)));
        await world.WriteAsync(turn => CouponUses.ReleaseAsync(turn, "Q1", Noon, Stop));
        Assert.Equal((GiveOutcome.Given, GiveOutcome.Given), (await ClaimAsync(world, paper["spring"], Bob), await ClaimAsync(world, paper["spring"], Ann)));
        Assert.Equal((2, 0), ((await ListAsync(world, Ann)).Count, (await ListAsync(world, Bob)).Count));
        Assert.Equal((1, 1), ((await world.SeriesAsync("spring", Noon))!.Given, (await world.SeriesAsync("own", Noon))!.Given));
        await world.AssertCountsAsync();
    }

    private static Task<GiveAnswer> GiveAsync(CouponWorld world, string series) => world.WriteAsync(turn => Wallet.GiveAsync(turn, series, Ann, IssueCodes.Fresh(), "test", Noon, Stop));

    private static async Task<GiveOutcome> ClaimAsync(CouponWorld world, string code, MemberId member) => (await world.WriteAsync(turn => Wallet.ClaimAsync(turn, code, member, "test", Noon, Stop))).Outcome;

    private static Task<IReadOnlyList<WalletCoupon>> ListAsync(CouponWorld world, MemberId member) => world.ReadAsync(turn => Wallet.ListAsync(turn, member, Noon, 10, Stop));
}
