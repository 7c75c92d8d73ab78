using System.Globalization;
using Tokamak.App.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>The guides for marketers (docs/offers.md and docs/offers.zh-TW.md) reckon as the product does.</summary>
public sealed class OfferGuideTests
{
    private static readonly string[] Guides = [.. new[] { "offers.md", "offers.zh-TW.md" }.Select(guide => File.ReadAllText(Repository.Path("docs", guide)))];

    /// <summary>A cart is written <c>SKU#tag:price×count</c>, apart by spaces.</summary>
    [Theory]
    [InlineData(792, "A:990", OfferTemplate.Discount)]
    [InlineData(941, "A:990", OfferTemplate.MemberPrice)]
    [InlineData(1285, "A:990 B:590", OfferTemplate.SecondHalf)]
    [InlineData(2075, "A:990x2 B:590", OfferTemplate.SecondHalf)]
    [InlineData(1780, "A:990 B:790 C:390", OfferTemplate.BuyTwoGetOne)]
    [InlineData(391, "A:390x2", OfferTemplate.OneMoreForOne)]
    [InlineData(1189, "A:490x2 B:390 C:190", OfferTemplate.AnyThreeForTotal)]
    [InlineData(640, "A#紅標:500 B#綠標:300", OfferTemplate.RedWithGreen)]
    [InlineData(909, "A:810 B#加價購:390", OfferTemplate.AddOn)]
    [InlineData(2960, "A:1630x2", OfferTemplate.EveryThousand)]
    [InlineData(3500, "A:1000x4", OfferTemplate.ManyPieces)]
    [InlineData(1200, "A:600x2", OfferTemplate.BuyAGetB)]
    [InlineData(2200, "A:2200", OfferTemplate.GiftFromAmount)]
    [InlineData(990, "A:990", OfferTemplate.PointsTimes)]
    [InlineData(490, "A:490", OfferTemplate.FreeShipping)]
    [InlineData(840, "A:990", OfferTemplate.CouponOff)]
    [InlineData(1122, "A:990 B:590", OfferTemplate.MemberPrice, OfferTemplate.SecondHalf, OfferTemplate.EveryThousand)]
    public void Each_example_comes_to_what_the_guides_say(long total, string cart, params OfferTemplate[] templates)
    {
        var quote = QuoteRules.Quote(BookOf(templates), CartOf(cart, templates.Contains(OfferTemplate.FreeShipping) ? OfferForm.OnlineChannel : Cart.StoreChannel));
        Assert.Equal((total, true), (quote.Total, quote.IsOptimal));
        // In the table, or in the text where several meet.
        Assert.All(Guides, guide => Assert.Contains(templates.Length == 1 ? $"| {Said(total)} |" : $"**{Said(total)}**", guide, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A:600x2", OfferTemplate.BuyAGetB, 2)]
    [InlineData("A:2200", OfferTemplate.GiftFromAmount, 1)]
    [InlineData("A:990", OfferTemplate.PointsTimes, 1)]
    [InlineData("A:490", OfferTemplate.FreeShipping, 1)]
    public void Each_reward_is_given_as_often_as_the_guides_say(string cart, OfferTemplate template, long times) =>
        Assert.Equal(times, Assert.Single(QuoteRules.Quote(BookOf(template), CartOf(cart, OfferForm.OnlineChannel)).Rewards).Times);

    private static OfferBook BookOf(params OfferTemplate[] templates) => new(
        OfferCases.Taipei, 0, null, OnReturn.Proportional,
        [.. templates.Select((template, i) => OfferText.Check($"P{i}", OfferJson.Write(OfferTemplates.Of(template), $"P{i}", new OfferFrame(OfferCases.Taipei, 0))).Offer!)]);

    private static Cart CartOf(string cart, string channel) => new()
    {
        At = new Instant(new DateTime(2026, 11, 22).Ticks), Channel = channel, Store = channel == Cart.StoreChannel ? "S" : null, Coupons = ["WELCOME"],
        Member = new CartMember("M", null, false, null, [], new Dictionary<string, long>()),
        Lines =
        [
            .. cart.Split(' ').Select((text, i) =>
            {
                var (article, price) = (text.Split(':')[0].Split('#'), text.Split(':')[1].Split('x'));
                return new CartLine(i + 1, article[0], [], article[1..], price.Length > 1 ? Number(price[1]) : 1, Number(price[0]), null);
            }),
        ],
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Said(long amount) => amount.ToString("#,0", CultureInfo.InvariantCulture);
}
