using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Coupons;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Access;

/// <summary>
/// Role × route × owner, from the routing table of the running host: a route that nobody classified here fails, and so does one that the
/// product does not classify. What is expected is said here once more, on purpose, and not asked of <see cref="Permissions"/>.
/// </summary>
public sealed partial class EveryRouteTests(PostgresServer server)
{
    /// <summary>Of the thing a route is about: the viewer's own, of the own store, of another store, or of nobody.</summary>
    private enum Owner
    {
        Own,
        SameStore,
        OtherStore,
        Nonexistent,
    }

    private const string Nobody = "nobody", Hq = "hq", Finance = "finance", Manager = "manager", Clerk = "clerk";
    private static readonly string[] People = [Nobody, Hq, Finance, Manager, Clerk];
    private static readonly string[] Everybody = [Hq, Finance, Manager, Clerk];

    /// <param name="Opens">Who gets the page, and of whose things where the route is about one.</param>
    /// <param name="Paths">An address for each owner; one for a route that is about nothing.</param>
    private sealed record Expectation(Func<string, Owner, bool> Opens, Dictionary<Owner, string> Paths, string Method = "GET");

    private static Expectation Page(string path, params string[] people) => new((person, _) => people.Contains(person), new() { [Owner.Own] = path });

    private static Expectation Post(string path, params string[] people) => Page(path, people) with { Method = "POST" };

    private static Expectation StatementFile(string form) => new(
        (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
        new()
        {
            [Owner.Own] = $"/clerks/*/statement.{form}", [Owner.SameStore] = $"/clerks/C/statement.{form}", [Owner.OtherStore] = $"/clerks/B/statement.{form}", [Owner.Nonexistent] = $"/clerks/Z/statement.{form}",
        });

    private static Expectation OfSimulation(string simulation, string part) => new(
        (person, owner) => person is Hq or Finance && owner != Owner.Nonexistent, new() { [Owner.Own] = simulation + part, [Owner.Nonexistent] = $"/simulations/S9{part}" });
    private static Expectation OfStore(string part) => new(
        (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (person == Manager && owner == Owner.Own)),
        new() { [Owner.Own] = $"/stores/S1/{part}", [Owner.OtherStore] = $"/stores/S2/{part}", [Owner.Nonexistent] = $"/stores/S9/{part}" });

    // The manager is G of S1, the clerk A of S1.
    private static Dictionary<string, Expectation> OfStaff(Guid account) => new(StringComparer.Ordinal)
    {
        ["/health"] = Page("/health", People),
        ["/language"] = Page("/language?to=en&return=/", People),
        ["/error"] = Page("/error", People),
        ["/not-found"] = Page("/not-found"),
        ["/_framework/opaque-redirect"] = Page("/_framework/opaque-redirect"),
        ["/{**path:file}"] = Page("/nothing.txt"),
        ["/sign-in"] = Page("/sign-in", People),
        ["/sign-in/code"] = Page("/sign-in/code", People),
        ["/sign-in/passkey-options"] = Post("/sign-in/passkey-options", People),
        ["/invitation/{Token}"] = Page("/invitation/none", People),
        ["/demo/sign-in"] = Post("/demo/sign-in", People),
        ["/sign-out"] = Post("/sign-out", Everybody),
        ["/account"] = Page("/account", Everybody),
        ["/account/totp"] = Page("/account/totp", Everybody),
        ["/account/passkeys"] = Page("/account/passkeys", Everybody),
        ["/account/passkey-options"] = Post("/account/passkey-options", Everybody),
        ["/people"] = Page("/people", Hq),
        ["/people/invite"] = Page("/people/invite", Hq),
        ["/people/{Id}"] = new((person, owner) => person == Hq && owner != Owner.Nonexistent, new() { [Owner.Own] = $"/people/{account}", [Owner.Nonexistent] = $"/people/{Guid.Empty}" }),
        ["/audit"] = Page("/audit", Hq, Finance),
        ["/"] = Page("/", Hq, Finance),
        ["/stores"] = Page("/stores", Hq, Finance),
        ["/stores/{Id}"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (person == Manager && owner == Owner.Own)),
            new() { [Owner.Own] = "/stores/S1", [Owner.OtherStore] = "/stores/S2", [Owner.Nonexistent] = "/stores/S9" }),
        ["/statements.pdf"] = Page("/statements.pdf", Hq, Finance),
        ["/statements.csv"] = Page("/statements.csv", Hq, Finance),
        ["/parked"] = Page("/parked", Hq, Finance),
        ["/parked/{Id}"] = new((person, owner) => person is Hq or Finance && owner != Owner.Nonexistent, new() { [Owner.Own] = "/parked/P1", [Owner.Nonexistent] = "/parked/P9" }),
        ["/close"] = Page("/close", Hq, Finance),
        ["/sales"] = Page("/sales", Everybody),
        ["/sales/{Id}"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
            new() { [Owner.Own] = "/sales/P1", [Owner.SameStore] = "/sales/P2", [Owner.OtherStore] = "/sales/P3", [Owner.Nonexistent] = "/sales/P9" }),
        ["/policy"] = Page("/policy", Everybody),
    };

