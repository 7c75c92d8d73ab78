using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace Tokamak.App.Data;

/// <summary>The one pool of connections to a PostgreSQL server, once the server is known to keep what it acknowledged.</summary>
internal static class PostgresPool
{
    /// <summary>For a server that is thrown away after a test: anything but empty lets one serve that may lose commits in a crash.</summary>
    public const string MayLoseCommits = "TOKAMAK_SERVER_MAY_LOSE_COMMITS";

    private const int OldestServer = 15, StatementsPrepared = 200;

    public static async Task<NpgsqlDataSource> OpenAsync(DatabaseAddress address, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(address.Text)
        {
            // A transaction leaves nothing on its connection, so that there is nothing to reset.
            NoResetOnClose = true,
        };
        settings.ApplicationName ??= "tokamak";
        // The few statements of the writer come again and again: the server plans each once.
        if (settings.MaxAutoPrepare == 0) (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (StatementsPrepared, 2);
        var pool = NpgsqlDataSource.Create(settings.ConnectionString);
        try
        {
            await using var connection = await pool.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand("select current_setting('server_version_num'), current_setting('fsync'), current_setting('synchronous_commit')", connection);
            await using var row = await command.ExecuteReaderAsync(stop);
            await row.ReadAsync(stop);
            if (Refusal(int.Parse(row.GetString(0), CultureInfo.InvariantCulture), row.GetString(1), row.GetString(2)) is { } refusal)
                throw new WrongDatabaseException($"{address.Shown}: {refusal}");
            return pool;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            await pool.DisposeAsync();
            throw new WrongDatabaseException($"{address.Shown} cannot be reached ({e.Message.TrimEnd('.')}): see that the server runs, and that host, database, user and password are right.", e);
        }
        catch
        {
            await pool.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// How many turns of this pool may be held while others are taken beside them. If all connections were held by those who wait for one more,
    /// nobody would go on: so each that is held leaves one for a turn beside it, and one is left over for a look into the catalogue within that.
    /// </summary>
    public static int MostHeld(NpgsqlDataSource pool) => Math.Max(1, (new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize - 1) / 2);

    /// <summary>Why a server with these settings is not to be trusted with books; null if it is.</summary>
    public static string? Refusal(int version, string fsync, string synchronousCommit)
    {
        if (version / 10_000 < OldestServer) return $"the server is older than PostgreSQL {OldestServer}: update it.";
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(MayLoseCommits))) return null;
        if (fsync != "on") return $"the server runs with fsync = {fsync} and would lose or damage books in a crash: set fsync = on (or {MayLoseCommits}=1 for a server you throw away).";
        return synchronousCommit == "off"
            ? $"the server runs with synchronous_commit = off and would lose acknowledged sales in a crash: set it to on for this user and database (or {MayLoseCommits}=1 for a server you throw away)."
            : null;
    }
}
