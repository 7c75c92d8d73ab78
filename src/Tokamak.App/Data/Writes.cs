using System.Data.Common;
using Npgsql;

namespace Tokamak.App.Data;

/// <summary>
/// Many rows of several tables, written with as few round trips as there can be: on PostgreSQL arrays, all tables in one
/// message, and COPY where it is worth it; on SQLite, where a row costs no round trip, one prepared statement for each table.
/// What was not sent is not written.
/// </summary>
public sealed class Writes(Turn turn) : IAsyncDisposable
{
    /// <summary>From so many rows on COPY is faster than arrays.</summary>
    private const int WorthCopying = 2_000;

    private readonly NpgsqlBatch? _batch = turn.Connection is NpgsqlConnection postgres ? new NpgsqlBatch(postgres, (NpgsqlTransaction)turn.Transaction) { Timeout = turn.TimeoutSeconds } : null;

    public Task InsertAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken stop) =>
        rows.Count >= WorthCopying && turn.Connection is NpgsqlConnection postgres ? CopyAsync(postgres, rows, stop) : WriteAsync(rows, "", stop);

    /// <summary>Inserts, or replaces the row that has the key.</summary>
    public Task UpsertAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken stop) => WriteAsync(rows, Statements<TRow>.Replace, stop);

    /// <summary>Inserts, or adds the numbers to those of the row that has the key.</summary>
    public Task AddUpAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken stop) => WriteAsync(rows, Statements<TRow>.Add, stop);

    /// <summary>Inserts the rows whose key is not there yet.</summary>
    public Task InsertNewAsync<TRow>(IReadOnlyCollection<TRow> rows, CancellationToken stop) => WriteAsync(rows, " on conflict do nothing", stop);

    /// <summary>Any other statement, in its place among the rest.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken stop, params (string Name, object? Value)[] parameters)
    {
        await using var command = turn.Command(sql, parameters);
        if (_batch is null)
        {
            await command.ExecuteNonQueryAsync(stop);
            return;
        }
        var one = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters) one.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        _batch.BatchCommands.Add(one);
    }

    /// <summary>Sends what was gathered.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        if (_batch is null || _batch.BatchCommands.Count == 0) return;
        await _batch.ExecuteNonQueryAsync(stop);
        _batch.BatchCommands.Clear();
    }

    public ValueTask DisposeAsync() => _batch?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task WriteAsync<TRow>(IReadOnlyCollection<TRow> rows, string onConflict, CancellationToken stop)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        if (_batch is null) return WriteRowsAsync(rows, onConflict, stop);
        var command = new NpgsqlBatchCommand(Statements<TRow>.InsertArrays + onConflict);
        var columns = TableOf<TRow>.Columns;
        for (var place = 0; place < columns.Count; place++) command.Parameters.Add((NpgsqlParameter)columns[place].ArrayOf($"p{place}", rows));
        _batch.BatchCommands.Add(command);
        return Task.CompletedTask;
    }

    private static async Task CopyAsync<TRow>(NpgsqlConnection connection, IReadOnlyCollection<TRow> rows, CancellationToken stop)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {TableOf<TRow>.Name} ({TableOf<TRow>.ColumnNames}) from stdin (format binary)", stop);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(stop);
            foreach (var column in TableOf<TRow>.Columns) await column.CopyAsync(copy, row, stop);
        }
        await copy.CompleteAsync(stop);
    }

    private async Task WriteRowsAsync<TRow>(IReadOnlyCollection<TRow> rows, string onConflict, CancellationToken stop)
    {
        var columns = TableOf<TRow>.Columns;
        await using var command = turn.Command(Statements<TRow>.InsertRow + onConflict);
        var parameters = new DbParameter[columns.Count];
        for (var place = 0; place < parameters.Length; place++)
        {
            parameters[place] = command.CreateParameter();
            parameters[place].ParameterName = $"@p{place}";
            command.Parameters.Add(parameters[place]);
        }
        foreach (var row in rows)
        {
            for (var place = 0; place < parameters.Length; place++) parameters[place].Value = columns[place].Of(row) ?? DBNull.Value;
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>The statements for a table's rows, put together once.</summary>
    private static class Statements<TRow>
    {
        private static readonly string Into = $"insert into {TableOf<TRow>.Name} ({TableOf<TRow>.ColumnNames})";

        public static readonly string InsertArrays = $"{Into} select * from unnest({string.Join(", ", TableOf<TRow>.Columns.Select((column, place) => $"@p{place}::{column.PostgresType}[]"))})";
        public static readonly string InsertRow = $"{Into} values ({string.Join(", ", TableOf<TRow>.Columns.Select((_, place) => $"@p{place}"))})";
        public static readonly string Replace = OnConflict(column => $"excluded.{column}");
        public static readonly string Add = OnConflict(column => $"{TableOf<TRow>.Name}.{column} + excluded.{column}");

        private static string OnConflict(Func<string, string> value) =>
            $" on conflict ({string.Join(", ", TableOf<TRow>.Key)}) do update set {string.Join(", ", TableOf<TRow>.Values.Select(column => $"{column} = {value(column)}"))}";
    }
}
