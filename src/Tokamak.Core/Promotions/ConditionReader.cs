using System.Globalization;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>Reads what must hold for an offer, and which articles it means.</summary>
internal static class ConditionReader
{
    private const int MinutesOfDay = 24 * 60;

    public static OfferTime? When(JsonNodeReader node)
    {
        if (!node.IsObject([], ["from", "until", "weekdays", "days", "hours"])) return null;
        var when = new OfferTime(
            node.Field("from")?.Moment(),
            node.Field("until")?.Moment(),
            node.Field("weekdays")?.Filled().ConvertAll(day => day.Number(1, 7)),
            node.Field("days")?.Filled().ConvertAll(day => day.Number(1, 31)),
            node.Field("hours")?.Filled().ConvertAll(Hours));
        if (when is { From: { } from, Until: { } until } && until <= from) node.Field("until")!.Value.Refuse("must be later than \"from\"", FaultKind.NotRising);
        return when;
    }

    private static (int From, int Until) Hours(JsonNodeReader node)
    {
        node.IsObject(["from", "until"], []);
        var from = node.Field("from") is { } first ? Minute(first, MinutesOfDay - 1) : 0;
        var until = node.Field("until") is { } last ? Minute(last, MinutesOfDay) : MinutesOfDay;
        if (until <= from) node.Field("until")?.Refuse("must be later than \"from\" on the same day; for hours across midnight write two spans", FaultKind.NotRising);
        return (from, until);
    }

    private static int Minute(JsonNodeReader node, int latest)
    {
        var text = node.Text();
        if (text is [_, _, ':', _, _]
            && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && minute < 60 && (hour * 60) + minute <= latest)
            return (hour * 60) + minute;
        node.Refuse(latest == MinutesOfDay ? "must be a time such as \"18:30\", up to \"24:00\"" : "must be a time such as \"18:30\"", FaultKind.Date);
        return 0;
    }

    public static OfferPlace? Where(JsonNodeReader node)
    {
        if (!node.IsObject([], ["channels", "stores"])) return null;
        var place = new OfferPlace(node.Field("channels")?.Names(), node.Field("stores")?.Names());
        if (place is { Channels: { } channels, Stores: not null } && !channels.Contains(Cart.StoreChannel))
            node.Field("stores")!.Value.Refuse($"is for channel \"{Cart.StoreChannel}\", which \"channels\" lacks; add it there or leave the stores out", FaultKind.Misplaced);
        return place;
    }

    public static Audience? Who(JsonNodeReader node) =>
        node.IsObject([], ["members", "tiers", "tags"])
            ? new Audience(
                (AudienceKind)(node.Field("members")?.Word("any", "member", "first-purchase", "birthday-month") ?? 0),
                node.Field("tiers")?.Names(), node.Field("tags")?.Names())
            : null;

    public static Needs? Needs(JsonNodeReader node, bool mayEach)
    {
        if (!node.IsObject(["items"], ["count", "spend", "each"])) return null;
        if (!mayEach) node.Field("each")?.Refuse("is for unit offers; leave it out", FaultKind.Misplaced);
        var measure = MeasureOf(node);
        return new Needs(
            Items(node.Field("items")), measure,
            node.Field(measure == Measure.Count ? "count" : "spend")?.Whole(1, Cart.MaxMoney) ?? 1,
            node.Field("each")?.Flag() ?? false);
    }

    /// <summary>Exactly one of <c>spend</c> and <c>count</c>.</summary>
    public static Measure MeasureOf(JsonNodeReader node)
    {
        if (node.Field("spend") is null && node.Field("count") is null) node.Refuse("says neither \"spend\" nor \"count\"; add one of them");
        else if (node.Field("spend") is not null) node.Field("count")?.Refuse("stands beside \"spend\"; keep one of them", FaultKind.Misplaced);
        return node.Field("spend") is null ? Measure.Count : Measure.Spend;
    }

    public static Items Items(JsonNodeReader? found)
    {
        if (found is not { } node || !node.IsObject([], ["all", "skus", "categories", "tags", "alsoCategories", "exceptSkus", "exceptCategories", "exceptTags"])) return new Items();
        var items = new Items
        {
            All = node.Field("all")?.Flag() ?? false,
            Skus = node.Field("skus")?.Names() ?? [],
            Categories = node.Field("categories")?.Names() ?? [],
            Tags = node.Field("tags")?.Names() ?? [],
            AlsoCategories = node.Field("alsoCategories")?.Names(),
            ExceptSkus = node.Field("exceptSkus")?.Names() ?? [],
            ExceptCategories = node.Field("exceptCategories")?.Names() ?? [],
            ExceptTags = node.Field("exceptTags")?.Names() ?? [],
        };
        var named = items.Skus.Count + items.Categories.Count + items.Tags.Count > 0;
        if (!items.All && !named) node.Refuse("means nothing; write \"all\": true, or name \"skus\", \"categories\" or \"tags\"", FaultKind.Empty);
        if (items.All && named) node.Field("all")!.Value.Refuse("stands beside a list of what is meant; keep one of them", FaultKind.Misplaced);
        return items;
    }
}
