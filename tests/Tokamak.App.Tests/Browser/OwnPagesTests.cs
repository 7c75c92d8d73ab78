using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Demo;
using Tokamak.App.Members;
using Tokamak.App.Members.Verification;
using Tokamak.App.Tests.Coupons;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>The demo brand, whose codes are always the same; once per test class.</summary>
public sealed class OwnHost : IAsyncLifetime
{
    public const string SentCode = "135790", Wrong = "000000";

    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;
    public DemoBooks Books { get; private set; } = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (facts, policy, names) = DemoHost.Files(5);
        Books = await WorldBooks.DemoAsync(facts, policy, names);
        _app = WebHost.Build(["http://127.0.0.1:0"], services =>
        {
            Books.AddTo(services);
            services.AddSingleton<NextCode>(() => SentCode);
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Somebody whom a clerk made a member in a store, with a purchase.</summary>
    public async Task JoinAsync(string phone, string member, string name)
    {
        Assert.True(MemberKey.TryRead(KeyKind.Phone, phone, NumberingFile.Plans, "TW", out var key));
        await using var turn = await Books.Database.BeginWriteAsync(Stop);
        await JoinMember.RunAsync(turn, new([new(key, false)], MemberChannel.Store, name, Store: new("S01"), Staff: new("K001")), new(member), null, new Instant(DateTime.UtcNow.Ticks), Stop);
        await turn.CommitAsync(Stop);
    }

    /// <summary>What the picture of a member's code says.</summary>
    public string Code(string member) => _app.Services.GetRequiredService<MemberQr>().Of("demo", new(member));

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read)
    {
        await using var turn = await Books.Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await read(books);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Books.DisposeAsync();
    }
}

public sealed class OwnPagesTests(Chromium chromium, OwnHost host) : IClassFixture<OwnHost>
{
    private const int Phone = 390;

    public static TheoryData<string, string> Pages => PageChecks.Every("/my/sign-in");

