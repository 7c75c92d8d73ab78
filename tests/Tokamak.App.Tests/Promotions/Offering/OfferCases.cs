using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Brands;
using Tokamak.App.Promotions.Offering;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;
using Tokamak.Core.Tests.Promotions;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>Random offers, and what an offer means whatever the order of its lists.</summary>
internal static class OfferCases
{
    public static readonly Zone Taipei = Zones.Find("Asia/Taipei")!;

    public static IReadOnlyList<Offer> Random(int seed)
    {
        var faults = new List<Fault>();
        var book = OfferReader.Read(Encoding.UTF8.GetBytes(RandomCarts.Of(seed).OffersJson), Zones.Find, faults);
        Assert.Empty(faults);
        return book!.Offers;
    }

    public static IEnumerable<string> RandomBodies(int seed)
    {
        foreach (var offer in JsonNode.Parse(RandomCarts.Of(seed).OffersJson)!["offers"]!.AsArray()) yield return offer!.ToJsonString();
    }

    /// <summary>Apart from its id and name, and from what nothing follows from: a channel beside stores, <c>any</c> member, who may hear of a coupon that there is none of.</summary>
    public static string Meaning(Offer offer)
    {
        var when = offer.When is { } at ? at with { Weekdays = at.Weekdays?.Distinct().Order().ToList(), Days = at.Days?.Distinct().Order().ToList() } : null;
        var who = offer.Who is { Members: AudienceKind.Any, Tiers: null, Tags: null } ? null : offer.Who;
        var where = offer.Where is { Stores: not null } place ? place with { Channels = null } : offer.Where;
        // Hours and gifts are tuples and lists, which JSON writes as fields.
        return JsonSerializer.Serialize(
            new object?[]
            {
                when is null ? null : new { when.From, when.Until, when.Weekdays, when.Days, Hours = when.Hours?.Select(span => new { span.From, span.Until }) }, where, who, offer.Tender, offer.Coupon,
                offer.Limit, offer.PerMember, offer.Total, offer.Needs, offer.Exclusive, offer.RegularOnly, offer.Public && offer.Coupon is not null, offer.Deal.GetType().Name, offer.Deal,
            },
            Options);
    }

    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };
}
