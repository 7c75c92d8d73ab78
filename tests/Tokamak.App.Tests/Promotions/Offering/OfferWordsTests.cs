using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Tests.Promotions;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>An offer as one sentence, as a marketer in Taiwan and one abroad would say it.</summary>
public sealed class OfferWordsTests
{
    private static readonly Zone Taipei = Zones.Find("Asia/Taipei")!;

    [Theory]
    [InlineData(OfferTemplate.Discount, "全部商品 8 折。", "All goods: 20% off.")]
    [InlineData(OfferTemplate.MemberPrice, "限會員，全部商品 95 折。", "For members: all goods: 5% off.")]
    [InlineData(OfferTemplate.SecondHalf, "全部商品第 2 件 5 折（每 2 件中價格最低的一件）。", "All goods: of every 2 pieces the cheapest one 50% off.")]
    [InlineData(OfferTemplate.BuyTwoGetOne, "全部商品買 2 送 1（送價格最低的）。", "All goods: buy 2, get 1 free (the cheapest).")]
    [InlineData(OfferTemplate.OneMoreForOne, "全部商品（須同一款）買 1 件，加 NT$ 1 多 1 件（價格最低的，每件 NT$ 1）。", "All goods (all of one item): buy 1, get 1 more for NT$ 1 each (the cheapest).")]
    [InlineData(OfferTemplate.AnyThreeForTotal, "全部商品任選 3 件，合計 NT$ 999。", "Any 3 of all goods: NT$ 999 together.")]
    [InlineData(OfferTemplate.RedWithGreen, "標籤「紅標」 1 件搭配標籤「綠標」 1 件，8 折。", "One of tag 紅標 with one of tag 綠標: 20% off.")]
    [InlineData(OfferTemplate.AddOn, "購物車有全部商品滿 NT$ 1,000，標籤「加價購」 1 件，每件 NT$ 99；每單最多 1 次。", "With NT$ 1,000 or more of all goods in the cart: one of tag 加價購: NT$ 99 each; at most 1× an order.")]
    [InlineData(OfferTemplate.EveryThousand, "全部商品每滿 NT$ 1,000 折 NT$ 100；與其他不可併用的滿額活動只擇一。", "All goods: NT$ 100 off for every NT$ 1,000; of the offers on the order that do not stack only one applies.")]
    [InlineData(OfferTemplate.ManyPieces, "全部商品滿 3 件 85 折；最高折 NT$ 500；與其他不可併用的滿額活動只擇一。", "All goods: 15% off from 3 pcs; NT$ 500 off at most; of the offers on the order that do not stack only one applies.")]
    [InlineData(OfferTemplate.BuyAGetB, "買商品「A」，每滿 1 件 送贈品「B」1 件。", "Item A: gift 1 × B for every 1 pcs.")]
    [InlineData(OfferTemplate.GiftFromAmount, "買全部商品，滿 NT$ 2,000 送贈品「GIFT」1 件。", "All goods: gift 1 × GIFT from NT$ 2,000.")]
    [InlineData(OfferTemplate.PointsTimes, "限會員，買全部商品，滿 NT$ 1 點數 2 倍。", "For members: all goods: 2 times the points from NT$ 1.")]
    [InlineData(OfferTemplate.FreeShipping, "限網路購買，買全部商品，滿 NT$ 490 免運費。", "Online: all goods: free shipping from NT$ 490.")]
    [InlineData(OfferTemplate.CouponOff, "輸入優惠券代碼「WELCOME」（沒有代碼的人也看得到），全部商品滿 NT$ 600 折 NT$ 150；可與其他滿額活動併用；每位會員最多 1 次；同一互斥組「coupon」的活動只擇一。", "With coupon code WELCOME (people without it may hear of it): all goods: NT$ 150 off from NT$ 600; together with other offers on the order; at most 1× for each member; only one of the offers in the set coupon applies.")]
    public void The_trades_promotions_read_as_people_say_them(OfferTemplate template, string chinese, string english)
    {
        var offer = OfferText.Check("P1", OfferJson.Write(OfferTemplates.Of(template), "P1", new OfferFrame(Taipei, 0))).Offer!;
        Assert.Equal(chinese, Said(offer, Language.Chinese));
        Assert.Equal(english, Said(offer, Language.English));
    }

