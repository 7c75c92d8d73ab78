using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>A store's floor in the browser: its pages, and a month from the shifts to payroll.</summary>
public sealed class StoreFloorTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390;

    public static TheoryData<string, string> Pages => PageChecks.Every("/stores/S01/floor", "/stores/S01/floor/shifts", "/stores/S01/floor/pool", "/pools");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Month Last => new(Month.Of(DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8))).Index - 1);

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Fact]
    public async Task A_manager_types_shifts_and_divides_the_closed_month_s_pool_by_them_which_clerk_and_payroll_see()
    {
        var t = Texts.In(Language.Chinese);
        await CloseAsync(new Month(Last.Index - 1));
        await using var manager = await OpenedPage.OpenAsync(chromium, host.Address, "/", Language.Chinese, Phone, script: false, person: "manager");
        var (page, store) = (manager.Page, new Uri(manager.Page.Url).AbsolutePath);
        // A week that lies in the month whole.
        var week = Week.Of(Last.FirstDay).Next;
        await page.GotoAsync($"{store}/floor/shifts?week={week}");
        var fields = page.Locator(".shift-row input.form-control:not([disabled])");
        await fields.Nth(0).FillAsync("-3");
        await fields.Nth(1).FillAsync("8:30");
        await SaveAsync(page, t["own.save"]);
        await Expect(page.Locator(".alert-danger")).ToBeVisibleAsync();
        Assert.Equal(("-3", "8:30"), (await fields.Nth(0).InputValueAsync(), await fields.Nth(1).InputValueAsync()));
        await fields.Nth(1).FillAsync("");
        foreach (var row in await page.Locator(".shift-row[role=group]").AllAsync()) await row.Locator("input.form-control:not([disabled])").First.FillAsync("7.5");
        await fields.Nth(0).FillAsync("8");
        await SaveAsync(page, t["own.save"]);
        await Expect(page.Locator(".alert-success")).ToBeVisibleAsync();
        Assert.Equal("8", await fields.Nth(0).InputValueAsync());
        await PictureAsync(page, "floor-shifts");

        await CloseAsync(Last);
        await page.GotoAsync($"{store}/floor/shifts?week={week}");
        await Expect(fields).ToHaveCountAsync(0);
        await page.GotoAsync($"{store}/floor");
        await page.GetByRole(AriaRole.Link, new() { Name = t["pool.divide"], Exact = true }).ClickAsync();
        await SaveAsync(page, t["pool.decide"]);
        await Expect(page.GetByText(t["pool.divided"])).ToBeVisibleAsync();
        await Expect(page.Locator("#record-1")).ToContainTextAsync(t["pool.way.hours"]);
        await PictureAsync(page, "floor-pool-divided");

        // By hand: what does not add up is kept to be corrected, and nothing takes the record's place.
        await page.Locator("input.amount").First.FillAsync("1.5 million");
        await page.Locator("#reason").FillAsync("盤點加班");
        await SaveAsync(page, t["pool.decide"]);
        await Expect(page.Locator(".alert-danger")).ToBeVisibleAsync();
        Assert.Equal("1.5 million", await page.Locator("input.amount").First.InputValueAsync());
        Assert.Equal("盤點加班", await page.Locator("#reason").InputValueAsync());
        await Expect(page.Locator("#record-2")).ToHaveCountAsync(0);

        var shares = await SharesAsync(store.Split('/')[^1]);
        await using var clerk = await OpenedPage.OpenAsync(chromium, host.Address, "/day", Language.Chinese, Phone, script: false, person: "clerk");
        var own = await clerk.Page.Locator(".stat").Filter(new() { HasText = t["day.pool"] }).Locator(".stat-value").InnerTextAsync();
        Assert.Contains(own, shares.Select(share => new Show(Language.Chinese).Money(share.Amount)));
        await PictureAsync(clerk.Page, "floor-day");

        var file = await (await host.GetAsync($"/pools.csv?month={Last}", "finance")).Content.ReadAsStringAsync(Stop);
        var lines = file.Trim('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("period,store,staff,amount,way,decided_at", lines[0]);
        Assert.Equal(shares.Count, lines.Length - 1);
        Assert.Equal(await PoolAsync(store.Split('/')[^1]), lines.Skip(1).Sum(line => long.Parse(line.Split(',')[3], CultureInfo.InvariantCulture)));
    }

    private async Task<List<PoolShareRow>> SharesAsync(string store)
    {
        await using var turn = await host.Books.Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await books.PoolShares.Where(row => row.Store == store).ToListAsync(Stop);
    }

    private async Task<long> PoolAsync(string store)
    {
        var period = Last.ToString();
        await using var turn = await host.Books.Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await books.Statements.Where(row => row.Store == store && row.Period == period && row.Staff == "").Select(row => row.StorePool).SingleAsync(Stop);
    }

    /// <summary>Closes every month up to one.</summary>
    private async Task CloseAsync(Month until)
    {
        var now = DateTime.UtcNow;
        var today = DateOnly.FromDateTime(now.AddHours(8));
        for (Month? closed = null; !(closed >= until);)
        {
            await using var turn = await host.Books.Database.BeginWriteAsync(Stop);
            var next = (await ClosePeriod.PreviewAsync(turn, await BookRules.LoadAsync(turn, Stop), until, today, Stop)).Next!.Value;
            if (next > until) return;
            Assert.True((await ClosePeriod.RunAsync(turn, next, "test", new Instant(now.Ticks), today, Stop)).MayClose);
            await turn.CommitAsync(Stop);
            closed = next;
        }
    }

    private static Task SaveAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task<byte[]> PictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Repository.Path("artifacts", "pages", $"{name}.zh-TW.{Phone}.png") });
}
