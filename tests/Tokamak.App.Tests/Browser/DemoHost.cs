using Microsoft.AspNetCore.Builder;
using Tokamak.App.Brands;
using Tokamak.App.Demo;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Browser;

/// <summary>The pages over the demo brand at a twentieth of its size, stories included; once per test class.</summary>
public sealed class DemoHost : IAsyncLifetime
{
    private const int Percent = 5;
    private DemoSignIn _signIn = null!;
    private WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>What the host is made of.</summary>
    public IServiceProvider Parts => _app.Services;

    public async ValueTask InitializeAsync()
    {
        var books = Load(Percent);
        _signIn = await DemoSignIn.OpenAsync(books, CancellationToken.None);
        _app = WebHost.Build(["http://127.0.0.1:0"], services => _signIn.AddTo(services.AddBooks(books)));
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        SignedIn.Forget(Address);
        await _app.DisposeAsync();
        await _signIn.DisposeAsync();
    }

    public static Books Load(int percent)
    {
        var folder = Directory.CreateTempSubdirectory("demo").FullName;
        try
        {
            DemoFiles.Write(folder, percent, _ => { });
            var (names, faults) = BrandNames.Parse(File.ReadAllBytes(Path.Combine(folder, DemoFiles.Names)));
            Assert.Empty(faults);
            var (books, wrong) = Books.Load(Path.Combine(folder, DemoFiles.Facts), Path.Combine(folder, DemoFiles.Policy), names!);
            Assert.Empty(wrong);
            return books!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
