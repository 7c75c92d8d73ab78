using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Web;

namespace Tokamak.App.Tests.Access;

/// <summary>A session left open opens nothing that outlasts it, and is no place to guess at the password.</summary>
public sealed partial class CurrentPasswordTests(PostgresServer server)
{
    private const string Wrong = "The current password is wrong", Another = "another long password";

    [Theory, EveryDatabase]
    public async Task Wrong_passwords_at_the_same_moment_all_count(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        var token = SignedIn.FormToken((await browser.GetAsync("/account")).Page);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => browser.PostAsync(
            "/account", ("__RequestVerificationToken", token), ("_handler", "password"), ("Typed.Old", "wrong password"), ("Typed.New", Another), ("Typed.Again", Another))));
        Assert.All(answers, answer => Assert.Contains(Wrong, answer.Page, StringComparison.Ordinal));
        Assert.NotNull((await world.AccountAsync(id)).LockedUntilUtc);
        Assert.Contains(await world.AuditAsync(), entry => entry.What == AuditKind.LockedOut && entry.Who == id);
        // The right one does not open it either.
        var right = await browser.SubmitAsync("/account", "password", ("Typed.Old", AccessWorld.Password), ("Typed.New", Another), ("Typed.Again", Another));
        Assert.Contains(Wrong, right.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guesses_wait_for_the_next_window_as_at_the_sign_in()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        for (var i = 0; i < AttemptLimits.PerName.Most; i++)
        {
            await browser.SubmitAsync("/account", "password", ("Typed.Old", "wrong password"), ("Typed.New", Another), ("Typed.Again", Another));
            await world.Catalogue.WriteAsync(context => context.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntilUtc, (DateTime?)null)), AccessWorld.Stop);
        }
        Assert.Contains(Wrong, (await ChangeAsync(browser)).Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await world.Open().SignInAsync("hana")).Status);
        world.Clock.Go(AttemptLimits.Window);
        Assert.Equal("/account?done=password", (await ChangeAsync(browser)).Location);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong password")]
    public async Task Codes_and_passkeys_are_not_set_up_without_it(string password)
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        var page = (await browser.GetAsync("/account/totp")).Page;
        var key = Key().Match(page).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal);
        var answer = await browser.SubmitAsync("/account/totp", "confirm", ("Confirmed.Code", Totp.CodeAt(key, world.Clock.GetUtcNow())), ("Confirmed.Password", password));
        Assert.Contains(Wrong, answer.Page, StringComparison.Ordinal);
        Assert.False((await world.AccountAsync(id)).TwoFactor);

        var token = SignedIn.FormToken((await browser.GetAsync("/account/passkeys")).Page);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/account/passkey-options", ("__RequestVerificationToken", token), ("Added.Password", password))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/account/passkey-options", ("__RequestVerificationToken", token), ("Added.Password", AccessWorld.Password))).Status);
        var added = await browser.SubmitAsync("/account/passkeys", "add", ("Added.Name", "tablet"), ("Added.Credential", "{}"), ("Added.Password", password));
        Assert.Contains(Wrong, added.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_points_out_the_passkeys_that_still_sign_in()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        await world.Catalogue.WriteAsync(context =>
        {
            context.Passkeys.Add(new Passkey { CredentialId = [1], Account = id, PublicKey = [1], CreatedAtUtc = DateTime.UtcNow });
            return Task.FromResult(true);
        }, AccessWorld.Stop);
        Assert.DoesNotContain("still sign in", (await browser.GetAsync("/account")).Page, StringComparison.Ordinal);
        var done = (await ChangeAsync(browser)).Location!;
        Assert.Contains("1 passkey(s) still sign in without the new password", (await browser.GetAsync(done)).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_loses_against_another_is_told_from_other_faults()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var store = world.Parts.CreateScope().ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.IUserStore<Account>>();
        var (mine, theirs) = (await world.AccountAsync(id), await world.AccountAsync(id));
        Assert.True((await store.UpdateAsync(theirs, AccessWorld.Stop)).Succeeded);
        var late = await store.UpdateAsync(mine, AccessWorld.Stop);
        Assert.True(CurrentPassword.IsConflict(late));
    }

    private static Task<AccessWorld.Answer> ChangeAsync(AccessWorld.Browser browser) =>
        browser.SubmitAsync("/account", "password", ("Typed.Old", AccessWorld.Password), ("Typed.New", Another), ("Typed.Again", Another));

    [GeneratedRegex("""<code class="id" translate="no">(?<key>[A-Z2-7 ]+)</code>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
