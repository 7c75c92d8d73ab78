using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace Tokamak.App.Web;

/// <summary>A place in a body that cannot be as it is, and why.</summary>
public sealed record ProblemPlace(string Place, string Detail);

/// <summary>Errors of the API as problem details (RFC 9457): a stable <c>type</c> for programs, a sentence for people.</summary>
public static class Problem
{
    public const string BadRequest = "The request broke off, came too slowly, or is no HTTP that can be read; send it again.";

    private const string ContentType = "application/problem+json";

    /// <param name="request">The request that is answered.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="type">A short word that never changes, such as <c>too-often</c>; docs/api.md lists them.</param>
    /// <param name="detail">What is wrong and what to do.</param>
    /// <param name="errors">Where in the body it is, each with a JSON pointer into it (RFC 6901, after a #), where there may be several places.</param>
    public static async Task WriteAsync(HttpContext request, int status, string type, string detail, params IReadOnlyList<ProblemPlace> errors)
    {
        request.Response.StatusCode = status;
        request.Response.ContentType = ContentType;
        request.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(request.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", "/problems/" + type);
        json.WriteString("title", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        if (errors.Count > 0)
        {
            json.WriteStartArray("errors");
            foreach (var error in errors)
            {
                json.WriteStartObject();
                json.WriteString("pointer", error.Place);
                json.WriteString("detail", error.Detail);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        await json.FlushAsync(request.RequestAborted);
    }

    /// <summary>The answer to what nobody foresaw; the log has the rest.</summary>
    public static Task FailedAsync(HttpContext request) => request.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException bad => WriteAsync(request, bad.StatusCode, "bad-request", BadRequest),
        // The database is away, or this node about to end: soon it is back, or another takes over.
        OperationCanceledException => BusyAsync(request),
        { } error when DatabaseTrouble.Is(error) => BusyAsync(request),
        _ => WriteAsync(request, StatusCodes.Status500InternalServerError, "failed", "Something failed here, and is in our log. Send the same again later; nothing is done twice."),
    };

    /// <summary>The answer to what cannot be done now, and can in a moment.</summary>
    public static Task BusyAsync(HttpContext request)
    {
        request.Response.Headers.RetryAfter = "1";
        return WriteAsync(request, StatusCodes.Status503ServiceUnavailable, "busy", "The books are busy; send the same again in a moment. Nothing is done twice.");
    }

    /// <summary>The answer where there is only a status.</summary>
    public static Task OfStatusAsync(StatusCodeContext answered) => answered.HttpContext.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => WriteAsync(answered.HttpContext, StatusCodes.Status404NotFound, "not-found", "There is nothing here; docs/api.md lists the addresses."),
        StatusCodes.Status405MethodNotAllowed => WriteAsync(answered.HttpContext, StatusCodes.Status405MethodNotAllowed, "wrong-method", "This address takes another method; docs/api.md says which."),
        var status => WriteAsync(answered.HttpContext, status, "bad-request", "The request cannot be answered as it is."),
    };

    /// <summary>Is it the API that was asked, and not a page?</summary>
    public static bool IsOfApi(HttpContext request) => request.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
