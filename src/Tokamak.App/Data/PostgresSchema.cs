using System.Data;
using System.Globalization;
using Npgsql;

namespace Tokamak.App.Data;

/// <summary>
/// A schema over the one pool of the server. Every transaction sets its schema for itself alone (<c>set local</c>), so that a pooled
/// connection, or a pooler in between, carries nothing from one brand to the next.
/// </summary>
/// <param name="pool">Of the server.</param>
/// <param name="held">Room for turns that are held, <see cref="PostgresPool.MostHeld"/>.</param>
/// <param name="name">The schema.</param>
/// <param name="server">What to call the server.</param>
internal sealed class PostgresSchema(NpgsqlDataSource pool, SemaphoreSlim held, string name, string server) : Place
{
    private const string SetSchema = "select set_config('search_path', quote_ident(@schema), true)";

    private volatile bool _closed;

    public override Provider Provider => Provider.Postgres;

    public override bool IsClosed => _closed;

    public override string Shown => $"schema {name} of {server}";

    protected override string TableCount => "select count(*) from (select tablename as name from pg_tables where schemaname = current_schema()) t where true";

    public override Task<Turn> BeginReadAsync(CancellationToken stop) => BeginReadAsync(() => { }, stop);

    public override async Task<Turn> BeginHeldReadAsync(CancellationToken stop)
    {
        await held.WaitAsync(stop);
        try
        {
            return await BeginReadAsync(() => held.Release(), stop);
        }
        catch
        {
            held.Release();
            throw;
        }
    }

    public override async Task MakeAsync(Turn turn, CancellationToken stop)
    {
        await using var create = turn.Command($"create schema if not exists \"{name}\"");
        await create.ExecuteNonQueryAsync(stop);
    }

    protected override async Task<Turn> BeginWriteAsync(Action next, TimeSpan? mostIdle, CancellationToken stop)
    {
        // A lock of the transaction: the server lets go of it with the commit, or when the process or the line to it dies.
        var turn = await BeginAsync(IsolationLevel.ReadCommitted, next, stop);
        var wait = new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended('tokamak writer of ' || @schema, 0))") { Parameters = { new("schema", name) } };
        if (mostIdle is not { } idle) return await SetUpAsync(turn, [SchemaCommand(), wait], stop);
        var limit = new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"set local idle_in_transaction_session_timeout = {(int)idle.TotalMilliseconds}"));
        return await SetUpAsync(turn, [SchemaCommand(), limit, wait], stop);
    }

    public override ValueTask DisposeAsync()
    {
        _closed = true;
        return ValueTask.CompletedTask;
    }

    private async Task<Turn> BeginReadAsync(Action next, CancellationToken stop)
    {
        // The select that sets the schema also takes the snapshot.
        var turn = await BeginAsync(IsolationLevel.RepeatableRead, next, stop);
        return await SetUpAsync(turn, [new("set transaction read only"), SchemaCommand()], stop);
    }

    private NpgsqlBatchCommand SchemaCommand() => new(SetSchema) { Parameters = { new("schema", name) } };

    private async Task<(NpgsqlConnection, NpgsqlTransaction, Action)> BeginAsync(IsolationLevel level, Action next, CancellationToken stop)
    {
        var connection = await pool.OpenConnectionAsync(stop);
        try
        {
            return (connection, await connection.BeginTransactionAsync(level, stop), next);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<Turn> SetUpAsync((NpgsqlConnection Connection, NpgsqlTransaction Transaction, Action Next) begun, NpgsqlBatchCommand[] commands, CancellationToken stop)
    {
        try
        {
            // A writer waits as long as the one before it takes; who asked can stop waiting.
            await using var batch = new NpgsqlBatch(begun.Connection, begun.Transaction) { Timeout = 0 };
            foreach (var command in commands) batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(stop);
        }
        catch
        {
            await begun.Transaction.DisposeAsync();
            await begun.Connection.DisposeAsync();
            throw;
        }
        return new Turn(Provider.Postgres, begun.Transaction, async () =>
        {
            try
            {
                await begun.Connection.DisposeAsync();
            }
            finally
            {
                begun.Next();
            }
        });
    }
}
