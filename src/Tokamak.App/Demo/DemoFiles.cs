using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Brands;

namespace Tokamak.App.Demo;

/// <summary>How far the writing is.</summary>
public readonly record struct DemoProgress(DateOnly Day, int DaysDone, int Days, int Facts, int Sales);

/// <summary>Writes the demo brand as the three files that import and replay read: same bytes every time.</summary>
public static class DemoFiles
{
    public const string Facts = "facts.jsonl", Policy = "policy.json", Names = "names.json";

    private const int FlushAt = 1 << 20;

    /// <summary>Writes into <paramref name="folder"/>, made if need be; files of these names are replaced.</summary>
    public static DemoProgress Write(string folder, int percent, Action<DemoProgress> progress)
    {
        Directory.CreateDirectory(folder);
        var brand = new DemoBrand(percent);
        File.WriteAllText(Path.Combine(folder, Policy), DemoPolicy.Json.ReplaceLineEndings("\n"));
        File.WriteAllBytes(Path.Combine(folder, Names), NamesOf(brand));
        using var file = File.Create(Path.Combine(folder, Facts));
        return WriteFacts(brand, file, progress);
    }

    /// <summary>The facts as JSON Lines, a day at a time.</summary>
    public static DemoProgress WriteFacts(DemoBrand brand, Stream output, Action<DemoProgress> progress)
    {
        var buffer = new ArrayBufferWriter<byte>(FlushAt * 2);
        var so = default(DemoProgress);
        foreach (var (day, facts) in brand.Days())
        {
            foreach (var fact in facts) FactLines.Write(buffer, fact, DemoCalendar.OffsetSeconds);
            if (buffer.WrittenCount >= FlushAt) Flush();
            var sales = facts.Count(fact => fact is Core.Referral.SaleFact);
            so = new DemoProgress(day, so.DaysDone + 1, DemoCalendar.Days, so.Facts + facts.Count, so.Sales + sales);
            progress(so);
        }
        Flush();
        return so;

        void Flush()
        {
            output.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    private static byte[] NamesOf(DemoBrand brand)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // Names are read by people too: Chinese as it is.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("brand", DemoBrand.Name);
            json.WriteString("warehouse", DemoBrand.Warehouse);
            json.WriteStartObject("stores");
            foreach (var store in DemoRoster.Stores) json.WriteString(store.Id.Value, store.Name);
            json.WriteEndObject();
            json.WriteStartObject("staff");
            foreach (var clerk in brand.Roster.Clerks) json.WriteString(clerk.Id.Value, clerk.Name);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
