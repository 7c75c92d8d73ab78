using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Tokamak.App.Tests.Data.PostgresServer))]

namespace Tokamak.App.Tests.Data;

/// <summary>
/// The one PostgreSQL server of a test run, in a folder of its own, listening on this machine only; started by the first test that needs
/// it and stopped by its own process id. No PostgreSQL is a failure, never a skip.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly Lazy<Task<Running>> _started = new(StartAsync);
    private int _databases;

    /// <summary>A new, empty database; the connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        var server = await _started.Value;
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        return server.ConnectionString(name);
    }

    /// <summary>A program that comes with the server, such as pg_dump.</summary>
    public static string Program(string name) => Path.Combine(Folder(), name);

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully) return;
        NpgsqlConnection.ClearAllPools();
        await (await _started.Value).StopAsync();
    }

    private static async Task<Running> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("tokamak-postgres-").FullName;
        var data = Path.Combine(folder, "data");
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        await AsOwnerAsync(Program("initdb"), "-D", data, "-U", "tokamak", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");

        var port = FreePort();
        var log = Path.Combine(folder, "log");
        await AsOwnerAsync(
            Program("pg_ctl"), "start", "--silent", "-w", "-t", StartPatience.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-D", data, "-l", log, "-o",
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c max_connections=300 -c shared_buffers=64MB");
        return new Running(folder, data, port);
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>PostgreSQL refuses to run as root: then the user that Debian's package made runs it.</summary>
    private static Task AsOwnerAsync(string program, params string[] arguments) =>
        IsRoot ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", program, .. arguments]) : RunAsync(program, arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, _, errors) = await Programs.RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {errors}");
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("TOKAMAK_POSTGRES_BIN") is { Length: > 0 } set) return set;
        var found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        Assert.True(found is not null, "The tests need a PostgreSQL server: install it (on Debian: apt-get install postgresql) or set TOKAMAK_POSTGRES_BIN to the folder of initdb and pg_ctl.");
        return found;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Running(string Folder, string Data, int Port)
    {
        public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username=tokamak;Database={database}";

        public async Task StopAsync()
        {
            await AsOwnerAsync(Program("pg_ctl"), "stop", "--silent", "-w", "-m", "immediate", "-D", Data);
            Directory.Delete(Folder, recursive: true);
        }
    }
}
