using System.Text.Json.Nodes;

namespace Tokamak.App.Tests.Intake;

/// <summary>Changes a mapping somewhere as a slip of the hand or a malicious one would.</summary>
internal static class MappingMutation
{
    public static void Apply(JsonNode mapping, Random random)
    {
        var all = new List<JsonNode>();
        Collect(mapping);
        var chosen = all[random.Next(all.Count)];
        JsonNode? other = random.Next(11) switch
        {
            0 => null,
            1 => JsonValue.Create(random.Next(-3, 200)),
            2 => JsonValue.Create("x"),
            3 => new JsonArray(),
            4 => new JsonObject(),
            5 => JsonValue.Create(true),
            6 => JsonValue.Create("{"),
            7 => JsonValue.Create("o.when"),
            _ => all[random.Next(all.Count)].DeepClone(),
        };
        switch (chosen.Parent)
        {
            case JsonObject inObject when random.Next(3) == 0: inObject.Remove(chosen.GetPropertyName()); break;
            case JsonObject inObject when random.Next(4) == 0: inObject.TryAdd("surplus", other); break;
            case JsonObject inObject: inObject[chosen.GetPropertyName()] = other; break;
            case JsonArray inArray: inArray[chosen.GetElementIndex()] = other; break;
        }

        void Collect(JsonNode node)
        {
            all.Add(node);
            if (node is JsonObject o)
                foreach (var (_, value) in o) { if (value is not null) Collect(value); }
            else if (node is JsonArray a)
                foreach (var value in a) if (value is not null) Collect(value);
        }
    }
}
