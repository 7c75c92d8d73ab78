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
    /// <summary>Longest name of anything: an id, a sku, a code, a category.</summary>
    public const int MaxName = 100;

    public string Path => path;

    public JsonElement Element => element;

    public void Refuse(string message, FaultKind kind = FaultKind.Other) => faults.Add(new Fault(message, Path: path) { Kind = kind });

    public void Refuse(bool wrong, string message)
    {
        if (wrong) Refuse(message, FaultKind.Misplaced);
    }

    /// <summary>Reads a whole document; null, with every fault, if there is one.</summary>
    /// <param name="json">UTF-8.</param>
    public static T? Document<T>(ReadOnlyMemory<byte> json, List<Fault> faults, Func<JsonNodeReader, T?> read) where T : class
    {
        if (!System.Text.Unicode.Utf8.IsValid(json.Span))
        {
            faults.Add(new Fault("not valid UTF-8; save the file as UTF-8", Path: "$"));
            return null;
        }
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            faults.Add(new Fault($"not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}; mend it there", Path: "$"));
            return null;
        }
        using (document)
        {
            var root = new JsonNodeReader(document.RootElement, "$", faults);
            try
            {
                var found = read(root);
                return faults.Count > 0 ? null : found;
            }
            catch (InvalidOperationException)
            {
                // A field's name with half a character in it: System.Text.Json finds that out only when it is read.
                root.Refuse("holds half a character (a lone surrogate) in a field's name; write it anew");
                return null;
            }
        }
    }

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

    /// <summary>The elements of a list that holds at least one.</summary>
    public List<JsonNodeReader> Filled()
    {
        var items = Items();
        if (items.Count == 0 && element.ValueKind == JsonValueKind.Array) Refuse("is empty; name at least one, or leave it out", FaultKind.Empty);
        return items;
    }

    /// <summary>A list of names.</summary>
    public List<string> Names(bool mayBeEmpty = false) => (mayBeEmpty ? Items() : Filled()).ConvertAll(item => item.Name());

    /// <summary>The fields of an object whose names its author chooses; none twice.</summary>
    public List<(string Name, JsonNodeReader Value)> Fields()
    {
        var fields = new List<(string, JsonNodeReader)>();
        if (element.ValueKind != JsonValueKind.Object)
        {
            Refuse("must be an object { … }");
            return fields;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var child = Child(property.Name, property.Value);
            if (!seen.Add(property.Name)) child.Refuse("stands twice; keep one", FaultKind.Twice);
            else fields.Add((property.Name, child));
        }
        return fields;
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

    /// <summary>A text of so many characters (UTF-16 units) and none that controls.</summary>
    public string Text(int min, int max)
    {
        var text = Text();
        if (element.ValueKind == JsonValueKind.String && (text.Length < min || text.Length > max || text.AsSpan().ContainsAnyInRange('\0', '\u001f')))
            Refuse($"must be {min} to {max} characters without control characters");
        return text;
    }

    /// <summary>What something is called: an id, a sku, a code.</summary>
    public string Name() => Text(1, MaxName);

    /// <summary>An instant as RFC 3339 with offset.</summary>
    public Instant Moment()
    {
        if (element.ValueKind == JsonValueKind.String && Instant.TryParse(System.Text.Encoding.UTF8.GetBytes(Text()), out var instant)) return instant;
        Refuse("must be a time with offset such as \"2026-01-31T15:00:00+08:00\"", FaultKind.Date);
        return default;
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
