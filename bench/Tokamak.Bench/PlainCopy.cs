using System.Text.Json;

namespace Tokamak.Bench;

/// <summary>
/// The baseline: what a person writes first. One thread reads each line, parses it into a JSON document and writes the
/// same document back; nothing is derived, sorted or checked.
/// </summary>
internal static class PlainCopy
{
    public static int Run(string facts, string copy)
    {
        using var reader = new StreamReader(facts);
        using var output = new FileStream(copy, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using var writer = new Utf8JsonWriter(output);
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            document.WriteTo(writer);
            writer.Flush();
            writer.Reset();
            output.WriteByte((byte)'\n');
        }
        return 0;
    }
}
