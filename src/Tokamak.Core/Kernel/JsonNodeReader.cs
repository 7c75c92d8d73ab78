using System.Globalization;
using System.Text.Json;

namespace Tokamak.Core.Kernel;

/// <summary>
/// Reads a JSON document that people write (a policy, a mapping) and collects every fault with its JSON path, so that
/// all of them can be mended at once. After a fault the readers return a harmless value; the caller looks at the faults
/// before it uses anything.
/// </summary>
public readonly struct JsonNodeReader(JsonElement element, string path, List<Fault> faults)
{
    public string Path => path;

    public JsonElement Element => element;

    public void Refuse(string message, FaultKind kind = FaultKind.Other) => faults.Add(new Fault(message, Path: path) { Kind = kind });

    /// <summary>Checks that this is an object with these fields, none twice. False if it is no object at all.</summary>
    public bool IsObject(ReadOnlySpan<string> required, ReadOnlySpan<string> optional)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Refuse("must be an object { … }");
            return false;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                Refuse("has a field whose name holds half a character; write it anew");
                return false;
            }
            if (!seen.Add(name)) Child(name, property.Value).Refuse("stands twice; keep one");
            else if (!required.Contains(name) && !optional.Contains(name)) Child(name, property.Value).Refuse("is not known here; leave it out or mend its name");
        }
        foreach (var name in required)
            if (!seen.Contains(name)) faults.Add(new Fault("is missing; add it", Path: $"{path}.{name}"));
        return true;
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The field of that name, or null where it is absent (which <see cref="IsObject"/> judges).</summary>
    public JsonNodeReader? Field(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Child(name, value) : null;

    /// <summary>The elements of a list; empty, with a fault, if it is none.</summary>
    public List<JsonNodeReader> Items()
    {
        var items = new List<JsonNodeReader>();
        if (element.ValueKind != JsonValueKind.Array) Refuse("must be a list [ … ]");
        else
            foreach (var item in element.EnumerateArray())
                items.Add(new JsonNodeReader(item, $"{path}[{items.Count}]", faults));
        return items;
    }

    /// <summary>A whole number written without fraction or exponent, from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public long Whole(long min, long max)
    {
        if (element.ValueKind == JsonValueKind.Number && !element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')
            && element.TryGetInt64(out var value) && value >= min && value <= max)
            return value;
        faults.Add(new Fault($"must be a whole number from {min} to {max}", Path: path) { Kind = FaultKind.Number, Least = min, Most = max });
        return min;
    }

    public int Number(int min, int max) => (int)Whole(min, max);

    public bool Flag()
    {
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Refuse("must be true or false");
        return element.ValueKind == JsonValueKind.True;
    }

    public string Text()
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Refuse("must be a text \"…\"");
            return "";
        }
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Refuse("holds half a character (a lone surrogate); write it anew");
            return "";
        }
    }

    /// <summary>One of the given words; their place in the list.</summary>
    public int Word(params ReadOnlySpan<string> words)
    {
        var text = element.ValueKind == JsonValueKind.String ? Text() : null;
        for (var i = 0; i < words.Length; i++)
            if (words[i] == text) return i;
        Refuse($"must be {string.Join(" or ", words.ToArray().Select(w => $"\"{w}\""))}", FaultKind.Word);
        return 0;
    }

    public DateOnly Date()
    {
        if (element.ValueKind == JsonValueKind.String
            && DateOnly.TryParseExact(Text(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        Refuse("must be a date such as \"2026-01-31\"", FaultKind.Date);
        return DateOnly.MinValue;
    }

    /// <summary>A property of this object, for objects whose names their author chooses.</summary>
    public JsonNodeReader Child(string name, JsonElement value) =>
        new(value, name.AsSpan().ContainsAnyExcept(PlainName) ? $"{path}[{JsonSerializer.Serialize(name.Length <= 40 ? name : name[..40] + "…")}]" : $"{path}.{name}", faults);

    private static readonly System.Buffers.SearchValues<char> PlainName =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}