    [Fact]
    public async Task A_member_whose_clerk_left_is_told_and_may_stay_with_the_store()
    {
        var t = Texts.In(Language.Chinese);
        await host.JoinAsync("0911-000-091", "MOWN91", "陳小美");
        await using (var turn = await host.Books.Database.BeginWriteAsync(TestContext.Current.CancellationToken))
        {
            var until = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(10);
            await turn.InsertAsync<HandingRow>([new HandingRow { Id = "H1", Staff = "K001", Store = "S01", Kind = "handed-on", AskedBy = "test", AskedAtTicks = 1, RefuseUntil = until, State = HandingState.Waits }], TestContext.Current.CancellationToken);
            await turn.InsertAsync<HandingMemberRow>([new HandingMemberRow { Handing = "H1", Member = "MOWN91", Successor = "K002", State = HandingOutcome.Waits }], TestContext.Current.CancellationToken);
            await turn.CommitAsync(TestContext.Current.CancellationToken);
        }
        await using var opened = await SignedInAsync("0911-000-091", Language.Chinese, Phone);
        await Expect(opened.Page.GetByText(t["own.handing"])).ToBeVisibleAsync();
        await opened.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", "my-handing.zh-TW.390.png") });
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["own.handing.refuse"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["own.handing.refused"])).ToBeVisibleAsync();
        Assert.Equal(HandingOutcome.Refused, await host.ReadAsync(books => books.HandingMembers.Select(row => row.State).SingleAsync(TestContext.Current.CancellationToken)));
        await opened.Page.GotoAsync("/my");
        await Expect(opened.Page.GetByText(t["own.handing"])).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("zh-TW", 390, "0911-000-081", "MOWN81")]
    [InlineData("en", 1440, "0911-000-082", "MOWN82")]
    public async Task A_member_sees_her_coupons_and_what_became_of_them(string language, int width, string phone, string member)
    {
        var (t, now, stop) = (Texts.In(Language.Find(language)!), new Instant(DateTime.UtcNow.Ticks), TestContext.Current.CancellationToken);
        await host.JoinAsync(phone, member, "陳小美");
        string code;
        await using (var turn = await host.Books.Database.BeginWriteAsync(stop))
        {
            await StoredSeries.MakeAsync(turn, CouponWorld.Spring with { Id = member }, "test", now, stop);
            code = (await Wallet.GiveAsync(turn, member, new MemberId(member), IssueCodes.Fresh(), "test", now, stop)).Code!.Value.Shown;
            var used = (await Wallet.GiveAsync(turn, member, new MemberId(member), IssueCodes.Fresh(), "test", now, stop)).Code!.Value.Shown;
            await CouponUses.HoldAsync(turn, member, [used], new CouponCart("online", null, new MemberId(member)), new Instant(now.Ticks + TimeSpan.TicksPerHour), now, stop);
            await CouponUses.RedeemAsync(turn, member, member, new Dictionary<string, long> { [member] = 10 }, now, stop);
            await turn.CommitAsync(stop);
        }
        await using var opened = await SignedInAsync(phone, t.Language, width);
        var table = opened.Page.Locator(".card", new() { Has = opened.Page.GetByRole(AriaRole.Heading, new() { Name = t["own.coupons"] }) });
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(table.Locator("tbody tr").First).ToContainTextAsync(code);
        await Expect(table.Locator("tbody tr").First).ToContainTextAsync(t["own.coupon.usable"]);
        await Expect(table.Locator("tbody tr").Nth(1)).ToContainTextAsync(t["own.coupon.used"]);
        await opened.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"my-coupons.{language}.{width}.png") });
        Assert.Empty(opened.Complaints);
    }

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language, person: null);

    [Theory]
    [InlineData("zh-TW", 390, "0911-000-001", "MOWN01")]
    [InlineData("en", 820, "0911-000-002", "MOWN02")]
    [InlineData("zh-TW", 1440, "0911-000-003", "MOWN03")]
    public async Task Who_joined_in_a_store_signs_in_by_a_code_and_finds_what_is_theirs(string language, int width, string phone, string member)
    {
        await host.JoinAsync(phone, member, "王小明");
        var t = Texts.In(language == "en" ? Language.English : Language.Chinese);
        await using var opened = await SignedInAsync(phone, t.Language, width);
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync(t["own.hello", "王小明"]);
        await Expect(opened.Page.Locator("img.qr")).ToBeVisibleAsync();
        await AssertCounterReadsAsync(host.Code(member));
        await opened.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"my.{language}.{width}.png") });
        Assert.True(await host.ReadAsync(books => books.MemberKeys.AnyAsync(key => key.Member == member && key.ProvedAtTicks != null, TestContext.Current.CancellationToken)));
        // What the page says fits the page, and nothing of it is strange to screen readers.
        Assert.True(await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
    }

    [Fact]
    public async Task A_member_chooses_and_declines_a_referrer_and_says_what_they_agree_to()
    {
        const string Number = "0911-000-004", Member = "MOWN04";
        await host.JoinAsync(Number, Member, "陳美");
        var t = Texts.In(Language.Chinese);
        await using var opened = await SignedInAsync(Number, Language.Chinese, Phone);
        var page = opened.Page;
        await page.Locator("#staff-code").FillAsync("nobody-has-this");
        await ClickAsync(page, t["own.referrer.choose"]);
        await Expect(page.GetByText(t["own.referrer.unknown"])).ToBeVisibleAsync();
        var clerk = await host.ReadAsync(books => books.Facts.Where(fact => fact.Body.Contains("\"code\":")).OrderBy(fact => fact.Seq).Select(fact => fact.Body).FirstAsync(TestContext.Current.CancellationToken));
        var read = System.Text.Json.JsonElement.Parse(clerk);
        await page.Locator("#staff-code").FillAsync(read.GetProperty("code").GetString()!);
        await ClickAsync(page, t["own.referrer.choose"]);
        await Expect(page.GetByText(t["own.referrer.chosen"])).ToBeVisibleAsync();
        Assert.Equal(read.GetProperty("staff").GetString(), await host.ReadAsync(books => books.Members.Where(row => row.Id == Member).Select(row => row.Staff).SingleAsync(TestContext.Current.CancellationToken)));
        await ClickAsync(page, t["own.referrer.decline"]);
        await Expect(page.GetByText(t["own.referrer.declined.done"])).ToBeVisibleAsync();
        Assert.True(await host.ReadAsync(books => books.Members.Where(row => row.Id == Member).Select(row => row.Declined).SingleAsync(TestContext.Current.CancellationToken)));

        await page.Locator("input[name='Said.Marketing']").CheckAsync();
        await page.Locator("form:has(input[name='Said.Marketing']) button").ClickAsync();
        await Expect(page.GetByText(t["own.saved"])).ToBeVisibleAsync();
        await page.Locator("input[name='Said.Marketing']").UncheckAsync();
        await page.Locator("form:has(input[name='Said.Marketing']) button").ClickAsync();
        await Expect(page.GetByText(t["own.saved"])).ToBeVisibleAsync();
        Assert.Equal([true, false], await host.ReadAsync(books => books.Consents.Where(row => row.Member == Member).OrderBy(row => row.AtTicks).Select(row => row.Given).ToListAsync(TestContext.Current.CancellationToken)));

        await page.Locator("#name").FillAsync("陳小美");
        await page.Locator("form:has(#name) button").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["own.hello", "陳小美"]);
        await ClickAsync(page, t["person.signout"]);
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["own.signin"]);
        await page.GotoAsync("/my");
        await Expect(page.Locator("h1")).ToHaveTextAsync(t["own.signin"]);
    }

    [Fact]
    public async Task A_member_takes_their_data_along_asks_to_be_erased_and_stays_after_all()
    {
        const string Number = "0911-000-006", Member = "MOWN06";
        await host.JoinAsync(Number, Member, "林雅文");
        var t = Texts.In(Language.Chinese);
        await using var opened = await SignedInAsync(Number, Language.Chinese, Phone);
        foreach (var form in new[] { "json", "html" })
        {
            var download = await opened.Page.RunAndWaitForDownloadAsync(() => opened.Page.Locator($"a[href='/my/data.{form}']").ClickAsync());
            Assert.Equal($"member-data.{form}", download.SuggestedFilename);
            Assert.Contains("林雅文", await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        await opened.Page.Locator("input[name='Erased.Sure']").CheckAsync();
        await ClickAsync(opened.Page, t["own.erase"]);
        await Expect(opened.Page.GetByText(t["own.erase.done"])).ToBeVisibleAsync();
        Assert.Equal(1, await host.ReadAsync(books => books.Erasures.CountAsync(row => row.Member == Member, TestContext.Current.CancellationToken)));
        await opened.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", "my-erase.zh-TW.390.png") });
        await ClickAsync(opened.Page, t["own.erase.keep"]);
        await Expect(opened.Page.GetByText(t["own.erase.kept"])).ToBeVisibleAsync();
        Assert.Equal(0, await host.ReadAsync(books => books.Erasures.CountAsync(row => row.Member == Member, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_wrong_code_says_so_and_signs_nobody_in()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/my/sign-in", Language.Chinese, Phone, script: false, person: null);
        await SendAsync(opened.Page, "0911-000-005", t);
        await opened.Page.Locator("#code").FillAsync(OwnHost.Wrong);
        await ClickAsync(opened.Page, t["own.code.check"]);
        await Expect(opened.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.DoesNotContain(await opened.Page.Context.CookiesAsync(), cookie => cookie.Name == "tokamak-member");
        // The code that was sent still holds.
        await opened.Page.Locator("#code").FillAsync(OwnHost.SentCode);
        await ClickAsync(opened.Page, t["own.code.check"]);
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync(t["own.title"]);
    }

    [Fact]
    public async Task What_is_no_number_is_told_before_anything_is_sent()
    {
        var t = Texts.In(Language.English);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/my/sign-in", Language.English, Phone, script: false, person: null);
        await opened.Page.Locator("#key").FillAsync("0912");
        await ClickAsync(opened.Page, t["own.send"]);
        await Expect(opened.Page.GetByText(t["own.key.wrong"])).ToBeVisibleAsync();
    }

    /// <summary>A scanner at the counter types the code into the clerk's page.</summary>
    private async Task AssertCounterReadsAsync(string code)
    {
        var t = Texts.In(Language.Chinese);
        await using var counter = await OpenedPage.OpenAsync(chromium, host.Address, "/members", Language.Chinese, Phone, script: false, person: "clerk");
        await counter.Page.Locator("#key").FillAsync(code);
        await ClickAsync(counter.Page, t["members.find"]);
        await Expect(counter.Page.GetByText("王*明")).ToBeVisibleAsync();
        await counter.Page.Locator("#key").FillAsync(code[..^4]);
        await ClickAsync(counter.Page, t["members.find"]);
        await Expect(counter.Page.GetByText(t["members.code.wrong"])).ToBeVisibleAsync();
    }

    private async Task<OpenedPage> SignedInAsync(string phone, Language language, int width)
    {
        var t = Texts.In(language);
        var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/my/sign-in", language, width, script: false, person: null);
        await SendAsync(opened.Page, phone, t);
        await opened.Page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"my-code.{language.Code}.{width}.png") });
        await opened.Page.Locator("#code").FillAsync(OwnHost.SentCode);
        await ClickAsync(opened.Page, t["own.code.check"]);
        return opened;
    }

    private static async Task SendAsync(IPage page, string phone, Texts t)
    {
        await page.Locator("#key").FillAsync(phone);
        await ClickAsync(page, t["own.send"]);
        await Expect(page.Locator("#code")).ToBeVisibleAsync();
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
