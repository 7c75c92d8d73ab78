namespace Tokamak.App.Integrations.Api;

/// <summary>What a read says of itself in the OpenAPI document.</summary>
internal static class Described
{
    /// <param name="route">The route.</param>
    /// <param name="name">Its <c>operationId</c>.</param>
    /// <param name="summary">What it answers, in a sentence.</param>
    /// <param name="statuses">With which other statuses it may answer besides those that any route has.</param>
    public static void Reads<T>(this RouteHandlerBuilder route, string name, string summary, params int[] statuses)
    {
        route.WithName(name).WithTags("Reads").WithSummary(summary).Produces<T>();
        foreach (var status in (int[])[.. statuses, StatusCodes.Status409Conflict]) route.Produces(status);
    }
}
