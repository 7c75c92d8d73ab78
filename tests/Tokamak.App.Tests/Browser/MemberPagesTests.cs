using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>The demo brand with two members who may be one, and one who agreed to marketing; once per test class.</summary>
public sealed class MemberHost : IAsyncLifetime
{
    public const string Phone = "0912-345-678";

    private readonly DemoHost _demo = new();

    public Uri Address => _demo.Address;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _demo.InitializeAsync();
        var now = new Instant(DateTime.UtcNow.Ticks);
        Assert.True(MemberKey.TryRead(KeyKind.Phone, Phone, NumberingFile.Plans, "TW", out var phone));
        await using var turn = await _demo.Books.Database.BeginWriteAsync(Stop);
        await JoinMember.RunAsync(turn, new([new(phone, false)], MemberChannel.Store, "王小明", new DateOnly(1990, 4, 1), Store: new("S01"), Staff: new("K001"), Consents: [new(Consents.Marketing, true, "2026-01")]), new("MMING1"), null, now, Stop);
        await JoinMember.RunAsync(turn, new([new(phone, true)], MemberChannel.Web, "王小明", new DateOnly(1990, 4, 2)), new("MMING2"), null, now, Stop);
        await JoinMember.RunAsync(turn, new([new(new MemberKey(KeyKind.Card, "W1"), false)], MemberChannel.Store, "周美伶", new DateOnly(1988, 8, 8)), new("MWRONG"), null, now, Stop);
        await turn.CommitAsync(Stop);
    }

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read)
    {
        await using var turn = await _demo.Books.Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await read(books);
    }

    public Task<string> SomebodyAsync() => ReadAsync(books => books.Sales.Where(sale => sale.Member != null).GroupBy(sale => sale.Member!).OrderByDescending(group => group.Count()).Select(group => group.Key).FirstAsync(Stop));

    public Task<HttpResponseMessage> GetAsync(string path, string person) => _demo.GetAsync(path, person);

    public ValueTask DisposeAsync() => _demo.DisposeAsync();
}

public sealed class MemberPagesTests(Chromium chromium, MemberHost host) : IClassFixture<MemberHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every("/members", "/members?name=%E7%8E%8B", "/members?channel=App", "/members/MMING1", "/duplicates", "/duplicates/MMING1/MMING2");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Fact]
    public async Task A_clerk_finds_who_stands_there_by_the_whole_number_and_sees_them_masked()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/members", Language.Chinese, Phone, script: false, person: "clerk");
        await Expect(opened.Page.Locator("table")).ToHaveCountAsync(0);
        await opened.Page.Locator("#key").FillAsync("(0912) 345678");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["members.find"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText("王*明").First).ToBeVisibleAsync();
        await Expect(opened.Page.GetByText(t["members.found.proved"])).ToBeVisibleAsync();
        Assert.DoesNotContain("912345", await opened.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("0912", opened.Page.Url, StringComparison.Ordinal);
        await PictureAsync(opened.Page, "found");
        await opened.Page.Locator("#key").FillAsync("0912");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["members.find"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["members.none"])).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_office_sees_a_member_in_full_once_it_has_said_why_and_the_log_says_so()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/members/MMING1", Language.Chinese, Desk, script: false);
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync("王*明");
        Assert.DoesNotContain("+886912345678", await opened.Page.ContentAsync(), StringComparison.Ordinal);
        await opened.Page.Locator("summary", new() { HasText = t["member.look"] }).ClickAsync();
        await opened.Page.Locator("#why").FillAsync("客訴 0712 回電");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["member.look"], Exact = true }).ClickAsync();
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync("王小明");
        await Expect(opened.Page.GetByText("+886912345678")).ToBeVisibleAsync();
        await PictureAsync(opened.Page, "full");
        await opened.Page.GotoAsync("/audit");
        await Expect(opened.Page.GetByText("客訴 0712 回電")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Marketing_is_refused_for_a_member_at_once()
    {
        var t = Texts.In(Language.English);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/members/MMING1", Language.English, Desk, script: false, person: "finance");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["member.consent.refuse"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["member.consent.refused"])).ToBeVisibleAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Button, new() { Name = t["member.consent.refuse"], Exact = true })).ToHaveCountAsync(0);
        Assert.False(await host.ReadAsync(books => books.Consents.Where(row => row.Member == "MMING1").OrderByDescending(row => row.AtTicks).Select(row => row.Given).FirstAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_office_corrects_a_name_that_was_typed_wrong()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/members/MWRONG", Language.Chinese, Phone, script: false);
        await opened.Page.GetByText(t["member.correct"], new() { Exact = true }).ClickAsync();
        await opened.Page.Locator("#right-name").FillAsync("周美玲");
        await PictureAsync(opened.Page, "correct");
        await opened.Page.Locator("form:has(#right-name) button").ClickAsync();
        await Expect(opened.Page.GetByText(t["member.corrected"])).ToBeVisibleAsync();
        await Expect(opened.Page.Locator("h1")).ToHaveTextAsync("周*玲");
        var person = await host.ReadAsync(books => books.People.SingleAsync(row => row.Member == "MWRONG", TestContext.Current.CancellationToken));
        Assert.Equal(("周美玲", new DateOnly(1988, 8, 8)), (person.Name, person.Birthday));
    }

    [Fact]
    public async Task Two_are_merged_and_parted_again()
    {
        var t = Texts.In(Language.Chinese);
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/duplicates/MMING2/MMING1", Language.Chinese, Phone, script: false);
        await Expect(opened.Page.GetByText(t["member.same.name"])).ToBeVisibleAsync();
        await opened.Page.Locator("input[type=checkbox]").CheckAsync();
        await PictureAsync(opened.Page, "merge");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["same.merge"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["same.merged"])).ToBeVisibleAsync();
        await opened.Page.GotoAsync("/members/MMING1");
        await opened.Page.Locator("input[name='Parting.Sure']").CheckAsync();
        await PictureAsync(opened.Page, "merged");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["member.part"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["member.parted"])).ToBeVisibleAsync();
        // They are suggested again, until somebody says that they are two.
        await opened.Page.GotoAsync("/duplicates/MMING1/MMING2");
        await opened.Page.Locator("#reason").FillAsync("電話確認，是父子");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = t["same.two"], Exact = true }).ClickAsync();
        await Expect(opened.Page.GetByText(t["same.two.done"])).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_clerk_opens_their_own_members_and_nobody_else_s()
    {
        var somebody = await host.SomebodyAsync();
        using var office = await host.GetAsync($"/members/{somebody}", "hq");
        Assert.Equal(System.Net.HttpStatusCode.OK, office.StatusCode);
        var owned = await host.ReadAsync(books => books.Members.Where(member => member.Root == member.Id && member.Staff != null).Select(member => new { member.Id, member.Staff, member.ExpiresOn }).ToListAsync(TestContext.Current.CancellationToken));
        foreach (var path in new[] { "/members/MMING1", "/duplicates", "/duplicates/MMING1/MMING2" })
        {
            using var answer = await host.GetAsync(path, "clerk");
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.NotEmpty(owned);
    }

    private static async Task PictureAsync(IPage page, string name) => await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"members-{name}.zh-TW.png") });
}
