using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>Policies as a policy file has them, so that worlds made in memory can be posted.</summary>
internal static class PolicyJson
{
    public static byte[] Of(Policy policy) => JsonSerializer.SerializeToUtf8Bytes(new JsonArray([.. policy.Versions.Select(version => Of(version, policy.Zone.Name))]));

    private static JsonObject Of(PolicyVersion version, string zone)
    {
        var json = new JsonObject
        {
            ["policy"] = "referral", ["version"] = version.Version, ["effectiveFrom"] = version.EffectiveFrom.ToString("yyyy-MM-dd", null), ["timezone"] = zone, ["currency"] = version.Currency,
            ["services"] = Array(version.Services, s => new JsonObject { ["kind"] = s.Kind, ["strength"] = s.Strength, ["lockDays"] = s.LockDays, ["lifeDays"] = s.LifeDays, ["renews"] = s.Renews }),
            ["takeover"] = Word(version.Takeover), ["staffMoves"] = Word(version.StaffMoves), ["staffLeaves"] = Word(version.StaffLeaves),
            ["decay"] = Array(version.Decay, d => new JsonObject { ["days"] = d.Days, ["percent"] = d.Percent }),
            ["linkDays"] = version.LinkDays, ["selfPurchase"] = Word(version.SelfPurchase),
            ["split"] = Array(version.Split, s => new JsonObject
            {
                ["channel"] = Word(s.Channel), ["closer"] = Array(s.Closer, c => Word(c)),
                ["shares"] = new JsonObject { ["owner"] = s.OwnerPercent, ["closer"] = s.CloserPercent, ["handover"] = s.HandoverPercent },
            }),
            ["rates"] = Array(version.Rates, Of), ["staffPercent"] = version.StaffPercent,
            ["bounties"] = Array(version.Bounties, Of),
            ["holdDays"] = new JsonObject { ["store"] = version.HoldDaysStore, ["online"] = version.HoldDaysOnline }, ["clawbackDays"] = version.ClawbackDays,
        };
        if (version.Bands is { } bands)
            json["bands"] = new JsonObject { ["mode"] = Word(bands.Mode), ["steps"] = Array(bands.Steps, s => new JsonObject { ["from"] = s.From, ["percent"] = s.Percent }) };
        if (version.CapPerMonth is { } cap) json["capPerMonth"] = cap;
        return json;
    }

    private static JsonObject Of(RateRule rule)
    {
        var json = new JsonObject { ["role"] = Word(rule.Role), ["rate"] = rule.RateBps };
        if (rule.Grade is not null) json["grade"] = rule.Grade;
        if (rule.CategoryRatesBps.Count > 0) json["categories"] = new JsonObject(rule.CategoryRatesBps.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));
        if (rule.PerHandover is { } pay)
        {
            json["perHandover"] = pay;
            json["perHandoverMinNet"] = rule.PerHandoverMinNet;
        }
        return json;
    }

    private static JsonObject Of(Bounty bounty)
    {
        var json = new JsonObject { ["service"] = bounty.Service, ["amount"] = bounty.Amount, ["bound"] = bounty.Bound };
        if (bounty.OncePerMember) json["oncePer"] = "member";
        if (bounty.RequiresPurchaseWithinDays is { } days)
        {
            json["requiresPurchaseWithinDays"] = days;
            json["minNet"] = bounty.MinNet;
        }
        return json;
    }

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode> of) => new([.. items.Select(item => (JsonNode?)of(item))]);

    private static JsonValue Word<T>(T value) where T : struct, Enum => JsonValue.Create(value.ToString().ToLowerInvariant());
}
