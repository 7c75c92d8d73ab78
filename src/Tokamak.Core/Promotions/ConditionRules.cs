using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Whether an offer is due for a cart, and why not (spec promotions, "Conditions"). Needs are judged apart, since they look at prices.</summary>
public static class ConditionRules
{
    /// <summary>Where an offer stands before needs are looked at.</summary>
    public enum Standing
    {
        Due,

        /// <summary>Nothing to say about it: another time, place or person, or given up.</summary>
        Silent,

        /// <summary>All holds but its coupon, which it may speak of.</summary>
        CouponMissing,

        /// <summary>Its uses are used up.</summary>
        UsedUp,
    }

    public static Standing Judge(Offer offer, Cart cart, Zone zone)
    {
        if (cart.Declined.Contains(offer.Id)
            || !Holds(offer.When, cart.At, zone) || !Holds(offer.Where, cart.Channel, cart.Store) || !Holds(offer.Who, cart, zone)
            || (offer.Tender is { } tenders && !tenders.Any(cart.Tenders.Contains))
            || (offer.PerMember is not null && cart.Member is null))
            return Standing.Silent;
        if (offer.Coupon is { } codes && !codes.Any(cart.Coupons.Contains)) return offer.Public ? Standing.CouponMissing : Standing.Silent;
        return UsesLeft(offer, cart) == 0 ? Standing.UsedUp : Standing.Due;
    }

    /// <summary>How often it may still be used, by this member and by all; <see cref="long.MaxValue"/> without a limit.</summary>
    public static long UsesLeft(Offer offer, Cart cart)
    {
        var left = long.MaxValue;
        if (offer.PerMember is { } each) left = Math.Max(0, each - (cart.Member?.Used.GetValueOrDefault(offer.Id) ?? 0));
        if (offer.Total is { } all) left = Math.Min(left, Math.Max(0, all - cart.UsedTotal.GetValueOrDefault(offer.Id)));
        return left;
    }

    /// <summary>How often a unit offer may be applied in an order, by what it says about uses; needs may allow less.</summary>
    public static long MostTimes(Offer offer, Cart cart) =>
        Math.Min(UsesLeft(offer, cart), offer.Limit ?? (offer.Coupon is null ? long.MaxValue : 1));

    /// <summary>Whether an offer holds at a moment.</summary>
    public static bool Holds(OfferTime? when, Instant at, Zone zone)
    {
        if (when is null) return true;
        if (at < when.From || at >= when.Until) return false;
        var day = zone.DayOf(at);
        var weekday = day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;
        if (when.Weekdays?.Contains(weekday) == false || when.Days?.Contains(day.Day) == false) return false;
        if (when.Hours is null) return true;
        var local = at.Ticks + (zone.OffsetSecondsAt(at) * TimeSpan.TicksPerSecond);
        var minute = (int)(local % TimeSpan.TicksPerDay / TimeSpan.TicksPerMinute);
        return when.Hours.Any(span => minute >= span.From && minute < span.Until);
    }

    /// <summary>Whether an offer holds in a channel and, for <see cref="Cart.StoreChannel"/>, in a store.</summary>
    public static bool Holds(OfferPlace? where, string channel, string? store) =>
        where is null
        || (where.Channels?.Contains(channel) != false
            && (where.Stores is null || (channel == Cart.StoreChannel && where.Stores.Contains(store!))));

    private static bool Holds(Audience? who, Cart cart, Zone zone)
    {
        if (who is null) return true;
        var member = cart.Member;
        var among = who.Members switch
        {
            AudienceKind.Any => true,
            AudienceKind.Member => member is not null,
            AudienceKind.FirstPurchase => member?.FirstPurchase == true,
            _ => member?.BirthMonth == zone.DayOf(cart.At).Month,
        };
        return among
            && (who.Tiers is null || (member?.Tier is { } tier && who.Tiers.Contains(tier)))
            && (who.Tags is null || (member is not null && who.Tags.Any(member.Tags.Contains)));
    }
}
