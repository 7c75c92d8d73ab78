using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>
/// Reads one fact as it is sent: in the form of R1, but for one thing. A till's sale that does not say in which store it was is
/// read all the same, without a store: it is taken and flagged, never sent away.
/// </summary>
public static class FactText
{
    private static readonly ThreadLocal<FactReader> Reader = new(() => new FactReader());

    public static bool TryRead(ReadOnlySpan<byte> json, int line, out Fact fact, out Fault fault)
    {
        if (Reader.Value!.TryRead(json, line, out fact, out fault)) return true;
        if (WithStore(json) is not { } completed || !Reader.Value.TryRead(completed, line, out fact, out _)) return false;
        fact = (SaleFact)fact with { Store = null };
        return true;
    }

    /// <summary>The sale with some store; null if a store is not what it lacks.</summary>
    private static byte[]? WithStore(ReadOnlySpan<byte> json)
    {
        if (json.Length > FactReader.MaxLineBytes || json.IndexOf("sale"u8) < 0) return null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (JsonNode.Parse(ref reader) is not JsonObject sale || sale.ContainsKey("store") || !Says(sale, "type", "sale") || !Says(sale, "channel", "store")) return null;
            sale["store"] = "any";
            return JsonSerializer.SerializeToUtf8Bytes(sale);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Says(JsonObject fact, string field, string word) => fact[field] is JsonValue value && value.TryGetValue<string>(out var text) && text == word;
}
