using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Demo;
using Tokamak.App.Referral;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral;

/// <summary>A brand's books in a database of its own; a test reads them as a page does.</summary>
internal sealed class WorldBooks : IAsyncDisposable
{
    private readonly TestDatabase _test;

    private WorldBooks(TestDatabase test, Databases databases, BrandDatabase database)
    {
        (_test, Databases, Database) = (test, databases, database);
        Shelf = new BookShelf(databases, TimeProvider.System);
    }

    public Databases Databases { get; }
    public BrandDatabase Database { get; }
    public BookShelf Shelf { get; set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="today">Up to which lines vest; null: all of them.</param>
    public static async Task<WorldBooks> ImportAsync(
        Provider provider, PostgresServer server, string facts, string policy = World.Policy, string names = World.Names, DateOnly? today = null)
    {
        var test = await TestDatabase.CreateAsync(provider, server);
        var databases = await test.OpenAsync();
        var world = new WorldBooks(test, databases, await databases.AddBrandAsync("one", null, Stop));
        await FillAsync(world.Database, facts, policy, names, today);
        return world;
    }

    public static async Task FillAsync(BrandDatabase database, string facts, string policy = World.Policy, string names = World.Names, DateOnly? today = null)
    {
        await using (var turn = await database.BeginWriteAsync(Stop))
        {
            var (_, wrong) = await ImportPolicy.RunAsync(turn, Encoding.UTF8.GetBytes(policy), default, TestBooks.Today, Stop);
            Assert.Empty(wrong);
            await StoredNames.WriteAsync(turn, NamesOf(names), Stop);
            await turn.CommitAsync(Stop);
        }
        await PostAsync(database, facts, today);
    }

    /// <summary>A demo's books of a few facts, for hosts of pages.</summary>
    public static async Task<DemoBooks> DemoAsync(string facts, string policy = World.Policy, string names = World.Names, DateOnly? today = null)
    {
        var demo = await DemoBooks.MakeAsync(Stop);
        var read = FactsOf(facts);
        var (ofPolicy, ofFacts) = await demo.ImportAsync(Encoding.UTF8.GetBytes(policy), read, NamesOf(names), today ?? LongAfter(read), null, Stop);
        Assert.Empty(ofPolicy);
        Assert.Empty(ofFacts);
        return demo;
    }

    public Task PostAsync(string facts, DateOnly? today = null) => PostAsync(Database, facts, today);

    public async Task<T> ReadAsync<T>(Func<OpenBooks, Task<T>> read, Scope? scope = null)
    {
        await using var turn = await Database.BeginReadAsync(Stop);
        return await read(new OpenBooks(turn, Database, await Shelf.KnownAsync(turn, Database.Name, Stop), Shelf, scope ?? Scope.All));
    }

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
        await _test.DisposeAsync();
    }

    private static async Task PostAsync(BrandDatabase database, string facts, DateOnly? today)
    {
        var read = FactsOf(facts);
        var (_, faults) = await PostFacts.RunAsync(database, read, today ?? LongAfter(read), null, Stop);
        Assert.Empty(faults);
    }

    private static DateOnly LongAfter(IReadOnlyList<Fact> facts) =>
        facts.Count == 0 ? new DateOnly(2026, 1, 1) : DateOnly.FromDateTime(new DateTime(facts.Max(fact => fact.At.Ticks))).AddDays(400);

    private static BrandNames NamesOf(string json)
    {
        var (names, faults) = BrandNames.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Empty(faults);
        return names!;
    }

    private static IReadOnlyList<Fact> FactsOf(string lines)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, lines);
            var (facts, fault) = FactFile.Read(file);
            Assert.Null(fault);
            return facts;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
