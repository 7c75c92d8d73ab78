using Npgsql;

[assembly: AssemblyFixture(typeof(Tokamak.App.Tests.Data.PostgresServer))]

namespace Tokamak.App.Tests.Data;

/// <summary>
/// The one PostgreSQL server that the tests of a run share; started by the first that needs it. No PostgreSQL is a failure, never a skip.
/// A test that wants to crash a server starts a <see cref="PostgresCluster"/> of its own.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresCluster>> _started = new(PostgresCluster.StartAsync);
    private int _databases;

    /// <summary>A new, empty database; the connection string.</summary>
    public async Task<string> NewDatabaseAsync() => await (await _started.Value).NewDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}");

    /// <summary>A program that comes with the server, such as pg_dump.</summary>
    public static string Program(string name) => PostgresCluster.Program(name);

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully) return;
        NpgsqlConnection.ClearAllPools();
        await (await _started.Value).DisposeAsync();
    }
}
