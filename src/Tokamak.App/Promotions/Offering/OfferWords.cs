using Tokamak.App.Brands;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>
/// An offer as one plain sentence: when, where and for whom it holds, what it gives, how often, and beside what. Every field of the model
/// changes it (spec promotions, "Offers"). Names from the data are marked (<see cref="NameMarks"/>).
/// </summary>
/// <param name="zone">The brand's: days and hours are of its clocks.</param>
public sealed class OfferWords(Zone zone, BrandNames names, Texts t, Show show)
{
    private readonly DealWords _deals = new(t, show);

    private bool Chinese => t.Language == Language.Chinese;

    public string Of(Offer offer)
    {
        var conditions = Period(offer.When).Concat(Hours(offer.When)).Concat(Place(offer.Where)).Concat(People(offer.Who)).Concat(Payment(offer)).Concat(Needed(offer.Needs));
        var main = string.Join(Chinese ? "，" : ", ", conditions);
        var said = main.Length == 0 ? _deals.Of(offer) : Chinese ? $"{main}，{_deals.Of(offer)}" : $"{main}: {_deals.Of(offer)}";
        var whole = string.Join(Chinese ? "；" : "; ", _deals.Details(offer.Deal).Concat(Limits(offer)).Concat(Beside(offer)).Prepend(said));
        return Chinese ? whole + "。" : $"{char.ToUpperInvariant(whole[0])}{whole[1..]}.";
    }

    /// <summary>From when until when, for a list; null for an offer that always holds.</summary>
    public string? PeriodOf(Offer offer) => string.Join(Chinese ? "，" : ", ", Period(offer.When)) is { Length: > 0 } said ? said : null;

    private IEnumerable<string> Period(OfferTime? when)
    {
        if (when?.From is { } from) yield return t["offer.when.from", IsMidnight(from) ? show.Day(zone.DayOf(from)) : Moment(from)];
        // Until midnight is, as people say it, the whole of the day before.
        if (when?.Until is { } until) yield return IsMidnight(until) && until.Ticks > 0 ? t["offer.when.through", show.Day(zone.DayOf(new Instant(until.Ticks - 1)))] : t["offer.when.until", Moment(until)];
    }

    private IEnumerable<string> Hours(OfferTime? when)
    {
        if (when?.Weekdays is { } weekdays) yield return t["offer.when.weekdays", List(weekdays.Order().Select(Weekday))];
        if (when?.Days is { } days) yield return t["offer.when.days", List(days.Order().Select(day => show.Count(day)))];
        if (when?.Hours is { } hours) yield return t["offer.when.hours", List(hours.Select(span => $"{OfferTimes.Clock(span.From)}–{OfferTimes.Clock(span.Until)}"))];
    }

    public string Weekday(int day) => day switch
    {
        1 => t["offer.weekday.mon"],
        2 => t["offer.weekday.tue"],
        3 => t["offer.weekday.wed"],
        4 => t["offer.weekday.thu"],
        5 => t["offer.weekday.fri"],
        6 => t["offer.weekday.sat"],
        7 => t["offer.weekday.sun"],
        _ => throw new ArgumentOutOfRangeException(nameof(day), day, null),
    };

    private IEnumerable<string> Place(OfferPlace? where)
    {
        // Stores say the channel, too.
        if (where?.Stores is { } stores) yield return t["offer.where.stores", List(stores.Select(store => NameMarks.Of(names.Stores.GetValueOrDefault(store, store))))];
        else if (where?.Channels is { } channels) yield return t["offer.where.channels", List(channels.Select(Channel))];
    }

    public string Channel(string channel) => channel switch
    {
        Cart.StoreChannel => t["offer.channel.store"],
        OfferForm.OnlineChannel => t["offer.channel.online"],
        _ => NameMarks.Of(channel),
    };

    private IEnumerable<string> People(Audience? who)
    {
        if (who is null) yield break;
        if (who.Members == AudienceKind.Member && who is { Tiers: null, Tags: null }) yield return t["offer.who.member"];
        if (who.Members == AudienceKind.FirstPurchase) yield return t["offer.who.first"];
        if (who.Members == AudienceKind.BirthdayMonth) yield return t["offer.who.birthday"];
        if (who.Tiers is { } tiers) yield return t["offer.who.tiers", Either(tiers)];
        if (who.Tags is { } tags) yield return t["offer.who.tags", Either(tags)];
    }

    private IEnumerable<string> Payment(Offer offer)
    {
        if (offer.Tender is { } tenders) yield return t["offer.tender", Either(tenders)];
        if (offer.Coupon is { } codes) yield return offer.Public ? t["offer.coupon.public", Either(codes)] : t["offer.coupon", Either(codes)];
    }

    private IEnumerable<string> Needed(Needs? needs)
    {
        if (needs is null) yield break;
        var goods = _deals.Goods(needs.Items);
        yield return (needs.Measure, needs.Each) switch
        {
            (Measure.Spend, false) => t["offer.needs.spend", goods, show.Money(needs.Least)],
            (Measure.Spend, true) => t["offer.needs.spend.each", goods, show.Money(needs.Least)],
            (_, false) => t["offer.needs.count", goods, show.Count(needs.Least)],
            (_, true) => t["offer.needs.count.each", goods, show.Count(needs.Least)],
        };
    }

    private IEnumerable<string> Limits(Offer offer)
    {
        // A coupon opens a unit offer once an order unless more is said.
        if (offer.Deal is UnitDeal && (offer.Limit ?? (offer.Coupon is null ? null : 1)) is { } limit) yield return t["offer.limit", show.Count(limit)];
        if (offer.PerMember is { } each) yield return t["offer.permember", show.Count(each)];
        if (offer.Total is { } all) yield return t["offer.total", show.Count(all)];
    }

    private IEnumerable<string> Beside(Offer offer)
    {
        if (offer.RegularOnly) yield return t["offer.regularonly"];
        if (offer.Exclusive.Contains(Offer.Alone)) yield return t["offer.alone"];
        if (offer.Exclusive.Where(set => set != Offer.Alone).ToList() is { Count: > 0 } sets) yield return t["offer.exclusive", List(sets.Select(NameMarks.Of))];
    }

    private bool IsMidnight(Instant at) => (at.Ticks + (zone.OffsetSecondsAt(at) * TimeSpan.TicksPerSecond)) % TimeSpan.TicksPerDay == 0;

    private string Moment(Instant at) => at.Ticks % TimeSpan.TicksPerMinute == 0 ? show.Moment(at, zone) : $"{show.Moment(at, zone)}:{at.Ticks / TimeSpan.TicksPerSecond % 60:00}";

    private string List(IEnumerable<string> words) => string.Join(Chinese ? "、" : ", ", words);

    private string Either(IEnumerable<string> marked) => string.Join(t["offer.either"], marked.Select(NameMarks.Of));
}
