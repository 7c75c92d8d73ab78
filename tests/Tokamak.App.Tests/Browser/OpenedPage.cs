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

    private readonly Uri _host;

    private OpenedPage(IBrowserContext profile, IPage page, Uri host)
    {
        (_profile, Page, _host) = (profile, page, host);
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
        var opened = await EmptyAsync(chromium, host, width, script);
        await opened.BecomeAsync(language, person);
        await opened.GoAsync(path, script);
        return opened;
    }

    /// <summary>A window of its own profile in which nothing is open yet.</summary>
    public static async Task<OpenedPage> EmptyAsync(Chromium chromium, Uri host, int width, bool script = true)
    {
        var browser = await chromium.BrowserAsync();
        var profile = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.ToString(), ViewportSize = new ViewportSize { Width = width, Height = Height },
            JavaScriptEnabled = script, ReducedMotion = ReducedMotion.Reduce,
        });
        return new OpenedPage(profile, await profile.NewPageAsync(), host);
    }

    /// <summary>From the next page on it is this person's, in this language; nothing is left of whoever was before.</summary>
    public async Task BecomeAsync(Language language, string? person)
    {
        await _profile.ClearCookiesAsync();
        List<Cookie> cookies = [new() { Name = "language", Value = language.Code, Url = _host.ToString() }];
        if (person is not null) cookies.Add(new Cookie { Name = "tokamak", Value = await SignedIn.CookieAsync(_host, person), Url = _host.ToString() });
        await _profile.AddCookiesAsync(cookies);
    }

    public async Task GoAsync(string path, bool script = true)
    {
        var answer = await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        // Charts are drawn after the page is there, by a library that only pages with charts fetch.
        if (script) await Assertions.Expect(Page.Locator("figure[data-chart]:not(.drawn)")).ToHaveCountAsync(0);
        Status = answer!.Status;
    }

    /// <summary>Makes the window so wide; waits until what follows the width by script, the charts, has followed.</summary>
    public async Task ResizeAsync(int width)
    {
        await Page.SetViewportSizeAsync(width, Height);
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    /// <summary>What it complained about since the last time.</summary>
    public IReadOnlyList<string> TakeComplaints()
    {
        string[] taken = [.. _complaints];
        _complaints.RemoveRange(0, taken.Length);
        return taken;
    }

    public async ValueTask DisposeAsync() => await _profile.DisposeAsync();

    // A page that is meant to be a 404 is reported by the browser as a failed load of itself.
    private bool IsOwnStatus(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && message.Location.StartsWith(Page.Url, StringComparison.Ordinal);
}
