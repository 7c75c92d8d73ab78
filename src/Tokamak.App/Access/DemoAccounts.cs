using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>Somebody whom a visitor of the demo can be, by one click.</summary>
/// <param name="Key">In the form: <c>hq</c>, <c>manager</c>.</param>
public sealed record DemoPerson(string Key, AccountRole Role, StaffId? Staff, string DisplayName);

/// <summary>
/// Accounts that anybody may enter. They exist only in a host that was given them, which is the demo on its own machine: everywhere else
/// there is neither the button nor the endpoint.
/// </summary>
public sealed class DemoAccounts(string brand, IReadOnlyList<DemoPerson> people)
{
    public const string Path = "/demo/sign-in", Field = "as";

    public IReadOnlyList<DemoPerson> People => people;

    private Dictionary<string, Guid> Accounts { get; } = [];

    /// <summary>Makes the accounts, each with a password that nobody knows.</summary>
    public Task MakeAsync(StaffCatalogue catalogue, TimeProvider time, CancellationToken stop) => catalogue.WriteAsync(context =>
    {
        foreach (var person in people)
        {
            var account = new Account
            {
                Id = Guid.CreateVersion7(), Brand = brand, Role = person.Role, Staff = person.Staff, DisplayName = person.DisplayName,
                SignInName = "demo-" + person.Key, NormalizedName = ("demo-" + person.Key).ToUpperInvariant(), PasswordHash = Tokens.Make(),
                SecurityStamp = Tokens.Make(), Version = Tokens.Make(), CreatedAtUtc = time.GetUtcNow().UtcDateTime,
            };
            context.Accounts.Add(account);
            Accounts[person.Key] = account.Id;
        }
        return Task.FromResult(true);
    }, stop);

    internal async Task<IResult> EnterAsync(HttpContext request, IAntiforgery forms, UserManager<Account> users, SignIn signIn, Sessions sessions)
    {
        if (!await forms.IsRequestValidAsync(request)) return Results.BadRequest();
        var form = await request.Request.ReadFormAsync(request.RequestAborted);
        if (!Accounts.TryGetValue(form[Field].ToString(), out var id) || await users.FindByIdAsync(id.ToString()) is not { } account
            || !await sessions.MayBeginAsync(account, request.RequestAborted)) return Results.NotFound();
        await signIn.ByClickAsync(request, account);
        return Results.LocalRedirect(Web.OwnPath.Or(form["return"], "/"));
    }
}
