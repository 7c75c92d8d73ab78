using System.Text;
using Microsoft.Playwright;
using Tokamak.App.Referral.Drafting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>The demo brand with a draft that is sound and one that is full of faults and warnings; once per test class.</summary>
public sealed class DraftHost : IAsyncLifetime
{
    public const string Sound = "00000000000000000000000000000001", Faulty = "00000000000000000000000000000002";

    private readonly DemoHost _demo = new();

    public Uri Address => _demo.Address;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _demo.InitializeAsync();
        await using var turn = await _demo.Books.Database.BeginWriteAsync(Stop);
        var now = new Instant(DateTime.UtcNow.Ticks);
        var frame = await Drafts.FrameAsync(turn, 0, now, Stop);
        var version = PolicyTemplates.Of(PolicyTemplate.OnlineFriendly, frame.Next, frame.Earliest!.Value.AddMonths(2), "Asia/Taipei", "TWD") with
        {
            Takeover = Takeover.Any, Bands = new(BandMode.Whole, [new(0, 100), new(300_000, 120)]), Bounties = [new("app-install", 80, false, false, null, 1)],
        };
        var form = DraftText.Read(Encoding.UTF8.GetString(PolicyWriter.Write(version)), 0);
        await MakeAsync(turn, Sound, "2027 春季：線上加碼", DraftCheck.Of(form, frame).Body, now);
        (form.LinkDays, form.Rates[0].Rate, form.Online.Owner, form.From) = ("很多天", "3.555", "90", "2020-01-01");
        form.Decay[1].Days = "1";
        await MakeAsync(turn, Faulty, "還在想", DraftCheck.Of(form, frame).Body, now);
        await turn.CommitAsync(Stop);
    }

    private static Task MakeAsync(App.Data.Turn turn, string id, string name, string body, Instant now) => App.Data.RowWriting.InsertAsync<App.Data.PolicyDraftRow>(turn,
    [
        new App.Data.PolicyDraftRow
        {
            Id = id, Name = name, Body = body, AnnouncementZh = "線上購物也算業績了。", AnnouncementEn = "", Revision = 1,
            MadeBy = Guid.Empty.ToString(), MadeAtTicks = now.Ticks, ChangedBy = Guid.Empty.ToString(), ChangedAtTicks = now.Ticks,
        },
    ], Stop);

    public ValueTask DisposeAsync() => _demo.DisposeAsync();
}

public sealed class DraftPagesTests(Chromium chromium, DraftHost host) : IClassFixture<DraftHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every("/policy/drafts", $"/policy/drafts/{DraftHost.Sound}", $"/policy/drafts/{DraftHost.Faulty}", $"/policy/compare?one=2&other={DraftHost.Sound}", "/policy/compare?one=1&other=2");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory]
    [InlineData("zh-TW", Phone, false)]
    [InlineData("en", Desk, true)]
    public async Task From_a_template_to_a_version_that_staff_read_of(string code, int width, bool script)
    {
        var language = Language.Find(code)!;
        var t = Texts.In(language);
        // Brands are drafted for one after the other: each story has its own demo brand.
        var demo = new DemoHost();
        await demo.InitializeAsync();
        await using var own = demo;
        await using var hq = await OpenedPage.OpenAsync(chromium, demo.Address, "/policy/drafts", language, width, script: script);
        await Expect(hq.Page.GetByText(t["drafts.empty"])).ToBeVisibleAsync();
        await hq.Page.Locator("#name").FillAsync("Spring");
        await hq.Page.Locator("input[value='template.DecayingOwner']").CheckAsync();
        await hq.Page.GetByRole(AriaRole.Button, new() { Name = t["drafts.make"], Exact = true }).ClickAsync();
        await Expect(hq.Page.Locator("h1")).ToHaveTextAsync("Spring");

        await hq.Page.Locator("#f-decay-0-percent").FillAsync("80");
        await hq.Page.Locator("#f-announcement-en").FillAsync("Serve members again.");
        // With scripts what it says changes at once, and the fields stay; without, a button looks.
        if (script) await hq.Page.Locator("#f-announcement-en").BlurAsync();
        else await hq.Page.Locator(".draft-bar button[value=check]").ClickAsync();
        await Expect(hq.Page.Locator("#said-lives")).ToContainTextAsync(t["policy.decay", "30", "80"]);
        await Expect(hq.Page.Locator("#said-lives")).ToContainTextAsync(t["drafts.unsaved"]);
        await Expect(hq.Page.Locator("#f-decay-0-percent")).ToHaveValueAsync("80");
        await PictureAsync(hq.Page, "checked", code, width);
        await hq.Page.Locator(".draft-bar button[value=save]").ClickAsync();
        await Expect(hq.Page.GetByText(t["drafts.saved"], new() { Exact = true })).ToBeVisibleAsync();
        await hq.Page.GetByRole(AriaRole.Button, new() { Name = t["drafts.ask"], Exact = true }).ClickAsync();
        await Expect(hq.Page.GetByText(t["drafts.asked.own"])).ToBeVisibleAsync();

        var path = new Uri(hq.Page.Url).AbsolutePath;
        await using var finance = await OpenedPage.OpenAsync(chromium, demo.Address, path, language, width, script: script, person: "finance");
        await Expect(finance.Page.Locator("#f-decay-0-percent")).ToBeDisabledAsync();
        await finance.Page.Locator("input[name='Typed.Sure']").CheckAsync();
        await PictureAsync(finance.Page, "asked", code, width);
        await finance.Page.GetByRole(AriaRole.Button, new() { Name = t["drafts.confirm"], Exact = true }).ClickAsync();
        await Expect(finance.Page.GetByText(t["drafts.confirm.done"])).ToBeVisibleAsync();

        await using var clerk = await OpenedPage.OpenAsync(chromium, demo.Address, "/policy", language, width, script: script, person: "clerk");
        await Expect(clerk.Page.Locator(".announcement")).ToHaveTextAsync("Serve members again.");
        await Expect(clerk.Page.Locator("main")).ToContainTextAsync(t["policy.decay", "30", "80"]);
        await PictureAsync(clerk.Page, "announced", code, width);
        await clerk.Page.GotoAsync("/");
        await Expect(clerk.Page.Locator(".policy-notice")).ToContainTextAsync("Serve members again.");
        await PictureAsync(clerk.Page, "notice", code, width);
        Assert.Empty(hq.Complaints.Concat(finance.Complaints).Concat(clerk.Complaints));
    }

    private static async Task PictureAsync(IPage page, string name, string language, int width) =>
        await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"draft-{name}.{language}.{width}.png") });
}
