using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>The demo brand with facts that wait for everything that a fact can wait for; once per test class.</summary>
public sealed class ParkedHost : IAsyncLifetime
{
    private const string Lines = """[{"line":1,"category":"tops","quantity":1,"net":2480,"fulfil":"taken"}]""";

    private readonly DemoHost _demo = new();

    public Uri Address => _demo.Address;

    public BrandDatabase Database => _demo.Books.Database;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _demo.InitializeAsync();
        var keys = new ApiKeys(new StaffCatalogue(_demo.Books.Databases), TimeProvider.System);
        var (till, _) = await keys.CreateAsync("demo", "全門市 POS", [ApiScope.Facts], ApiKeys.DefaultPerSecond, Stop);
        var now = DateTime.UtcNow;
        string[] facts =
        [
            $$"""{"type":"sale","id":"POS-20260714-0031","at":"2026-07-14T12:31:00+08:00","channel":"store","member":"M000012","staff":"K005","lines":{{Lines}}}""",
            $$"""{"type":"sale","id":"POS-20260714-0032","at":"2026-07-14T12:40:00+08:00","channel":"store","staff":"K007","lines":{{Lines}}}""",
            $$"""{"type":"sale","id":"POS-20260714-0033","at":"2026-07-14T13:02:00+08:00","channel":"store","store":"S02","staff":"K9071","lines":{{Lines}}}""",
            """{"type":"handover","id":"HO/2026/0715-7","at":"2026-07-15T18:20:00+08:00","sale":"WEB-88231","store":"S05","staff":"K012","lines":[{"line":1,"quantity":1}]}""",
            """{"type":"service","id":"QR-5512","at":"2026-07-15T19:00:00+08:00","member":"M000045","kind":"app-install","store":"S04","staff":"K9072"}""",
            """{"type":"void","id":"VOID-17","at":"2026-07-15T20:00:00+08:00","fact":"POS-20260713-0007"}""",
            $$"""{"type":"sale","id":"POS-clock-wrong","at":"{{now.AddDays(1):yyyy-MM-ddTHH:mm:ss}}Z","channel":"store","store":"S01","lines":{{Lines}}}""",
            $$"""{"type":"sale","id":"POS-training-1","at":"2026-07-16T09:00:00+08:00","channel":"store","store":"S01","staff":"K9073","lines":{{Lines}}}""",
        ];
        await using var turn = await Database.BeginWriteAsync(Stop);
        var rules = await BookRules.LoadAsync(turn, Stop);
        var at = new Instant(now.Ticks);
        var commit = new LiveCommit(turn, rules, rules.Policy.Zone.DayOf(at), at);
        var answers = await commit.RunAsync([new Part([.. facts.Select(line => new Arrival(Read(line), till.Id))])], Stop);
        Assert.All(answers[0].Answers, answer => Assert.Equal(FactStatus.Parked, answer.Status));
        // One that went wrong when it was posted.
        await turn.InsertAsync<ParkedRow>(
        [
            new ParkedRow
            {
                Id = "POS-20260714-0040", WaitsFor = "attention", Reason = "it could not be posted (DivideByZeroException); it is kept, and the office can try it again", Facts = rules.Facts, SinceTicks = at.Ticks, Sender = till.Id,
                Body = new Arrival(Read($$"""{"type":"sale","id":"POS-20260714-0040","at":"2026-07-14T15:00:00+08:00","channel":"store","store":"S01","lines":{{Lines}}}"""), null).Body,
            },
        ], Stop);
        Assert.Equal(DismissOutcome.Done, await ParkedFacts.DismissAsync(turn, "POS-training-1", $"key {till.Id}", "教育訓練的測試交易", at, Stop));
        await turn.CommitAsync(Stop);
    }

    public async Task<bool> CountsAsync(string id)
    {
        await using var turn = await Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await books.Facts.AnyAsync(fact => fact.Id == id, Stop) && !await books.Parked.AnyAsync(row => row.Id == id, Stop);
    }

    public ValueTask DisposeAsync() => _demo.DisposeAsync();

    private static Core.Referral.Fact Read(string line)
    {
        Assert.True(FactText.TryRead(Encoding.UTF8.GetBytes(line), 0, out var fact, out var fault), fault?.Message);
        return fact;
    }
}

