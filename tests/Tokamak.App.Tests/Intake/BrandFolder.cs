using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Intake;
using Tokamak.Core.Kernel;
using Xunit;

namespace Tokamak.App.Tests.Intake;

/// <summary>A brand's files in a folder of their own, gone after the test.</summary>
internal sealed class BrandFolder : IDisposable
{
    public const string Orders = """
        { "mapping": 1, "brand": "Test", "timezone": "Asia/Taipei", "money": { "currency": "TWD", "scale": 1 },
          "sources": { "orders": { "file": "orders.csv" } },
          "facts": [ { "type": "sale", "source": "orders", "id": { "template": "O{order}" }, "at": "when", "channel": { "const": "store" },
            "store": "store", "member": "member",
            "lines": { "line": "line", "category": "category", "quantity": "qty", "net": "net", "fulfil": { "const": "taken" } } } ] }
        """;

    public const string OrdersHeader = "order,when,store,member,line,category,qty,net\n";

    public string Path { get; } = Directory.CreateTempSubdirectory("tokamak-intake-").FullName;

    public BrandFolder Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    public BrandFolder Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(In(file), bytes);
        return this;
    }

    public string In(string file) => System.IO.Path.Combine(Path, file);

    public ImportResult Import(string mapping, byte[]? key = null)
    {
        using var keys = key is null ? null : new KeyedIds(key);
        return App.Intake.Import.Run(Read(mapping), Path, keys, null);
    }

    /// <summary>The faults for which an import is refused.</summary>
    public IReadOnlyList<Fault> Refused(string mapping) => Assert.Throws<WrongInputException>(() => Import(mapping)).Faults;

    public static Mapping Read(string mapping)
    {
        var faults = new List<Fault>();
        return MappingReader.Read(Encoding.UTF8.GetBytes(mapping), faults) ?? throw new WrongInputException(faults);
    }

    public static string Lines(ImportResult result)
    {
        using var stream = new MemoryStream();
        using (var writer = new FactWriter(stream, Zones.Find("Asia/Taipei")!))
            foreach (var fact in result.Facts) writer.Write(fact);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static string[] Rejected(ImportResult result) =>
        [.. result.Rejects.InOrder().Select(r => $"{r.Place.File}:{r.Place.Line} {r.Column}: {r.Reason}")];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
