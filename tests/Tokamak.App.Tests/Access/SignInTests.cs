using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Access;

public sealed partial class SignInTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task The_right_password_opens_the_pages_and_stands_in_the_log(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = world.Open();
        Assert.Equal("/sign-in?return=%2Fstores", (await browser.GetAsync("/stores")).Location);

        var answer = await browser.SubmitAsync("/sign-in?return=%2Fstores", "password", ("Typed.Name", "HANA"), ("Typed.Password", AccessWorld.Password));
        Assert.Equal((HttpStatusCode.Redirect, "/stores"), (answer.Status, answer.Location));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/stores")).Status);
        Assert.Equal("/", (await browser.GetAsync("/sign-in")).Location);
        Assert.NotNull((await world.AccountAsync(id)).LastSignInAtUtc);
        var entry = (await world.AuditAsync())[^1];
        Assert.Equal((AuditKind.SignedIn, id, "one"), (entry.What, entry.Who, entry.Brand));
        Assert.NotNull(entry.Address);
    }

    [Theory, EveryDatabase]
    public async Task Whoever_is_refused_reads_the_same_whatever_the_reason(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Elsewhere", AccountRole.Hq, brand: "two");
        await world.AddAsync("Zgone", AccountRole.Clerk, "C");
        var off = await world.AddAsync("Zoff", AccountRole.Finance);
        world.Place("C", "S1", employed: false);
        await world.Catalogue.WriteAsync(context => context.Accounts.Where(a => a.Id == off).ExecuteUpdateAsync(set => set.SetProperty(a => a.Enabled, false)), AccessWorld.Stop);

        var pages = new List<(HttpStatusCode, string)>();
        foreach (var (name, password) in new[] { ("hana", "wrong password"), ("nobody", "wrong password"), ("elsewhere", AccessWorld.Password), ("zgone", AccessWorld.Password), ("zoff", AccessWorld.Password) })
        {
            var answer = await world.Open().SignInAsync(name, password);
            Assert.False(answer.Message.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("tokamak=", StringComparison.Ordinal)));
            pages.Add((answer.Status, Tokens().Replace(answer.Page, "").Replace(name, "", StringComparison.Ordinal)));
        }
        Assert.Equal(HttpStatusCode.Unauthorized, pages[0].Item1);
        Assert.Single(pages.Distinct());
        Assert.Equal(5, (await world.AuditAsync()).Count(entry => entry.What == AuditKind.SignInRefused));
    }

    [Theory, EveryDatabase]
    public async Task Five_wrong_passwords_lock_an_account_and_the_answer_does_not_say_so(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var browser = world.Open();
        var wrong = "";
        for (var i = 0; i < 5; i++) wrong = (await browser.SignInAsync("hana", "wrong password")).Page;
        var locked = await browser.SignInAsync("hana");
        Assert.Equal(HttpStatusCode.Unauthorized, locked.Status);
        Assert.Equal(Tokens().Replace(wrong, ""), Tokens().Replace(locked.Page, ""));
        Assert.Contains(await world.AuditAsync(), entry => entry.What == AuditKind.LockedOut && entry.About == id.ToString());
        Assert.InRange((await world.AccountAsync(id)).LockedUntilUtc!.Value, DateTime.UtcNow.AddMinutes(14), DateTime.UtcNow.AddMinutes(15));

        // Identity keeps to the clock of the machine: the fifteen minutes are over as if they had gone by.
        await world.Catalogue.WriteAsync(context => context.Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.LockedUntilUtc, DateTime.UtcNow.AddSeconds(-1))), AccessWorld.Stop);
        await world.SignedInAsync("hana");
    }

    [Theory, EveryDatabase]
    public async Task Attempts_at_the_same_moment_all_count_and_right_ones_all_enter(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        var right = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Open().SignInAsync("hana")));
        Assert.All(right, answer => Assert.Equal(HttpStatusCode.Redirect, answer.Status));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.Open().SignInAsync("hana", "wrong password")));
        Assert.NotNull((await world.AccountAsync(id)).LockedUntilUtc);
    }

    [Theory, EveryDatabase]
    public async Task Too_many_attempts_at_a_name_wait_for_the_next_window_and_others_do_not(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = world.Open();
        for (var i = 0; i < AttemptLimits.PerName.Most; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync("nobody", "wrong password")).Status);
        var refused = await browser.SignInAsync("nobody", "wrong password");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), AttemptLimits.Window);
        await world.SignedInAsync("hana");

        world.Clock.Go(AttemptLimits.Window);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync("nobody", "wrong password")).Status);
    }

    [Fact]
    public async Task A_name_longer_than_any_is_refused_and_not_kept()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = world.Open();
        var wrong = await browser.SignInAsync("hana", "wrong password");
        foreach (var (name, password) in new[] { (new string('x', 100_000), "wrong password"), ("hana", new string('x', 100_000)) })
        {
            var answer = await browser.SignInAsync(name, password);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal(Tokens().Replace(wrong.Page, "").Replace("hana", "", StringComparison.Ordinal), Tokens().Replace(answer.Page, "").Replace(name, "", StringComparison.Ordinal));
        }
        // They count against the address like any other.
        for (var i = 3; i < AttemptLimits.PerAddress.Most; i++) await browser.SignInAsync(new string('y', 100), "wrong password");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignInAsync(new string('y', 100), "wrong password")).Status);
    }

    [Theory, EveryDatabase]
    public async Task With_codes_switched_on_a_password_is_not_enough_and_each_code_is_good_once(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        var key = (await browser.GetAsync("/account/totp")).Page is var page ? Key().Match(page).Groups["key"].Value.Replace(" ", "", StringComparison.Ordinal) : "";
        var (now, next) = (Totp.CodeAt(key, world.Clock.GetUtcNow()), Totp.CodeAt(key, world.Clock.GetUtcNow().AddSeconds(30)));
        var wrong = now == "000000" ? "000001" : "000000";
        Assert.Contains("That does not fit", (await browser.SubmitAsync("/account/totp", "confirm", ("Confirmed.Code", wrong), ("Confirmed.Password", AccessWorld.Password))).Page, StringComparison.Ordinal);
        var on = await browser.SubmitAsync("/account/totp", "confirm", ("Confirmed.Code", now), ("Confirmed.Password", AccessWorld.Password));
        var codes = Codes().Matches(on.Page).Select(match => match.Groups["code"].Value).ToList();
        Assert.Equal(10, codes.Count);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/stores")).Status);

        // The code that switched them on is used up; the one of the next half minute is not.
        Assert.Equal("/sign-in/code?return=%2F", (await world.Open().SignInAsync("hana")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, await ByCodeAsync(world, now));
        Assert.Equal(HttpStatusCode.Redirect, await ByCodeAsync(world, next));
        Assert.Equal(HttpStatusCode.Unauthorized, await ByCodeAsync(world, next));
        Assert.Equal(HttpStatusCode.Redirect, await ByCodeAsync(world, codes[0]));
        Assert.Equal(HttpStatusCode.Unauthorized, await ByCodeAsync(world, codes[0]));
        Assert.DoesNotContain(codes[1], (await world.Catalogue.ReadAsync(context => context.Accounts.SingleAsync(a => a.DisplayName == "Hana"), AccessWorld.Stop)).RecoveryCodes, StringComparison.Ordinal);
        Assert.Contains(await world.AuditAsync(), entry => entry.What == AuditKind.TotpOn);
    }

    [Fact]
    public async Task The_page_of_the_code_is_for_those_who_gave_a_password()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        Assert.Equal("/sign-in", (await world.Open().GetAsync("/sign-in/code")).Location);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_leads_to_no_other_host(string target)
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var answer = await world.Open().SubmitAsync("/sign-in?return=" + Uri.EscapeDataString(target), "password", ("Typed.Name", "hana"), ("Typed.Password", AccessWorld.Password));
        Assert.Equal("/", answer.Location);
    }

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/sign-out")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account", ("_handler", "everywhere"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
    }

    private static async Task<HttpStatusCode> ByCodeAsync(AccessWorld world, string code)
    {
        var browser = world.Open();
        await browser.SignInAsync("hana");
        return (await browser.SubmitAsync("/sign-in/code", "code", ("Code", code))).Status;
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="[^"]+"|return=[^"&]*""")]
    private static partial Regex Tokens();

    [GeneratedRegex("""<code class="id" translate="no">(?<key>[A-Z2-7 ]+)</code>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("""<li><code translate="no">(?<code>[^<]+)</code>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Codes();
}
