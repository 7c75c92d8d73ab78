using Microsoft.Playwright;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class ShellTests(Chromium chromium, RunningHost host) : IClassFixture<RunningHost>
{
    private const int Phone = 390;
    private const int Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every("/", "/specimens");
    public static TheoryData<string, string> MissingPages => PageChecks.Every("/nowhere");
    public static TheoryData<string, string> FailedPages => PageChecks.Every("/breaks");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory, MemberData(nameof(MissingPages))]
    public Task A_missing_page_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, status: 404);

    [Theory, MemberData(nameof(FailedPages))]
    public Task A_failed_page_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, status: 500);

    [Fact]
    public async Task A_person_changes_the_language_and_stays_on_the_page()
    {
        await using var opened = await OpenAsync("/specimens?page=3");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Expect(opened.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        Assert.EndsWith("/specimens?page=3", opened.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_menu_of_a_phone_opens_and_closes()
    {
        await using var opened = await OpenAsync("/", Phone);
        var menu = opened.Page.Locator("#menu");
        await Expect(menu).ToBeHiddenAsync();
        await opened.Page.Locator("[data-toggles=menu]").ClickAsync();
        await Expect(menu).ToBeVisibleAsync();
        await opened.Page.Keyboard.PressAsync("Escape");
        await Expect(menu).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_keyboard_reaches_the_content_first()
    {
        await using var opened = await OpenAsync("/");
        await opened.Page.Keyboard.PressAsync("Tab");
        await Expect(opened.Page.Locator(".skip-link")).ToBeFocusedAsync();
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(opened.Page.Locator("#content")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_chart_is_drawn_from_its_table_and_the_table_can_be_opened()
    {
        await using var opened = await OpenAsync("/specimens");
        await Expect(opened.Page.Locator(".chart.drawn canvas")).ToHaveCountAsync(4);
        var drawn = await opened.Page.EvaluateAsync<long?[]>(
            "echarts.getInstanceByDom(document.querySelector('[data-chart=ranking] .chart-drawing')).getOption().series[0].data");
        Assert.Equal([91_200, 74_020, 40_333, -2_100], drawn);

        var table = opened.Page.Locator("[data-chart=ranking] table");
        await Expect(table).ToBeHiddenAsync();
        await opened.Page.Locator("[data-chart=ranking] summary").ClickAsync();
        await Expect(table).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pointing_at_a_chart_shows_the_words_of_its_table()
    {
        await using var opened = await OpenAsync("/specimens");
        await opened.Page.Locator("[data-chart=ranking] canvas").HoverAsync();
        await Expect(opened.Page.Locator("[data-chart=ranking] .chart-tip dd")).ToContainTextAsync("NT$");
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Choosing_a_month_swaps_the_content_and_draws_the_charts_again()
    {
        await using var opened = await OpenAsync("/specimens?page=3");
        await opened.Page.EvaluateAsync("window.same = true");
        await opened.Page.Locator("#month").SelectOptionAsync("2026-02");
        await Expect(opened.Page.Locator(".page-lead")).ToHaveTextAsync("2026年2月");
        await Expect(opened.Page.Locator(".chart.drawn canvas")).ToHaveCountAsync(4);
        await Expect(opened.Page.Locator("#announcement")).Not.ToBeEmptyAsync();
        Assert.True(await opened.Page.EvaluateAsync<bool>("window.same === true"), "The whole page was loaded.");
        Assert.EndsWith("/specimens?month=2026-02", opened.Page.Url, StringComparison.Ordinal);

        await opened.Page.GoBackAsync();
        await Expect(opened.Page.Locator(".page-lead")).ToHaveTextAsync("2026年6月");
        await Expect(opened.Page.Locator(".chart.drawn canvas")).ToHaveCountAsync(4);
        Assert.Empty(opened.Complaints);
    }

    [Fact]
    public async Task Without_scripts_everything_can_still_be_read_and_chosen()
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/specimens", Language.Chinese, Phone, script: false);
        await Expect(opened.Page.Locator("#menu")).ToBeVisibleAsync();
        await Expect(opened.Page.Locator("[data-chart=line] table")).ToBeVisibleAsync();
        await opened.Page.Locator("#month").SelectOptionAsync("2026-02");
        await opened.Page.Locator(".month-picker button").ClickAsync();
        await Expect(opened.Page.Locator(".page-lead")).ToHaveTextAsync("2026年2月");
    }

    [Fact]
    public async Task On_paper_there_is_no_menu()
    {
        await using var opened = await OpenAsync("/specimens");
        await opened.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(opened.Page.Locator("aside")).ToBeHiddenAsync();
        await Expect(opened.Page.Locator(".month-picker")).ToBeHiddenAsync();
        await Expect(opened.Page.Locator("h1")).ToBeVisibleAsync();
        await opened.Page.PdfAsync(new() { Format = "A4", Path = Repository.Path("artifacts", "pages", "specimens.pdf") });
    }

    private Task<OpenedPage> OpenAsync(string path, int width = Desk) =>
        OpenedPage.OpenAsync(chromium, host.Address, path, Language.Chinese, width);
}
