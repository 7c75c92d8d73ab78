using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using static Tokamak.App.Tests.Coupons.CouponWorld;

namespace Tokamak.App.Tests.Coupons;

/// <summary>Carts that hold, hold again, redeem, let go, are forgotten and returned in any order, from seeds: no limit is ever passed, and every count is that of its rows.</summary>
public sealed class CouponInterleavingTests(PostgresServer server)
{
    private const int Steps = 120, Carts = 4;

    private static readonly MemberId[] People = [Ann, Bob, new("M3")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [EveryDatabase(1)]
    [EveryDatabase(2)]
    [EveryDatabase(3)]
    public async Task Uses_never_pass_a_limit_whatever_happens_in_whichever_order(Provider provider, int seed)
    {
        var random = new Random(seed);
        await using var world = await CreateAsync(provider, server, 1, Spring with { TotalUses = 4, MemberUses = 2 }, Save100 with { TotalUses = 3, MemberUses = 1, OnReturn = CouponOnReturn.Keep });
        List<string> codes = ["SAVE100"];
        for (var i = 0; i < 6; i++) codes.Add(await world.GiveAsync("spring", People[i % People.Length]));
        var (sales, held, redeemed) = (new List<string>(), 0, 0);
        for (var step = 0; step < Steps; step++)
        {
            var (now, hold) = (After(step * 2), $"Q{random.Next(Carts)}-{step / 30}");
            switch (random.Next(6))
            {
                case 0 or 1 or 2:
                    var cart = new CouponCart("store", "T01", People[random.Next(People.Length)]);
                    held += (await world.HoldAsync(hold, cart, now, codes[0], codes[random.Next(1, codes.Count)])).Coupons.Count(coupon => coupon.Refusal is null);
                    break;
                case 3:
                    if ((await world.RedeemAsync(hold, hold, now, random.Next(2) == 0 ? ("SAVE100", 50) : ("spring", 70))).Outcome == RedeemOutcome.Redeemed)
                    {
                        sales.Add(hold);
                        redeemed++;
                    }
                    break;
                case 4:
                    await world.WriteAsync(turn => CouponUses.ReleaseAsync(turn, hold, now, Stop));
                    break;
                default:
                    if (sales.Count > 0) await world.WriteAsync(turn => CouponUses.ReturnAsync(turn, sales[random.Next(sales.Count)], new ReturnedShare(random.Next(3), 2), now, Stop));
                    break;
            }
            await AssertLimitsAsync(world, now);
        }
        await world.AssertCountsAsync();
        Assert.True(held > 10 && redeemed > 1, $"too little happened: {held} held, {redeemed} redeemed");
    }

    private static async Task AssertLimitsAsync(CouponWorld world, Instant now)
    {
        var standing = await world.ReadAsync(turn => turn.ReadAsync(
            "select series, member, code from coupon_use where state = 1 or (state = 0 and until_ticks > @now)", row => (Series: row.GetString(0), Member: row.GetString(1), Code: row.IsDBNull(2) ? null : row.GetString(2)), Stop, ("now", now.Ticks)));
        Assert.InRange(standing.Count(use => use.Series == "spring"), 0, 4);
        Assert.InRange(standing.Count(use => use.Series == "save"), 0, 3);
        Assert.All(standing.GroupBy(use => (use.Series, use.Member)), uses => Assert.InRange(uses.Count(), 1, uses.Key.Series == "spring" ? 2 : 1));
        Assert.All(standing.Where(use => use.Code is not null).GroupBy(use => use.Code), uses => Assert.Single(uses));
    }
}
