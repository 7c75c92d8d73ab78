using Tokamak.Core.Promotions;
using Xunit;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>Every kind of promotion of the trade, each with its arithmetic; and the faults that other engines are known for.</summary>
public sealed class VocabularyTests
{
    [Theory]
    // 會員價 95 折: 990 × 0.95 = 940.5 → 941.
    [InlineData("""{"who":{"members":"member"},"price":{"items":{"all":true},"percent":5}}""", "A:990", 941)]
    // 檔期價 $799.
    [InlineData("""{"price":{"items":{"skus":["A"]},"price":799}}""", "A:990 B:500", 1299)]
    // 第二件 5 折: the cheaper of two, 590 × 0.5 = 295.
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":2}],"give":{"cheapest":1,"percent":50}}}""", "A:990 B:590", 1285)]
    // Three of them: the dear two make the pair: 990 + 495 + 590.
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":2}],"give":{"cheapest":1,"percent":50}}}""", "A:990x2 B:590", 2075)]
    // 買 2 送 1: 990 + 790 + 0.
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":3}],"give":{"cheapest":1,"percent":100}}}""", "A:990 B:790 C:390", 1780)]
    // 加 1 元多 1 件, of one sku: 390 + 1, and 590 alone.
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":2,"same":"sku"}],"give":{"cheapest":1,"price":1}}}""", "A:390x2 B:590", 981)]
    // 任選 3 件 $999: the dearest three of four, and 190 is left.
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":3}],"give":{"total":999}}}""", "A:490x2 B:390 C:190", 1189)]
    // 紅配綠 8 折: 500 × 0.8 + 300 × 0.8 = 640, the second red stays 400.
    [InlineData("""{"unit":{"take":[{"items":{"categories":["red"]},"count":1},{"items":{"categories":["green"]},"count":1}],"give":{"percent":20}}}""", "A@red:500 B@red:400 C@green:300", 1040)]
    // 滿 1000 加價購 $99: 1200 are there, so a hat of 390 costs 99.
    [InlineData("""{"needs":{"items":{"all":true},"spend":1000},"limit":1,"unit":{"take":[{"items":{"categories":["hat"]},"count":1}],"give":{"price":99}}}""", "A:810 B@hat:390x2", 1299)]
    // 滿千折百: 3,260 hold 1000 three times.
    [InlineData("""{"order":{"items":{"all":true},"spend":[{"from":1000,"off":100}],"every":true}}""", "A:1630x2", 2960)]
    // 滿額折 in steps: 2,000 reach the second.
    [InlineData("""{"order":{"items":{"all":true},"spend":[{"from":1000,"off":100},{"from":2000,"off":250}]}}""", "A:1000x2", 1750)]
    // 滿 3 件 85 折最高折 500: 15 % of 4,000 are 600.
    [InlineData("""{"order":{"items":{"all":true},"count":[{"from":3,"percent":15}],"maxOff":500}}""", "A:1000x4", 3500)]
    // 特價品除外: the one at a special price is not eligible. 10 % of 990 are 99; B is priced 400 by P2.
    [InlineData("""{"regularOnly":true,"order":{"items":{"all":true},"spend":[{"from":500,"percent":10}]}}""", "A:990 B:500", 1291, """{"price":{"items":{"skus":["B"]},"price":400}}""")]
    // 不與其他優惠併用: 200 alone are better than 100 beside 50.
    [InlineData("""{"exclusive":["*"],"order":{"items":{"all":true},"spend":[{"from":500,"off":200}]}}""", "A:990", 790, """{"order":{"items":{"all":true},"spend":[{"from":500,"off":100}],"stacks":true}}""", """{"order":{"items":{"all":true},"spend":[{"from":500,"off":50}],"stacks":true}}""")]
    // 可併用的滿額活動: 100 and 50, both of what the unit stage left.
    [InlineData("""{"order":{"items":{"all":true},"spend":[{"from":990,"off":100}],"stacks":true}}""", "A:990", 840, """{"order":{"items":{"all":true},"spend":[{"from":990,"off":50}],"stacks":true}}""")]
    // 每單限一張券: of two coupons the better; 12 % of 990 are 118.8, so 119.
    [InlineData("""{"coupon":["C1"],"exclusive":["coupon"],"order":{"items":{"all":true},"spend":[{"from":1,"off":80}],"stacks":true}}""", "A:990", 871, """{"coupon":["C2"],"exclusive":["coupon"],"order":{"items":{"all":true},"spend":[{"from":1,"percent":12}],"stacks":true}}""")]
    // 星期六, 生日月, 刷指定支付.
    [InlineData("""{"when":{"weekdays":[6],"hours":[{"from":"14:00","until":"16:00"}]},"who":{"members":"birthday-month"},"tender":["line-pay"],"price":{"items":{"all":true},"off":90}}""", "A:990", 900)]
    public void The_trades_promotions_come_out_as_people_reckon_them(string offer, string cart, long total, params string[] more)
    {
        var quote = Quote([offer, .. more], cart);
        Assert.Equal((total, true), (quote.Total, quote.IsOptimal));
    }

    [Fact]
    public void A_gift_comes_with_a_purchase_and_changes_no_price()
    {
        // 買 A 送 B: two of A, two gifts. 滿千送百: a coupon of the series for 1,000.
        var quote = Quote(
            [
                """{"reward":{"items":{"skus":["A"]},"count":[{"from":1,"gift":{"sku":"B","quantity":1}}],"every":true}}""",
                """{"reward":{"items":{"all":true},"spend":[{"from":1000,"coupon":"BACK100","pointsTimes":2}]}}""",
                """{"reward":{"items":{"all":true},"spend":[{"from":5000,"freeShipping":true}]}}""",
            ], "A:600x2");
        Assert.Equal(1200, quote.Total);
        Assert.Equal([("P1", 2L), ("P2", 1L), ("P2", 1L)], quote.Rewards.Select(reward => (reward.Offer, reward.Times)));
        Assert.Equal(("B", "BACK100", 2L), (quote.Rewards[0].Gift!.OneOf[0], quote.Rewards[1].Coupon, quote.Rewards[2].PointsTimes));
        var missed = Assert.Single(quote.NotApplied);
        Assert.Equal(("P3", NotAppliedReason.ShortBy, 3800L, Measure.Spend), (missed.Offer, missed.Reason, missed.Missing, missed.Of));
    }

    [Fact]
    public void Twenty_percent_and_ten_off_are_compared_by_what_they_take_off_not_by_their_numbers()
    {
        // Known elsewhere: "20" sorts before "10" whatever they mean. 20 % of 40 are 8; 10 off are more.
        var quote = Quote(["""{"order":{"items":{"all":true},"spend":[{"from":1,"percent":20}]}}""", """{"order":{"items":{"all":true},"spend":[{"from":1,"off":10}]}}"""], "A:40");
        Assert.Equal(("P2", 30L), (quote.Applied[0].Offer, quote.Total));
        Assert.Equal(NotAppliedReason.Exclusive, Assert.Single(quote.NotApplied).Reason);
    }

    [Fact]
    public void The_order_in_which_goods_are_entered_changes_nothing()
    {
        const string Offer = """{"unit":{"take":[{"items":{"all":true},"count":2}],"give":{"cheapest":1,"percent":50}}}""";
        Assert.Equal(Quote([Offer], "A:100 B:900 C:500 D:700").Total, Quote([Offer], "D:700 A:100 C:500 B:900").Total);
        // 900 + 350 and 500 + 50: the dear ones pair up.
        Assert.Equal(1800, Quote([Offer], "A:100 B:900 C:500 D:700").Total);
    }

    [Fact]
    public void A_coupon_does_not_disqualify_itself_by_what_it_takes_off()
    {
        // Known elsewhere: 100 off from 1000 makes 900, which is under 1000, so the coupon falls off again.
        Assert.Equal(900, Quote(["""{"coupon":["C1"],"order":{"items":{"all":true},"spend":[{"from":1000,"off":100}]}}"""], "A:1000").Total);
    }

    [Fact]
    public void Left_over_cents_never_go_to_a_line_that_costs_nothing()
    {
        var quote = Quote(["""{"order":{"items":{"all":true},"spend":[{"from":1,"off":10}]}}"""], "A:0 B:33 C:33 D:33");
        Assert.Equal([0, 29, 30, 30], quote.Lines.Select(line => line.Amount));
        Assert.Empty(quote.Lines[0].Discounts);
    }

    [Fact]
    public void Stacking_gives_nothing_away_for_free()
    {
        // Known elsewhere: three offers of half the price each made goods free, or dearer than nothing.
        string[] offers = [.. Enumerable.Range(0, 3).Select(_ => """{"order":{"items":{"all":true},"spend":[{"from":1,"percent":50}],"stacks":true}}""")];
        Assert.Equal(700, Quote(offers, "A:1000", floorPercent: 70).Total);
        Assert.Equal(0, Quote(offers, "A:1000").Total);
    }

    [Fact]
    public void A_discount_may_be_given_up_for_the_gift_that_it_stands_in_the_way_of()
    {
        string[] offers = ["""{"order":{"items":{"all":true},"spend":[{"from":900,"off":150}]}}""", """{"reward":{"items":{"all":true},"spend":[{"from":1000,"gift":{"sku":"BAG","quantity":1}}]}}"""];
        Assert.Empty(Quote(offers, "A:1000").Rewards);
        var declined = Quote(offers, "A:1000", declined: "P1");
        Assert.Equal((1000, "BAG"), (declined.Total, declined.Rewards[0].Gift!.OneOf[0]));
    }

    /// <summary>Offers get ids P1, P2 … and a cart is written <c>SKU@category:price×count</c>, apart by spaces.</summary>
    private static Quote Quote(string[] offers, string cart, int floorPercent = 0, string? declined = null)
    {
        var lines = cart.Split(' ').Select((text, i) =>
        {
            var (article, price) = (text.Split(':')[0].Split('@'), text.Split(':')[1].Split('x'));
            return $$"""{"line":{{i + 1}},"sku":"{{article[0]}}","categories":[{{(article.Length > 1 ? $"\"{article[1]}\"" : "")}}],"quantity":{{(price.Length > 1 ? price[1] : "1")}},"unitPrice":{{price[0]}}}""";
        });
        var named = offers.Select((offer, i) => $$"""{"id":"P{{i + 1}}","name":{"zh-TW":"活動"},{{offer[1..]}}""");
        return AgreementTests.QuoteOf(
            $$"""{"timezone":"Asia/Taipei","floorPercent":{{floorPercent}},"offers":[{{string.Join(',', named)}}]}""",
            $$"""
            {"at":"2026-11-21T15:00:00+08:00","channel":"store","store":"T01","tenders":["line-pay"],"member":{"id":"M1","birthMonth":11},
             "lines":[{{string.Join(',', lines)}}],"coupons":["C1","C2"],"declined":[{{(declined is null ? "" : $"\"{declined}\"")}}]}
            """);
    }
}
