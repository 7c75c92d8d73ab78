namespace Tokamak.App.Integrations.Api;

/// <summary>Places in a request, as problem details name them.</summary>
internal static class JsonPointer
{
    /// <summary><c>$.decay[1].days</c> as RFC 6901 has it: <c>/decay/1/days</c>.</summary>
    public static string Of(string? path) => path is null or "$" ? "" : "/" + path[1..].Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
        .Replace('[', '.').Replace("]", "", StringComparison.Ordinal).TrimStart('.').Replace('.', '/');
}
