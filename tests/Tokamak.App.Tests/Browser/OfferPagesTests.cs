using Microsoft.Playwright;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

/// <summary>The demo brand with offers at every stage, and drafts of every kind; once per test class.</summary>
public sealed class OfferHost : IAsyncLifetime
{
    private static readonly string[] Approved =
    [
        """{"id":"member","name":{"zh-TW":"會員 95 折","en":"Members: 5 % off"},"who":{"members":"member"},"price":{"items":{"all":true,"exceptTags":["特價"]},"percent":5}}""",
        """{"id":"every1000","name":{"zh-TW":"滿千折百","en":"100 off every 1,000"},"order":{"items":{"all":true},"spend":[{"from":1000,"off":100}],"every":true,"maxRepeat":5}}""",
        """{"id":"weekend","name":{"zh-TW":"週末襪子第二件 5 折"},"when":{"weekdays":[6,7]},"where":{"stores":["S01"]},"unit":{"take":[{"items":{"categories":["socks"]},"count":2}],"give":{"cheapest":1,"percent":50}}}""",
        """{"id":"newyear","name":{"zh-TW":"新年滿額贈","en":"New year's gift"},"when":{"from":"2090-01-01T00:00:00+08:00"},"reward":{"items":{"all":true},"spend":[{"from":2000,"gift":{"sku":"BAG","quantity":1}}]}}""",
        """{"id":"gone","name":{"zh-TW":"去年的活動"},"when":{"until":"2020-01-01T00:00:00+08:00"},"price":{"items":{"all":true},"off":10}}""",
    ];

    private static readonly string[] Sold =
    [
        """{"sku":"SOCK-1","categories":["socks"],"quantity":2,"unitPrice":290}""",
        """{"sku":"COAT-7","categories":["coats"],"quantity":1,"unitPrice":3290},{"sku":"SOCK-2","categories":["socks"],"quantity":3,"unitPrice":190}""",
    ];

    private readonly DemoHost _demo = new();

    public Uri Address => _demo.Address;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _demo.InitializeAsync();
        await using var turn = await _demo.Books.Database.BeginWriteAsync(Stop);
        var now = new Instant(DateTime.UtcNow.Ticks);
        Assert.NotNull(await OfferApproval.StoreAsync(turn, [.. Approved.Select(body => (body.Split('"')[3], body))], Guid.Empty.ToString(), Guid.Empty.ToString(), now, Stop));
        foreach (var (id, template) in new[] { ("second", OfferTemplate.SecondHalf), ("addon", OfferTemplate.AddOn), ("gift", OfferTemplate.GiftFromAmount), ("coupon", OfferTemplate.CouponOff), ("every1000", OfferTemplate.EveryThousand) })
            await MakeAsync(turn, id, OfferTemplates.Of(template), now);
        var faulty = OfferTemplates.Of(OfferTemplate.RedWithGreen);
        (faulty.Amount, faulty.From, faulty.Hours, faulty.Take, faulty.Items.Tags) = ("很多", "下週", "早上", "x", "");
        await MakeAsync(turn, "faulty", faulty, now);
        var alone = OfferTemplates.Of(OfferTemplate.ManyPieces);
        (alone.Alone, alone.Steps[0].Gives, alone.MaxOff) = (true, "80", "");
        await MakeAsync(turn, "alone", alone, now);
        await OfferApproval.AskAsync(turn, "second", OfferText.Check("second", (await OfferDrafts.FindAsync(turn, "second", Stop))!.Body).Sha256, Guid.Empty, now, Stop);
        await SoldAsync(turn);
        await turn.CommitAsync(Stop);
    }

    /// <summary>Carts that became sales, so that there is something to compare: socks at half price in one store, on a Saturday.</summary>
    private static Task SoldAsync(Turn turn) => turn.InsertAsync<QuoteRow>(
    [
        .. Sold.Select((lines, place) => new QuoteRow
            {
                Id = $"sold-{place}", Cart = $$"""{"at":"2026-11-21T15:00:00+08:00","channel":"{{(place == 0 ? "online" : "app")}}","lines":[{{lines}}]}""",
                Result = "{}", Edition = 1, Engine = "1", HeldAtTicks = place, UntilTicks = 1, Sale = $"sold-{place}",
            }),
    ], Stop);

    private static Task<OfferSaved> MakeAsync(Turn turn, string id, OfferForm form, Instant now) =>
        OfferDrafts.SaveAsync(turn, id, null, OfferJson.Write(form, id, new OfferFrame(App.Brands.Zones.Find("Asia/Taipei")!, 0)), Guid.Empty, now, Stop);

    public ValueTask DisposeAsync() => _demo.DisposeAsync();
}

