using Microsoft.Playwright;
using Tokamak.App.Demo;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class BooksPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every(
        "/", "/stores", "/stores/S05", "/stores/online", "/clerks", $"/clerks/{DemoStories.SelfBuyingClerk}?month=2026-06",
        $"/clerks/{DemoStories.CarriedClerk}?month=2026-07", "/sales", $"/sales/{DemoStories.SplitPickup}",
        $"/sales/{DemoStories.ContestedWhileLocked}", "/policy", "/close", "/parked", "/parked?list=dismissed");

    public static TheoryData<string, string> EmptyPages => PageChecks.Every("/sales?id=nothing-is-called-this", "/clerks?q=nobody", "/clerks/K001?month=2025-05");

    public static TheoryData<string, string> MissingPages => PageChecks.Every("/stores/S99");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory, MemberData(nameof(EmptyPages))]
    public Task A_page_with_little_to_show_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory, MemberData(nameof(MissingPages))]
    public Task A_page_about_nothing_is_missing_and_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, status: 404);

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public async Task A_person_walks_from_the_overview_to_the_trace_of_a_sale(string code)
    {
        var language = Language.Find(code)!;
        var t = Texts.In(language);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/", language, Desk);
        var page = opened.Page;
        await page.Locator("#menu").GetByText(t["nav.stores"], new() { Exact = true }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["nav.stores"]);

        await page.Locator("tbody a").First.ClickAsync();
        await Expect(page.Locator(".chart.drawn")).ToHaveCountAsync(2);
        var clerk = page.Locator("tbody th a[href^='/clerks/']").First;
        var name = await clerk.InnerTextAsync();
        await clerk.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(name);

        var sale = page.Locator("td a[href^='/sales/']").First;
        var id = await sale.InnerTextAsync();
        await sale.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(id);
        await Expect(page.Locator(".trace").First).ToBeVisibleAsync();

        await page.Locator(".trace a.rule").First.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["policy.title"]);
        await Expect(page.Locator(":target")).ToBeInViewportAsync();
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task The_trace_tells_a_clerk_why_not_and_what_to_do()
    {
        await using var opened = await OpenAsync($"/sales/{DemoStories.ContestedWhileLocked}", Phone);
        await Expect(opened.Page.Locator(".trace-entry.given").First).ToBeVisibleAsync();
        await Expect(opened.Page.Locator(".trace-entry.not-given .trace-next").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_sale_is_found_by_its_id_and_by_its_store_without_scripts()
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/sales", Language.Chinese, Desk, script: false);
        var page = opened.Page;
        await page.Locator("#id").FillAsync(DemoStories.SplitPickup.Value);
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        await page.Locator("#id").FillAsync("");
        await page.Locator("#store").SelectOptionAsync("S05");
        await page.Locator("#channel").SelectOptionAsync("online");
        await page.Locator("main button[type=submit]").ClickAsync();
        await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();
        await Expect(page.Locator("#store")).ToHaveValueAsync("S05");
    }

    [Fact]
    public async Task A_statement_goes_on_paper_with_its_lines_and_without_the_menu()
    {
        await using var opened = await OpenAsync($"/clerks/{DemoStories.LiftedByBand}?month=2026-03");
        await opened.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(opened.Page.Locator("aside")).ToBeHiddenAsync();
        await Expect(opened.Page.Locator("[data-print]")).ToBeHiddenAsync();
        await Expect(opened.Page.Locator(".on-paper")).ToBeVisibleAsync();
        await opened.Page.PdfAsync(new() { Format = "A4", Path = Repository.Path("artifacts", "pages", "statement.pdf") });
    }

    [Fact]
    public async Task Two_people_close_a_month_without_scripts()
    {
        var t = Texts.In(Language.English);
        await using (var first = await OpenedPage.OpenAsync(chromium, host.Address, "/close", Language.English, Desk, script: false))
        {
            await first.Page.GetByRole(AriaRole.Button, new() { Name = t["close.prepare"], Exact = true }).ClickAsync();
            await Expect(first.Page.GetByText(t["close.prepare.done"])).ToBeVisibleAsync();
            await Expect(first.Page.GetByText(t["close.asked.own"])).ToBeVisibleAsync();
        }
        await using var second = await OpenedPage.OpenAsync(chromium, host.Address, "/close", Language.English, Phone, script: false, person: "finance");
        await second.Page.Locator("input[type=checkbox]").CheckAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = t["close.confirm"], Exact = true }).ClickAsync();
        await Expect(second.Page.GetByText(t["close.done"])).ToBeVisibleAsync();
        await Expect(second.Page.Locator("#closed tbody tr")).ToHaveCountAsync(1);
        await second.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", "closed.en.390.png") });
        using var download = await host.GetAsync(await second.Page.Locator("#closed a").Last.GetAttributeAsync("href") ?? "", "finance");
        Assert.Equal("text/csv", download.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/clerks/K059/statement.pdf", "application/pdf")]
    [InlineData("/clerks/K059/statement.csv", "text/csv")]
    [InlineData("/statements.pdf", "application/pdf")]
    public async Task Statements_are_files_to_keep(string path, string type)
    {
        using var answer = await host.GetAsync(path, "hq");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("statement", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        Assert.True((await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length > 500);
    }

    private Task<OpenedPage> OpenAsync(string path, int width = Desk) => OpenedPage.OpenAsync(chromium, host.Address, path, Language.Chinese, width);
}
