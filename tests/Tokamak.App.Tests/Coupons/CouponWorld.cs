using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Coupons;

/// <summary>A brand's coupons in a fresh database, on one node or on two.</summary>
internal sealed class CouponWorld : IAsyncDisposable
{
    public static readonly Instant Noon = new(new DateTime(2026, 11, 21, 4, 0, 0, DateTimeKind.Utc).Ticks);
    public static readonly Instant Later = After(15), MuchLater = After(60);
    public static readonly MemberId Ann = new("M1"), Bob = new("M2");
    public static readonly CouponCart Counter = new("store", "T01", Ann);

    private readonly TestDatabase _test;
    private readonly List<Databases> _nodes = [];
    private readonly List<BrandDatabase> _brands = [];

    private CouponWorld(TestDatabase test) => _test = test;

    public static CouponSeries Spring { get; } = new()
    {
        Id = "spring", Name = new("春季", "Spring"), Kind = CouponKind.RandomCodes, Holding = CouponHolding.Transferable, OnReturn = CouponOnReturn.GiveBack, Bearer = CouponBearer.Hq, Department = "marketing",
    };

    public static CouponSeries Save100 { get; } = Spring with { Id = "save", Kind = CouponKind.SharedCode, SharedCode = "SAVE100" };

    public BrandDatabase Brand => _brands[0];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Instant After(int minutes) => new(Noon.Ticks + (minutes * TimeSpan.TicksPerMinute));

    public static async Task<CouponWorld> CreateAsync(Provider provider, PostgresServer server, int nodes = 1, params CouponSeries[] series)
    {
        var world = new CouponWorld(await TestDatabase.CreateAsync(provider, server));
        for (var node = 0; node < nodes; node++)
        {
            world._nodes.Add(await world._test.OpenAsync());
            world._brands.Add(await world._nodes[node].BrandOrNewAsync("main", Stop));
        }
        foreach (var one in series) Assert.Equal(SeriesMade.Made, await world.WriteAsync(turn => StoredSeries.MakeAsync(turn, one, "test", Noon, Stop)));
        return world;
    }

    public async Task<T> WriteAsync<T>(Func<Turn, Task<T>> work, int node = 0)
    {
        await using var turn = await _brands[node % _brands.Count].BeginWriteAsync(Stop);
        var done = await work(turn);
        await turn.CommitAsync(Stop);
        return done;
    }

    public async Task<T> ReadAsync<T>(Func<Turn, Task<T>> work)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await work(turn);
    }

    public Task<HoldAnswer> HoldAsync(string hold, CouponCart? cart, Instant now, params string[] codes) =>
        WriteAsync(turn => CouponUses.HoldAsync(turn, hold, codes, cart ?? Counter, new Instant(now.Ticks + (30 * TimeSpan.TicksPerMinute)), now, Stop));

    public Task<RedeemAnswer> RedeemAsync(string hold, string sale, Instant now, params (string Opens, long Amount)[] amounts) =>
        WriteAsync(turn => CouponUses.RedeemAsync(turn, hold, sale, amounts.ToDictionary(one => one.Opens, one => one.Amount), now, Stop));

    public Task<ReturnAnswer> ReturnAsync(string sale, long returned, long whole) => WriteAsync(turn => CouponUses.ReturnAsync(turn, sale, new ReturnedShare(returned, whole), MuchLater, Stop));

    public async Task<string> GiveAsync(string series, MemberId member) =>
        (await WriteAsync(turn => Wallet.GiveAsync(turn, series, member, IssueCodes.Fresh(), "test", Noon, Stop))).Code!.Value.Shown;

    public Task<CouponSeriesRow?> SeriesAsync(string id, Instant now) => ReadAsync(turn => StoredSeries.FindAsync(turn, id, now, Stop));

    public Task<IReadOnlyList<ClearingSum>> ClearingAsync() => ReadAsync(turn => ReadClearing.OfAsync(turn, new Instant(0), new Instant(DateTime.MaxValue.Ticks), Stop));

    /// <summary>What the series count is what the rows are.</summary>
    public async Task AssertCountsAsync()
    {
        var wrong = await ReadAsync(turn => turn.ReadAsync(
            """
            select id from coupon_series s where uses <> (select count(*) from coupon_use u where u.series = s.id and u.state < 2)
            or redeemed <> (select count(*) from coupon_use u where u.series = s.id and u.state = 1) or cost <> coalesce((select sum(u.cost) from coupon_use u where u.series = s.id), 0)
            or (kind = 0 and issued <> (select count(*) from coupon c where c.series = s.id)) or given <> (select count(*) from coupon c where c.series = s.id and c.holder is not null)
            or exists (select 1 from coupon c where c.series = s.id and c.hold is not null and not exists (select 1 from coupon_use u where u.code = c.code and u.hold = c.hold and u.state < 2))
            or exists (select 1 from coupon_use u where u.series = s.id and u.state < 2 and u.code is not null and not exists (select 1 from coupon c where c.code = u.code and c.hold = u.hold))
            or exists (select 1 from coupon_member m where m.series = s.id and m.uses <> (select count(*) from coupon_use u where u.series = m.series and u.member = m.member and u.state < 2))
            """, row => row.GetString(0), Stop));
        Assert.Empty(wrong);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await _test.DisposeAsync();
    }
}