    [Theory]
    [InlineData(1, "99 折", "1% off")]
    [InlineData(5, "95 折", "5% off")]
    [InlineData(10, "9 折", "10% off")]
    [InlineData(15, "85 折", "15% off")]
    [InlineData(20, "8 折", "20% off")]
    [InlineData(50, "5 折", "50% off")]
    [InlineData(91, "0.9 折", "91% off")]
    [InlineData(95, "0.5 折", "95% off")]
    [InlineData(100, "免費", "free")]
    public void Percents_are_said_as_what_is_left_in_Taiwan_and_as_what_is_off_abroad(int percent, string chinese, string english)
    {
        var offer = Read($$$"""{"price":{"items":{"all":true},"percent":{{{percent}}}}}""");
        Assert.Equal($"全部商品 {chinese}。", Said(offer, Language.Chinese));
        Assert.Equal($"All goods: {english}.", Said(offer, Language.English));
    }

    [Theory]
    [InlineData("""{"when":{"from":"2026-11-01T00:00:00+08:00","until":"2026-12-01T00:00:00+08:00"}}""", "2026年11月1日起，到 2026年11月30日止", "From 1 November 2026, through 30 November 2026")]
    [InlineData("""{"when":{"from":"2026-11-11T10:00:00+08:00","until":"2026-11-11T22:00:30+08:00"}}""", "2026年11月11日 10:00起，到 2026年11月11日 22:00:30前", "From 11 November 2026 10:00, before 11 November 2026 22:00:30")]
    [InlineData("""{"when":{"weekdays":[7,6],"hours":[{"from":"14:00","until":"16:00"},{"from":"20:00","until":"24:00"}]}}""", "每週六、週日，14:00–16:00、20:00–24:00 之間", "On Saturdays, Sundays, at 14:00–16:00, 20:00–24:00")]
    [InlineData("""{"when":{"days":[5,25]}}""", "每月 5、25 日", "On days of the month: 5, 25")]
    [InlineData("""{"where":{"channels":["store"]}}""", "限門市購買", "In stores")]
    [InlineData("""{"where":{"channels":["store","online","popup"]}}""", "限門市、網路、popup購買", "In stores, online, popup")]
    [InlineData("""{"where":{"stores":["S01","S02"]}}""", "限門市「信義店、S02」", "Only at 信義店, S02")]
    [InlineData("""{"who":{"members":"first-purchase"}}""", "限會員首次購買", "For a member's first purchase")]
    [InlineData("""{"who":{"members":"birthday-month"}}""", "限當月壽星會員", "For members in the month of their birthday")]
    [InlineData("""{"who":{"tiers":["gold","vip"],"tags":["staff"]}}""", "限會員等級「gold」或「vip」，限有標籤「staff」的會員", "For members of tier gold or vip, for members tagged staff")]
    [InlineData("""{"tender":["line-pay","card"]}""", "以「line-pay」或「card」付款", "Paid by line-pay or card")]
    [InlineData("""{"coupon":["A1"]}""", "輸入優惠券代碼「A1」", "With coupon code A1")]
    [InlineData("""{"needs":{"items":{"categories":["shoes"]},"count":2}}""", "購物車有類別「shoes」滿 2 件", "With 2 pcs or more of category shoes in the cart")]
    public void Each_condition_stands_before_what_is_given(string conditions, string chinese, string english)
    {
        var offer = Read(conditions[..^1] + ""","price":{"items":{"all":true},"percent":20}}""");
        Assert.Equal($"{chinese}，全部商品 8 折。", Said(offer, Language.Chinese));
        Assert.Equal($"{english}: all goods: 20% off.", Said(offer, Language.English));
    }

    [Theory]
    [InlineData("""{"all":true,"exceptTags":["sale"],"exceptSkus":["A","B"]}""", "全部商品（商品「A、B」、標籤「sale」除外）", "All goods (except item A, B, tag sale)")]
    [InlineData("""{"skus":["A"],"categories":["shoes"],"alsoCategories":["men"]}""", "商品「A」或類別「shoes」（且同屬類別「men」）", "Item A or category shoes (in category men as well)")]
    public void Goods_are_named_with_what_narrows_them(string items, string chinese, string english)
    {
        var offer = Read($$$"""{"price":{"items":{{{items}}},"price":799}}""");
        Assert.Equal($"{chinese}每件 NT$ 799。", Said(offer, Language.Chinese));
        Assert.Equal($"{english}: NT$ 799 each.", Said(offer, Language.English));
    }

