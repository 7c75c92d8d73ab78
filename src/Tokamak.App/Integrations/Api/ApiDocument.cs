using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// <c>GET /api/v1/openapi.json</c>: what the reads answer follows from their types; what facts look like, which the types do not
/// say, is written in <c>openapi.written.json</c>, members, simulations, quotes and coupons in files of their own. docs/openapi.json is the same, to be read without a server.
/// </summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    private const string Name = "v1";

    private static readonly string[] Written = ["openapi.written.json", "openapi.members.written.json", "openapi.simulations.written.json", "openapi.quotes.written.json", "openapi.coupons.written.json"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What any request may be answered.</summary>
    private static readonly (string Status, string Response)[] OfAll = [("401", "NoKey"), ("403", "NoScope"), ("429", "TooOften"), ("500", "Failed"), ("503", "Busy")];

    private static readonly Dictionary<string, string> Problems = new(StringComparer.Ordinal) { ["400"] = "BadRequest", ["404"] = "NotFound", ["409"] = "Conflict" };

    /// <summary>Parameters that are texts to the program that reads them, and more to the one that sends them.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["id"] = """{"description": "The id, escaped: a slash is %2F.", "schema": {"type": "string"}}""",
        ["period"] = """{"description": "A month.", "schema": {"type": "string", "pattern": "^\\d{4}-\\d{2}$"}, "example": "2026-01"}""",
        ["limit"] = """{"description": "How many at most.", "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}}""",
        ["after"] = """{"description": "The 'next' of an answer, to read on after it; nothing in it is to be relied on.", "schema": {"type": "string"}}""",
        ["since"] = """{"description": "A date of the brand's time zone, or a moment with its offset: from then on.", "schema": {"type": "string"}, "example": "2026-01-01"}""",
        ["until"] = """{"description": "A date of the brand's time zone, or a moment with its offset: before then.", "schema": {"type": "string"}, "example": "2026-02-01"}""",
        ["store"] = """{"description": "A store that the sale names or credits.", "schema": {"type": "string"}}""",
        ["staff"] = """{"description": "A clerk whom the sale names or credits.", "schema": {"type": "string"}}""",
        ["state"] = """{"description": "Only appeals of this state: open, late, upheld, partly, rejected or withdrawn.", "schema": {"type": "string"}}""",
        ["member"] = """{"description": "A member, under any id that was merged with this.", "schema": {"type": "string"}}""",
    };

    private readonly Lazy<Task<byte[]>> _written = new(() => WriteAsync(services));

    public static void Add(IServiceCollection services) => services.AddSingleton<ApiDocument>()
        .AddOpenApi(Name, options => options.ShouldInclude = route => route.RelativePath?.StartsWith(ApiRoutes.Root[1..] + "/", StringComparison.Ordinal) == true);

    public async Task AnswerAsync(HttpContext request)
    {
        request.Response.ContentType = "application/json";
        request.Response.Headers.CacheControl = "no-cache";
        await request.Response.Body.WriteAsync(await _written.Value, request.RequestAborted);
    }

    private static async Task<byte[]> WriteAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var generated = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        var document = JsonNode.Parse(await generated.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!.AsObject();
        foreach (var schema in document["components"]!["schemas"]!.AsObject()) LeaveOutNull(schema.Value!);
        foreach (var name in Written)
        {
            using var file = typeof(ApiDocument).Assembly.GetManifestResourceStream(name)!;
            Merge(document, JsonNode.Parse(file)!.AsObject());
        }
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (_, operation) in operations!.AsObject()) Complete(path, operation!.AsObject());
        document["paths"] = Sorted(document["paths"]!.AsObject());
        document["components"]!["schemas"] = Sorted(document["components"]!["schemas"]!.AsObject());
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, Indented), (byte)'\n'];
    }

    private static JsonObject Sorted(JsonObject from) => new(from.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => KeyValuePair.Create(part.Key, part.Value?.DeepClone())));

    /// <summary>What the types let be null is left out of an answer instead.</summary>
    private static void LeaveOutNull(JsonNode node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array.OfType<JsonNode>()) LeaveOutNull(item);
            return;
        }
        if (node is not JsonObject schema) return;
        if (schema["type"] is JsonArray types) schema["type"] = types.First(type => (string)type! != "null")!.DeepClone();
        if (schema["oneOf"] is JsonArray { Count: 2 } either && either.FirstOrDefault(of => (string?)of!["type"] != "null") is JsonObject only && either.Any(of => (string?)of!["type"] == "null"))
        {
            schema.Remove("oneOf");
            foreach (var (name, value) in only) schema[name] = value?.DeepClone();
        }
        if (schema["enum"] is JsonArray words)
        {
            schema["type"] = "string";
            foreach (var none in words.Where(word => word is null).ToList()) words.Remove(none);
        }
        foreach (var (_, value) in schema) if (value is not null) LeaveOutNull(value);
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
            if (into[name] is JsonObject known && value is JsonObject more) Merge(known, more);
            else into[name] = value?.DeepClone();
    }

    private static void Complete(string path, JsonObject operation)
    {
        var parameters = operation["parameters"] as JsonArray ?? [];
        if (parameters.Parent is null) operation["parameters"] = parameters;
        foreach (var name in path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
            if (!parameters.Any(parameter => (string?)parameter!["name"] == name)) parameters.Add(new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true });
        foreach (var parameter in parameters.OfType<JsonObject>())
            if ((string?)parameter["name"] is { } name && parameter["description"] is null && Parameters.TryGetValue(name, out var known))
                foreach (var (field, value) in JsonNode.Parse(known)!.AsObject()) parameter[field] = value?.DeepClone();
        if (parameters.Count == 0) operation.Remove("parameters");
        var responses = operation["responses"]!.AsObject();
        foreach (var (status, response) in Problems)
            if (responses[status] is JsonObject said && said["$ref"] is null) responses[status] = Referred(response);
        if (operation["security"] is not null) return;
        foreach (var (status, response) in OfAll) responses.TryAdd(status, Referred(response));
        operation["responses"] = Sorted(responses);
    }

    private static JsonObject Referred(string response) => new() { ["$ref"] = $"#/components/responses/{response}" };
}
