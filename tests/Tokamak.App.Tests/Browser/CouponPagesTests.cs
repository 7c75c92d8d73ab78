using Microsoft.Playwright;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Web;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>Coupons in the browser: every page with something on it, and a series from the form to the file of its codes.</summary>
public sealed class CouponPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private static readonly SemaphoreSlim Filling = new(1, 1);

    public static TheoryData<string, string> Pages => PageChecks.Every("/coupons", "/coupons/new", "/coupons/birthday", "/coupons/welcome", "/coupons/clearing");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_is_sound(string path, string language)
    {
        await FillAsync();
        await PageChecks.CheckAsync(chromium, host.Address, path, language);
    }

    [Theory]
    [InlineData("zh-TW", 390, false)]
    [InlineData("en", 1440, true)]
    public async Task The_office_makes_a_series_issues_codes_and_takes_them_away(string code, int width, bool script)
    {
        var (t, id) = (Texts.In(Language.Find(code)!), $"made-{width}");
        await using var opened = await OpenedPage.OpenAsync(chromium, host.Address, "/coupons/new", Language.Find(code)!, width, script);
        var page = opened.Page;
        // A shared code of two letters is none, and nothing that was typed is lost.
        await page.Locator("#id").FillAsync(id);
        await page.Locator("#name-zh").FillAsync("新品試用");
        await page.Locator("#name-en").FillAsync("New in");
        await page.Locator("[name='Typed.Kind']").Nth(1).CheckAsync();
        await page.Locator("#shared").FillAsync("AB");
        await page.Locator("#each").FillAsync("1");
        await ClickAsync(page, t["coupons.make"]);
        await Expect(page.Locator(".alert-danger")).ToBeVisibleAsync();
        Assert.Equal(("新品試用", "AB", "1"), (await page.Locator("#name-zh").InputValueAsync(), await page.Locator("#shared").InputValueAsync(), await page.Locator("#each").InputValueAsync()));
        await page.Locator("[name='Typed.Kind']").Nth(0).CheckAsync();
        await ClickAsync(page, t["coupons.make"]);
        await Expect(page).ToHaveURLAsync(new Uri(host.Address, $"/coupons/{id}").ToString());
        await page.Locator("#count").FillAsync("120");
        await ClickAsync(page, t["coupons.issue"]);
        await Expect(page.Locator(".alert-success")).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("form[action$='codes.csv'] button").ClickAsync());
        Assert.Equal(121, (await File.ReadAllLinesAsync(await file.PathAsync(), Stop)).Length);
        await page.GotoAsync($"/coupons/{id}");
        await Expect(page.Locator("form[action$='codes.csv']")).ToHaveCountAsync(0);
        Assert.Empty(opened.Complaints);
    }

    private static Task ClickAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>Series of both kinds, used, cleared and partly returned.</summary>
    private async Task FillAsync()
    {
        await Filling.WaitAsync(Stop);
        try
        {
            var now = new Instant(DateTime.UtcNow.Ticks);
            await using var turn = await host.Books.Database.BeginWriteAsync(Stop);
            if (await StoredSeries.FindAsync(turn, "birthday", now, Stop) is not null) return;
            var birthday = new CouponSeries
            {
                Id = "birthday", Name = new("生日禮 300 元券", "Birthday, 300 off"), Kind = CouponKind.RandomCodes, Holding = CouponHolding.HolderOnly, Stores = ["S01", "S02"], TotalUses = 5_000, MemberUses = 1,
                From = now, Until = new Instant(now.Ticks + (90 * TimeSpan.TicksPerDay)), OnReturn = CouponOnReturn.GiveBack, Bearer = CouponBearer.Hq, Department = "crm",
            };
            await StoredSeries.MakeAsync(turn, birthday, "test", now, Stop);
            await StoredSeries.MakeAsync(turn, birthday with { Id = "welcome", Name = new("開幕共用碼", "Opening"), Kind = CouponKind.SharedCode, SharedCode = "OPEN2026", Holding = CouponHolding.Transferable, IssuingStore = "S02", Stores = null, Bearer = CouponBearer.Issuer, Department = "" }, "test", now, Stop);
            await IssueCodes.AskAsync(turn, "birthday", 2_000, "test", now, Stop);
            var given = await Wallet.GiveAsync(turn, "birthday", new MemberId("M00001"), IssueCodes.Fresh(), "test", now, Stop);
            var cart = new CouponCart("store", "S01", new MemberId("M00001"));
            await CouponUses.HoldAsync(turn, "Q1", [given.Code!.Value.Shown, "OPEN2026"], cart, new Instant(now.Ticks + TimeSpan.TicksPerHour), now, Stop);
            await CouponUses.RedeemAsync(turn, "Q1", "W1", new Dictionary<string, long> { ["birthday"] = 300, ["OPEN2026"] = 120 }, now, Stop);
            await CouponUses.ReturnAsync(turn, "W1", new ReturnedShare(1, 4), now, Stop);
            await turn.CommitAsync(Stop);
        }
        finally
        {
            Filling.Release();
        }
    }
}
