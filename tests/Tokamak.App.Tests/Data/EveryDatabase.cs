using System.Reflection;
using Tokamak.App.Data;
using Xunit.Sdk;
using Xunit.v3;

namespace Tokamak.App.Tests.Data;

/// <summary>
/// Runs a theory once on each database: <c>[Theory, EveryDatabase] public async Task X(Provider provider)</c>, with
/// <c>await using var database = await TestDatabase.CreateAsync(provider, server);</c> for a fresh one. Values given here follow the provider.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EveryDatabaseAttribute(params object?[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Provider>().Select(provider => new TheoryDataRow([provider, .. values]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>A fresh, empty database for one test: a new database of the server, or a SQLite file in a folder of its own.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? _folder;

    private TestDatabase(DatabaseAddress address, string? folder) => (Address, _folder) = (address, folder);

    public DatabaseAddress Address { get; }

    /// <summary>What a verb takes after <c>--db</c>.</summary>
    public string Text => Address.Text;

    public static async Task<TestDatabase> CreateAsync(Provider provider, PostgresServer server)
    {
        if (provider == Provider.Postgres) return new(new(provider, await server.NewDatabaseAsync()), null);
        var folder = Directory.CreateTempSubdirectory("tokamak-db-").FullName;
        return new(new(provider, Path.Combine(folder, "x.db")), folder);
    }

    public Task<Databases> OpenAsync() => Databases.OpenAsync(Address, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        // A dropped database would only take time: the server goes at the end of the run.
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
