using Tokamak.App.Web;

namespace Tokamak.App.Integrations.Api;

/// <summary>A read that is not answered, as problem details.</summary>
internal sealed record Refusal(int Status, string Type, string Detail) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problem.WriteAsync(httpContext, Status, Type, Detail);

    /// <summary>Something after the question mark cannot be.</summary>
    public static Refusal WrongQuery(string detail) => new(StatusCodes.Status400BadRequest, "wrong-query", detail);

    public static Refusal NotThere(string detail) => new(StatusCodes.Status404NotFound, "not-found", detail);
}
