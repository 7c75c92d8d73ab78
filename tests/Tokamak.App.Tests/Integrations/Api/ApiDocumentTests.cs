using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>The OpenAPI document: it is the committed one, names every route, and its examples are what the server takes and gives.</summary>
public sealed class ApiDocumentTests(PostgresServer server)
{
    /// <summary>Writes the committed copy anew: TOKAMAK_WRITE_OPENAPI=1 ./test --filter ApiDocument.</summary>
    private static bool Writes => Environment.GetEnvironmentVariable("TOKAMAK_WRITE_OPENAPI") == "1";

    [Fact]
    public async Task The_committed_document_is_the_one_that_is_served()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        var served = (await world.GetAsync("/api/v1/openapi.json", "")).Is(HttpStatusCode.OK).Text;
        var committed = Repository.Path("docs", "openapi.json");
        if (Writes) await File.WriteAllTextAsync(committed, served, TestContext.Current.CancellationToken);
        Assert.True(
            served == await File.ReadAllTextAsync(committed, TestContext.Current.CancellationToken), "docs/openapi.json is not what is served: run TOKAMAK_WRITE_OPENAPI=1 ./test --filter ApiDocument and look at the difference.");
    }

    [Fact]
    public async Task Every_route_is_described_with_what_it_takes_and_answers()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        var document = Committed();
        var wrong = new List<string>();
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, operation) => (Route: $"{operation.Key.ToUpperInvariant()} {path.Key}", Operation: operation.Value!)).ToDictionary(one => one.Route, one => one.Operation);
        var routes = world.Parts.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith(ApiRoutes.Root + "/", StringComparison.Ordinal))
            .Select(endpoint => $"{endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single()} {endpoint.RoutePattern.RawText}").ToHashSet();
        wrong.AddRange(routes.Except(described.Keys).Select(route => $"{route} is not described: see {nameof(ApiDocument)}."));
        wrong.AddRange(described.Keys.Except(routes).Select(route => $"{route} is described, and is no route."));
        foreach (var (route, operation) in described)
        {
            if ((string?)operation["operationId"] is not { Length: > 0 } || (string?)operation["summary"] is not { Length: > 0 }) wrong.Add($"{route}: it has no operationId or no summary.");
            if (route[0] == 'P' && operation["requestBody"]?["content"]?.AsObject().All(content => content.Value!["schema"] is not null && content.Value["example"] is not null) != true) wrong.Add($"{route}: what it takes has no schema or no example.");
            foreach (var (status, response) in operation["responses"]!.AsObject())
                if (status is "200" or "201" or "202" && response!["content"]?.AsObject().All(content => content.Value!["schema"] is not null) != true) wrong.Add($"{route}: what {status} answers has no schema.");
            foreach (var name in Regex.Matches(route, @"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["name"].Value))
                if (!operation["parameters"]!.AsArray().Any(parameter => (string?)parameter!["name"] == name && (string?)parameter["in"] == "path")) wrong.Add($"{route}: {name} is not described.");
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                if (parameter!["$ref"] is null && ((string?)parameter["description"] is null || parameter["schema"] is null)) wrong.Add($"{route}: {parameter["name"]} is not described.");
        }
        Assert.Equal(described.Count, described.Values.Select(operation => (string)operation["operationId"]!).Distinct().Count());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_nothing_may_be_null()
    {
        var document = Committed();
        foreach (Match reference in Regex.Matches(document.ToJsonString(), "\"\\$ref\":\"#/(?<place>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
            Assert.NotNull(reference.Groups["place"].Value.Split('/').Aggregate((JsonNode?)document, (node, part) => node?[part]));
        Assert.DoesNotContain("\"null\"", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_facts_that_it_shows_are_taken()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        var schemas = Committed()["components"]!["schemas"]!.AsObject();
        var facts = schemas.Where(schema => schema.Key.EndsWith("Fact", StringComparison.Ordinal) && schema.Value!["examples"] is not null).Select(schema => schema.Value!["examples"]![0]!.ToJsonString()).ToList();
        Assert.Equal(9, facts.Count);
        foreach (var line in (await world.FactsAsync(string.Join('\n', facts))).Facts) Assert.Matches(" (accepted|parked)$", line);
        var (path, sent) = ("/api/v1/facts", (string)Committed()["paths"]!["/api/v1/facts"]!["post"]!["requestBody"]!["content"]!["application/x-ndjson"]!["example"]!);
        Assert.Equal(["1 F1 duplicate", "2 P1 duplicate"], (await world.SendAsync(HttpMethod.Post, path, new StringContent(sent, null, ApiWorld.JsonLines))).Facts);
    }

    private static JsonObject Committed() => JsonNode.Parse(File.ReadAllText(Repository.Path("docs", "openapi.json")))!.AsObject();
}