    private static Dictionary<string, Expectation> OfClerks => new(StringComparer.Ordinal)
    {
        ["/departments"] = Page("/departments", Hq, Finance, Manager),
        ["/stores/{Id}/floor"] = OfStore("floor"),
        ["/stores/{Id}/floor/shifts"] = OfStore("floor/shifts"),
        ["/stores/{Id}/floor/pool"] = OfStore("floor/pool"),
        ["/pools"] = Page("/pools", Hq, Finance),
        ["/pools.csv"] = Page("/pools.csv", Hq, Finance),
        ["/clerks"] = Page("/clerks", Hq, Finance, Manager),
        ["/clerks/{Id}"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
            new() { [Owner.Own] = "/clerks/*", [Owner.SameStore] = "/clerks/C", [Owner.OtherStore] = "/clerks/B", [Owner.Nonexistent] = "/clerks/Z" }),
        ["/clerks/{Id}/day"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
            new() { [Owner.Own] = "/clerks/*/day", [Owner.SameStore] = "/clerks/C/day", [Owner.OtherStore] = "/clerks/B/day", [Owner.Nonexistent] = "/clerks/Z/day" }),
        ["/clerks/{Id}/handing"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq || (person == Manager && owner is Owner.Own or Owner.SameStore)),
            new() { [Owner.Own] = "/clerks/*/handing", [Owner.SameStore] = "/clerks/C/handing", [Owner.OtherStore] = "/clerks/B/handing", [Owner.Nonexistent] = "/clerks/Z/handing" }),
        ["/day"] = Page("/day", Manager, Clerk),
        ["/targets"] = Page("/targets", Hq, Finance, Manager),
        ["/appeals"] = Page("/appeals", Everybody),
        ["/appeals/new"] = Page("/appeals/new", Manager, Clerk),
        ["/appeals/statistics"] = Page("/appeals/statistics", Hq, Finance),
        // Each clerk appeals once (AppealsAsync).
        ["/appeals/{Id}"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
            new() { [Owner.Own] = "/appeals/#", [Owner.SameStore] = "/appeals/2", [Owner.OtherStore] = "/appeals/3", [Owner.Nonexistent] = "/appeals/9" }),
        ["/clerks/{Id}/statement.pdf"] = StatementFile("pdf"),
        ["/clerks/{Id}/statement.csv"] = StatementFile("csv"),
    };

    private static Dictionary<string, Expectation> OfDrafts(string draft, string simulation) => new(StringComparer.Ordinal)
    {
        ["/simulations"] = Page("/simulations", Hq, Finance),
        ["/simulations/compare"] = Page("/simulations/compare", Hq, Finance),
        ["/simulations/{Id}"] = OfSimulation(simulation, ""),
        ["/simulations/{Id}/result.json"] = OfSimulation(simulation, "/result.json"),
        ["/simulations/{Id}/clerks.csv"] = OfSimulation(simulation, "/clerks.csv"),
        ["/simulations/{Id}/sales/{Sale}"] = OfSimulation(simulation, "/sales/P1"),
        ["/policy/compare"] = Page("/policy/compare", Everybody),
        ["/offers"] = Page("/offers", Everybody),
        ["/offers/calendar"] = Page("/offers/calendar", Everybody),
        ["/offers/{Id}"] = new((person, owner) => person is Hq or Finance && owner != Owner.Nonexistent, new() { [Owner.Own] = "/offers/half", [Owner.Nonexistent] = "/offers/whole" }),
        ["/parity"] = Page("/parity", Hq, Finance),
        ["/policy/drafts"] = Page("/policy/drafts", Hq, Finance),
        ["/policy/drafts/{Id}"] = new((person, owner) => person is Hq or Finance && owner != Owner.Nonexistent, new() { [Owner.Own] = draft, [Owner.Nonexistent] = "/policy/drafts/D9" }),
    };

    private static Dictionary<string, Expectation> OfMembers => new(StringComparer.Ordinal)
    {
        ["/members"] = Page("/members", Everybody),
        // Each belongs to the clerk whose letter they have.
        ["/members/{Id}"] = new(
            (person, owner) => owner != Owner.Nonexistent && (person is Hq or Finance || (owner == Owner.Own && person != Nobody) || (person == Manager && owner == Owner.SameStore)),
            new() { [Owner.Own] = "/members/M*", [Owner.SameStore] = "/members/MC", [Owner.OtherStore] = "/members/MB", [Owner.Nonexistent] = "/members/M9" }),
        ["/duplicates"] = Page("/duplicates", Hq),
        // Members' own pages are for members: whoever else asks is asked to sign in as one, which anybody may.
        ["/my"] = Page("/my", People),
        ["/my/sign-in"] = Page("/my/sign-in", People),
        ["/members/{Id}/data.json"] = new((person, owner) => person == Hq && owner != Owner.Nonexistent, new() { [Owner.Own] = "/members/MA/data.json", [Owner.Nonexistent] = "/members/M9/data.json" }),
        ["/members/{Id}/data.html"] = new((person, owner) => person == Hq && owner != Owner.Nonexistent, new() { [Owner.Own] = "/members/MA/data.html", [Owner.Nonexistent] = "/members/M9/data.html" }),
        ["/my/data.json"] = Page("/my/data.json", People),
        ["/my/data.html"] = Page("/my/data.html", People),
        ["/my/sign-out"] = Post("/my/sign-out", People),
        ["/my/line"] = Page("/my/line", People),
        ["/my/line/callback"] = Page("/my/line/callback", People),
        ["/duplicates/{One}/{Other}"] = new((person, owner) => person == Hq && owner != Owner.Nonexistent, new() { [Owner.Own] = "/duplicates/MA/MB", [Owner.Nonexistent] = "/duplicates/MA/M9" }),
    };

    private static Dictionary<string, Expectation> OfCoupons => new(StringComparer.Ordinal)
    {
        ["/coupons"] = Page("/coupons", Hq, Finance),
        ["/coupons/new"] = Page("/coupons/new", Hq),
        ["/coupons/clearing"] = Page("/coupons/clearing", Hq, Finance),
        ["/coupons/{Id}"] = new((person, owner) => person is Hq or Finance && owner != Owner.Nonexistent, new() { [Owner.Own] = "/coupons/save", [Owner.Nonexistent] = "/coupons/nothing" }),
        ["/coupons/{Id}/batches/{Number}/codes.csv"] = Post("/coupons/save/batches/1/codes.csv", Hq),
    };

    private static Dictionary<string, Expectation> Expected(Guid account, string draft, string simulation) => new(OfStaff(account).Concat(OfClerks).Concat(OfDrafts(draft, simulation)).Concat(OfMembers).Concat(OfCoupons), StringComparer.Ordinal);

    [Theory, EveryDatabase]
    public async Task Every_route_opens_for_whom_it_should_is_not_there_for_the_others_and_is_kept_by_nobody(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server, demo: true);
        var account = await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        await AppealsAsync(world);
        await world.WriteAsync(turn => StoredSeries.MakeAsync(turn, CouponWorld.Save100, "test", new Instant(1), AccessWorld.Stop));
        Dictionary<string, AccessWorld.Browser> browsers = new()
        {
            [Nobody] = world.Open(), [Hq] = await world.SignedInAsync("hana"), [Finance] = await world.SignedInAsync("fei"),
            [Manager] = await world.SignedInAsync("gao"), [Clerk] = await world.SignedInAsync("ann"),
        };
        var missing = Plain((await browsers[Clerk].GetAsync("/nowhere")).Page, "/nowhere");
        var draft = await browsers[Hq].SubmitAsync("/policy/drafts", "make", ("Typed.Name", "Spring"), ("Typed.Source", "version.1"));
        await browsers[Hq].SubmitAsync("/offers", "make", ("Typed.Id", "half"), ("Typed.Template", "SecondHalf"));
        var expected = Expected(account, draft.Location!, await SimulatedAsync(browsers[Hq], draft.Location!.Split('/')[^1]));
        var wrong = new List<string>();
        var seen = new HashSet<string>();
        foreach (var endpoint in EndpointsOf(world))
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            seen.Add(pattern);
            if (!expected.TryGetValue(pattern, out var expectation)) wrong.Add($"{pattern}: nobody said here who may open it.");
            else
                foreach (var (person, browser) in browsers)
                    foreach (var (owner, path) in expectation.Paths)
                        wrong.AddRange(await CheckAsync(browser, pattern, expectation, person, owner, path.Replace("*", person == Manager ? "G" : "A", StringComparison.Ordinal).Replace("#", person == Manager ? "4" : "1", StringComparison.Ordinal), missing));
        }
        wrong.AddRange(expected.Keys.Except(seen).Select(pattern => $"{pattern}: there is no such route any more."));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>A simulation that has come to its end.</summary>
    private static async Task<string> SimulatedAsync(AccessWorld.Browser browser, string draft)
    {
        var asked = await browser.SubmitAsync("/simulations", "ask", ("Typed.Draft", draft), ("Typed.From", "2026-01"), ("Typed.To", "2026-02"), ("Typed.Losers", "10"));
        for (var tries = 0; tries < 300 && (await browser.GetAsync(asked.Location + "/clerks.csv")).Status != HttpStatusCode.OK; tries++) await Task.Delay(100, TestContext.Current.CancellationToken);
        return asked.Location!;
    }

    [Fact]
    public async Task A_route_without_a_line_in_the_table_is_not_there_for_anybody()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var permissions = world.Parts.GetRequiredService<Permissions>();
        Assert.Null(permissions.RuleOf(new RouteEndpoint(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/new"), 0, null, null)));
        Assert.Null(permissions.RuleOf(null));
        await world.AddAsync("Hana", AccountRole.Hq);
        // A route of the framework that the table knows only to refuse.
        Assert.Equal(HttpStatusCode.NotFound, (await (await world.SignedInAsync("hana")).GetAsync("/_framework/opaque-redirect")).Status);
    }

    [Fact]
    public async Task The_one_click_accounts_are_nowhere_but_in_the_demo()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        Assert.DoesNotContain(EndpointsOf(world), endpoint => endpoint.RoutePattern.RawText!.Contains("demo", StringComparison.OrdinalIgnoreCase));
        var browser = world.Open();
        var page = (await browser.GetAsync("/sign-in")).Page;
        Assert.DoesNotContain("/demo/sign-in", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync("/demo/sign-in", ("__RequestVerificationToken", SignedIn.FormToken(page)), ("as", "hq"))).Status);
    }

    [Fact]
    public async Task The_menu_shows_what_the_person_may_open_and_every_place_in_it_opens()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        Dictionary<string, string[]> menus = new()
        {
            ["hana"] = ["/", "/stores", "/departments", "/clerks", "/sales", "/members", "/duplicates", "/offers", "/parity", "/coupons", "/targets", "/pools", "/appeals", "/policy", "/policy/drafts", "/simulations", "/parked", "/close", "/people", "/audit"],
            ["gao"] = ["/stores/S1", "/stores/S1/floor", "/day", "/departments", "/clerks", "/sales", "/members", "/offers", "/targets", "/appeals", "/policy"],
            ["ann"] = ["/day", "/clerks/A", "/sales", "/members", "/offers", "/appeals", "/policy"],
        };
        foreach (var (person, places) in menus)
        {
            var browser = await world.SignedInAsync(person);
            var page = (await browser.GetAsync("/policy")).Page;
            Assert.Equal(places, Place().Matches(page).Select(match => match.Groups["path"].Value));
            foreach (var place in places) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(place)).Status);
        }
        Assert.DoesNotContain("id=\"menu\"", (await world.Open().GetAsync("/sign-in")).Page, StringComparison.Ordinal);
    }

    /// <summary>Of A, C, B and G, in this order.</summary>
    private static Task AppealsAsync(AccessWorld world) => world.WriteAsync(async turn =>
    {
        foreach (var (staff, store) in new[] { ("A", "S1"), ("C", "S1"), ("B", "S2"), ("G", "S1") })
            await OpenAppeal.RunAsync(
                turn, Zone.Utc, new Dispute(new(staff), new(store), new("P1"), Complaint.Other, null, "", "what happened", ""), seesSale: false, staff, new Instant(world.Clock.GetUtcNow().UtcTicks), AccessWorld.Stop);
    });

    private static async Task<IEnumerable<string>> CheckAsync(
        AccessWorld.Browser browser, string pattern, Expectation expectation, string person, Owner owner, string path, string missing)
    {
        var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(expectation.Method), path));
        var seen = (answer.Status, answer.Location) switch
        {
            (HttpStatusCode.Redirect, "/sign-in") or (HttpStatusCode.Redirect, ['/', 's', 'i', 'g', 'n', '-', 'i', 'n', '?', ..]) when pattern != "/sign-in/code" => "sign-in",
            (HttpStatusCode.NotFound, _) => Plain(answer.Page, path) == missing ? "not there" : "a 404 that says more than that it is missing",
            (HttpStatusCode.Redirect, "/stores/S1" or "/day") when pattern == "/" => "home",
            // Posted without its token, a form gets as far as being refused for that.
            (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Redirect or HttpStatusCode.Gone, _) => "open",
            var other => other.ToString(),
        };
        var opens = expectation.Opens(person, owner);
        var expected = opens ? "open"
            : person == Nobody && pattern is not ("/not-found" or "/_framework/opaque-redirect" or "/{**path:file}") ? "sign-in"
            : pattern == "/" ? "home" : "not there";
        List<string> wrong = [];
        if (seen != expected) wrong.Add($"{expectation.Method} {path} ({pattern}) by {person} of {owner}: expected {expected}, was {seen}.");
        if (answer.Message.Headers.CacheControl?.ToString() != "no-store") wrong.Add($"{path} by {person}: it may be kept ({answer.Message.Headers.CacheControl}).");
        return wrong;
    }

    private static IEnumerable<RouteEndpoint> EndpointsOf(AccessWorld world) =>
        world.Parts.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null);

    /// <summary>Without what is the person's, the form's and the address's: what is left says why, and must not.</summary>
    private static string Plain(string page, string path)
    {
        var from = page.IndexOf("<main", StringComparison.Ordinal);
        var main = page[from..(page.IndexOf("</main>", StringComparison.Ordinal))];
        return main.Replace(path, "", StringComparison.Ordinal);
    }

    [GeneratedRegex("""<a class="nav-link" href="(?<path>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
