using System.Globalization;
using Tokamak.App.Web;

namespace Tokamak.App.Access.Pages;

/// <summary>What a person reads who was not let in: never why, so that nobody learns which names there are.</summary>
internal static class SignInWords
{
    public static string Of(Texts t, Show show, HttpContext request, SignInAnswer answer)
    {
        if (answer.Outcome != SignInOutcome.TooManyAttempts)
        {
            request.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return t["signin.refused"];
        }
        request.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        request.Response.Headers.RetryAfter = Math.Ceiling(answer.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return t["signin.toomany", show.Count((long)Math.Ceiling(answer.RetryAfter.TotalMinutes))];
    }
}
