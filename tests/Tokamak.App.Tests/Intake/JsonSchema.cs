using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tokamak.App.Tests.Intake;

/// <summary>Checks a document against the part of JSON Schema 2020-12 that our schema uses. An unknown keyword fails, so that none is passed over.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    public bool Accepts(JsonElement document) => Accepts(root, document);

    private bool Accepts(JsonElement schema, JsonElement value) => schema.EnumerateObject().All(keyword => keyword.Name switch
    {
        "$schema" or "title" or "description" or "$defs" or "properties" => keyword.Name != "properties" || Properties(keyword.Value, value),
        "$ref" => Accepts(Resolve(keyword.Value.GetString()!), value),
        "type" => IsOfType(keyword.Value, value),
        "const" => JsonElement.DeepEquals(keyword.Value, value),
        "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
        "required" => value.ValueKind != JsonValueKind.Object || keyword.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(property => Additional(schema, keyword.Value, property)),
        "dependentRequired" => value.ValueKind != JsonValueKind.Object || keyword.Value.EnumerateObject().All(
            rule => !value.TryGetProperty(rule.Name, out _) || rule.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _))),
        "oneOf" => keyword.Value.EnumerateArray().Count(one => Accepts(one, value)) == 1,
        "anyOf" => keyword.Value.EnumerateArray().Any(one => Accepts(one, value)),
        "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(item => Accepts(keyword.Value, item)),
        "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(),
        "minProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= keyword.Value.GetInt32(),
        "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(),
        "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32(),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= keyword.Value.GetDecimal(),
        _ => throw new NotSupportedException($"the check does not know the keyword {keyword.Name}"),
    });

    private bool Properties(JsonElement properties, JsonElement value) =>
        value.ValueKind != JsonValueKind.Object
        || properties.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out var given) || Accepts(property.Value, given));

    private bool Additional(JsonElement schema, JsonElement rule, JsonProperty property)
    {
        if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(property.Name, out _)) return true;
        return rule.ValueKind == JsonValueKind.Object ? Accepts(rule, property.Value) : rule.ValueKind == JsonValueKind.True;
    }

    private static bool IsOfType(JsonElement type, JsonElement value) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(one => IsOfType(one, value))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            var other => throw new NotSupportedException($"the check does not know the type {other}"),
        };

    private JsonElement Resolve(string reference) => root.GetProperty("$defs").GetProperty(reference["#/$defs/".Length..]);
}
