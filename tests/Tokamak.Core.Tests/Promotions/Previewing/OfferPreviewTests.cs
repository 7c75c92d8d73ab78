using System.Text;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Promotions.Previewing;
using Xunit;

namespace Tokamak.Core.Tests.Promotions.Previewing;

/// <summary>An offer in a book, tried on sample carts before anybody buys by it.</summary>
public sealed class OfferPreviewTests
{
    // 2026-11-22T08:00:00Z is a Sunday, 16:00 in Taipei.
    private static readonly Instant Now = Moment("2026-11-22T08:00:00Z");
    private static readonly Zone Taipei = new("Asia/Taipei", [new ZoneSpan(default, 8 * 3600)]);

    [Fact]
    public void A_threshold_is_tried_a_unit_of_money_below_it_at_it_and_above_it()
    {
        var preview = Preview("""{"id":"D","order":{"items":{"all":true},"spend":[{"from":1000,"off":100}]}}""");
        Assert.Equal([(SampleKind.Below, 999L, 999L), (SampleKind.At, 1000, 900), (SampleKind.Above, 1500, 1400), (SampleKind.WithOthers, 1500, 1400)], preview.Samples.Select(one => (one.Sample.Kind, one.Before.Total, one.After.Total)));
        Assert.Equal((NotAppliedReason.ShortBy, 1L), (preview.Samples[0].NotApplied!.Reason, preview.Samples[0].NotApplied!.Missing));
        Assert.Empty(preview.Warnings);
    }

    [Fact]
    public void An_offer_on_pieces_is_tried_a_piece_short_and_on_goods_of_its_own_that_do_not_all_cost_the_same()
    {
        // 1,000 and 800: the cheaper at half price.
        var preview = Preview("""{"id":"D","unit":{"take":[{"items":{"categories":["socks"]},"count":2}],"give":{"cheapest":1,"percent":50}}}""");
        Assert.Equal([(SampleKind.Below, 0L), (SampleKind.At, 400), (SampleKind.Above, 900), (SampleKind.WithOthers, 400)], preview.Samples.Select(one => (one.Sample.Kind, one.Amount)));
        Assert.All(preview.Samples, one => Assert.Contains("socks", one.Sample.Cart.Lines[0].Categories));
    }

    [Fact]
    public void What_an_offer_needs_is_beside_it_in_the_cart_and_a_little_less_where_it_is_tried_in_vain()
    {
        var preview = Preview("""{"id":"D","needs":{"items":{"all":true},"spend":1000},"limit":1,"unit":{"take":[{"items":{"tags":["hat"]},"count":1}],"give":{"price":99}}}""");
        Assert.Equal([999L, 1000], preview.Samples.Take(2).Select(one => one.Before.Total));
        Assert.False(preview.Samples[0].IsGiven);
        Assert.True(preview.Samples[1].IsGiven);
    }

    [Fact]
    public void The_price_of_its_goods_may_be_given()
    {
        var preview = Preview("""{"id":"D","price":{"items":{"all":true},"percent":20}}""", price: 250);
        Assert.Equal((250L, 200L), (preview.Samples[0].Before.Total, preview.Samples[0].After.Total));
    }

    [Fact]
    public void Who_is_displaced_is_named_and_an_offer_alone_says_that_it_is()
    {
        const string Other = """{"id":"P","order":{"items":{"all":true},"spend":[{"from":500,"off":50}],"stacks":true}}""";
        var alone = Preview("""{"id":"D","exclusive":["*"],"order":{"items":{"all":true},"spend":[{"from":1000,"off":200}]}}""", [Other]);
        Assert.Equal(["P"], alone.Samples.First(one => one.IsGiven).Displaced);
        Assert.Equal(["P"], Assert.Single(alone.Warnings.OfType<AloneDisplaces>()).Offers);
        var beside = Preview("""{"id":"D","order":{"items":{"all":true},"spend":[{"from":1000,"off":200}],"stacks":true}}""", [Other]);
        Assert.DoesNotContain(beside.Warnings, warning => warning is AloneDisplaces or Displaces);
        Assert.Equal(["P"], Assert.Single(beside.Warnings.OfType<Overlaps>()).Offers);
        // One whose time is over meets nobody.
        var over = Preview("""{"id":"D","order":{"items":{"all":true},"spend":[{"from":1000,"off":200}],"stacks":true}}""", [Other.Insert(1, "\"when\":{\"until\":\"2026-11-22T08:00:00Z\"},")]);
        Assert.Empty(over.Warnings);
    }

