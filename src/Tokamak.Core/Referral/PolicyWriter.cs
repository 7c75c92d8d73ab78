using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokamak.Core.Referral;

/// <summary>
/// Writes a version of a policy as JSON in one form (spec: "Policy, as JSON"): the same version gives the same bytes, and
/// <see cref="PolicyReader"/> reads them back to an equal version. What has a default is written where it says something.
/// </summary>
public static class PolicyWriter
{
    private static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>UTF-8, without white space.</summary>
    public static byte[] Write(PolicyVersion version)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plainly)) Version(json, version);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Version(Utf8JsonWriter json, PolicyVersion version)
    {
        json.WriteStartObject();
        json.WriteString("policy", "referral");
        json.WriteNumber("version", version.Version);
        json.WriteString("effectiveFrom", version.EffectiveFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("timezone", version.Timezone);
        json.WriteString("currency", version.Currency);
        List(json, "services", version.Services, terms =>
        {
            json.WriteString("kind", terms.Kind);
            json.WriteNumber("strength", terms.Strength);
            json.WriteNumber("lockDays", terms.LockDays);
            json.WriteNumber("lifeDays", terms.LifeDays);
            json.WriteBoolean("renews", terms.Renews);
        });
        json.WriteString("takeover", Word(version.Takeover));
        json.WriteString("staffMoves", Word(version.StaffMoves));
        json.WriteString("staffLeaves", Word(version.StaffLeaves));
        List(json, "decay", version.Decay, step =>
        {
            json.WriteNumber("days", step.Days);
            json.WriteNumber("percent", step.Percent);
        });
        json.WriteNumber("linkDays", version.LinkDays);
        json.WriteString("selfPurchase", Word(version.SelfPurchase));
        List(json, "split", version.Split, rule => Split(json, rule));
        List(json, "rates", version.Rates, rule => Rate(json, rule));
        if (version.Bands is { } bands) Bands(json, bands);
        if (version.CapPerMonth is { } cap) json.WriteNumber("capPerMonth", cap);
        json.WriteNumber("staffPercent", version.StaffPercent);
        List(json, "bounties", version.Bounties, bounty => Bounty(json, bounty));
        json.WriteStartObject("holdDays");
        json.WriteNumber("store", version.HoldDaysStore);
        json.WriteNumber("online", version.HoldDaysOnline);
        json.WriteEndObject();
        json.WriteNumber("clawbackDays", version.ClawbackDays);
        json.WriteEndObject();
    }

    private static void Split(Utf8JsonWriter json, SplitRule rule)
    {
        json.WriteString("channel", Word(rule.Channel));
        json.WriteStartArray("closer");
        foreach (var source in rule.Closer) json.WriteStringValue(Word(source));
        json.WriteEndArray();
        json.WriteStartObject("shares");
        json.WriteNumber("owner", rule.OwnerPercent);
        json.WriteNumber("closer", rule.CloserPercent);
        json.WriteNumber("handover", rule.HandoverPercent);
        json.WriteEndObject();
    }

    private static void Rate(Utf8JsonWriter json, RateRule rule)
    {
        json.WriteString("role", Word(rule.Role));
        if (rule.Grade is { } grade) json.WriteString("grade", grade);
        json.WriteNumber("rate", rule.RateBps);
        if (rule.CategoryRatesBps.Count > 0)
        {
            json.WriteStartObject("categories");
            foreach (var (category, rate) in rule.CategoryRatesBps.OrderBy(entry => entry.Key, StringComparer.Ordinal)) json.WriteNumber(category, rate);
            json.WriteEndObject();
        }
        if (rule.PerHandover is { } pay) json.WriteNumber("perHandover", pay);
        if (rule.PerHandoverMinNet != 0) json.WriteNumber("perHandoverMinNet", rule.PerHandoverMinNet);
    }

    private static void Bands(Utf8JsonWriter json, Bands bands)
    {
        json.WriteStartObject("bands");
        json.WriteString("mode", Word(bands.Mode));
        List(json, "steps", bands.Steps, step =>
        {
            json.WriteNumber("from", step.From);
            json.WriteNumber("percent", step.Percent);
        });
        json.WriteEndObject();
    }

    private static void Bounty(Utf8JsonWriter json, Bounty bounty)
    {
        json.WriteString("service", bounty.Service);
        json.WriteNumber("amount", bounty.Amount);
        if (bounty.OncePerMember) json.WriteString("oncePer", "member");
        json.WriteBoolean("bound", bounty.Bound);
        if (bounty.RequiresPurchaseWithinDays is { } days) json.WriteNumber("requiresPurchaseWithinDays", days);
        if (bounty.MinNet != 1) json.WriteNumber("minNet", bounty.MinNet);
    }

    private static void List<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>A value of a policy's enum as its file says it; an enum's names are the file's words.</summary>
    public static string Word<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return string.Create(name.Length, name, (word, from) =>
        {
            from.CopyTo(word);
            word[0] = char.ToLowerInvariant(word[0]);
        });
    }
}
