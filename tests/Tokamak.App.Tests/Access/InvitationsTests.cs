using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

public sealed class InvitationsTests(PostgresServer server)
{
    private static readonly (string, string)[] Filled =
        [("Typed.DisplayName", "Hana"), ("Typed.Name", "hana"), ("Typed.Password", AccessWorld.Password), ("Typed.Again", AccessWorld.Password)];

    [Theory, EveryDatabase]
    public async Task The_first_link_makes_an_administrator_and_works_once(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var link = new Uri((await AdminCommand.FirstLinkAsync(world.Catalogue, "one", world.Address, AccessWorld.Stop))!.Split('\n')[1]).AbsolutePath;
        var browser = world.Open();
        Assert.Contains("Head office", (await browser.GetAsync(link)).Page, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await browser.SubmitAsync(link, "take", Filled)).Location);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.OK, (await (await world.SignedInAsync("hana")).GetAsync("/people")).Status);
        Assert.Null(await AdminCommand.FirstLinkAsync(world.Catalogue, "one", world.Address, AccessWorld.Stop));
        Assert.NotNull(await AdminCommand.FirstLinkAsync(world.Catalogue, "two", world.Address, AccessWorld.Stop));
        Assert.Equal([AuditKind.Invited, AuditKind.InvitationTaken, AuditKind.SignedIn], (await world.AuditAsync()).Where(entry => entry.Brand == "one").Select(entry => entry.What));
    }

    [Theory, EveryDatabase]
    public async Task A_link_ends_after_a_day_and_the_first_one_is_not_made_anew_before(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var invitations = world.Parts.GetRequiredService<Invitations>();
        var first = (await invitations.InviteFirstAsync("one", AccessWorld.Stop))!;
        var again = (await invitations.InviteFirstAsync("one", AccessWorld.Stop))!;
        Assert.Null(again.Token);
        // PostgreSQL keeps microseconds.
        Assert.Equal(first.GoodUntilUtc, again.GoodUntilUtc, TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await invitations.FindAsync("one", first.Token!, AccessWorld.Stop));
        Assert.Null(await invitations.FindAsync("two", first.Token!, AccessWorld.Stop));

        world.Clock.Go(Invitations.Good);
        Assert.Null(await invitations.FindAsync("one", first.Token!, AccessWorld.Stop));
        Assert.Equal(InvitationRefusal.NotGood, await invitations.TakeAsync("one", first.Token!, "hana", "Hana", AccessWorld.Password, null, AccessWorld.Stop));
        var next = (await invitations.InviteFirstAsync("one", AccessWorld.Stop))!;
        Assert.NotNull(await invitations.FindAsync("one", next.Token!, AccessWorld.Stop));
        Assert.Single(await world.Catalogue.ReadAsync(context => Task.FromResult(context.Accounts.Where(a => a.Brand == "one").ToList()), AccessWorld.Stop));
    }

    [Theory, EveryDatabase]
    public async Task A_reset_ends_the_link_before_it(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var hana = await world.AddAsync("Hana", AccountRole.Hq);
        var invitations = world.Parts.GetRequiredService<Invitations>();
        var before = await invitations.InviteAsync(new InvitationOffer("one", AccountRole.Finance, null, "Fei"), hana, null, AccessWorld.Stop);
        var fei = (await invitations.FindAsync("one", before, AccessWorld.Stop))!.Id;
        var (_, now) = await world.Parts.GetRequiredService<People>().ResetAsync(new Viewer(hana, "Hana", AccountRole.Hq, "one", null, null), fei, null, AccessWorld.Stop);
        Assert.Null(await invitations.FindAsync("one", before, AccessWorld.Stop));
        Assert.NotNull(await invitations.FindAsync("one", now!, AccessWorld.Stop));
    }

    [Fact]
    public async Task Serve_prints_no_link_that_leads_nowhere()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        Assert.Contains("tokamak admin invite --brand one --address", await AdminCommand.FirstLinkAsync(world.Catalogue, "one", null, AccessWorld.Stop), StringComparison.Ordinal);
        Assert.Empty(await world.Catalogue.ReadAsync(context => Task.FromResult(context.Invitations.ToList()), AccessWorld.Stop));
        await world.AddAsync("Hana", AccountRole.Hq);
        Assert.Null(await AdminCommand.FirstLinkAsync(world.Catalogue, "one", null, AccessWorld.Stop));
    }

    [Theory, EveryDatabase]
    public async Task Two_people_who_take_a_link_at_once_make_one_account(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var invitations = world.Parts.GetRequiredService<Invitations>();
        var token = (await invitations.InviteFirstAsync("one", AccessWorld.Stop))!.Token!;
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => invitations.TakeAsync("one", token, $"name{i}", "Hana", AccessWorld.Password, null, AccessWorld.Stop)));
        Assert.Single(taken, refusal => refusal is null);
    }

    [Theory, EveryDatabase]
    public async Task A_name_that_is_taken_and_a_weak_password_leave_the_link_good(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Other", AccountRole.Hq, brand: "two");
        var invitations = world.Parts.GetRequiredService<Invitations>();
        var token = await invitations.InviteAsync(new InvitationOffer("one", AccountRole.Clerk, new StaffId("A"), "A"), null, null, AccessWorld.Stop);
        Assert.Equal(InvitationRefusal.NameTaken, await invitations.TakeAsync("one", token, " HANA ", "A", AccessWorld.Password, null, AccessWorld.Stop));
        Assert.Equal(InvitationRefusal.PasswordTooWeak, await invitations.TakeAsync("one", token, "ann", "A", "aaaaaaaaaaaa", null, AccessWorld.Stop));
        Assert.Equal(InvitationRefusal.PasswordTooWeak, await invitations.TakeAsync("one", token, "ann", "A", "short", null, AccessWorld.Stop));
        Assert.Null(await invitations.TakeAsync("one", token, "other", "A", AccessWorld.Password, null, AccessWorld.Stop));
    }

    [Fact]
    public async Task The_catalogue_knows_no_token()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var token = (await world.Parts.GetRequiredService<Invitations>().InviteFirstAsync("one", AccessWorld.Stop))!.Token!;
        var kept = Assert.Single(await world.Catalogue.ReadAsync(context => Task.FromResult(context.Invitations.ToList()), AccessWorld.Stop));
        Assert.Equal(Tokens.Hash(token), kept.TokenHash);
        Assert.True(token.Length >= 43);
    }

    [Fact]
    public async Task A_manager_is_somebody_on_the_roster()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        Assert.Contains("role=\"alert\"", (await browser.SubmitAsync("/people/invite", "invite", ("Typed.Role", "Manager"), ("Typed.Staff", ""))).Page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", (await browser.SubmitAsync("/people/invite", "invite", ("Typed.Role", "Manager"), ("Typed.Staff", "nobody"))).Page, StringComparison.Ordinal);
        Assert.Contains("/invitation/", (await browser.SubmitAsync("/people/invite", "invite", ("Typed.Role", "Manager"), ("Typed.Staff", "G"))).Page, StringComparison.Ordinal);
    }
}
