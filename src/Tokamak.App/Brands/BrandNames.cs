using System.Text.Json;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Brands;

/// <summary>
/// What a brand, its stores and its staff are called. Facts carry opaque ids only; names are shown, never computed with,
/// and an id without a name is shown as itself. The word for the web shop belongs to the language of the page.
/// </summary>
public sealed class BrandNames
{
    /// <summary>No names at all: every id stands for itself.</summary>
    public static readonly BrandNames None = new(null, null, [], []);

    private readonly Dictionary<string, string> _stores;
    private readonly Dictionary<string, string> _staff;

    private BrandNames(string? brand, string? warehouse, Dictionary<string, string> stores, Dictionary<string, string> staff) =>
        (Brand, Warehouse, _stores, _staff) = (brand, warehouse, stores, staff);

    /// <summary>Null where the file gives none.</summary>
    public string? Brand { get; }

    /// <summary>The e-commerce warehouse, from which couriers deliver; null where the file gives none.</summary>
    public string? Warehouse { get; }

    public string StoreName(StoreId store) => _stores.GetValueOrDefault(store.Value, store.Value);

    public string StaffName(StaffId staff) => _staff.GetValueOrDefault(staff.Value, staff.Value);

    /// <summary>
    /// Reads <c>{"brand":"…","warehouse":"…","stores":{"id":"name"},"staff":{"id":"name"}}</c>, each part optional.
    /// Returns every fault with its JSON path; the names are null if there is one.
    /// </summary>
    public static (BrandNames? Names, IReadOnlyList<Fault> Faults) Parse(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            return (null, [new Fault($"This is not JSON with each key once: {fault.Message}", Path: "$")]);
        }
        using (document) return Read(document.RootElement);
    }

    private static (BrandNames? Names, IReadOnlyList<Fault> Faults) Read(JsonElement root)
    {
        var faults = new List<Fault>();
        if (root.ValueKind != JsonValueKind.Object)
            return (null, [new Fault("""Names are one JSON object, such as {"brand":"…","stores":{"S01":"…"},"staff":{"K001":"…"}}.""", Path: "$")]);

        string? brand = null, warehouse = null;
        Dictionary<string, string> stores = [], staff = [];
        foreach (var part in root.EnumerateObject())
        {
            var path = "$." + part.Name;
            switch (part.Name)
            {
                case "brand": brand = Text(part.Value, path, faults); break;
                case "warehouse": warehouse = Text(part.Value, path, faults); break;
                case "stores": stores = ById(part.Value, path, faults); break;
                case "staff": staff = ById(part.Value, path, faults); break;
                default: faults.Add(new Fault("No such part; there are brand, warehouse, stores and staff.", Path: path)); break;
            }
        }
        return faults.Count > 0 ? (null, faults) : (new BrandNames(brand, warehouse, stores, staff), faults);
    }

    private static Dictionary<string, string> ById(JsonElement value, string path, List<Fault> faults)
    {
        var names = new Dictionary<string, string>();
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault("""Must be an object of id and name, such as {"S01":"…"}.""", Path: path));
            return names;
        }
        foreach (var entry in value.EnumerateObject())
            if (Text(entry.Value, $"{path}['{entry.Name}']", faults) is { } name)
                names[entry.Name] = name;
        return names;
    }

    private static string? Text(JsonElement value, string path, List<Fault> faults)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        faults.Add(new Fault("Must be a text that is not empty.", Path: path));
        return null;
    }
}
