using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>What people call a store or a clerk; names are shown, never computed with.</summary>
/// <param name="Name">1 to 100 characters.</param>
public sealed record GivenName(string Name);

/// <summary>
/// <c>PUT /api/v1/stores/{id}</c> and <c>PUT /api/v1/staff/{id}</c>: gives a name, or another one, also before the first fact that
/// names the id.
/// </summary>
internal sealed class NameParty(Databases databases, BodyRoom room)
{
    private const int MostLetters = 100;

    public async Task AnswerAsync(HttpContext request, NameKind kind)
    {
        var id = Links.IdOf(request);
        if (!FactForm.IsId(id) || (kind == NameKind.Store && id == StoreId.Online.Value))
        {
            await Problem.WriteAsync(request, StatusCodes.Status422UnprocessableEntity, "refused", "The address ends with no id that a store or clerk may have.");
            return;
        }
        if (!await Answers.IsJsonAsync(request)) return;
        if (await ApiJson.ReadAsync(request, room, "name") is not { } read) return;
        if (ApiJson.TextOf(read, "name", MostLetters) is not { } name)
        {
            await Problem.WriteAsync(
                request, StatusCodes.Status400BadRequest, "wrong-json", $$"""Send one JSON object such as {"name": "大安店"}: a name of 1 to {{MostLetters}} characters on one line.""");
            return;
        }
        var brand = await databases.BrandAsync(Visit.Of(request).Brand, request.RequestAborted);
        await using (var turn = await brand.BeginWriteAsync(request.RequestAborted))
        {
            await StoredNames.RenameAsync(turn, kind, id, name, request.RequestAborted);
            await turn.CommitAsync(request.RequestAborted);
        }
        await Reply.Fresh(request, new StoreItem(id, name)).ExecuteAsync(request);
    }
}
