using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Offering;

/// <summary>A brand with nothing but offers.</summary>
internal sealed class OfferBrand : IAsyncDisposable
{
    private readonly TestDatabase _test;
    private readonly Databases _databases;

    private OfferBrand(TestDatabase test, Databases databases, BrandDatabase brand) => (_test, _databases, Brand) = (test, databases, brand);

    public BrandDatabase Brand { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<OfferBrand> CreateAsync(Provider provider, PostgresServer server)
    {
        var test = await TestDatabase.CreateAsync(provider, server);
        var databases = await test.OpenAsync();
        return new OfferBrand(test, databases, await databases.AddBrandAsync("main", null, Stop));
    }

    public async Task<T> WriteAsync<T>(Func<Turn, Task<T>> work)
    {
        await using var turn = await Brand.BeginWriteAsync(Stop);
        var result = await work(turn);
        await turn.CommitAsync(Stop);
        return result;
    }

    public async Task<HeldOffers> OffersAsync(long edition = long.MaxValue)
    {
        await using var turn = await Brand.BeginReadAsync(Stop);
        return await OfferBooks.ReadAsync(turn, Stop, edition);
    }

    public async Task ImportAsync(string document)
    {
        var faults = new List<Fault>();
        var parts = OfferText.Parts(Encoding.UTF8.GetBytes(document), faults);
        Assert.Empty(faults);
        Assert.NotNull(await WriteAsync(turn => OfferApproval.StoreAsync(turn, [(OfferVersionRow.Terms, parts!.Value.Terms), .. parts.Value.Offers], "test", "test", new Instant(0), Stop)));
    }

    public async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        await _test.DisposeAsync();
    }
}
