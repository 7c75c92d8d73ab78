using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Brands;

/// <summary>Writes many facts to a stream as JSON Lines, in local time: equal facts are equal bytes.</summary>
public sealed class FactWriter(Stream stream, Zone zone) : IDisposable
{
    // Chinese ids stay readable. One writer serves all facts: making one for each costs more than the writing.
    private readonly Utf8JsonWriter _json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Write(Fact fact)
    {
        FactLines.Write(_json, fact, zone.OffsetSecondsAt(fact.At));
        _json.Flush();
        _json.Reset();
        stream.WriteByte((byte)'\n');
    }

    public void Dispose() => _json.Dispose();
}