    [Fact]
    public void One_that_another_always_beats_is_told_so_with_its_id()
    {
        var preview = Preview("""{"id":"D","unit":{"take":[{"items":{"all":true},"count":2}],"give":{"percent":10}}}""", ["""{"id":"P","unit":{"take":[{"items":{"all":true},"count":1}],"give":{"percent":40}}}"""]);
        Assert.Equal(["P"], Assert.Single(preview.Warnings.OfType<NeverChosen>()).By);
        Assert.IsType<NeverGives>(Assert.Single(Preview("""{"id":"D","price":{"items":{"all":true},"price":5000}}""", price: 100).Warnings));
    }

    [Fact]
    public void A_unit_that_keeps_little_of_its_price_is_told_with_how_much()
    {
        Assert.Equal(new FallsDeep(30, 30), Assert.Single(Preview("""{"id":"D","price":{"items":{"all":true},"percent":70}}""").Warnings));
        Assert.Empty(Preview("""{"id":"D","price":{"items":{"all":true},"percent":69}}""").Warnings);
        // The floor of 60 % stops it.
        Assert.Empty(Preview("""{"id":"D","price":{"items":{"all":true},"percent":70}}""", floorPercent: 60).Warnings);
    }

    [Fact]
    public void A_version_that_a_draft_replaces_is_not_its_rival()
    {
        var preview = Preview("""{"id":"D","order":{"items":{"all":true},"spend":[{"from":1000,"off":100}]}}""", ["""{"id":"D","order":{"items":{"all":true},"spend":[{"from":1000,"off":300}]}}"""]);
        Assert.Equal((1000L, 900L), (preview.Samples[1].Before.Total, preview.Samples[1].After.Total));
        Assert.Empty(preview.Warnings);
    }

    [Theory]
    [InlineData("""{"when":{"until":"2026-11-23T00:00:00+08:00"}}""", """{"when":{"from":"2026-11-23T00:00:00+08:00"}}""", false)]
    [InlineData("""{"when":{"weekdays":[1]}}""", """{"when":{"weekdays":[2,3]}}""", false)]
    [InlineData("""{"when":{"hours":[{"from":"09:00","until":"12:00"}]}}""", """{"when":{"hours":[{"from":"12:00","until":"24:00"}]}}""", false)]
    [InlineData("""{"where":{"channels":["online"]}}""", """{"where":{"stores":["S1"]}}""", false)]
    [InlineData("""{"where":{"stores":["S1","S2"]}}""", """{"where":{"stores":["S2"]}}""", true)]
    [InlineData("""{}""", """{"when":{"days":[1]}}""", true)]
    public void Offers_meet_in_time_and_place_or_do_not(string one, string other, bool meet)
    {
        const string Deal = "\"price\":{\"items\":{\"all\":true},\"percent\":1}";
        var book = BookOf(0, $$"""{"id":"A",{{Conditions(one)}}{{Deal}}}""", $$"""{"id":"B",{{Conditions(other)}}{{Deal}}}""");
        Assert.Equal(meet ? ["B"] : [], OfferOverlaps.Of(book, book.Offers[0]));
    }

    [Theory]
    [InlineData("""{"all":true}""", """{"skus":["A"]}""", true)]
    [InlineData("""{"all":true,"exceptSkus":["A"]}""", """{"skus":["A"]}""", false)]
    [InlineData("""{"categories":["shoes"]}""", """{"categories":["bags","shoes"]}""", true)]
    [InlineData("""{"categories":["shoes"]}""", """{"tags":["shoes"]}""", false)]
    public void Offers_meet_in_goods_or_do_not(string one, string other, bool meet)
    {
        var book = BookOf(0, $$$"""{"id":"A","price":{"items":{{{one}}},"percent":1}}""", $$$"""{"id":"B","order":{"items":{{{other}}},"spend":[{"from":1,"off":1}]}}""");
        Assert.Equal(meet ? ["B"] : [], OfferOverlaps.Of(book, book.Offers[0]));
        Assert.Equal(meet ? ["A"] : [], OfferOverlaps.Of(book, book.Offers[1]));
    }

