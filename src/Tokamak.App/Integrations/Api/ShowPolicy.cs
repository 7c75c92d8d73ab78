using System.Text.Json;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Integrations.Api;

/// <summary>The brand's referral policy.</summary>
/// <param name="Versions">Every version as it was imported, by its number.</param>
/// <param name="InForce">The number of the version in force today; absent before the first.</param>
public sealed record PolicyShown(IReadOnlyList<JsonElement> Versions, int? InForce = null);

/// <summary><c>GET /api/v1/policy</c>: every version of the policy.</summary>
internal static class ShowPolicy
{
    public static async Task<IResult> AnswerAsync(HttpContext request, OpenBooks books, TimeProvider time)
    {
        var inForce = books.Policy.InForceOn(books.Zone.DayOf(new Instant(time.GetUtcNow().UtcTicks)))?.Version;
        var texts = await books.PolicyTextsAsync(request.RequestAborted);
        return Reply.Tagged(request, $"{books.Known.Mark.Versions} {inForce}", () => new PolicyShown([.. texts.Select(text => JsonElement.Parse(text))], inForce));
    }
}
