using Microsoft.Playwright;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class SimulationPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    public static TheoryData<string, string> Pages => PageChecks.Every("/simulations", "/simulations/compare", "/departments");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory]
    [InlineData("zh-TW", 390, false)]
    [InlineData("en", 1440, true)]
    public async Task A_draft_from_a_template_is_simulated_changed_and_compared(string code, int width, bool script)
    {
        var language = Language.Find(code)!;
        var t = Texts.In(language);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/policy/drafts", language, width, script);
        var page = opened.Page;
        await page.Locator("[name='Typed.Name']").FillAsync($"Spring {code}");
        await page.Locator("[name='Typed.Source']").Nth(1).CheckAsync();
        await page.Locator("form:has([name='Typed.Source']) button[type=submit]").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = t["drafts.simulate"] }).ClickAsync();
        var first = await SimulateAsync(page, t, "services[sign-up].lockDays", "0,30,60", $"simulation-{code}-{width}");
        // A sale that shows why, its two traces side by side.
        await page.Locator("a[href*='/sales/']").First.ClickAsync();
        await Expect(page.GetByText(t["simulation.sale.lead"])).ToBeVisibleAsync();
        await Expect(page.Locator(".trace").First).ToBeVisibleAsync();
        await PageShotAsync(page, $"simulation-sale-{code}-{width}");

        await page.GotoAsync("/simulations");
        if (!await page.Locator("#budget").IsVisibleAsync()) await page.Locator("details.card > summary").ClickAsync();
        await page.Locator("#budget").FillAsync("1");
        var second = await SimulateAsync(page, t, "", "", $"simulation-budget-{code}-{width}");
        await Expect(page.Locator(".alert-danger")).ToBeVisibleAsync();
        await page.GotoAsync($"/simulations/compare?of={first}&of={second}");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await PageShotAsync(page, $"simulation-compare-{code}-{width}");
        Assert.Empty(opened.Complaints);
        await PageChecks.CheckAsync(chromium, host.Address, $"/simulations/{first}", code, picture: "simulation-result");
    }

    [Fact]
    public async Task What_cannot_be_asked_is_said_and_nothing_typed_is_lost()
    {
        var t = Texts.In(Language.English);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/policy/drafts", Language.English, 820, script: false);
        await opened.Page.Locator("[name='Typed.Name']").FillAsync("Wrong");
        await opened.Page.Locator("form:has([name='Typed.Source']) button[type=submit]").ClickAsync();
        await opened.Page.GotoAsync("/simulations");
        if (!await opened.Page.Locator("#vary").IsVisibleAsync()) await opened.Page.Locator("details.card > summary").ClickAsync();
        await opened.Page.Locator("#vary").FillAsync("nothing.like.it");
        await opened.Page.Locator("#values").FillAsync("1,2");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["simulations.begin"], Exact = true }).ClickAsync();
        await Expect(opened.Page.Locator(".alert-danger")).ToContainTextAsync("nothing.like.it");
        Assert.Equal("1,2", await opened.Page.Locator("#values").InputValueAsync());
        await opened.Page.Locator("#values").FillAsync("one");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["simulations.begin"], Exact = true }).ClickAsync();
        await Expect(opened.Page.Locator(".alert-danger")).ToBeVisibleAsync();
        Assert.Equal("one", await opened.Page.Locator("#values").InputValueAsync());
    }

    /// <returns>The id.</returns>
    private static async Task<string> SimulateAsync(IPage page, Texts t, string vary, string values, string picture)
    {
        await page.Locator("#vary").FillAsync(vary);
        await page.Locator("#values").FillAsync(values);
        await page.GetByRole(AriaRole.Button, new() { Name = t["simulations.begin"], Exact = true }).ClickAsync();
        for (var tries = 0; tries < 100 && !await page.Locator(".stats").IsVisibleAsync(); tries++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            await page.ReloadAsync();
        }
        await Expect(page.Locator(".stats")).ToBeVisibleAsync();
        await PageShotAsync(page, picture);
        return new Uri(page.Url).Segments[^1];
    }

    private static async Task PageShotAsync(IPage page, string name) => await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Repository.Path("artifacts", "pages", name + ".png") });
}
