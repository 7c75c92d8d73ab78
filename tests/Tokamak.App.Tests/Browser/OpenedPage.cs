using Microsoft.Playwright;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Browser;

/// <summary>A page in a browser of its own profile, in a language and a width, with everything it complained about.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private const int Height = 900;
    private readonly IBrowserContext _profile;
    private readonly List<string> _complaints = [];

    private OpenedPage(IBrowserContext profile, IPage page)
    {
        _profile = profile;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsOwnStatus(message)) _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, among them every breach of the content security policy.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public int Status { get; private set; }

    /// <param name="person">Which of the demo's people is signed in; null for nobody.</param>
    public static async Task<OpenedPage> OpenAsync(Chromium chromium, Uri host, string path, Language language, int width, bool script = true, string? person = "hq")
    {
        var browser = await chromium.BrowserAsync();
        var profile = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.ToString(), ViewportSize = new ViewportSize { Width = width, Height = Height },
            JavaScriptEnabled = script, ReducedMotion = ReducedMotion.Reduce,
        });
        await profile.AddCookiesAsync([new Cookie { Name = "language", Value = language.Code, Url = host.ToString() }]);
        if (person is not null) await profile.AddCookiesAsync([new Cookie { Name = "tokamak", Value = await SignedIn.CookieAsync(host, person), Url = host.ToString() }]);
        var opened = new OpenedPage(profile, await profile.NewPageAsync());
        var answer = await opened.Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        // Charts are drawn after the page is there, by a library that only pages with charts fetch.
        if (script) await Assertions.Expect(opened.Page.Locator("figure[data-chart]:not(.drawn)")).ToHaveCountAsync(0);
        opened.Status = answer!.Status;
        return opened;
    }

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();

    // A page that is meant to be a 404 is reported by the browser as a failed load of itself.
    private bool IsOwnStatus(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(Page.Url, StringComparison.Ordinal);
}
