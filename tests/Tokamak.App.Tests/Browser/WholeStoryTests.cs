using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tokamak.App.Data;
using Tokamak.App.Demo;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>
/// One story through all the pages, by those who live it: a draft from a template is simulated, changed and compared, a second person
/// activates it, sales come in, the month is closed, the clerk reads the day and the paper, appeals, and finds the correction on the next
/// statement. The clock is the test's; every statement is held against a replay of the same facts.
/// </summary>
public sealed class WholeStoryTests(Chromium chromium)
{
    private const int Phone = 390, Desk = 1440;

    /// <summary>So long figures of months may be as they were a moment ago (<c>BookShelf</c>), by the machine's clock.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(6);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public async Task From_a_draft_to_the_corrected_statement(string code)
    {
        var language = Language.Find(code)!;
        await using var story = await Story.BeginAsync(new DateTimeOffset(2026, 10, 31, 12, 0, 0, TimeSpan.Zero));
        await DraftAsync(story, language);

        var clerk = await ClerkAsync(story, language);
        story.Go(5);
        await story.SellAsync(clerk);
        await using (var own = await OpenedPage.OpenAsync(chromium, story.Address, "/day", language, Phone, script: false, person: "clerk"))
        {
            await Expect(own.Page.Locator("main")).ToContainTextAsync("NOV-1");
            await PictureAsync(own.Page, "day", code);
        }

        story.Go(30);
        await story.VestAsync();
        await Task.Delay(Believed, Stop);
        await CloseAsync(story, language);
        var paid = await story.PaidAsync(clerk, "2026-11");
        Assert.Equal(await story.ReplayedAsync(clerk, "2026-11"), paid);
        Assert.True(paid > 0);
        using (var paper = await story.GetAsync($"/clerks/{clerk}/statement.pdf?month=2026-11", "clerk"))
            Assert.Equal((System.Net.HttpStatusCode.OK, "application/pdf"), (paper.StatusCode, paper.Content.Headers.ContentType?.MediaType));

        await AppealAsync(story, language, clerk);
        Assert.Equal(paid, await story.PaidAsync(clerk, "2026-11"));
        await story.AssertProvenAsync();
    }

