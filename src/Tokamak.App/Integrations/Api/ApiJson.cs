using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>How the API writes JSON, and reads a small object of it.</summary>
internal static class ApiJson
{
    // Programs read it, and people with them: Chinese stays Chinese. No answer of the API is a page.
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Answers with one object, whose fields are written here.</summary>
    public static async Task AnswerAsync(HttpContext request, int status, Action<Utf8JsonWriter> fields)
    {
        request.Response.StatusCode = status;
        request.Response.ContentType = "application/json";
        request.Response.Headers.CacheControl = "no-store";
        var body = ObjectOf(fields);
        request.Response.ContentLength = body.Length;
        await request.Response.Body.WriteAsync(body, request.RequestAborted);
    }

    public static ReadOnlyMemory<byte> ObjectOf(Action<Utf8JsonWriter> fields)
    {
        var written = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(written, Writing))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        return written.WrittenMemory;
    }

    /// <summary>Reads a request's object of a few fields; nothing in the body is an object without any.</summary>
    /// <returns>Null: it is no such object, and was answered.</returns>
    public static async Task<JsonElement?> ReadAsync(HttpContext request, BodyRoom room, params IReadOnlyList<string> fields)
    {
        using var body = await RequestBody.ReadAsync(request, room);
        if (body is null) return null;
        if (body.Bytes.Length == 0) return JsonElement.Parse("{}");
        var wrong = "Send one JSON object.";
        try
        {
            var read = JsonElement.Parse(Answers.WithoutMark(body.Bytes).Span, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (read.ValueKind == JsonValueKind.Object)
            {
                if (read.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !fields.Contains(name)) is not { } unknown) return read;
                wrong = $"There is no field '{unknown}' here; there is {string.Join(", ", fields)}.";
            }
        }
        // Half a character in a name is no text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            wrong = $"This is no JSON that can be read: {e.Message}";
        }
        await Problem.WriteAsync(request, StatusCodes.Status400BadRequest, "wrong-json", wrong);
        return null;
    }

    /// <summary>The text of a field without white space around it; null where there is none, or what a database cannot keep.</summary>
    public static string? TextOf(JsonElement read, string field, int mostLetters)
    {
        if (!read.TryGetProperty(field, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString()!.Trim() is { Length: > 0 } text && text.Length <= mostLetters && !text.Any(char.IsControl) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>As facts are written (R1): what is absent is left out, never null; words are written small.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
