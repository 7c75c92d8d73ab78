using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Tokamak.App.Tests.Data;

/// <summary>
/// A PostgreSQL server in a folder of its own, listening on this machine only, with the durability it has by default. It may be
/// stopped in the middle of things and started again; whatever of it is ended is ended by its own process id.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly string _folder;
    private readonly int _port;

    private PostgresCluster(string folder, int port) => (_folder, _port) = (folder, port);

    public static async Task<PostgresCluster> StartAsync()
    {
        var cluster = new PostgresCluster(Directory.CreateTempSubdirectory("tokamak-postgres-").FullName, Ports.Free());
        if (IsRoot) await RunAsync("chown", "postgres", cluster._folder);
        await AsOwnerAsync(Program("initdb"), "-D", cluster.Data, "-U", "tokamak", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        await cluster.StartAgainAsync();
        return cluster;
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=tokamak;Database={database}";

    /// <summary>A new, empty database; the connection string.</summary>
    public async Task<string> NewDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Starts it, after a crash with what its log has kept; waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var (code, _, errors) = await AsOwnerRunAsync(
                Program("pg_ctl"), "start", "--silent", "-w", "-t", StartPatience.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-D", Data, "-l", Path.Combine(_folder, "log"), "-o",
                $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories={_folder} -c max_connections=300 -c shared_buffers=64MB");
            if (code == 0) return;
            // Processes of a server whose first one was killed take a moment to notice.
            Assert.True(Stopwatch.GetElapsedTime(began) < StartPatience, errors);
            await Task.Delay(100);
        }
    }

    /// <summary>Stops it as a power cut would: nothing is finished, nothing is written down.</summary>
    public Task CrashAsync() => AsOwnerAsync(Program("pg_ctl"), "stop", "--silent", "-w", "-m", "immediate", "-D", Data);

    /// <summary>Kills its first process; the others end by themselves.</summary>
    public async Task KillAsync()
    {
        var id = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        await RunAsync("kill", "-KILL", id);
    }

    /// <summary>Kills a process of it that works for the program under test: the server then throws all out and recovers by itself.</summary>
    public async Task KillConnectionAsync()
    {
        var began = Stopwatch.GetTimestamp();
        await using (var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var find = new NpgsqlCommand("select pid from pg_stat_activity where application_name = 'tokamak' order by state = 'active' desc, pid limit 1", connection);
            if (await find.ExecuteScalarAsync() is not int id) return;
            await RunAsync("kill", "-KILL", id.ToString(CultureInfo.InvariantCulture));
            // The server notices a moment later, and until then takes connections as before: this one tells when it has thrown all out.
            while (await LivesAsync(connection)) Assert.True(Stopwatch.GetElapsedTime(began) < StartPatience, "The server does not notice.");
        }
        while (!await AnswersAsync()) Assert.True(Stopwatch.GetElapsedTime(began) < StartPatience, "The server does not recover.");
    }

    private static async Task<bool> LivesAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var ask = new NpgsqlCommand("select 1", connection);
            await ask.ExecuteScalarAsync();
            await Task.Delay(5);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            await Task.Delay(50);
            return false;
        }
    }

    /// <summary>A program that comes with the server, such as pg_dump.</summary>
    public static string Program(string name) => Path.Combine(Folder(), name);

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await CrashAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    private static async Task AsOwnerAsync(string program, params string[] arguments)
    {
        var (code, _, errors) = await AsOwnerRunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {errors}");
    }

    /// <summary>PostgreSQL refuses to run as root: then the user that Debian's package made runs it.</summary>
    private static Task<(int Code, string Output, string Errors)> AsOwnerRunAsync(string program, params string[] arguments) =>
        IsRoot ? Programs.RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", program, .. arguments]) : Programs.RunAsync(program, arguments);

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
}

internal static class Ports
{
    /// <summary>A port of this machine that nobody listens on.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
