using Microsoft.AspNetCore.Builder;
using Tokamak.App.Brands;
using Tokamak.App.Demo;
using Tokamak.App.Referral;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Browser;

/// <summary>The pages over the demo brand at a twentieth of its size, stories included; once per test class.</summary>
public sealed class DemoHost : IAsyncLifetime
{
    private const int Percent = 5;
    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>What the host is made of.</summary>
    public IServiceProvider Parts => _app.Services;

    public DemoBooks Books { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var (facts, policy, names) = Files(Percent);
        Books = await WorldBooks.DemoAsync(facts, policy, names);
        _app = WebHost.Build(["http://127.0.0.1:0"], Books.AddTo);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>An answer as somebody of the demo gets it.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, string person)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("Cookie", $"tokamak={await SignedIn.CookieAsync(Address, person)}");
        return await client.GetAsync(path);
    }

    public async ValueTask DisposeAsync()
    {
        SignedIn.Forget(Address);
        await _app.DisposeAsync();
        await Books.DisposeAsync();
    }

    /// <summary>The demo brand's three files.</summary>
    public static (string Facts, string Policy, string Names) Files(int percent)
    {
        var folder = Directory.CreateTempSubdirectory("demo").FullName;
        try
        {
            DemoFiles.Write(folder, percent, _ => { });
            return (File.ReadAllText(Path.Combine(folder, DemoFiles.Facts)), File.ReadAllText(Path.Combine(folder, DemoFiles.Policy)), File.ReadAllText(Path.Combine(folder, DemoFiles.Names)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The demo brand's books in memory.</summary>
    public static Books Load(int percent)
    {
        var (facts, policy, names) = Files(percent);
        return World.Of(facts, policy, names);
    }
}
