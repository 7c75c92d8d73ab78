using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;

namespace Tokamak.App.Access;

/// <summary>What the browser needs before it asks a device for a passkey (WebAuthn); <c>passkeys.js</c> fetches it.</summary>
public static class PasskeyOptions
{
    /// <summary>The field of the form that adds a passkey: it opens the pages without the password, so that is asked for once more.</summary>
    public const string PasswordField = "Added.Password";

    /// <summary>Without a name: the device knows which passkeys it has for this host.</summary>
    public static async Task<IResult> ToSignInAsync(HttpContext request, IAntiforgery forms, SignInManager<Account> identity) =>
        await forms.IsRequestValidAsync(request) ? Json(await identity.MakePasskeyRequestOptionsAsync(null)) : Results.BadRequest();

    public static async Task<IResult> ToAddAsync(HttpContext request, IAntiforgery forms, SignInManager<Account> identity, UserManager<Account> users, CurrentPassword current, Viewer viewer)
    {
        if (!await forms.IsRequestValidAsync(request)) return Results.BadRequest();
        if (await users.FindByIdAsync(viewer.Account.ToString()) is not { } account) return Results.NotFound();
        // Before the device makes a passkey that nobody would take.
        var typed = request.Request.HasFormContentType ? (await request.Request.ReadFormAsync(request.RequestAborted))[PasswordField].ToString() : null;
        if (!await current.IsRightAsync(request, account, typed)) return Results.Text("wrong password", statusCode: StatusCodes.Status403Forbidden);
        return Json(await identity.MakePasskeyCreationOptionsAsync(new() { Id = account.Id.ToString(), Name = account.SignInName!, DisplayName = account.DisplayName }));
    }

    private static IResult Json(string options) => Results.Text(options, "application/json");
}