    /// <summary>Tried, changed, tried again and compared; then two people activate it from the first of November on.</summary>
    private async Task DraftAsync(Story story, Language language)
    {
        var t = Texts.In(language);
        await using var hq = await OpenedPage.OpenAsync(chromium, story.Address, "/policy/drafts", language, Desk, script: false);
        await hq.Page.Locator("#name").FillAsync("Autumn");
        await hq.Page.Locator("input[value='template.DecayingOwner']").CheckAsync();
        await ClickAsync(hq.Page, t["drafts.make"]);
        var path = new Uri(hq.Page.Url).AbsolutePath;
        var first = await SimulateAsync(hq.Page, t);
        await Expect(hq.Page.Locator("main")).ToContainTextAsync(t["simulation.losers", "10"]);
        await hq.Page.GotoAsync(path);
        await hq.Page.Locator("#f-decay-0-percent").FillAsync("80");
        await hq.Page.Locator("#f-effectivefrom").FillAsync("2026-11-01");
        await hq.Page.Locator(".draft-bar button[value=save]").ClickAsync();
        await Expect(hq.Page.GetByText(t["drafts.saved"], new() { Exact = true })).ToBeVisibleAsync();
        var second = await SimulateAsync(hq.Page, t);
        await hq.Page.GotoAsync($"/simulations/compare?of={first}&of={second}");
        await Expect(hq.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        var costs = await hq.Page.Locator("tbody tr td:nth-child(3)").AllInnerTextsAsync();
        Assert.NotEqual(costs[0], costs[1]);

        await hq.Page.GotoAsync(path);
        await ClickAsync(hq.Page, t["drafts.ask"]);
        await Expect(hq.Page.GetByText(t["drafts.asked.own"])).ToBeVisibleAsync();
        await using var finance = await OpenedPage.OpenAsync(chromium, story.Address, path, language, Desk, script: false, person: "finance");
        await finance.Page.Locator("input[name='Typed.Sure']").CheckAsync();
        await ClickAsync(finance.Page, t["drafts.confirm"]);
        await Expect(finance.Page.GetByText(t["drafts.confirm.done"])).ToBeVisibleAsync();
    }

    private static async Task<string> SimulateAsync(IPage page, Texts t)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = t["drafts.simulate"] }).ClickAsync();
        await ClickAsync(page, t["simulations.begin"]);
        for (var tries = 0; tries < 100 && !await page.Locator(".stats").IsVisibleAsync(); tries++)
        {
            await Task.Delay(200, Stop);
            await page.ReloadAsync();
        }
        await Expect(page.Locator(".stats")).ToBeVisibleAsync();
        return new Uri(page.Url).Segments[^1];
    }

    private async Task<StaffId> ClerkAsync(Story story, Language language)
    {
        await using var own = await OpenedPage.OpenAsync(chromium, story.Address, "/day", language, Phone, script: false, person: "clerk");
        return new StaffId((await own.Page.Locator("nav a[href^='/clerks/']").First.GetAttributeAsync("href"))!.Split('/')[^1]);
    }

    private async Task CloseAsync(Story story, Language language)
    {
        var t = Texts.In(language);
        await using var hq = await OpenedPage.OpenAsync(chromium, story.Address, "/close", language, Desk, script: false);
        await ClickAsync(hq.Page, t["close.prepare"]);
        await Expect(hq.Page.GetByText(t["close.asked.own"])).ToBeVisibleAsync();
        await using var finance = await OpenedPage.OpenAsync(chromium, story.Address, "/close", language, Desk, script: false, person: "finance");
        await finance.Page.Locator("input[type=checkbox]").CheckAsync();
        await ClickAsync(finance.Page, t["close.confirm"]);
        await Expect(finance.Page.GetByText(t["close.done"])).ToBeVisibleAsync();
    }

    /// <summary>An online order that the clerk helped with, which nobody recorded, is put right and paid with December.</summary>
    private async Task AppealAsync(Story story, Language language, StaffId clerk)
    {
        var t = Texts.In(language);
        await using var own = await OpenedPage.OpenAsync(chromium, story.Address, "/sales/NOV-2", language, Phone, script: false, person: "clerk");
        await own.Page.Locator("a[href*='role=Closer']").First.ClickAsync();
        await own.Page.Locator("#complaint").SelectOptionAsync("AnotherClerk");
        await own.Page.Locator("#story").FillAsync("這筆是我協助下單的。");
        await ClickAsync(own.Page, t["appeal.send"]);
        await Expect(own.Page.Locator(".alert-success")).ToBeVisibleAsync();
        var path = new Uri(own.Page.Url).AbsolutePath;

        await using var hq = await OpenedPage.OpenAsync(chromium, story.Address, path, language, Desk, script: false);
        await hq.Page.Locator("#state").SelectOptionAsync("Upheld");
        await hq.Page.Locator("#reason").FillAsync("對話紀錄與收據相符。");
        await hq.Page.Locator("#remedy").SelectOptionAsync("CorrectSale");
        await hq.Page.Locator("summary").First.ClickAsync();
        await hq.Page.Locator("#sale-staff").FillAsync(clerk.Value);
        await ClickAsync(hq.Page, t["ruling.show"]);
        await PictureAsync(hq.Page, "ruling", language.Code);
        await ClickAsync(hq.Page, t["ruling.confirm"]);
        await Expect(hq.Page.GetByText(t["ruling.done"])).ToBeVisibleAsync();

        await Task.Delay(Believed, Stop);
        await own.Page.GotoAsync($"/clerks/{clerk}?month=2026-12");
        await Expect(own.Page.Locator("main")).ToContainTextAsync("NOV-2~");
        await PictureAsync(own.Page, "corrected", language.Code);
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task PictureAsync(IPage page, string name, string code) =>
        await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"story-{name}.{code}.png") });

    /// <summary>The demo brand as it stands one evening, on a clock that the test moves.</summary>
    private sealed class Story(TestClock clock, DemoBooks books, WebApplication app, string names) : IAsyncDisposable
    {
        public Uri Address { get; } = new(app.Urls.Single());

        /// <summary>Days go by, and with them the sessions of whoever was signed in.</summary>
        public void Go(int days)
        {
            clock.Go(TimeSpan.FromDays(days));
            SignedIn.Forget(Address);
        }

        private Instant Now => new(clock.GetUtcNow().UtcTicks);
        private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime.AddHours(8));

        public static async Task<Story> BeginAsync(DateTimeOffset at)
        {
            var clock = new TestClock(at);
            var (facts, policy, names) = DemoHost.Files(5);
            var books = await WorldBooks.DemoAsync(facts, policy, names, DateOnly.FromDateTime(at.UtcDateTime.AddHours(8)));
            var app = WebHost.Build(["http://127.0.0.1:0"], services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                books.AddTo(services);
            });
            await app.StartAsync(Stop);
            return new Story(clock, books, app, names);
        }

        public async Task<HttpResponseMessage> GetAsync(string path, string person)
        {
            using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = Address };
            client.DefaultRequestHeaders.Add("Cookie", $"tokamak={await SignedIn.CookieAsync(Address, person)}");
            return await client.GetAsync(path, Stop);
        }

        /// <summary>The clerk sells in the store, and helps a member of theirs with an order that names nobody. The months before are closed.</summary>
        public async Task SellAsync(StaffId clerk)
        {
            await WriteAsync(async turn =>
            {
                var store = (await BookRules.LoadAsync(turn, Stop)).Roster.Find(clerk)!.Employments[^1].Store;
                SaleLine Line(Fulfil fulfil) => new(1, "tops", 1, 20_000, fulfil, null);
                Fact[] facts =
                [
                    new SaleFact(new FactId("NOV-1"), Now, 0, Channel.Store, store, new MemberId("STORY"), clerk, null, [Line(Fulfil.Taken)]),
                    new SaleFact(new FactId("NOV-2"), new Instant(Now.Ticks + TimeSpan.TicksPerMinute), 0, Channel.Online, null, new MemberId("STORY"), null, null, [Line(Fulfil.Pickup)]),
                    new HandoverFact(new FactId("NOV-3"), new Instant(Now.Ticks + (2 * TimeSpan.TicksPerMinute)), 0, new FactId("NOV-2"), store, clerk, [new LineChange(1, 1, null)]),
                ];
                Assert.All(await OfficeFacts.PostAsync(turn, facts, "test", Now, Stop), answer => Assert.Equal(FactStatus.Accepted, answer.Status));
            });
            for (var month = Month.Of(DemoCalendar.First); month < Month.Of(Today); month = month.Next)
            {
                var closing = month;
                await WriteAsync(async turn =>
                {
                    await VestSales.RunAsync(turn, await BookRules.LoadAsync(turn, Stop), Today, Reached.All, null, Stop);
                    Assert.True((await ClosePeriod.RunAsync(turn, closing, "test", Now, Today, Stop)).MayClose);
                });
            }
        }

        /// <summary>What a writer does by itself as days go by; pages alone have none.</summary>
        public Task VestAsync() => WriteAsync(async turn => await VestSales.RunAsync(turn, await BookRules.LoadAsync(turn, Stop), Today, Reached.All, null, Stop));

        public Task<long> PaidAsync(StaffId clerk, string month) => ReadAsync(async turn =>
            (await turn.ReadAsync("select paid from statement where period = @month and staff = @staff", row => row.GetInt64(0), Stop, ("month", month), ("staff", clerk.Value)))[0]);

        /// <summary>What a replay of all facts and versions pays.</summary>
        public Task<long> ReplayedAsync(StaffId clerk, string month) => ReadAsync(async turn =>
        {
            using var facts = new MemoryStream();
            await ExportBooks.WriteAsync(turn, await BookRules.LoadAsync(turn, Stop), ExportKind.Facts, facts, Stop);
            var policy = string.Join(',', await turn.ReadAsync("select body from policy_version order by version", row => row.GetString(0), Stop));
            var replayed = World.Of(Encoding.UTF8.GetString(facts.ToArray()), $"[{policy}]", names, new DateOnly(2026, 11, 30));
            return (long)replayed.Statements.Single(row => row.Staff == clerk && row.Period.ToString() == month).Paid;
        });

        public async Task AssertProvenAsync()
        {
            var verified = await ReadAsync(turn => VerifyBooks.RunAsync(turn, null, Stop));
            Assert.True(verified.Found == 0, string.Join(Environment.NewLine, verified.Findings));
        }

        private async Task<T> ReadAsync<T>(Func<Turn, Task<T>> read)
        {
            await using var turn = await books.Database.BeginReadAsync(Stop);
            return await read(turn);
        }

        private async Task WriteAsync(Func<Turn, Task> write)
        {
            await using var turn = await books.Database.BeginWriteAsync(Stop);
            await write(turn);
            await turn.CommitAsync(Stop);
        }

        public async ValueTask DisposeAsync()
        {
            SignedIn.Forget(Address);
            await app.DisposeAsync();
            await books.DisposeAsync();
        }
    }
}
