using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>A version of a policy that is being thought about, and the policy it would have been.</summary>
public static class Draft
{
    /// <summary>
    /// The stored versions in force before the stretch, and the draft from its first day on; stored versions that begin later are left
    /// out. Its number follows theirs if its own does not.
    /// </summary>
    /// <param name="stored">The policy as it is.</param>
    /// <param name="draft">One version, read and checked.</param>
    /// <param name="stretch">The months it is tried on.</param>
    /// <param name="faults">Why it cannot be.</param>
    public static Policy? Instead(Policy stored, Policy draft, Stretch stretch, ICollection<Fault> faults)
    {
        var own = draft.Versions[^1];
        if (draft.Versions.Count > 1) faults.Add(new Fault("holds several versions; a draft is one", Path: "$"));
        if (own.Timezone != stored.Versions[^1].Timezone) faults.Add(new Fault($"must be {stored.Versions[^1].Timezone}, as in the policy in force", Path: "$.timezone"));
        if (own.Currency != stored.Versions[^1].Currency) faults.Add(new Fault($"must be {stored.Versions[^1].Currency}, as in the policy in force", Path: "$.currency"));
        if (faults.Count > 0) return null;
        List<PolicyVersion> versions = [.. stored.Versions.TakeWhile(version => version.EffectiveFrom < stretch.FirstDay)];
        var number = versions.Count > 0 && own.Version <= versions[^1].Version ? checked(versions[^1].Version + 1) : own.Version;
        versions.Add(own with { EffectiveFrom = stretch.FirstDay, Version = number });
        return new Policy(versions, stored.Zone);
    }

    /// <summary>
    /// The draft with another value for one of its numbers, to be read and checked like any other. The number is named as a fault names it:
    /// <c>linkDays</c>, <c>holdDays.store</c>, <c>decay[1].percent</c>; an entry of a list also by what tells it from the others:
    /// <c>services[qr-scan].lockDays</c>, <c>split[online].shares.owner</c>.
    /// </summary>
    /// <param name="json">The draft as UTF-8 JSON, checked before.</param>
    /// <param name="name">The number.</param>
    /// <param name="value">Its other value.</param>
    /// <param name="faults">Receives why there is no such number.</param>
    public static byte[]? With(ReadOnlyMemory<byte> json, string name, long value, ICollection<Fault> faults)
    {
        var root = JsonNode.Parse(json.Span)!;
        var at = root is JsonArray { Count: 1 } only ? only[0]! : root;
        var steps = name.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < steps.Length; i++)
        {
            var next = steps[i].StartsWith('[') ? Entry(at, steps[i].Trim('[', ']')) : at is JsonObject ? at[steps[i]] : null;
            if (next is null) break;
            if (i == steps.Length - 1 && next.GetValueKind() == JsonValueKind.Number)
            {
                next.ReplaceWith(value);
                return JsonSerializer.SerializeToUtf8Bytes(root);
            }
            at = next;
        }
        faults.Add(new Fault($"the draft has no number {name}; name one as in services[qr-scan].lockDays, decay[1].percent or linkDays"));
        return null;
    }

    private static JsonNode? Entry(JsonNode list, string which)
    {
        if (list is not JsonArray entries) return null;
        if (int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var place)) return place < entries.Count ? entries[place] : null;
        return entries.FirstOrDefault(entry => entry is JsonObject fields
            && Array.Exists(NamingFields, field => fields[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == which));
    }

    private static readonly string[] NamingFields = ["kind", "channel", "service", "role"];
}