public sealed class ParkedPagesTests(Chromium chromium, ParkedHost host) : IClassFixture<ParkedHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every("/parked", "/parked?list=dismissed", "/parked?waits=Staff", "/parked?waits=Code", "/parked/POS-20260714-0033", "/parked/HO%2F2026%2F0715-7", "/parked/POS-training-1");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, picture: "with-" + path);

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public Task A_fact_that_nobody_knows_is_missing(string language) => PageChecks.CheckAsync(chromium, host.Address, "/parked/none", language, status: 404);

    [Fact]
    public async Task The_menu_counts_what_waits_and_the_list_leads_to_each()
    {
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/parked", Language.Chinese, Desk);
        var rows = await opened.Page.Locator(".parked").CountAsync();
        await Expect(opened.Page.Locator(".menu-count")).ToHaveTextAsync($"{rows}");
        await opened.Page.GetByText("HO/2026/0715-7").ClickAsync();
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync("HO/2026/0715-7");
        await Expect(opened.Page.Locator("main")).ToContainTextAsync("WEB-88231");
        await Expect(opened.Page.Locator("main")).ToContainTextAsync("全門市 POS");
    }

    [Fact]
    public async Task A_sale_without_a_store_gets_it_and_counts_without_scripts()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/parked/POS-20260714-0031", Language.Chinese, Phone, script: false);
        await opened.Page.Locator("#store").SelectOptionAsync("S01");
        await PictureAsync(opened.Page, "store");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["parked.store"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["parked.done.counts"])).ToBeVisibleAsync();
        await PictureAsync(opened.Page, "counts");
        Assert.True(await host.CountsAsync("POS-20260714-0031"));
        await opened.Page.GotoAsync("/sales/POS-20260714-0031");
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync("POS-20260714-0031");
    }

    [Fact]
    public async Task What_went_wrong_is_tried_again()
    {
        var t = Texts.In(Language.English);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/parked/POS-20260714-0040", Language.English, Desk, script: false, person: "finance");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["parked.again"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["parked.done.counts"])).ToBeVisibleAsync();
        Assert.True(await host.CountsAsync("POS-20260714-0040"));
    }

    [Fact]
    public async Task What_is_dismissed_needs_a_reason_and_is_on_the_other_list_with_it()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/parked/POS-20260714-0032", Language.Chinese, Phone, script: false);
        // Opened by somebody else before, and sent after it was dismissed.
        await using var late = await OpenedPage.OpenAsync(chromium, host.Address, "/parked/POS-20260714-0032", Language.Chinese, Phone, script: false, person: "finance");
        foreach (var page in (IPage[])[opened.Page, late.Page])
        {
            await page.Locator("#reason").FillAsync("收銀機重複開立");
            await page.Locator("input[type=checkbox]").CheckAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = t["parked.dismiss"], Exact = true }).ClickAsync();
        }
        await Expect(opened.Page.GetByText(t["parked.done.dismissed"])).ToBeVisibleAsync();
        await Expect(late.Page.GetByText(t["parked.gone"])).ToBeVisibleAsync();
        await PictureAsync(opened.Page, "dismissed");
        await opened.Page.GotoAsync("/parked?list=dismissed");
        await Expect(opened.Page.Locator(".parked").Filter(new() { HasText = "POS-20260714-0032" })).ToContainTextAsync("收銀機重複開立");
        await opened.Page.GotoAsync("/audit");
        await Expect(opened.Page.Locator("tbody tr").Filter(new() { HasTextRegex = new Regex(Regex.Escape(t["audit.kind.dismissed"]), RegexOptions.None, TimeSpan.FromSeconds(1)) }).First).ToContainTextAsync("POS-20260714-0032");
    }

    private static async Task PictureAsync(IPage page, string name) => await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"parked-{name}.zh-TW.390.png") });
}
