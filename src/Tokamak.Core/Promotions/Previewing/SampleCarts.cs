using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions.Previewing;

/// <summary>Where a sample stands to the offer's threshold.</summary>
public enum SampleKind
{
    /// <summary>A unit or a unit of money short.</summary>
    Below,
    At,
    Above,

    /// <summary>At the threshold, with goods beside it that the offer does not mean.</summary>
    WithOthers,
}

public sealed record SampleCart(SampleKind Kind, Cart Cart);

/// <summary>
/// Small carts that try an offer: of the goods that it names, at a moment, a place and for a member that it holds for. Nothing else is known of
/// goods here, so their price is given, or such that the offer does something usual to it.
/// </summary>
public static class SampleCarts
{
    /// <summary>The sku of goods that no offer names.</summary>
    public const string OtherSku = "~";

    private const int MostUnitsOfSpend = 5;

    /// <param name="offer">A sound one.</param>
    /// <param name="now">Carts are of this moment, or of the first later one at which the offer holds.</param>
    /// <param name="zone">The book's.</param>
    /// <param name="price">Of a unit, in the brand's smallest units; null: <see cref="UsualPrice"/>.</param>
    public static IReadOnlyList<SampleCart> Of(Offer offer, Instant now, Zone zone, long? price = null)
    {
        var each = Math.Clamp(price ?? UsualPrice(offer), 1, Cart.MaxMoney / Cart.MaxUnits);
        var samples = new List<SampleCart>();
        foreach (var kind in Enum.GetValues<SampleKind>())
        {
            var lines = new SampleLines(each);
            if (Fill(lines, offer, kind) && lines.Cart(offer, now, zone) is { } cart && !samples.Exists(other => AreAlike(other.Cart, cart))) samples.Add(new SampleCart(kind, cart));
        }
        return samples;
    }

    /// <summary>What a unit may cost so that the offer takes a fifth off it, or that a few units reach its threshold.</summary>
    public static long UsualPrice(Offer offer)
    {
        const long Plain = 1_000;
        var usual = offer.Deal switch
        {
            PriceDeal { Cut: { Kind: CutKind.Price, Amount: > 0 } cut } => cut.Amount * 5 / 4,
            PriceDeal { Cut: { Kind: CutKind.Off } cut } => cut.Amount * 5,
            UnitDeal { Give: Give.PriceOfWhole, Amount: > 0 } deal => deal.Amount * 5 / 4 / deal.Count,
            UnitDeal { Give: Give.OffWhole } deal => deal.Amount * 5 / deal.Count,
            UnitDeal { Give: Give.Price, On: GiveOn.EachTaken, Amount: > 0 } deal => deal.Amount * 5 / 4,
            OrderDeal { Measure: Measure.Spend } deal => deal.Steps[0].From / 2,
            RewardDeal { Measure: Measure.Spend } deal => deal.Steps[0].From / 2,
            _ => Plain,
        };
        return Math.Clamp(usual, 1, Cart.MaxMoney / Cart.MaxUnits);
    }

    /// <summary>Puts what the offer takes or counts into the cart, and what it needs beside that.</summary>
    /// <returns>False where there is no such cart.</returns>
    private static bool Fill(SampleLines lines, Offer offer, SampleKind kind)
    {
        if (offer.Needs is not null && kind == SampleKind.Below)
        {
            FillDeal(lines, offer.Deal, SampleKind.At);
            return FillNeeds(lines, offer.Needs, 1);
        }
        if (!FillDeal(lines, offer.Deal, kind)) return false;
        if (offer.Needs is { } needs) FillNeeds(lines, needs, 0);
        if (kind == SampleKind.WithOthers) lines.AddOthers();
        return true;
    }

    private static bool FillDeal(SampleLines lines, Deal deal, SampleKind kind)
    {
        switch (deal)
        {
            case PriceDeal price:
                lines.AddCount(price.Items, kind == SampleKind.Above ? 2 : 1);
                return kind != SampleKind.Below;
            case UnitDeal unit:
                return FillUnits(lines, unit, kind);
            case OrderDeal order:
                return FillBase(lines, order.Items, order.Measure, order.Steps[0].From, order.Steps[^1].From, order.Every, kind);
            case RewardDeal reward:
                return FillBase(lines, reward.Items, reward.Measure, reward.Steps[0].From, reward.Steps[^1].From, reward.Every, kind);
            default:
                return false;
        }
    }

    private static bool FillUnits(SampleLines lines, UnitDeal deal, SampleKind kind)
    {
        var short1 = kind == SampleKind.Below;
        if (short1 && deal.Count == 1) return false;
        for (var i = 0; i < deal.Take.Count; i++)
        {
            var count = deal.Take[i].Count - (short1 && i == deal.Take.Count - 1 ? 1 : 0);
            // What goes by the cheapest is seen only where not all cost the same.
            if (count > 0) lines.AddUneven(deal.Take[i].Items, kind == SampleKind.Above ? count * 2 : count);
        }
        return true;
    }

    private static bool FillBase(SampleLines lines, Items items, Measure measure, long first, long last, bool every, SampleKind kind)
    {
        var most = measure == Measure.Count ? Cart.MaxUnits / 2 : Cart.MaxMoney / 4;
        var wanted = kind switch
        {
            SampleKind.Below => first - 1,
            SampleKind.Above => last > first ? last : every ? first * 2 : measure == Measure.Count ? first + 1 : first * 3 / 2,
            _ => first,
        };
        if (wanted < 1 || wanted > most) return false;
        if (measure == Measure.Count) lines.AddCount(items, wanted);
        else lines.AddSpend(items, wanted, MostUnitsOfSpend);
        return true;
    }

    /// <summary>Fills up to what is needed, less <paramref name="missing"/>.</summary>
    private static bool FillNeeds(SampleLines lines, Needs needs, long missing)
    {
        var lacks = needs.Least - missing - lines.Present(needs);
        if (lacks < 0) return missing == 0;
        if (lacks > (needs.Measure == Measure.Count ? Cart.MaxUnits / 2 : Cart.MaxMoney / 4)) return false;
        if (lacks == 0) return true;
        if (needs.Measure == Measure.Count) lines.AddCount(needs.Items, lacks);
        else lines.AddSpend(needs.Items, lacks, MostUnitsOfSpend);
        return true;
    }

    private static bool AreAlike(Cart one, Cart other) =>
        one.Lines.Count == other.Lines.Count
        && one.Lines.Zip(other.Lines).All(pair => (pair.First.Sku, pair.First.Quantity, pair.First.UnitPrice) == (pair.Second.Sku, pair.Second.Quantity, pair.Second.UnitPrice));
}
