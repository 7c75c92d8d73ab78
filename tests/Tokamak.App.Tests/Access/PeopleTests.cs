using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

public sealed class PeopleTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Nobody_changes_the_own_account_or_puts_the_last_of_head_office_out(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (hana, hugo) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Hugo", AccountRole.Hq));
        var people = world.Parts.GetRequiredService<People>();
        var (byHana, byHugo) = (By(hana), By(hugo));
        Assert.Equal(PeopleRefusal.OwnAccount, await people.SetEnabledAsync(byHana, hana, false, null, AccessWorld.Stop));
        Assert.Equal(PeopleRefusal.OwnAccount, await people.ChangeRoleAsync(byHana, hana, AccountRole.Finance, null, null, AccessWorld.Stop));

        // Both put the other out at the same moment: one of them remains.
        var refusals = await Task.WhenAll(
            people.SetEnabledAsync(byHana, hugo, false, null, AccessWorld.Stop), people.ChangeRoleAsync(byHugo, hana, AccountRole.Finance, null, null, AccessWorld.Stop));
        Assert.Equal([null, PeopleRefusal.LastOfOffice], refusals.Order());
        Assert.Single(await people.ListAsync("one", AccessWorld.Stop), person => person.Account is { Enabled: true, Role: AccountRole.Hq });
    }

    [Theory, EveryDatabase]
    public async Task An_account_of_another_brand_is_not_there(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (hana, other) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Other", AccountRole.Clerk, "A", "two"));
        var people = world.Parts.GetRequiredService<People>();
        Assert.Equal(PeopleRefusal.NotThere, await people.SetEnabledAsync(By(hana), other, false, null, AccessWorld.Stop));
        Assert.Null(await people.FindAsync("one", other, AccessWorld.Stop));
        Assert.Single(await people.ListAsync("one", AccessWorld.Stop));
    }

    [Theory, EveryDatabase]
    public async Task A_reset_takes_password_codes_and_passkeys_away(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (hana, ann) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Ann", AccountRole.Clerk, "A"));
        await world.Catalogue.WriteAsync(async context =>
        {
            context.Passkeys.Add(new Passkey { CredentialId = [1, 2], Account = ann, PublicKey = [3], CreatedAtUtc = DateTime.UtcNow });
            var account = await context.Accounts.SingleAsync(a => a.Id == ann, AccessWorld.Stop);
            (account.TwoFactor, account.TotpKey, account.RecoveryCodes) = (true, "KEY", "a;b");
            return true;
        }, AccessWorld.Stop);

        var people = world.Parts.GetRequiredService<People>();
        Assert.NotNull((await people.ResetAsync(By(hana), ann, null, AccessWorld.Stop)).Token);
        var person = (await people.FindAsync("one", ann, AccessWorld.Stop))!;
        Assert.False(person.HasPasskey);
        Assert.False(person.Account.TwoFactor);
        Assert.Equal((null, null, ""), (person.Account.PasswordHash, person.Account.TotpKey, person.Account.RecoveryCodes));
        Assert.Equal(AuditKind.AccountReset, (await world.AuditAsync())[^1].What);
    }

    [Fact]
    public async Task A_change_needs_its_tick()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var ann = await world.AddAsync("Ann", AccountRole.Clerk, "A");
        var browser = await world.SignedInAsync("hana");
        await browser.SubmitAsync($"/people/{ann}", "enabled", ("Typed.Enable", "false"));
        Assert.True((await world.AccountAsync(ann)).Enabled);
        await browser.SubmitAsync($"/people/{ann}", "enabled", ("Typed.Enable", "false"), ("Typed.Sure", "true"));
        Assert.False((await world.AccountAsync(ann)).Enabled);
        await browser.SubmitAsync($"/people/{ann}", "role", ("Typed.Role", "Manager"), ("Typed.Staff", "C"), ("Typed.Sure", "true"));
        Assert.Equal((AccountRole.Manager, new StaffId("C")), ((await world.AccountAsync(ann)).Role, (await world.AccountAsync(ann)).Staff));
    }

    private static Viewer By(Guid account) => new(account, "Hana", AccountRole.Hq, "one", null, null);
}
