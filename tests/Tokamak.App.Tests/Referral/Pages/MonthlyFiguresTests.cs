using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class MonthlyFiguresTests
{
    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1)), February = January.Next;
    private static readonly StoreId S1 = new("S1"), S2 = new("S2");
    private readonly MonthlyFigures _small = InMemory.Figures(World.Small());

    [Fact]
    public void Net_sales_count_a_sale_once_by_its_channel_and_a_return_on_its_own_day()
    {
        Assert.Equal((Int128)12_000, _small.Net(January, Channel.Store));
        Assert.Equal((Int128)1_501, _small.Net(January, Channel.Online));
        Assert.Equal((Int128)(-9_000), _small.Net(February, Channel.Store));
        Assert.Equal((Int128)700, _small.Net(February, Channel.Online));
    }

    [Fact]
    public void Credits_of_the_stores_and_the_web_shop_add_up_to_net_sales()
    {
        foreach (var month in _small.Months)
        {
            var net = _small.Net(month, Channel.Store) + _small.Net(month, Channel.Online);
            Assert.Equal(net, _small.Stores.Aggregate((Int128)0, (sum, store) => sum + StoreMonth.Of(_small, store, month).Credit));
        }
    }

    [Fact]
    public void A_store_sees_what_its_clerks_brought_in_online()
    {
        var first = StoreMonth.Of(_small, S1, January);
        Assert.Equal((Int128)12_000, first.FromStoreSales);
        Assert.Equal((Int128)600, first.FromOnlineSales);
        Assert.Equal((Int128)100, StoreMonth.Of(_small, S2, January).CreditByRole[Role.Handover]);
        var clerk = Assert.Single(StoreFigures.Of(_small, S1, January, _ => true).Clerks);
        Assert.Equal(new StaffId("A"), clerk.Staff);
        Assert.Equal((Int128)210, clerk.Pay);
    }

    [Fact]
    public void The_overview_compares_a_month_with_the_one_before()
    {
        var overview = OverviewFigures.Of(_small, February);
        Assert.Equal((Int128)(-8_300), overview.Chosen.Net);
        Assert.Null(overview.Chosen.OnlineShareBps);
        Assert.Equal((Int128)13_501, overview.Before.Net);
        Assert.Equal(1_112, overview.Before.OnlineShareBps);
        Assert.Equal(2, overview.Drawn.Count);
    }

    [Fact]
    public void The_month_shown_first_is_the_last_that_the_facts_cover_to_its_end()
    {
        Assert.Equal(January, _small.LastFull);
        Assert.Equal(February, _small.Last);
        Assert.Equal(February, _small.Choose("2026-02"));
        Assert.Equal(January, _small.Choose("2031-02"));
        Assert.Equal(January, _small.Choose("soon"));
    }

    [Fact]
    public void Without_facts_there_are_no_months_and_nothing_breaks()
    {
        var none = InMemory.Figures(World.Of(""));
        Assert.Empty(none.Months);
        Assert.Empty(none.DrawnMonths);
        Assert.Empty(none.Stores);
    }

    [Fact]
    public void A_chart_draws_the_last_two_years_only()
    {
        const string FarApart =
            """
            {"type":"sale","id":"P1","at":"1990-01-10T12:00:00+08:00","channel":"online","lines":[{"line":1,"category":"a","quantity":1,"net":1,"fulfil":"ship"}]}
            {"type":"sale","id":"P2","at":"2026-01-10T12:00:00+08:00","channel":"online","lines":[{"line":1,"category":"a","quantity":1,"net":1,"fulfil":"ship"}]}
            """;
        Assert.Equal(24, InMemory.Figures(World.Of(FarApart)).DrawnMonths.Count);
    }

    [Theory]
    [InlineData(1, 3, 3_333L)]
    [InlineData(2, 3, 6_667L)]
    [InlineData(-1, 8, -1_250L)]
    [InlineData(1, 0, null)]
    [InlineData(1, -5, null)]
    public void A_share_is_rounded_and_of_nothing_there_is_none(long part, long whole, long? bps) => Assert.Equal(bps, Share.Bps(part, whole));
}
