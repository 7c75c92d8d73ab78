using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Demo;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

/// <summary>The real host on a free port of this machine, with the specimens added; once per test class.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private static readonly string[] OfTheTests = ["/specimens", "/vanished", "/breaks"];
    private DemoBooks _books = null!;
    private WebApplication _app = null!;
    private string _session = "";

    public Uri Address { get; private set; } = null!;

    /// <summary>Keeps no cookies and follows no redirects, so that a test sees each answer.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Of somebody of head office, as a browser sends it.</summary>
    public string SessionCookie => $"tokamak={_session}";

    public async ValueTask InitializeAsync()
    {
        _books = await WorldBooks.DemoAsync(World.SmallFacts);
        _app = Build(_books);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = Address,
        };
        _session = await SignedIn.CookieAsync(Address, "hq");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        SignedIn.Forget(Address);
        await _app.DisposeAsync();
        await _books.DisposeAsync();
    }

    /// <summary>As somebody of head office.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, Language? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", SessionCookie + (language is null ? "" : $"; language={language.Code}"));
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The page as text, with what Razor writes as character references decoded.</summary>
    public async Task<string> ReadAsync(string path, Language? language = null)
    {
        using var answer = await GetAsync(path, language);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static WebApplication Build(DemoBooks books)
    {
        var app = WebHost.Build(["http://127.0.0.1:0"], services =>
        {
            books.AddTo(services);
            foreach (var path in OfTheTests) services.AddSingleton(new RouteRule(path, Reach.Anyone));
        }, typeof(RunningHost).Assembly);
        app.MapGet("/breaks", IResult () => throw new InvalidOperationException("secret of the machine room"));
        return app;
    }
}
