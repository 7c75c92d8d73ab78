using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Demo;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

public sealed partial class WebHostTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task A_person_who_chose_nothing_reads_Chinese()
    {
        var page = await host.ReadAsync("/");
        Assert.Contains("<html lang=\"zh-TW\">", page, StringComparison.Ordinal);
        Assert.Contains(Texts.In(Language.Chinese)["overview.lead"], page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_language_holds_and_an_unknown_one_is_ignored()
    {
        Assert.Contains(Texts.In(Language.English)["overview.lead"], await host.ReadAsync("/", Language.English), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"{host.SessionCookie}; language=tlh");
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("lang=\"zh-TW\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_a_language_sets_a_cookie_and_returns_to_the_page()
    {
        using var answer = await host.GetAsync("/language?to=en&return=%2Fspecimens%3Fpage%3D2%26month%3D2026-01");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/specimens?page=2&month=2026-01", answer.Headers.Location!.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("language=en;", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/%0d%0aSet-Cookie: a=b\r\n")]
    [InlineData("~/x")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task Choosing_a_language_leads_to_no_other_host(string target)
    {
        using var answer = await host.GetAsync($"/language?to=en&return={Uri.EscapeDataString(target)}");
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_language_that_does_not_exist_is_not_found()
    {
        using var answer = await host.GetAsync("/language?to=xx&return=/");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("language=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/not-found")]
    [InlineData("/vanished")]
    public async Task An_unknown_address_is_not_found_in_the_persons_language(string path)
    {
        using var answer = await host.GetAsync(path, Language.English);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(Texts.In(Language.English)["missing.what"], await host.ReadAsync(path, Language.English), StringComparison.Ordinal);
        Assert.Contains(Texts.In(Language.Chinese)["missing.what"], await host.ReadAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_link_of_a_missing_page_returns_to_its_address() =>
        Assert.Contains("return=%2Fnowhere%3Fa%3D1", await host.ReadAsync("/nowhere?a=1"), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("/breaks")]
    [InlineData("/vanished?breaks=true")]
    public async Task An_error_says_so_and_shows_nothing_of_the_inside(string path)
    {
        using var answer = await host.GetAsync(path, Language.English);
        var page = await host.ReadAsync(path, Language.English);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(Texts.In(Language.English)["failed.what"], page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page, StringComparison.Ordinal);
        Assert.Contains(Texts.In(Language.Chinese)["failed.what"], await host.ReadAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    [InlineData("/breaks")]
    [InlineData("/health")]
    [InlineData("/icon.svg")]
    public async Task Every_answer_carries_the_protecting_headers(string path)
    {
        using var answer = await host.GetAsync(path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/specimens")]
    [InlineData("/nowhere")]
    public async Task Pages_are_kept_by_nobody_and_hold_no_inline_script_or_style(string path)
    {
        using var answer = await host.GetAsync(path);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var page = await host.ReadAsync(path);
        Assert.DoesNotMatch(@"\sstyle\s*=", page);
        Assert.DoesNotMatch(@"<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=", page);
    }

    [Fact]
    public async Task Scripts_and_styles_have_fingerprints_and_are_kept_for_ever()
    {
        var files = Loaded().Matches(await host.ReadAsync("/")).Select(match => match.Groups[1].Value).ToList();
        Assert.True(files.Count >= 6, string.Join(' ', files));
        foreach (var file in files)
        {
            using var answer = await host.GetAsync("/" + file);
            Assert.True(answer.IsSuccessStatusCode, file);
            Assert.True(answer.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal), $"{file}: {answer.Headers.CacheControl}");
        }
    }

    [Fact]
    public async Task Health_answers_without_a_page() => Assert.Equal("ok", await host.ReadAsync("/health"));

    [Theory]
    [InlineData(true, HttpStatusCode.OK, "ok")]
    [InlineData(false, HttpStatusCode.ServiceUnavailable, "not ready")]
    public async Task Health_asks_what_the_pages_need(bool ready, HttpStatusCode status, string text)
    {
        await using var books = await WorldBooks.DemoAsync("");
        await using var app = WebHost.Build(["http://127.0.0.1:0"], services => books.AddTo(services
            .AddSingleton(new Readiness(_ => Task.FromResult(true))).AddSingleton(new Readiness(_ => Task.FromResult(ready)))));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{app.Urls.Single()}/health"), TestContext.Current.CancellationToken);
        Assert.Equal((status, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_host_without_sign_in_does_not_start()
    {
        await using var books = await WorldBooks.DemoAsync("");
        Assert.Throws<InvalidOperationException>(() => WebHost.Build(["http://127.0.0.1:0"], services => services.AddBooks(books.Databases)));
    }

    [Fact]
    public async Task Every_place_in_the_menu_exists()
    {
        // A day is a clerk's, and this is the office; EveryRouteTests opens every place of each person's menu.
        foreach (var item in Navigation.Items.Where(item => item.Path != "/day"))
        {
            using var answer = await host.GetAsync(item.Path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [GeneratedRegex("""(?:href|src|data-echarts)="/((?:css|js|lib|icon)[^"]+)""")]
    private static partial Regex Loaded();
}
