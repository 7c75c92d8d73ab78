using System.Globalization;
using System.Text.Json;

namespace Tokamak.Core.Tests.Promotions;

/// <summary>An offer of any kind: its conditions, and what only its kind has in <see cref="Body"/>.</summary>
internal class PlainOffer(JsonElement offer, string kind)
{
    private static readonly string[] Kinds = ["price", "unit", "order", "reward"];

    public string Id { get; } = offer.Text("id")!;

    public string Kind { get; } = kind;

    public JsonElement Body { get; } = offer.GetProperty(kind);

    public string[] Exclusive { get; } = offer.Texts("exclusive");

    public bool RegularOnly { get; } = offer.Is("regularOnly");

    public static string KindOf(JsonElement offer) => Kinds.Single(kind => offer.Part(kind) is not null);

    /// <summary>How often it may be applied to the cart; 0: it is not due. At the prices that its needs are counted at.</summary>
    public long TimesDue(PlainCart cart, IReadOnlyList<long> prices)
    {
        if (cart.Declined.Contains(Id) || !IsTime(cart) || !IsPlace(cart) || !IsPerson(cart)) return 0;
        if (offer.Part("tender") is not null && !offer.Texts("tender").Intersect(cart.Tenders).Any()) return 0;
        if (offer.Part("coupon") is not null && !offer.Texts("coupon").Intersect(cart.Coupons).Any()) return 0;
        // Only a unit offer is applied several times; of the others the counters count orders.
        var times = Kind != "unit" ? 1 : offer.Number("limit") ?? (offer.Part("coupon") is null ? long.MaxValue : 1);
        if (offer.Number("perMember") is { } perMember)
            times = Math.Min(times, cart.Member is null ? 0 : perMember - cart.Member.Used.GetValueOrDefault(Id));
        if (offer.Number("total") is { } total) times = Math.Min(times, total - cart.UsedTotal.GetValueOrDefault(Id));
        if (offer.Part("needs") is { } needs)
        {
            var items = new PlainItems(needs.GetProperty("items"));
            var present = Enumerable.Range(0, cart.Units.Length).Where(u => items.Match(cart.Units[u])).ToList();
            var fold = needs.Number("count") is { } count ? present.Count / count : present.Sum(u => prices[u]) / needs.Number("spend")!.Value;
            times = Math.Min(times, needs.Is("each") ? fold : fold > 0 ? long.MaxValue : 0);
        }
        return Math.Max(0, times);
    }

    private bool IsTime(PlainCart cart)
    {
        if (offer.Part("when") is not { } when) return true;
        if (when.Text("from") is { } from && cart.At < At(from)) return false;
        if (when.Text("until") is { } until && cart.At >= At(until)) return false;
        // Sunday is 0 in .NET and 7 here.
        if (when.Part("weekdays") is { } weekdays && weekdays.EnumerateArray().All(day => day.GetInt32() % 7 != (int)cart.At.DayOfWeek)) return false;
        if (when.Part("days") is { } days && days.EnumerateArray().All(day => day.GetInt32() != cart.At.Day)) return false;
        return when.Part("hours") is not { } hours
            || hours.EnumerateArray().Any(span => Clock(span.Text("from")!) <= cart.At.TimeOfDay && cart.At.TimeOfDay < Clock(span.Text("until")!));

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        static TimeSpan Clock(string text) => new(int.Parse(text[..2], CultureInfo.InvariantCulture), int.Parse(text[3..], CultureInfo.InvariantCulture), 0);
    }

    private bool IsPlace(PlainCart cart)
    {
        if (offer.Part("where") is not { } where) return true;
        if (where.Part("channels") is not null && !where.Texts("channels").Contains(cart.Channel)) return false;
        return where.Part("stores") is null || (cart.Channel == "store" && where.Texts("stores").Contains(cart.Store));
    }

    private bool IsPerson(PlainCart cart)
    {
        if (offer.Part("who") is not { } who) return true;
        var may = who.Text("members") switch
        {
            "member" => cart.Member is not null,
            "first-purchase" => cart.Member is { FirstPurchase: true },
            "birthday-month" => cart.Member?.BirthMonth == cart.At.Month,
            _ => true,
        };
        if (who.Part("tiers") is not null) may &= cart.Member?.Tier is { } tier && who.Texts("tiers").Contains(tier);
        if (who.Part("tags") is not null) may &= cart.Member is { } member && who.Texts("tags").Intersect(member.Tags).Any();
        return may;
    }
}

/// <summary>A price, a percentage or an amount off for single units.</summary>
internal sealed class PlainPriceOffer(JsonElement offer) : PlainOffer(offer, "price")
{
    private readonly PlainItems _items = new(offer.GetProperty("price").GetProperty("items"));

    /// <summary>What a unit that it is about costs by this offer alone, before any floor.</summary>
    public long? PriceOf(PlainUnit unit) =>
        !_items.Match(unit) ? null
        : Body.Number("price") is { } price ? price
        : Body.Number("percent") is { } percent ? PlainStages.Less(unit.UnitPrice, percent)
        : unit.UnitPrice - Body.Number("off")!.Value;
}

/// <summary>What is taken and what is given for it.</summary>
internal sealed class PlainUnitOffer : PlainOffer
{
    public PlainUnitOffer(JsonElement offer) : base(offer, "unit")
    {
        Take = [.. Body.GetProperty("take").EnumerateArray().Select(take => new PlainSelector(
            new PlainItems(take.GetProperty("items")), (int)take.Number("count")!.Value, take.Text("same") == "sku"))];
        var give = Body.GetProperty("give");
        (Percent, Price, Off, Whole) = (give.Number("percent"), give.Number("price"), give.Number("off"), give.Number("total"));
        (Cheapest, Last, MaxOff) = ((int?)give.Number("cheapest"), give.Is("last"), Body.Number("maxOff"));
    }

    public PlainSelector[] Take { get; }

    public long? Percent { get; }

    public long? Price { get; }

    public long? Off { get; }

    public long? Whole { get; }

    public int? Cheapest { get; }

    public bool Last { get; }

    public long? MaxOff { get; }
}

internal sealed record PlainSelector(PlainItems Items, int Count, bool OneSku);

/// <summary>Something off for spending so much, or buying so many.</summary>
internal sealed class PlainOrderOffer : PlainOffer
{
    public PlainOrderOffer(JsonElement offer) : base(offer, "order")
    {
        Items = new PlainItems(Body.GetProperty("items"));
        Counts = Body.Part("count") is not null;
        Steps = [.. Body.GetProperty(Counts ? "count" : "spend").EnumerateArray()
            .Select(step => new PlainStep(step.Number("from")!.Value, step.Number("off"), step.Number("percent")))];
        (Every, MaxRepeat, MaxOff) = (Body.Is("every"), Body.Number("maxRepeat"), Body.Number("maxOff"));
        (Before, Untaken, Stacks) = (Body.Text("basis") == "before", Body.Is("untaken"), Body.Is("stacks"));
    }

    public PlainItems Items { get; }

    /// <summary>Steps are numbers of units, else amounts.</summary>
    public bool Counts { get; }

    public PlainStep[] Steps { get; }

    public bool Every { get; }

    public long? MaxRepeat { get; }

    public long? MaxOff { get; }

    public bool Before { get; }

    public bool Untaken { get; }

    public bool Stacks { get; }
}

internal sealed record PlainStep(long From, long? Off, long? Percent);