public sealed class OfferPagesTests(Chromium chromium, OfferHost host) : IClassFixture<OfferHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string> Pages => PageChecks.Every("/offers", "/offers/calendar", "/offers/calendar?month=2000-01", "/offers/second", "/offers/addon", "/offers/gift", "/offers/coupon", "/offers/faulty", "/offers/alone", "/offers/every1000", "/offers/weekend", "/offers/gone", "/parity?at=2026-11-21T15:00");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language) => PageChecks.CheckAsync(chromium, host.Address, path, language);

    [Theory]
    [InlineData("zh-TW")]
    [InlineData("en")]
    public Task A_clerk_reads_what_runs(string language) => PageChecks.CheckAsync(chromium, host.Address, "/offers", language, person: "clerk");

    [Theory]
    [InlineData("zh-TW", Phone, false)]
    [InlineData("en", Desk, true)]
    public async Task From_a_template_to_an_offer_that_staff_read_of(string code, int width, bool script)
    {
        var language = Language.Find(code)!;
        var t = Texts.In(language);
        var demo = new DemoHost();
        await demo.InitializeAsync();
        await using var own = demo;
        await using var hq = await OpenedPage.OpenAsync(chromium, demo.Address, "/offers", language, width, script: script);
        await Expect(hq.Page.GetByText(t["offers.empty"])).ToBeVisibleAsync();
        await hq.Page.Locator("#id").FillAsync("any3");
        await hq.Page.Locator("input[value='AnyThreeForTotal']").CheckAsync();
        await hq.Page.GetByRole(AriaRole.Button, new() { Name = t["offers.make"], Exact = true }).ClickAsync();
        await Expect(hq.Page.Locator("h1")).ToHaveTextAsync(t["offer.template.any"]);
        // Only the fields of the kind that is chosen are shown.
        await Expect(hq.Page.Locator("[name='Typed.Take']")).ToBeVisibleAsync();
        await Expect(hq.Page.Locator("[name='Typed.Measure']")).ToBeHiddenAsync();

        await hq.Page.Locator("[name='Typed.Amount']").FillAsync("888");
        await hq.Page.Locator("[name='Typed.English']").FillAsync("Any 3 for 888");
        await hq.Page.Locator("[name='Typed.Chinese']").FillAsync("任選 3 件 888");
        // With scripts what it says changes at once, and the fields stay; without, a button looks.
        if (script) await hq.Page.Locator("[name='Typed.Chinese']").BlurAsync();
        else await hq.Page.Locator(".draft-bar button[value=check]").ClickAsync();
        await Expect(hq.Page.Locator("#said-offer")).ToContainTextAsync("NT$ 888");
        await Expect(hq.Page.Locator("[name='Typed.Amount']")).ToHaveValueAsync("888");
        await PictureAsync(hq.Page, "checked", code, width);
        await hq.Page.Locator(".draft-bar button[value=save]").ClickAsync();
        await Expect(hq.Page.GetByText(t["drafts.saved"], new() { Exact = true })).ToBeVisibleAsync();
        await hq.Page.GetByRole(AriaRole.Button, new() { Name = t["offers.ask"], Exact = true }).ClickAsync();
        await Expect(hq.Page.GetByText(t["offers.asked.own"])).ToBeVisibleAsync();

        await using var finance = await OpenedPage.OpenAsync(chromium, demo.Address, "/offers/any3", language, width, script: script, person: "finance");
        await Expect(finance.Page.Locator("[name='Typed.Amount']")).ToBeDisabledAsync();
        await finance.Page.Locator("input[name='Typed.Sure']").CheckAsync();
        await finance.Page.GetByRole(AriaRole.Button, new() { Name = t["offers.confirm"], Exact = true }).ClickAsync();
        await Expect(finance.Page.GetByText(t["offers.confirm.done"])).ToBeVisibleAsync();
        await PictureAsync(finance.Page, "approved", code, width);

        await using var clerk = await OpenedPage.OpenAsync(chromium, demo.Address, "/offers", language, width, script: script, person: "clerk");
        await Expect(clerk.Page.Locator(".offer-list")).ToContainTextAsync("NT$ 888");
        await clerk.Page.GotoAsync("/offers/calendar");
        await Expect(clerk.Page.Locator("td.runs").First).ToBeVisibleAsync();
        Assert.Empty(hq.Complaints.Concat(finance.Complaints).Concat(clerk.Complaints));
    }

    private static async Task PictureAsync(IPage page, string name, string language, int width) =>
        await page.ScreenshotAsync(new() { FullPage = true, Path = Repository.Path("artifacts", "pages", $"offer-{name}.{language}.{width}.png") });
}
