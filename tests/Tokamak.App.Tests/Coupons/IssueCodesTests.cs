using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Coupons;
using static Tokamak.App.Tests.Coupons.CouponWorld;

namespace Tokamak.App.Tests.Coupons;

public sealed class IssueCodesTests(PostgresServer server)
{
    private const int Asked = IssueCodes.CodesOfPart + 500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_batch_is_made_in_parts_as_it_is_taken_goes_on_where_it_broke_off_and_reads_the_same_again(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring);
        Assert.Equal(1, await world.WriteAsync(turn => IssueCodes.AskAsync(turn, "spring", Asked, "test", Noon, Stop)));
        var broken = (await TakeAsync(world))!;
        Assert.Null(await TakeAsync(world));
        var first = new List<string>();
        await foreach (var part in IssueCodes.CodesAsync(world.Brand, broken, Stop))
        {
            first.AddRange(part.Select(code => code.Value));
            break;
        }
        await world.WriteAsync(turn => IssueCodes.PutBackAsync(turn, broken, Stop));
        Assert.Equal(IssueCodes.CodesOfPart, (await world.SeriesAsync("spring", Noon))!.Issued);
        var all = new List<string>();
        await foreach (var part in IssueCodes.CodesAsync(world.Brand, (await TakeAsync(world))!, Stop)) all.AddRange(part.Select(code => code.Value));
        Assert.Equal((Asked, Asked), (all.Count, all.Distinct().Count()));
        Assert.Equal(first, all.Take(first.Count));
        Assert.Null((await world.HoldAsync("Q1", null, Noon, all[^1])).Coupons[0].Refusal);
        await world.AssertCountsAsync();
    }

    [Theory, EveryDatabase]
    public async Task Codes_are_asked_for_only_of_series_that_have_them_and_run(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring, Save100);
        foreach (var series in (string[])["save", "nothing"]) Assert.Null(await world.WriteAsync(turn => IssueCodes.AskAsync(turn, series, 10, "test", Noon, Stop)));
        Assert.Equal((1, 2), (await AskAsync(world), await AskAsync(world)));
        Assert.True(await world.WriteAsync(turn => StoredSeries.StopAsync(turn, "spring", Later, Stop)));
        Assert.False(await world.WriteAsync(turn => StoredSeries.StopAsync(turn, "spring", Later, Stop)));
        Assert.Null(await AskAsync(world));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => world.WriteAsync(turn => IssueCodes.AskAsync(turn, "spring", IssueCodes.MostOfBatch + 1, "test", Noon, Stop)));
    }

    [Theory, EveryDatabase]
    public async Task An_id_and_a_shared_code_are_taken_once_however_they_are_written(Provider provider)
    {
        await using var world = await CreateAsync(provider, server, 1, Spring, Save100);
        Task<SeriesMade> MakeAsync(CouponSeries series) => world.WriteAsync(turn => StoredSeries.MakeAsync(turn, series, "test", Later, Stop));
        Assert.Equal(SeriesMade.IdTaken, await MakeAsync(Spring));
        Assert.Equal(SeriesMade.CodeTaken, await MakeAsync(Save100 with { Id = "other", SharedCode = "save-1oo" }));
        var full = Spring with
        {
            Id = "full", IssuingStore = "T02", Channels = ["store"], Stores = ["T01", "T02"], From = Noon, Until = Later, TotalUses = 9, MemberUses = 2, Holding = CouponHolding.HolderOnly,
            OnReturn = CouponOnReturn.Keep, Bearer = CouponBearer.Redeemer, Department = "",
        };
        Assert.Equal(SeriesMade.Made, await MakeAsync(full));
        var stored = StoredSeries.Of((await world.SeriesAsync("full", Noon))!);
        Assert.Equal(full.Stores, stored.Stores);
        Assert.Equal(full.Channels, stored.Channels);
        Assert.Equal(full with { Stores = null, Channels = null }, stored with { Stores = null, Channels = null });
        await Assert.ThrowsAsync<ArgumentException>(() => MakeAsync(Spring with { Id = "" }));
    }

    private static Task<int?> AskAsync(CouponWorld world) => world.WriteAsync(turn => IssueCodes.AskAsync(turn, "spring", 10, "test", Noon, Stop));

    private static Task<CouponBatchRow?> TakeAsync(CouponWorld world) => world.WriteAsync(turn => IssueCodes.TakeAsync(turn, "spring", 1, "test", Noon, Stop));
}
