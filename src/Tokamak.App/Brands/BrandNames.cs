using System.Text.Json;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Brands;

/// <summary>
/// What a brand, its stores and its staff are called. Facts carry opaque ids only; names are shown, never computed with,
/// and an id without a name is shown as itself. The word for the web shop belongs to the language of the page. A brand
/// whose facts count in a part of its currency, such as cents, says here how many decimals that is.
/// </summary>
public sealed class BrandNames
{
    /// <summary>No names at all: every id stands for itself.</summary>
    public static readonly BrandNames None = new(null, null, 0, [], []);

    private readonly Dictionary<string, string> _stores;
    private readonly Dictionary<string, string> _staff;

    public BrandNames(string? brand, string? warehouse, int currencyDecimals, Dictionary<string, string> stores, Dictionary<string, string> staff) =>
        (Brand, Warehouse, CurrencyDecimals, _stores, _staff) = (brand, warehouse, currencyDecimals, stores, staff);

    /// <summary>Null where the file gives none.</summary>
    public string? Brand { get; }

    /// <summary>The e-commerce warehouse, from which couriers deliver; null where the file gives none.</summary>
    public string? Warehouse { get; }

    /// <summary>Decimals of the currency that a whole unit of the facts stands for; 0 where the file says nothing.</summary>
    public int CurrencyDecimals { get; }

    /// <summary>Names by id.</summary>
    public IReadOnlyDictionary<string, string> Stores => _stores;
    public IReadOnlyDictionary<string, string> Staff => _staff;

    public string StoreName(StoreId store) => _stores.GetValueOrDefault(store.Value, store.Value);

    public string StaffName(StaffId staff) => _staff.GetValueOrDefault(staff.Value, staff.Value);

    /// <summary>
    /// Reads <c>{"brand":"…","warehouse":"…","currencyDecimals":2,"stores":{"id":"name"},"staff":{"id":"name"}}</c>, each part optional.
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
        var currencyDecimals = 0;
        Dictionary<string, string> stores = [], staff = [];
        foreach (var part in root.EnumerateObject())
        {
            var path = "$." + part.Name;
            switch (part.Name)
            {
                case "brand": brand = Text(part.Value, path, faults); break;
                case "warehouse": warehouse = Text(part.Value, path, faults); break;
                case "currencyDecimals": currencyDecimals = Decimals(part.Value, path, faults); break;
                case "stores": stores = ById(part.Value, path, faults); break;
                case "staff": staff = ById(part.Value, path, faults); break;
                default: faults.Add(new Fault("No such part; there are brand, warehouse, currencyDecimals, stores and staff.", Path: path)); break;
            }
        }
        return faults.Count > 0 ? (null, faults) : (new BrandNames(brand, warehouse, currencyDecimals, stores, staff), faults);
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

    private static int Decimals(JsonElement value, string path, List<Fault> faults)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var decimals) && decimals is >= 0 and <= Currency.MostDecimals) return decimals;
        faults.Add(new Fault($"Must be a whole number from 0 to {Currency.MostDecimals}.", Path: path));
        return 0;
    }

    private static string? Text(JsonElement value, string path, List<Fault> faults)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        faults.Add(new Fault("Must be a text that is not empty.", Path: path));
        return null;
    }
}