    [Theory]
    [InlineData("""{}""", "2026-11-22T08:00:00Z")]
    [InlineData("""{"from":"2026-12-01T00:00:00+08:00"}""", "2026-11-30T16:00:00Z")]
    // The next Monday's first hour in Taipei; today's hour, which has begun; tomorrow's, where today's is over.
    [InlineData("""{"weekdays":[1],"hours":[{"from":"09:00","until":"10:00"}]}""", "2026-11-23T01:00:00Z")]
    [InlineData("""{"hours":[{"from":"15:00","until":"17:00"}]}""", "2026-11-22T08:00:00Z")]
    [InlineData("""{"hours":[{"from":"09:00","until":"16:00"}]}""", "2026-11-23T01:00:00Z")]
    [InlineData("""{"weekdays":[7],"days":[1]}""", "2027-07-31T16:00:00Z")]
    [InlineData("""{"until":"2026-11-22T16:00:00+08:00"}""", null)]
    [InlineData("""{"until":"2026-11-25T00:00:00+08:00","weekdays":[6]}""", null)]
    public void The_first_moment_of_an_offer_from_now_on(string when, string? expected)
    {
        var offer = BookOf(0, $$$"""{"id":"A","when":{{{when}}},"price":{"items":{"all":true},"percent":1}}""").Offers[0];
        Assert.Equal(expected is null ? null : Moment(expected), OfferDays.FirstFrom(offer, Now, Taipei));
    }

    [Fact]
    public void It_runs_on_a_day_of_which_any_moment_is_its()
    {
        var offer = BookOf(0, """{"id":"A","when":{"from":"2026-11-20T23:00:00+08:00","until":"2026-11-24T01:00:00+08:00","weekdays":[5,7,2],"hours":[{"from":"22:00","until":"24:00"},{"from":"00:00","until":"02:00"}]},"price":{"items":{"all":true},"percent":1}}""").Offers[0];
        Assert.Equal([20, 22, 24], Enumerable.Range(1, 30).Where(day => OfferDays.RunsOn(offer, new DateOnly(2026, 11, day), Taipei)));
    }

    [Fact]
    public void No_offer_of_a_random_book_makes_a_preview_fail()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var faults = new List<Fault>();
            var book = OfferReader.Read(Encoding.UTF8.GetBytes(RandomCarts.Of(seed).OffersJson), _ => Taipei, faults)!;
            foreach (var offer in book.Offers)
            {
                var preview = OfferPreview.Of(book, offer, Now);
                Assert.All(preview.Samples, sample => Assert.True(sample.Plain >= sample.After.Total && sample.Sample.Cart.Lines.Count > 0));
                Assert.DoesNotContain(preview.Samples, sample => sample is { IsGiven: true, Sample.Kind: SampleKind.Below } && offer.Needs is null && offer.Deal is UnitDeal { Take.Count: 1 });
            }
        }
    }

    private static OfferPreview Preview(string draft, string[]? others = null, long? price = null, int floorPercent = 0) =>
        OfferPreview.Of(BookOf(floorPercent, others ?? []), BookOf(0, draft).Offers[0], Now, price);

    private static OfferBook BookOf(int floorPercent, params string[] offers)
    {
        var faults = new List<Fault>();
        var named = offers.Select(offer => offer.Insert(1, "\"name\":{\"en\":\"x\"},"));
        var book = OfferReader.Read(Encoding.UTF8.GetBytes($$"""{"timezone":"Asia/Taipei","floorPercent":{{floorPercent}},"offers":[{{string.Join(',', named)}}]}"""), _ => Taipei, faults);
        Assert.Empty(faults);
        return book!;
    }

    /// <summary>The fields of an object, to go before others.</summary>
    private static string Conditions(string json) => json == "{}" ? "" : json[1..^1] + ",";

    private static Instant Moment(string text)
    {
        Assert.True(Instant.TryParse(Encoding.UTF8.GetBytes(text), out var at));
        return at;
    }
}
