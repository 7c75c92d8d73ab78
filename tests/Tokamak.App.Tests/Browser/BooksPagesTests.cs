using Microsoft.Playwright;
using Tokamak.App.Demo;
using Tokamak.App.Web;
using static Microsoft.Playwright.Assertions;

namespace Tokamak.App.Tests.Browser;

public sealed class BooksPagesTests(Chromium chromium, DemoHost host) : IClassFixture<DemoHost>
{
    private const int Phone = 390, Desk = 1440;

    public static TheoryData<string, string, int> Pages => PageChecks.Every(
        "/", "/stores", "/stores/S05", "/stores/online", "/clerks", $"/clerks/{DemoStories.SelfBuyingClerk}?month=2026-06",
        $"/clerks/{DemoStories.CarriedClerk}?month=2026-07", "/sales", $"/sales/{DemoStories.SplitPickup}",
        $"/sales/{DemoStories.ContestedWhileLocked}", "/policy", "/policy?version=1");

    public static TheoryData<string, string, int> EmptyPages => PageChecks.Every("/sales?id=nothing-is-called-this", "/clerks?q=nobody", "/clerks/K001?month=2025-05");

    public static TheoryData<string, string, int> MissingPages => PageChecks.Every("/stores/S99");

    [Theory, MemberData(nameof(Pages))]
    public Task A_page_is_sound(string path, string language, int width) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, width);

    [Theory, MemberData(nameof(EmptyPages))]
    public Task A_page_with_little_to_show_is_sound(string path, string language, int width) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, width);

    [Theory, MemberData(nameof(MissingPages))]
    public Task A_page_about_nothing_is_missing_and_sound(string path, string language, int width) =>
        PageChecks.CheckAsync(chromium, host.Address, path, language, width, status: 404);
}
