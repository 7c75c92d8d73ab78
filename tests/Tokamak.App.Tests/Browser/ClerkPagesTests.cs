using Microsoft.Playwright;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class ClerkPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390;

    public static TheoryData<string, string, int> OfOffice => PageChecks.Every("/clerks/K001/day", "/targets", "/targets?store=S01");

    public static TheoryData<string, string, int> OfClerk => PageChecks.Every("/day");

    [Theory, MemberData(nameof(OfOffice))]
    public Task A_page_is_sound(string path, string language, int width) => PageChecks.CheckAsync(chromium, host.Address, path, language, width);

    [Theory, MemberData(nameof(OfClerk))]
    public Task A_clerk_s_page_is_sound(string path, string language, int width) => PageChecks.CheckAsync(chromium, host.Address, path, language, width, person: "clerk");

    [Fact]
    public async Task A_manager_sets_a_clerk_s_target_and_the_clerk_s_day_shows_how_far_it_is()
    {
        var t = Texts.In(Language.Chinese);
        await using var manager = await OpenedPage.OpenAsync(chromium, host.Address, "/targets", Language.Chinese, Phone, script: false, person: "manager");
        // A manager's list has the own store's clerks alone, whatever the address asks for.
        var fields = await manager.Page.Locator("input.amount").EvaluateAllAsync<string[]>("all => all.map(one => one.name)");
        await manager.Page.GotoAsync("/targets?store=S02");
        Assert.Equal(fields, await manager.Page.Locator("input.amount").EvaluateAllAsync<string[]>("all => all.map(one => one.name)"));

        await manager.Page.Locator("input.amount").First.FillAsync("many");
        await SaveAsync(manager.Page, t);
        await Expect(manager.Page.Locator(".alert-danger")).ToBeVisibleAsync();
        Assert.Equal("many", await manager.Page.Locator("input.amount").First.InputValueAsync());
        await manager.Page.Locator("input.amount").First.FillAsync("300,000");
        await SaveAsync(manager.Page, t);
        await Expect(manager.Page.GetByText(t["targets.saved", "1"])).ToBeVisibleAsync();
        Assert.Equal("300000", await manager.Page.Locator("input.amount").First.InputValueAsync());

        var clerk = fields[0].Split('.', 2)[1];
        await manager.Page.GotoAsync($"/clerks/{clerk}/day");
        await Expect(manager.Page.Locator(".target")).ToContainTextAsync("NT$ 300,000");
    }

    private static Task SaveAsync(IPage page, Texts t) => page.GetByRole(AriaRole.Button, new() { Name = t["own.save"], Exact = true }).ClickAsync();
}