    [Theory]
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":3}],"give":{"off":100},"maxOff":90}}""", "全部商品任選 3 件，合計折 NT$ 100；每次最多折 NT$ 90。")]
    [InlineData("""{"unit":{"take":[{"items":{"all":true},"count":5}],"give":{"cheapest":2,"percent":50}}}""", "全部商品每 5 件中，價格最低的 2 件 5 折。")]
    [InlineData("""{"unit":{"take":[{"items":{"skus":["A"]},"count":1},{"items":{"skus":["B"]},"count":1}],"give":{"last":true,"price":0}}}""", "買商品「A」 1 件，商品「B」 1 件免費。")]
    [InlineData("""{"unit":{"take":[{"items":{"skus":["A"]},"count":2},{"items":{"skus":["B"]},"count":1}],"give":{"cheapest":1,"price":9}}}""", "商品「A」任選 2 件搭配商品「B」 1 件，其中價格最低的 1 件每件 NT$ 9。")]
    [InlineData("""{"coupon":["C"],"unit":{"take":[{"items":{"all":true},"count":1}],"give":{"percent":10}}}""", "輸入優惠券代碼「C」，全部商品 1 件，9 折；每單最多 1 次。")]
    [InlineData("""{"exclusive":["*"],"regularOnly":true,"order":{"items":{"all":true},"spend":[{"from":1000,"off":100},{"from":2000,"off":250}],"basis":"before","untaken":true,"stacks":true}}""", "全部商品滿 NT$ 1,000 折 NT$ 100、滿 NT$ 2,000 折 NT$ 250；門檻以特價後、其他折扣前的金額計算；只計沒有參加件數優惠的商品；可與其他滿額活動併用；特價品除外；不與其他優惠併用。")]
    [InlineData("""{"reward":{"items":{"all":true},"spend":[{"from":1000,"gift":{"oneOf":["A","B"],"quantity":2},"coupon":"BACK","pointsTimes":3,"freeShipping":true,"shippingOff":60}],"every":true,"maxRepeat":4}}""", "買全部商品，每滿 NT$ 1,000 送贈品「A」或「B」2 件、送「BACK」優惠券、點數 3 倍、免運費、運費折 NT$ 60；一單最多累計 4 次。")]
    public void Everything_that_an_offer_may_say_is_said(string offer, string chinese) => Assert.Equal(chinese, Said(Read(offer), Language.Chinese));

    [Fact]
    public void Every_name_in_a_random_offer_stands_in_its_sentence_and_no_two_offers_that_differ_read_alike()
    {
        foreach (var language in Language.All)
        {
            var said = new Dictionary<string, string>();
            for (var seed = 0; seed < 1_500; seed++)
            {
                foreach (var offer in OfferCases.Random(seed))
                {
                    var sentence = Said(offer, language);
                    Assert.All(NamesIn(offer), name => Assert.Contains(name, sentence, StringComparison.Ordinal));
                    Assert.EndsWith(language == Language.Chinese ? "。" : ".", sentence, StringComparison.Ordinal);
                    // By what it means: lists in another order, and what nothing follows from, may read the same.
                    var meaning = OfferCases.Meaning(offer);
                    if (said.TryGetValue(sentence, out var other)) Assert.Equal(other, meaning);
                    said[sentence] = meaning;
                }
            }
        }
    }

    private static IEnumerable<string> NamesIn(Offer offer)
    {
        IEnumerable<string> Of(Items items) => [.. items.Skus, .. items.Categories, .. items.Tags, .. items.AlsoCategories ?? [], .. items.ExceptSkus, .. items.ExceptCategories, .. items.ExceptTags];
        return
        [
            .. offer.Where?.Stores ?? [], .. offer.Who?.Tiers ?? [], .. offer.Who?.Tags ?? [], .. offer.Tender ?? [], .. offer.Coupon ?? [], .. offer.Exclusive.Where(set => set != Offer.Alone),
            .. offer.Needs is { } needs ? Of(needs.Items) : [],
            .. offer.Deal switch
            {
                PriceDeal deal => Of(deal.Items),
                UnitDeal deal => deal.Take.SelectMany(take => Of(take.Items)),
                OrderDeal deal => Of(deal.Items),
                RewardDeal deal => Of(deal.Items).Concat(deal.Steps.SelectMany(step => (step.Gift?.OneOf ?? []).Append(step.Coupon ?? ""))),
                _ => [],
            },
        ];
    }

    private static string Said(Offer offer, Language language) =>
        NameMarks.Plain(new OfferWords(Taipei, new BrandNames(null, null, 0, new() { ["S01"] = "信義店" }, []), Texts.In(language), new Show(language)).Of(offer));

    private static Offer Read(string offer)
    {
        var check = OfferText.Check("P1", offer.Insert(1, "\"id\":\"P1\",\"name\":{\"en\":\"x\"},"));
        Assert.Empty(check.Faults);
        return check.Offer!;
    }
}
