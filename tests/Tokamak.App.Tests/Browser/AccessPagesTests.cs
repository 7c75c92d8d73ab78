using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tokamak.App.Access;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class AccessPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390, Desk = 1440;
    private const string Brand = "demo", Password = "horse battery staple";

    public static TheoryData<string, string> Pages => PageChecks.Every("/account", "/account/totp", "/account/passkeys", "/people", "/people/invite", "/audit");
    public static TheoryData<string, string> PagesOfNobody => PageChecks.Every("/sign-in", "/invitation/none");
    public static TheoryData<string, string> PagesOfManagers => PageChecks.Every("/stores/S01", "/sales");
    public static TheoryData<string, string> PagesOfClerks => PageChecks.Every("/clerks/K059", "/sales");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory, MemberData(nameof(PagesOfNobody))]
    public Task A_page_before_the_sign_in_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, path == "/sign-in" ? 200 : 410, person: null);

    [Theory, MemberData(nameof(PagesOfManagers))]
    public Task A_page_of_a_manager_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, person: "manager");

    [Theory, MemberData(nameof(PagesOfClerks))]
    public Task A_page_of_a_clerk_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, person: "clerk");

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public async Task The_pages_of_an_invitation_and_of_a_person_are_sound(string language)
    {
        var token = await InviteAsync("");
        await PageChecks.CheckAsync(chromium, host.Address, Invitations.PathOf(token), language, person: null, picture: "invitation");
        await PageChecks.CheckAsync(chromium, host.Address, $"/people/{await IdOfAsync(AccountRole.Clerk)}", language, picture: "person");
    }

    [Theory]
    [InlineData("zh-TW", Phone)]
    [InlineData("en", Desk)]
    public async Task Somebody_is_invited_comes_and_signs_in_without_scripts(string code, int width)
    {
        var (language, name) = (Language.Find(code)!, $"guest-{code.ToLowerInvariant()}");
        var t = Texts.In(language);
        await using var office = await OpenedPage.OpenAsync(chromium, host.Address, "/people/invite", language, width, script: false);
        await office.Page.GetByText(t["account.role.finance"], new() { Exact = true }).ClickAsync();
        await office.Page.GetByText(t["invite.submit"]).ClickAsync();
        var link = await office.Page.Locator("#address").InputValueAsync();
        await TakePictureAsync(office.Page, $"link.{code}.{width}");

        await using var guest = await OpenedPage.OpenAsync(chromium, host.Address, new Uri(link).AbsolutePath, language, width, script: false, person: null);
        await guest.Page.Locator("#display").FillAsync("Guest");
        await guest.Page.Locator("#name").FillAsync(name);
        await guest.Page.Locator("#password").FillAsync(Password);
        await guest.Page.Locator("#again").FillAsync(Password + "?");
        await guest.Page.GetByText(t["invitation.submit"]).ClickAsync();
        await Expect(guest.Page.Locator("[role=alert].said")).ToHaveTextAsync(t["password.different"]);
        await guest.Page.Locator("#password").FillAsync(Password);
        await guest.Page.Locator("#again").FillAsync(Password);
        await guest.Page.GetByText(t["invitation.submit"]).ClickAsync();

        await SignInAsync(guest.Page, name, "a wrong password");
        await Expect(guest.Page.Locator("[role=alert].said")).ToHaveTextAsync(t["signin.refused"]);
        await TakePictureAsync(guest.Page, $"refused.{code}.{width}");
        await SignInAsync(guest.Page, name, Password);
        await Expect(guest.Page.Locator("h1")).ToHaveTextAsync(t["overview.title"]);
        await Expect(guest.Page.Locator(".person-words")).ToContainTextAsync("Guest");
        Assert.DoesNotContain("/people", await guest.Page.Locator("#menu").InnerHTMLAsync(), StringComparison.Ordinal);

        await guest.Page.Locator(".person button").ClickAsync();
        await Expect(guest.Page.Locator("h1")).ToHaveTextAsync(t["signin.title"]);
    }

    [Fact]
    public async Task A_passkey_is_added_signs_in_and_is_removed()
    {
        var t = Texts.In(Language.Chinese);
        var name = $"key-{Guid.NewGuid():N}"[..12];
        await TakeAsync(await InviteAsync("Key"), name);
        var secure = new UriBuilder(host.Address) { Host = "localhost" }.Uri;
        await using var opened = await OpenedPage.OpenAsync(chromium, secure, "/sign-in", Language.Chinese, Phone, person: null);
        var page = opened.Page;
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true,
                ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await SignInAsync(page, name, Password);
        await page.GotoAsync("/account/passkeys");
        await page.Locator("#name").FillAsync("平板");
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("form[data-passkey] button").ClickAsync();
        await Expect(page.Locator("[role=status].said")).ToHaveTextAsync(t["passkey.added"]);
        await TakePictureAsync(page, "passkeys.zh-TW.390");

        await page.Locator("[data-toggles=menu]").ClickAsync();
        await page.Locator(".person button").ClickAsync();
        await page.Locator("form[data-passkey] button").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["overview.title"]);

        await page.GotoAsync("/account/passkeys");
        await page.GetByText(t["passkey.remove"], new() { Exact = true }).Last.ClickAsync();
        await Expect(page.Locator("[role=status].said")).ToHaveTextAsync(t["passkey.removed"]);
        await page.Locator("[data-toggles=menu]").ClickAsync();
        await page.Locator(".person button").ClickAsync();
        await page.Locator("form[data-passkey] button").ClickAsync();
        await Expect(page.Locator("[role=alert].said")).ToHaveTextAsync(t["signin.refused"]);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task A_link_on_another_site_finds_the_person_signed_in()
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/account", Language.English, Desk);
        await opened.Page.GotoAsync("about:blank");
        await opened.Page.SetContentAsync($"<a href=\"{new Uri(host.Address, "/people")}\">people</a>");
        await opened.Page.GetByText("people").ClickAsync();
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync(Texts.In(Language.English)["people.title"]);
    }

    [Fact]
    public async Task One_click_in_the_demo_is_enough()
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/sign-in", Language.English, Phone, person: null);
        await opened.Page.Locator("button[value=clerk]").ClickAsync();
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync(Texts.In(Language.English)["day.title"]);
        await opened.Page.Locator("[data-toggles=menu]").ClickAsync();
        await TakePictureAsync(opened.Page, "menu.en.390");
        Assert.Empty(opened.Complaints);
    }

    private static async Task SignInAsync(IPage page, string name, string password)
    {
        await page.Locator("#name").FillAsync(name);
        await page.Locator("#password").FillAsync(password);
        await page.Locator("form:has(#password) button[type=submit]").ClickAsync();
    }

    private Task<string> InviteAsync(string name) =>
        host.Parts.GetRequiredService<Invitations>().InviteAsync(new InvitationOffer(Brand, AccountRole.Hq, null, name), null, null, TestContext.Current.CancellationToken);

    private async Task TakeAsync(string token, string name) =>
        Assert.Null(await host.Parts.GetRequiredService<Invitations>().TakeAsync(Brand, token, name, name, Password, null, TestContext.Current.CancellationToken));

    private async Task<Guid> IdOfAsync(AccountRole role) =>
        (await host.Parts.GetRequiredService<People>().ListAsync(Brand, TestContext.Current.CancellationToken)).First(person => person.Account.Role == role).Account.Id;

    private static Task<byte[]> TakePictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", name + ".png") });
}
