using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Clerks;
using Tokamak.App.Data;
using Tokamak.App.Members.Own;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// The books of a demo: a database in a folder that goes with it, holding one brand, and the people whom a visitor can be by one click:
/// head office, finance, and a manager and a clerk of the first store that has two clerks.
/// </summary>
public sealed class DemoBooks : IAsyncDisposable
{
    private const string Brand = "demo";
    private readonly string _folder;
    private DemoAccounts _accounts = new(Brand, []);

    private DemoBooks(string folder, Databases databases, BrandDatabase database) => (_folder, Databases, Database) = (folder, databases, database);

    public Databases Databases { get; }
    public BrandDatabase Database { get; }

    /// <summary>A database without anything in it.</summary>
    public static async Task<DemoBooks> MakeAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-demo-").FullName;
        var databases = await Databases.OpenAsync(new DatabaseAddress(Provider.Sqlite, Path.Combine(folder, "demo.db")), stop);
        return new DemoBooks(folder, databases, await databases.AddBrandAsync(Brand, null, stop));
    }

    /// <summary>Brings a brand in, as the verbs do, and makes the people.</summary>
    /// <returns>What is wrong with the policy or with a fact; then nothing is there.</returns>
    public async Task<(IReadOnlyList<Fault> OfPolicy, IReadOnlyList<Fault> OfFacts)> ImportAsync(
        ReadOnlyMemory<byte> policy, IEnumerable<Fact> facts, BrandNames names, DateOnly today, PostingProgress? progress, CancellationToken stop)
    {
        await using (var turn = await Database.BeginWriteAsync(stop))
        {
            // The demo's policy is as old as its sales: where none is posted yet, it may be.
            var (_, wrong) = await ImportPolicy.RunAsync(turn, policy, default, today, stop);
            if (wrong.Count > 0) return (wrong, []);
            await StoredNames.WriteAsync(turn, names, stop);
            await turn.CommitAsync(stop);
        }
        var (_, faults) = await PostFacts.RunAsync(Database, facts, today, progress, stop);
        if (faults.Count > 0) return ([], faults);
        await using (var turn = await Database.BeginWriteAsync(stop))
        {
            await DemoMembers.FillAsync(turn, stop);
            await turn.CommitAsync(stop);
        }
        var places = BooksPages.Places(new BookShelf(Databases, TimeProvider.System));
        _accounts = new DemoAccounts(Brand, PeopleOf(await places.ListAsync(Brand, stop)));
        await _accounts.MakeAsync(new StaffCatalogue(Databases), TimeProvider.System, stop);
        return ([], []);
    }

    /// <summary>The books and the people, for a host that only its own machine reaches.</summary>
    public void AddTo(IServiceCollection services) => services.AddBooks(Databases).AddAccess(new StaffCatalogue(Databases), _ => ValueTask.FromResult<string?>(Brand), _accounts).AddVerification(VerificationSettings.Demo).AddOwnPages().AddClerks();

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
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
