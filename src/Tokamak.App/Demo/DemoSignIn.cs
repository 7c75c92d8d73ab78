using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// The catalogue of a demo, in a folder that goes with it, and the people whom a visitor can be by one click: head office, finance, and a
/// manager and a clerk of the first store that has two clerks.
/// </summary>
public sealed class DemoSignIn : IAsyncDisposable
{
    private const string Brand = "demo";
    private readonly string _folder;
    private readonly Databases _databases;
    private readonly DemoAccounts _accounts;
    private readonly StaffPlaces _places;

    private DemoSignIn(string folder, Databases databases, DemoAccounts accounts, StaffPlaces places) =>
        (_folder, _databases, _accounts, _places, Catalogue) = (folder, databases, accounts, places, new StaffCatalogue(databases));

    public StaffCatalogue Catalogue { get; }

    public static async Task<DemoSignIn> OpenAsync(Books books, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-demo-").FullName;
        var databases = await Databases.OpenAsync(new DatabaseAddress(Provider.Sqlite, Path.Combine(folder, "demo.db")), stop);
        await databases.AddBrandAsync(Brand, null, stop);
        var places = BooksPages.Places(books);
        var demo = new DemoSignIn(folder, databases, new DemoAccounts(Brand, PeopleOf(await places.ListAsync(Brand, stop))), places);
        await demo._accounts.MakeAsync(demo.Catalogue, TimeProvider.System, stop);
        return demo;
    }

    /// <summary>Signs people in at a host that only its own machine reaches.</summary>
    public void AddTo(IServiceCollection services) => services.AddAccess(Catalogue, _ => ValueTask.FromResult<string?>(Brand), _places, _accounts);

    public async ValueTask DisposeAsync()
    {
        await _databases.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<DemoPerson> PeopleOf(IReadOnlyList<StaffPlace> roster)
    {
        List<DemoPerson> people = [new("hq", AccountRole.Hq, null, "林雅文"), new("finance", AccountRole.Finance, null, "陳美玲")];
        var byStore = roster.Where(place => place.Employed && place.Store != StoreId.Online).OrderBy(place => place.Staff).GroupBy(place => place.Store).OrderBy(store => store.Key).ToList();
        if ((byStore.Find(store => store.Count() > 1) ?? byStore.FirstOrDefault()) is not { } chosen) return people;
        people.Add(new("manager", AccountRole.Manager, chosen.First().Staff, $"{chosen.First().Name}（{chosen.First().StoreName}）"));
        people.Add(new("clerk", AccountRole.Clerk, chosen.Last().Staff, $"{chosen.Last().Name}（{chosen.Last().StoreName}）"));
        return people;
    }
}
