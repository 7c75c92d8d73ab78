using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

public sealed class SessionTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task A_session_ends_when_the_role_changes_or_the_account_is_switched_off_or_reset(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (hana, id) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Fei", AccountRole.Finance));
        var people = world.Parts.GetRequiredService<People>();
        var by = new Viewer(hana, "Hana", AccountRole.Hq, "one", null, null);

        var browser = await world.SignedInAsync("fei");
        Assert.Null(await people.ChangeRoleAsync(by, id, AccountRole.Clerk, new StaffId("A"), null, AccessWorld.Stop));
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/account")).Location, StringComparison.Ordinal);

        browser = await world.SignedInAsync("fei");
        Assert.Null(await people.SetEnabledAsync(by, id, false, null, AccessWorld.Stop));
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/account")).Location, StringComparison.Ordinal);

        Assert.Null(await people.SetEnabledAsync(by, id, true, null, AccessWorld.Stop));
        browser = await world.SignedInAsync("fei");
        var (refusal, token) = await people.ResetAsync(by, id, null, AccessWorld.Stop);
        Assert.Null(refusal);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Open().SignInAsync("fei")).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.Open().GetAsync(Invitations.PathOf(token!))).Status);
    }

    [Theory, EveryDatabase]
    public async Task A_session_follows_the_roster_within_seconds(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        var (manager, clerk) = (await world.SignedInAsync("gao"), await world.SignedInAsync("ann"));
        Assert.Equal("/stores/S1", (await manager.GetAsync("/")).Location);
        Assert.Equal("/day", (await clerk.GetAsync("/")).Location);

        world.Place("G", "S2");
        world.Place("A", "S1", employed: false);
        world.Clock.Go(Sessions.Believed);
        Assert.Equal("/stores/S2", (await manager.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await manager.GetAsync("/stores/S1")).Status);
        Assert.StartsWith("/sign-in", (await clerk.GetAsync("/clerks/A")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Open().SignInAsync("ann")).Status);
    }

    [Fact]
    public async Task Whoever_of_the_office_is_on_the_roster_leaves_with_it()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance, "C");
        var (hana, fei) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));
        Assert.Equal(HttpStatusCode.OK, (await fei.GetAsync("/stores")).Status);

        world.Place("C", "S1", employed: false);
        world.Clock.Go(Sessions.Believed);
        Assert.StartsWith("/sign-in", (await fei.GetAsync("/stores")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Open().SignInAsync("fei")).Status);
        Assert.Equal(HttpStatusCode.OK, (await hana.GetAsync("/stores")).Status);
    }

    [Fact]
    public async Task A_change_on_another_node_reaches_this_one_within_seconds()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        await world.Catalogue.WriteAsync(context => context.Accounts.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.SecurityStamp, "another")), AccessWorld.Stop);
        world.Clock.Go(Sessions.Believed);
        Assert.StartsWith("/sign-in", (await browser.GetAsync("/")).Location, StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task A_session_holds_on_every_node_of_the_catalogue(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var other = await world.StartAsync();
        var browser = world.Open();
        var cookie = (await browser.SignInAsync("hana")).Message.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("tokamak=", StringComparison.Ordinal)).Split(';')[0];
        var answer = await world.Open(other).SendAsync(new HttpRequestMessage(HttpMethod.Get, "/people") { Headers = { { "Cookie", cookie } } });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_session_of_one_brand_is_nothing_to_another()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var cookie = (await world.Open().SignInAsync("hana")).Message.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("tokamak=", StringComparison.Ordinal)).Split(';')[0];
        var two = world.Open(new UriBuilder(world.Address) { Host = "127.0.0.1" }.Uri);
        Assert.StartsWith("/sign-in", (await two.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/people") { Headers = { { "Cookie", cookie } } })).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_name_of_no_brand_has_no_pages_but_answers_for_its_health()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var nowhere = world.Open();
        Assert.Equal(HttpStatusCode.NotFound, (await nowhere.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { Host = "elsewhere.example" } })).Status);
        Assert.Equal(HttpStatusCode.OK, (await nowhere.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { Host = "elsewhere.example" } })).Status);
    }

    [Fact]
    public async Task A_session_left_alone_ends_after_eight_hours_and_one_in_use_after_a_day()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var (left, used) = (await world.SignedInAsync("hana"), await world.SignedInAsync("hana"));
        for (var hour = 5; hour <= 20; hour += 5)
        {
            world.Clock.Go(TimeSpan.FromHours(5));
            Assert.Equal(HttpStatusCode.OK, (await used.GetAsync("/people")).Status);
        }
        Assert.StartsWith("/sign-in", (await left.GetAsync("/people")).Location, StringComparison.Ordinal);
        world.Clock.Go(TimeSpan.FromHours(5));
        Assert.StartsWith("/sign-in", (await used.GetAsync("/people")).Location, StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task Signing_out_everywhere_and_a_new_password_end_the_other_sessions(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var (here, there) = (await world.SignedInAsync("hana"), await world.SignedInAsync("hana"));
        var changed = await here.SubmitAsync("/account", "password", ("Typed.Old", AccessWorld.Password), ("Typed.New", "another long password"), ("Typed.Again", "another long password"));
        Assert.Equal("/account?done=password", changed.Location);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).Status);
        Assert.StartsWith("/sign-in", (await there.GetAsync("/account")).Location, StringComparison.Ordinal);

        await here.SubmitAsync("/account", "everywhere");
        Assert.StartsWith("/sign-in", (await here.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal([AuditKind.PasswordChanged, AuditKind.SignedOutEverywhere], (await world.AuditAsync()).Select(entry => entry.What).Where(what => what is AuditKind.PasswordChanged or AuditKind.SignedOutEverywhere));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_of_this_browser()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var (here, there) = (await world.SignedInAsync("hana"), await world.SignedInAsync("hana"));
        var token = SignedIn.FormToken((await here.GetAsync("/account")).Page);
        Assert.Equal("/sign-in", (await here.PostAsync("/sign-out", ("__RequestVerificationToken", token))).Location);
        Assert.StartsWith("/sign-in", (await here.GetAsync("/account")).Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var cookies = (await world.Open().SignInAsync("hana")).Message.Headers.GetValues("Set-Cookie");
        var session = Assert.Single(cookies, cookie => cookie.StartsWith("tokamak=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", session, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", session, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_link_from_another_site_finds_the_session_by_asking_again_from_here()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var answer = await world.Open().SendAsync(new HttpRequestMessage(HttpMethod.Get, "/people") { Headers = { { "Sec-Fetch-Site", "cross-site" } } });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("0; url=/sign-in?return=%2Fpeople", Assert.Single(answer.Message.Headers.GetValues("Refresh")));
        Assert.Empty(answer.Page);
    }
}
