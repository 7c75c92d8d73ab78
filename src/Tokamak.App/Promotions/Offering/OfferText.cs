using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Offering;

/// <summary>One offer, or the terms that all share, as checked JSON.</summary>
/// <param name="Body">In its one form: without white space. Null where <paramref name="Faults"/> has any.</param>
/// <param name="Faults">With paths within the offer: <c>$.unit.take[0].count</c>.</param>
public sealed record CheckedOffer(Offer? Offer, string? Body, IReadOnlyList<Fault> Faults)
{
    /// <summary>What two people agree on; null while something is wrong.</summary>
    public string? Sha256 => Body is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
}

/// <summary>Offers are kept one by one and read as one document (spec promotions, "Offers").</summary>
public static class OfferText
{
    /// <summary>What holds for all offers until somebody says otherwise: points pay nothing, and nothing has a floor.</summary>
    public const string DefaultTerms = """{"timezone":"Asia/Taipei","onReturn":"proportional"}""";

    private const string InDocument = "$.offers[0]";

    private static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The terms and the offers as one document.</summary>
    public static ReadOnlyMemory<byte> Document(string terms, IEnumerable<string> offers)
    {
        var written = new ArrayBufferWriter<byte>(1 << 16);
        using (var json = new Utf8JsonWriter(written, Plainly))
        using (var shared = JsonDocument.Parse(terms))
        {
            json.WriteStartObject();
            foreach (var field in shared.RootElement.EnumerateObject().Where(field => field.Name != "offers")) field.WriteTo(json);
            json.WriteStartArray("offers");
            foreach (var offer in offers) json.WriteRawValue(offer);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return written.WrittenMemory;
    }

    /// <summary>Checks a draft by itself: an id is one offer's, so nothing in another can be wrong with it.</summary>
    /// <param name="offer">Its id, or <see cref="OfferVersionRow.Terms"/>.</param>
    /// <param name="body">As somebody wrote it.</param>
    public static CheckedOffer Check(string offer, string body)
    {
        var faults = new List<Fault>();
        if (Plain(body, faults) is not { } plain) return new CheckedOffer(null, null, faults);
        var isTerms = offer == OfferVersionRow.Terms;
        if (isTerms && HasOffers(plain)) faults.Add(new Fault("is kept beside the terms: write each offer by itself", Path: "$.offers"));
        var book = faults.Count > 0 ? null : isTerms ? OfferReader.Read(Document(plain, []), Zones.Find, faults) : OfferReader.Read(Document(DefaultTerms, [plain]), Zones.Find, faults);
        if (!isTerms && book is { Offers: [var read] } && read.Id != offer) faults.Add(new Fault($"must be \"{offer}\", the offer that is written here", Path: "$.id"));
        var own = faults.ConvertAll(fault => fault.Path is { } path && path.StartsWith(InDocument, StringComparison.Ordinal) ? fault with { Path = "$" + path[InDocument.Length..] } : fault);
        return own.Count > 0 ? new CheckedOffer(null, null, own) : new CheckedOffer(isTerms ? null : book!.Offers[0], plain, []);
    }

    /// <summary>Every offer of a document by itself, and its terms; null where the document is wrong.</summary>
    public static (string Terms, IReadOnlyList<(string Offer, string Body)> Offers)? Parts(ReadOnlyMemory<byte> json, List<Fault> faults)
    {
        if (OfferReader.Read(json, Zones.Find, faults) is null || faults.Count > 0) return null;
        using var document = JsonDocument.Parse(json);
        var terms = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(terms, Plainly))
        {
            writer.WriteStartObject();
            foreach (var field in document.RootElement.EnumerateObject().Where(field => field.Name != "offers")) field.WriteTo(writer);
            writer.WriteEndObject();
        }
        return (Encoding.UTF8.GetString(terms.WrittenSpan), [.. document.RootElement.GetProperty("offers").EnumerateArray().Select(offer => (offer.GetProperty("id").GetString()!, TextOf(offer)))]);
    }

    private static bool HasOffers(string plain)
    {
        using var document = JsonDocument.Parse(plain);
        return document.RootElement.TryGetProperty("offers", out _);
    }

    /// <summary>An object without white space, as it is kept; null for what is none.</summary>
    private static string? Plain(string body, List<Fault> faults)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object) return TextOf(document.RootElement);
            faults.Add(new Fault("must be one object, an offer", Path: "$"));
        }
        // Half a character in a text is no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var line = e is JsonException { LineNumber: { } number } ? string.Create(CultureInfo.InvariantCulture, $", in line {number + 1}") : "";
            faults.Add(new Fault($"is no JSON{line}; check brackets, commas and quotation marks", Path: "$"));
        }
        return null;
    }

    private static string TextOf(JsonElement element)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written, Plainly)) element.WriteTo(writer);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
