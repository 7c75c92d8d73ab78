using Microsoft.Playwright;
using Tokamak.App.Clerks.HandingOn;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class ClerkPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390;

    public static TheoryData<string, string> OfOffice => PageChecks.Every("/clerks/K001/day", "/targets", "/targets?store=S01", "/clerks/K001/handing");

    public static TheoryData<string, string> OfClerk => PageChecks.Every("/day");

    [Theory, MemberData(nameof(OfOffice))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory, MemberData(nameof(OfClerk))]
    public Task A_clerk_s_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language, person: "clerk");

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

    [Fact]
    public async Task The_office_hands_a_leaver_s_members_on_and_takes_it_back()
    {
        var t = Texts.In(Language.English);
        var (left, members) = await LeaverAsync();
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, $"/clerks/{left}", Language.English, 820, script: false);
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = t["handing.title"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["handing.new", $"{members}"])).ToBeVisibleAsync();
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Repository.Path("artifacts", "pages", "handing-plan.en.820.png") });
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["handing.begin"], Exact = true }).ClickAsync();
        await Expect(opened.Page.Locator(".alert-success")).ToBeVisibleAsync();
        await opened.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Repository.Path("artifacts", "pages", "handing-planned.en.820.png") });
        await opened.Page.Locator("input[name='Back.Sure']").CheckAsync();
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["handing.back"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["handing.back.done"])).ToBeVisibleAsync();
    }

    /// <summary>Somebody who left, whose members the store holds still; the demo's leavers left too long ago, so one leaves now.</summary>
    private async Task<(string Staff, int Members)> LeaverAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        var now = new Instant(DateTime.UtcNow.Ticks);
        await using (var turn = await host.Books.Database.BeginWriteAsync(stop))
        {
            Assert.Equal(FactStatus.Accepted, (await OfficeFacts.PostAsync(turn, [new StaffFact(new FactId("left-k003"), now, 0, new StaffId("K003"), StaffEvent.Left, null, null, null, null)], null, now, stop))[0].Status);
            await turn.CommitAsync(stop);
        }
        await using var read = await host.Books.Database.BeginReadAsync(stop);
        var rules = await BookRules.LoadAsync(read, stop);
        var members = (await PlanHanding.LeftBehindAsync(read, rules, new StaffId("K003"), now, stop)).GetValueOrDefault(rules.Roster.Find(new StaffId("K003"))!.Employments[^1].Store) ?? [];
        Assert.NotEmpty(members);
        return ("K003", members.Count);
    }

    private static Task SaveAsync(IPage page, Texts t) => page.GetByRole(AriaRole.Button, new() { Name = t["own.save"], Exact = true }).ClickAsync();
}
