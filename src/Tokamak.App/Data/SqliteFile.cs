using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tokamak.App.Data;

/// <summary>
/// A SQLite file in WAL mode. One connection, opened first and closed last, alone writes and checkpoints; readers have read-only
/// connections of their own. Several connections that write or checkpoint can damage a WAL database in SQLite before 3.50.7 and 3.51.3.
/// </summary>
internal sealed class SqliteFile : Place
{
    /// <summary>Says inside the file what it is (PRAGMA application_id): "Tok" and a letter.</summary>
    public const int Catalogue = 0x546F6B43, Brand = 0x546F6B42;

    private const string LongestWait = "pragma busy_timeout = 10000";

    private static readonly (string Pragma, string Value)[] Durable = [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("query_only", "0")];
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private readonly int _kind;
    private readonly SqliteConnection _write;
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private int _reading;
    private volatile bool _closing;

    private SqliteFile(string path, int kind, SqliteConnection write) => (_path, _kind, _write) = (path, kind, write);

    public override Provider Provider => Provider.Sqlite;

    public override string Shown => _path;

    protected override string TableCount => "select count(*) from sqlite_schema where type = 'table'";

    /// <summary><c>x.NAME.db</c> beside <c>x.db</c>.</summary>
    public static string OfBrand(string catalogue, string brand) =>
        Path.Combine(Path.GetDirectoryName(catalogue)!, $"{Path.GetFileNameWithoutExtension(catalogue)}.{brand}{(Path.GetExtension(catalogue) is { Length: > 0 } ending ? ending : ".db")}");

    /// <summary>The file that a path leads to, links followed.</summary>
    public static string Real(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : path;

    /// <param name="mayMake">False: the file must be there.</param>
    public static SqliteFile Open(string path, int kind, bool mayMake)
    {
        if (!mayMake && !File.Exists(path))
            throw new WrongDatabaseException($"{path} is missing, and the catalogue says it was there: bring it back from a backup (tokamak restore).");
        SqliteConnection? write = null;
        try
        {
            // Before a connection that writes comes near it: the file may be another's, and in use.
            if (File.Exists(path)) RefuseOther(path, kind);
            write = Connect(path, mayMake ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
            // What is deleted is overwritten (docs/adr/0013).
            Run(write, "pragma journal_mode = wal; pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on; pragma secure_delete = on; select count(*) from sqlite_schema");
            foreach (var (pragma, value) in Durable)
                if (Read(write, pragma) is var found && found != value)
                    throw new WrongDatabaseException($"{path}: SQLite keeps {pragma} = {found} where {value} is needed, so a power cut could lose what was saved: put the file on a local disk.");
            return new SqliteFile(path, kind, write);
        }
        catch (SqliteException e)
        {
            write?.Dispose();
            throw new WrongDatabaseException($"{path} cannot be opened as a SQLite database ({e.Message.TrimEnd('.')}): name another file with --db, or see that you may read and write there.", e);
        }
        catch
        {
            write?.Dispose();
            throw;
        }
    }

    public override bool IsClosed => _closing;

    public override async Task<Turn> BeginReadAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _reading);
        SqliteConnection? connection = null;
        try
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            if (!_idle.TryTake(out connection)) connection = Connect(_path, SqliteOpenMode.ReadOnly);
            var transaction = connection.BeginTransaction(deferred: true);
            // SQLite takes the snapshot at the first read.
            await using var look = connection.CreateCommand();
            look.Transaction = transaction;
            look.CommandText = "select count(*) from sqlite_schema where name = ''";
            look.ExecuteScalar();
            return new Turn(Provider.Sqlite, transaction, () => StopReadingAsync(connection));
        }
        catch
        {
            if (connection is not null) await connection.DisposeAsync();
            Interlocked.Decrement(ref _reading);
            throw;
        }
    }

    public override async Task MakeAsync(Turn turn, CancellationToken stop)
    {
        await using var mark = turn.Command(string.Create(CultureInfo.InvariantCulture, $"pragma application_id = {_kind}"));
        await mark.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Empties the log beside the file, which still holds pages as they were before. Where somebody reads from it, nobody is kept waiting.</summary>
    public override async Task<bool> ForgetLogAsync(CancellationToken stop)
    {
        await Writer.WaitAsync(stop);
        try
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            Run(_write, "pragma busy_timeout = 0");
            return Read(_write, "wal_checkpoint(truncate)") == "0";
        }
        finally
        {
            Run(_write, LongestWait);
            Writer.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        _closing = true;
        // Closes last: what still reads or writes ends first, unless it never does.
        var deadline = DateTime.UtcNow + LongestGoodbye;
        while (Volatile.Read(ref _reading) > 0 && DateTime.UtcNow < deadline) await Task.Delay(10);
        await Writer.WaitAsync(LongestGoodbye);
        while (_idle.TryTake(out var connection)) await connection.DisposeAsync();
        await _write.DisposeAsync();
    }

    protected override Task<Turn> BeginWriteAsync(Action next, TimeSpan? mostIdle, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_closing, this);
        return Task.FromResult(new Turn(Provider.Sqlite, _write.BeginTransaction(deferred: false), () =>
        {
            next();
            return ValueTask.CompletedTask;
        }));
    }

    private async ValueTask StopReadingAsync(SqliteConnection connection)
    {
        if (_closing) await connection.DisposeAsync();
        else _idle.Add(connection);
        Interlocked.Decrement(ref _reading);
    }

    /// <summary>A connection that closes when it is disposed; the pool of the library would keep it open beyond the writer's.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, ForeignKeys = true }.ConnectionString);
        try
        {
            connection.Open();
            Run(connection, mode == SqliteOpenMode.ReadOnly ? $"{LongestWait}; pragma query_only = on" : LongestWait);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a file of another program, or the books of a brand where a catalogue is asked for, without writing to it.</summary>
    public static void RefuseOther(string path, int kind)
    {
        using var look = Connect(path, SqliteOpenMode.ReadOnly);
        var found = int.Parse(Read(look, "application_id"), CultureInfo.InvariantCulture);
        var isNew = found == 0 && Read(look, "schema_version") == "0";
        if (!isNew && found != kind) throw new WrongDatabaseException(WrongKind(path, found, kind));
    }

    private static string WrongKind(string path, int found, int asked) => (found, asked) switch
    {
        (Brand, Catalogue) => $"{path} holds the books of one brand: name the catalogue beside it with --db, and the brand with --brand.",
        (Catalogue, Brand) => $"{path} is a catalogue, not the books of a brand: move it away, or name another catalogue with --db.",
        _ => $"{path} is a SQLite database of another program: name another file with --db.",
    };

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The value of a pragma.</summary>
    public static string Read(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma " + pragma;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }
}
