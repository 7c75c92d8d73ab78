using System.Globalization;
using Tokamak.App.Web;

namespace Tokamak.App.Promotions.Offering;

/// <summary>The promotions of the trade, as one begins to write them (spec promotions, "One vocabulary covers the trade").</summary>
public enum OfferTemplate
{
    Discount,
    MemberPrice,
    SecondHalf,
    BuyTwoGetOne,
    OneMoreForOne,
    AnyThreeForTotal,
    RedWithGreen,
    AddOn,
    EveryThousand,
    ManyPieces,
    BuyAGetB,
    GiftFromAmount,
    PointsTimes,
    FreeShipping,
    CouponOff,
}

/// <summary>Forms that are filled in already; sound as they are, with the trade's usual figures and names of goods to be replaced.</summary>
public static class OfferTemplates
{
    /// <summary>What a template is called and what it does, in the language of the texts.</summary>
    public static (string Name, string Does) Words(OfferTemplate template, Texts t) => template switch
    {
        OfferTemplate.Discount => (t["offer.template.discount"], t["offer.template.discount.does"]),
        OfferTemplate.MemberPrice => (t["offer.template.member"], t["offer.template.member.does"]),
        OfferTemplate.SecondHalf => (t["offer.template.second"], t["offer.template.second.does"]),
        OfferTemplate.BuyTwoGetOne => (t["offer.template.get"], t["offer.template.get.does"]),
        OfferTemplate.OneMoreForOne => (t["offer.template.onemore"], t["offer.template.onemore.does"]),
        OfferTemplate.AnyThreeForTotal => (t["offer.template.any"], t["offer.template.any.does"]),
        OfferTemplate.RedWithGreen => (t["offer.template.red"], t["offer.template.red.does"]),
        OfferTemplate.AddOn => (t["offer.template.addon"], t["offer.template.addon.does"]),
        OfferTemplate.EveryThousand => (t["offer.template.every"], t["offer.template.every.does"]),
        OfferTemplate.ManyPieces => (t["offer.template.pieces"], t["offer.template.pieces.does"]),
        OfferTemplate.BuyAGetB => (t["offer.template.buy"], t["offer.template.buy.does"]),
        OfferTemplate.GiftFromAmount => (t["offer.template.gift"], t["offer.template.gift.does"]),
        OfferTemplate.PointsTimes => (t["offer.template.points"], t["offer.template.points.does"]),
        OfferTemplate.FreeShipping => (t["offer.template.shipping"], t["offer.template.shipping.does"]),
        OfferTemplate.CouponOff => (t["offer.template.coupon"], t["offer.template.coupon.does"]),
        _ => throw new ArgumentOutOfRangeException(nameof(template), template, null),
    };

    /// <summary>The form, named in both languages by what it is.</summary>
    public static OfferForm Of(OfferTemplate template)
    {
        var form = Filled(template);
        (form.Chinese, form.English) = (Words(template, Texts.In(Language.Chinese)).Name, Words(template, Texts.In(Language.English)).Name);
        return form;
    }

    private static OfferForm Filled(OfferTemplate template) => template switch
    {
        OfferTemplate.Discount => Price(OfferForm.Percent, 20),
        OfferTemplate.MemberPrice => With(Price(OfferForm.Percent, 5), form => form.Members = "member"),
        OfferTemplate.SecondHalf => Cheapest(2, OfferForm.Percent, 50),
        OfferTemplate.BuyTwoGetOne => Cheapest(3, OfferForm.Percent, 100),
        OfferTemplate.OneMoreForOne => With(Cheapest(2, OfferForm.Price, 1), form => form.Same = true),
        OfferTemplate.AnyThreeForTotal => Unit(3, OfferForm.Total, 999),
        OfferTemplate.RedWithGreen => With(Unit(1, OfferForm.Percent, 20), form =>
            (form.Items, form.OtherItems, form.OtherTake) = (new ItemFields { Tags = "紅標" }, new ItemFields { Tags = "綠標" }, "1")),
        OfferTemplate.AddOn => With(Unit(1, OfferForm.Price, 99), form =>
            (form.Items, form.Limit, form.Needs, form.NeedsLeast, form.NeedsItems) = (new ItemFields { Tags = "加價購" }, "1", OfferForm.Spend, "1000", All)),
        OfferTemplate.EveryThousand => With(Order(OfferForm.Spend, 1000, OfferForm.Off, 100), form => form.Every = true),
        OfferTemplate.ManyPieces => With(Order(OfferForm.Count, 3, OfferForm.Percent, 15), form => form.MaxOff = "500"),
        OfferTemplate.BuyAGetB => With(Reward(OfferForm.Count, 1, new GiftFields { Skus = "B", Quantity = "1" }), form => (form.Items, form.Every) = (new ItemFields { Skus = "A" }, true)),
        OfferTemplate.GiftFromAmount => Reward(OfferForm.Spend, 2000, new GiftFields { Skus = "GIFT", Quantity = "1" }),
        OfferTemplate.PointsTimes => With(Reward(OfferForm.Spend, 1, new GiftFields { PointsTimes = "2" }), form => form.Members = "member"),
        OfferTemplate.FreeShipping => With(Reward(OfferForm.Spend, 490, new GiftFields { FreeShipping = true }), form => form.Channels = [OfferForm.OnlineChannel]),
        OfferTemplate.CouponOff => With(Order(OfferForm.Spend, 600, OfferForm.Off, 150), form =>
            (form.Coupon, form.Public, form.PerMember, form.Sets, form.Stacks) = ("WELCOME", true, "1", "coupon", true)),
        _ => throw new ArgumentOutOfRangeException(nameof(template), template, null),
    };

    private static ItemFields All => new() { All = true };

    private static OfferForm Price(string give, int amount) => new() { Kind = OfferForm.Price, Items = All, Give = give, Amount = Text(amount) };

    private static OfferForm Unit(int count, string give, int amount) => new() { Kind = OfferForm.Unit, Items = All, Take = Text(count), Give = give, Amount = Text(amount) };

    private static OfferForm Cheapest(int count, string give, int amount) => With(Unit(count, give, amount), form => (form.On, form.CheapestCount) = (OfferForm.Cheapest, "1"));

    private static OfferForm Order(string measure, int from, string benefit, int gives) =>
        new() { Kind = OfferForm.Order, Items = All, Measure = measure, Benefit = benefit, Steps = [new StepFields { From = Text(from), Gives = Text(gives) }] };

    private static OfferForm Reward(string measure, int from, GiftFields gift)
    {
        gift.From = Text(from);
        return new OfferForm { Kind = OfferForm.Reward, Items = All, Measure = measure, Gifts = [gift] };
    }

    private static OfferForm With(OfferForm form, Action<OfferForm> change)
    {
        change(form);
        return form;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
