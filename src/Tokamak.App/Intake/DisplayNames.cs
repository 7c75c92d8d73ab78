using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake;

/// <summary>
/// Names to show for stores and staff, never for members, with the decimals of the currency so that pages show amounts as
/// people write them. Written as <c>{"brand", "currencyDecimals", "stores": {id: name}, "staff": {id: name}}</c>.
/// </summary>
public sealed class DisplayNames
{
    private const int MaxLength = 200;

    public SortedDictionary<string, string> Stores { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, string> Staff { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a name; what is wrong with it, or null. Of two names for one id the first in text order stays, whatever the file's order.</summary>
    public static string? Add(SortedDictionary<string, string> names, string id, string name)
    {
        if (!FactForm.IsId(id)) return "has no sound id for the name";
        if (name.Length is 0 or > MaxLength || name.Any(char.IsControl)) return $"is no name of 1 to {MaxLength} characters";
        if (!names.TryAdd(id, name) && names[id] != name)
        {
            if (string.CompareOrdinal(name, names[id]) < 0) names[id] = name;
            return $"gives {id} another name; the first in text order is kept";
        }
        return null;
    }

    /// <param name="stream">Where to.</param>
    /// <param name="brand">The brand's own name.</param>
    /// <param name="scale">Smallest units in one of the currency, a power of ten.</param>
    public void Write(Stream stream, string brand, long scale)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("brand", brand);
        if (scale > 1) json.WriteNumber("currencyDecimals", (int)Math.Round(Math.Log10(scale)));
        foreach (var (field, names) in (ReadOnlySpan<(string, SortedDictionary<string, string>)>)[("stores", Stores), ("staff", Staff)])
        {
            json.WriteStartObject(field);
            foreach (var (id, name) in names) json.WriteString(id, name);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }
}
