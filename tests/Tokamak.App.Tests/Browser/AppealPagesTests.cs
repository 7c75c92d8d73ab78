using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Demo;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>A store with a manager and a clerk, January closed, and appeals in every state; once per test class.</summary>
public sealed class AppealHost : IAsyncLifetime
{
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1"}
        {"type":"service","id":"QR-1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S2","staff":"B"}

        """;

    private const string Names = """{"brand":"嶼晴織","stores":{"S1":"大安店","S2":"板橋店"},"staff":{"A":"林怡君","B":"陳志豪","C":"王雅婷"}}""";

    private static readonly string[] Sales = ["W-zh-TW", "W-en", "W1", "W2", "W3", "W4"];

    private WebApplication _app = null!;
    private DemoBooks _books = null!;

    public Uri Address { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A member of B's orders online, and C hands it over: whoever helped with the cart was not recorded.</summary>
    private static string Sale(string id) =>
        $$"""
        {"type":"sale","id":"{{id}}","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":1,"net":10000,"fulfil":"pickup"}]}
        {"type":"handover","id":"H-{{id}}","at":"2026-01-16T15:00:00+08:00","sale":"{{id}}","store":"S1","staff":"C","lines":[{"line":1,"quantity":1}]}

        """;

    public async ValueTask InitializeAsync()
    {
        _books = await WorldBooks.DemoAsync(Facts + string.Concat(Sales.Select(Sale)), World.Policy.Replace("\"capPerMonth\": 200, ", "", StringComparison.Ordinal), Names);
        var now = new Instant(DateTime.UtcNow.Ticks);
        Assert.True(Month.TryParse("2026-01", out var january));
        await WriteAsync(async turn => Assert.True((await ClosePeriod.RunAsync(turn, january, "test", now, new DateOnly(2026, 11, 1), Stop)).MayClose));
        var (longAgo, office) = (new Instant(now.Ticks - TimeSpan.FromDays(30).Ticks), new Ruler("office", null, now));
        await OpenAsync("W1", Complaint.AnotherClerk, "1/15 晚上這位客人在店裡用我的平板下單，是我幫她選的尺寸，當天的對話紀錄可以查。", "LINE 訊息 2026-01-15 20:41、收據 W1", longAgo);
        await WriteAsync(turn => AppealSteps.CommentAsync(turn, 1, CommentKind.Manager, "當天是雅婷接待的，我在場。", "manager", now, Stop));
        await OpenAsync("W2", Complaint.Other, "交貨之後客人又加買，沒有算到。", "", now);
        await WriteAsync(turn => turn.ExecuteAsync("update appeal set state = 1 where number = 2", Stop));
        await OpenAsync("W3", Complaint.AnotherClerk, "這筆是我協助下單的。", "W3", longAgo);
        var upheld = new Ruling(AppealState.Upheld, "平板的登入紀錄與對話紀錄相符。", new CorrectSale(new StaffId("C"), null, new MemberId("M1"), false));
        await WriteAsync(async turn =>
        {
            // Shown and ruled in one turn: the second finds the facts of the first.
            await turn.Transaction.SaveAsync("shown", Stop);
            var shown = (await RuleOnAppeal.ShowAsync(turn, 3, upheld, office, Stop)).Effect!.Digest;
            await turn.Transaction.RollbackAsync("shown", Stop);
            Assert.Equal(RulingOutcome.Ruled, (await RuleOnAppeal.RunAsync(turn, 3, upheld, office, shown, Stop)).Outcome);
            await AppealSteps.SeenAsync(turn, 3, now, Stop);
        });
        await OpenAsync("W4", Complaint.MissingService, "我幫她裝過 App。", "", now);
        await WriteAsync(async turn =>
        {
            Assert.Equal(RulingOutcome.Ruled, (await RuleOnAppeal.RunAsync(turn, 4, new Ruling(AppealState.Rejected, "App 是 1/5 在板橋店安裝的。", null), office, RulingEffect.None.Digest, Stop)).Outcome);
            await AppealSteps.SeenAsync(turn, 4, now, Stop);
        });
        _app = WebHost.Build(["http://127.0.0.1:0"], _books.AddTo);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        SignedIn.Forget(Address);
        await _app.DisposeAsync();
        await _books.DisposeAsync();
    }

    private Task OpenAsync(string sale, Complaint complaint, string story, string evidence, Instant at) => WriteAsync(async turn =>
    {
        var dispute = new Dispute(new StaffId("C"), new StoreId("S1"), new FactId(sale), complaint, Role.Closer, "R8", story, evidence);
        Assert.Equal(OpenOutcome.Opened, (await OpenAppeal.RunAsync(turn, World.Small().Policy.Zone, dispute, seesSale: false, "clerk", at, Stop)).Outcome);
    });

    private async Task WriteAsync(Func<Turn, Task> write)
    {
        await using var turn = await _books.Database.BeginWriteAsync(Stop);
        await write(turn);
        await turn.CommitAsync(Stop);
    }
}

public sealed class AppealPagesTests(Chromium chromium, AppealHost host) : IClassFixture<AppealHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> OfOffice => PageChecks.Every("/appeals", "/appeals?state=all", "/appeals?state=Withdrawn", "/appeals/1", "/appeals/2", "/appeals/3", "/appeals/statistics");

    public static TheoryData<string, string> OfManager => PageChecks.Every("/appeals", "/appeals/1", "/appeals/new");

    public static TheoryData<string, string> OfClerk => PageChecks.Every("/appeals", "/appeals/2", "/appeals/3", "/appeals/new?sale=W1&role=Closer&rule=R8", "/sales/W1", "/day");

    [Theory, MemberData(nameof(OfOffice))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language, picture: "office-" + path);

    [Theory, MemberData(nameof(OfManager))]
    public Task A_manager_s_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language, person: "manager", picture: "appeals-manager-" + path);

    [Theory, MemberData(nameof(OfClerk))]
    public Task A_clerk_s_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language, person: "clerk", picture: "appeals-clerk-" + path);

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public async Task A_clerk_appeals_from_the_trace_the_office_upholds_and_the_next_statement_shows_it(string code)
    {
        var (language, sale) = (Language.Find(code)!, "W-" + code);
        var t = Texts.In(language);
        await using var clerk = await OpenedPage.OpenAsync(chromium, host.Address, "/sales/" + sale, language, Phone, script: false, person: "clerk");
        await clerk.Page.Locator("a[href*='role=Closer']").First.ClickAsync();
        Assert.Equal(sale, await clerk.Page.Locator("#sale").InputValueAsync());
        await clerk.Page.Locator("#complaint").SelectOptionAsync("AnotherClerk");
        await clerk.Page.Locator("#story").FillAsync("這筆是我協助下單的。");
        await clerk.Page.Locator("#evidence").FillAsync("收據 " + sale);
        await ClickAsync(clerk.Page, t["appeal.send"]);
        var path = new Uri(clerk.Page.Url).AbsolutePath;
        Assert.StartsWith("/appeals/", path, StringComparison.Ordinal);
        await Expect(clerk.Page.Locator(".alert-success")).ToBeVisibleAsync();

        await using var manager = await OpenedPage.OpenAsync(chromium, host.Address, "/appeals", language, Phone, script: false, person: "manager");
        await manager.Page.Locator($"a[href='{path}']").ClickAsync();
        await manager.Page.Locator("#comment").FillAsync("我在場，確實是雅婷協助的。");
        await ClickAsync(manager.Page, t["appeal.comment.send"]);
        await Expect(manager.Page.GetByText(t["appeal.comment.done"])).ToBeVisibleAsync();

        await using var office = await OpenedPage.OpenAsync(chromium, host.Address, path, language, Desk, script: false);
        await Expect(office.Page.GetByText("我在場，確實是雅婷協助的。")).ToBeVisibleAsync();
        // Opened by somebody else before, and sent after it was ruled.
        await using var late = await OpenedPage.OpenAsync(chromium, host.Address, path, language, Desk, script: false, person: "finance");
        await AskAsync(late.Page, t, "Rejected", "找不到紀錄。");
        await AskAsync(office.Page, t, "Upheld", "對話紀錄與收據相符。");
        await Expect(office.Page.GetByRole(AriaRole.Heading, new() { Name = t["ruling.shown"] })).ToBeVisibleAsync();
        await Expect(office.Page.Locator("main")).ToContainTextAsync("+NT$ 4,000");
        await PictureAsync(office.Page, "shown", code, Desk);
        await ClickAsync(office.Page, t["ruling.confirm"]);
        await Expect(office.Page.GetByText(t["ruling.done"])).ToBeVisibleAsync();
        await ClickAsync(late.Page, t["ruling.confirm"]);
        await Expect(late.Page.GetByText(t["appeal.gone"])).ToBeVisibleAsync();

        await clerk.Page.GotoAsync("/day");
        await Expect(clerk.Page.GetByText(t["day.appeals", "1"])).ToBeVisibleAsync();
        await PictureAsync(clerk.Page, "notice", code, Phone);
        await clerk.Page.GotoAsync("/appeals");
        await clerk.Page.Locator($"a[href='{path}']").ClickAsync();
        await Expect(clerk.Page.Locator("#ruling")).ToHaveTextAsync(t["appeal.state.upheld"]);
        await Expect(clerk.Page.GetByText("對話紀錄與收據相符。")).ToBeVisibleAsync();
        await PictureAsync(clerk.Page, "ruled", code, Phone);
        await clerk.Page.GotoAsync("/day");
        await Expect(clerk.Page.GetByText(t["day.appeals", "1"])).ToHaveCountAsync(0);
        await clerk.Page.GotoAsync("/clerks/C?month=2026-02");
        await Expect(clerk.Page.Locator("main")).ToContainTextAsync($"{sale}~{path["/appeals/".Length..]}");
    }

    [Fact]
    public async Task What_a_clerk_cannot_see_they_can_appeal_and_learn_nothing_of_it()
    {
        var t = Texts.In(Language.Chinese);
        var answers = new List<string>();
        foreach (var sale in (string[])["nobody-knows-1", "W2~none"])
        {
            await using var clerk = await OpenedPage.OpenAsync(chromium, host.Address, "/appeals/new?sale=" + sale, Language.Chinese, Phone, script: false, person: "clerk");
            await clerk.Page.Locator("#complaint").SelectOptionAsync("Other");
            await ClickAsync(clerk.Page, t["appeal.send"]);
            await clerk.Page.Locator("#story").FillAsync("這筆應該是我的。");
            await ClickAsync(clerk.Page, t["appeal.send"]);
            await Expect(clerk.Page.Locator(".alert-success")).ToBeVisibleAsync();
            await ClickAsync(clerk.Page, t["appeal.withdraw"]);
            await Expect(clerk.Page.GetByText(t["appeal.withdrawn"])).ToBeVisibleAsync();
            answers.Add((await clerk.Page.Locator("main").InnerTextAsync()).Replace(sale, "", StringComparison.Ordinal));
        }
        Assert.Equal(answers[0].Length, answers[1].Length);
        await using var finance = await OpenedPage.OpenAsync(chromium, host.Address, "/appeals/2", Language.Chinese, Phone, script: false, person: "finance");
        await ClickAsync(finance.Page, t["appeal.takeup"]);
        await Expect(finance.Page.GetByText(t["appeal.takenup"])).ToBeVisibleAsync();
        await Expect(finance.Page.GetByRole(AriaRole.Button, new() { Name = t["ruling.show"] })).ToBeVisibleAsync();
        await ClickAsync(finance.Page, t["ruling.show"]);
    }

    private static async Task AskAsync(IPage page, Texts t, string state, string reason)
    {
        await page.Locator("#state").SelectOptionAsync(state);
        await page.Locator("#reason").FillAsync(reason);
        if (state != "Rejected")
        {
            await page.Locator("#remedy").SelectOptionAsync("CorrectSale");
            await page.Locator("summary").First.ClickAsync();
            await page.Locator("#sale-staff").FillAsync("C");
        }
        await ClickAsync(page, t["ruling.show"]);
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task PictureAsync(IPage page, string name, string language, int width) =>
        await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"appeals-{name}.{language}.{width}.png") });
}
