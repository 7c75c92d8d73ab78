using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

/// <summary>The real host on a free port of this machine, with the specimens added; once per test class.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private readonly WebApplication _app = Build();

    public Uri Address { get; private set; } = null!;

    /// <summary>Keeps no cookies and follows no redirects, so that a test sees each answer.</summary>
    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = Address,
        };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    public async Task<HttpResponseMessage> GetAsync(string path, Language? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null) request.Headers.Add("Cookie", $"language={language.Code}");
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The page as text, with what Razor writes as character references decoded.</summary>
    public async Task<string> ReadAsync(string path, Language? language = null)
    {
        using var answer = await GetAsync(path, language);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static WebApplication Build()
    {
        var app = WebHost.Build(["http://127.0.0.1:0"], services => services.AddBooks(World.Small()), typeof(RunningHost).Assembly);
        app.MapGet("/breaks", IResult () => throw new InvalidOperationException("secret of the machine room"));
        return app;
    }
}
