using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Tokamak.App.Tests.Browser.Chromium))]

namespace Tokamak.App.Tests.Browser;

/// <summary>The one browser of a test run, started by the first test that needs it. No browser is a failure, never a skip.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    public async Task<IBrowser> BrowserAsync() => (await _started.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully) return;
        var (driver, browser) = await _started.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("TOKAMAK_CHROMIUM") ?? "/usr/bin/chromium";
        Assert.True(File.Exists(path), $"The browser tests need Chromium at {path}: install it (on Debian: apt-get install chromium fonts-noto-cjk) or set TOKAMAK_CHROMIUM.");

        // It drives the browser of this machine and must not fetch one of its own.
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path, Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
        });
        return (driver, browser);
    }
}
