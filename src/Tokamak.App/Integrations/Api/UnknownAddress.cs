using Microsoft.AspNetCore.Routing.Template;
using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>
/// What no other route of the API takes: an address that is not there (404), or one that takes another method (405). Left to the
/// routes of the pages, a file that is not there would answer for some of these.
/// </summary>
internal sealed class UnknownAddress(IEnumerable<EndpointDataSource> sources)
{
    public const string Pattern = "/api/{**rest}";

    private readonly Lazy<List<(TemplateMatcher Matcher, IReadOnlyList<string> Methods)>> _known = new(() =>
    [
        .. sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } pattern && pattern != Pattern && pattern.StartsWith(ApiRoutes.Root + "/", StringComparison.Ordinal))
            .Select(endpoint => (new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText![1..]), []), endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])),
    ]);

    public Task AnswerAsync(HttpContext request)
    {
        var methods = _known.Value.Where(known => known.Matcher.TryMatch(request.Request.Path, [])).SelectMany(known => known.Methods).Distinct().Order(StringComparer.Ordinal).ToList();
        if (methods.Count == 0) return Problem.WriteAsync(request, StatusCodes.Status404NotFound, "not-found", "There is nothing here; docs/api.md lists the addresses.");
        request.Response.Headers.Allow = string.Join(", ", methods);
        return Problem.WriteAsync(request, StatusCodes.Status405MethodNotAllowed, "wrong-method", $"This address takes {string.Join(" and ", methods)}.");
    }
}
