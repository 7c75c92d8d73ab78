using System.Data.Common;
using Npgsql;

namespace Tokamak.App.Data;

/// <summary>
/// Writes many rows at once: COPY and arrays on PostgreSQL, one prepared statement on SQLite, where a row costs no round trip.
/// </summary>
public static class RowWriting
{
    /// <summary>From so many rows on COPY is faster than arrays.</summary>
    private const int WorthCopying = 200;

    public static async Task InsertAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop)
    {
        if (rows.Count == 0) return;
        if (turn.Connection is NpgsqlConnection postgres && rows.Count >= WorthCopying) await CopyAsync(postgres, rows, stop);
        else await WriteAsync(turn, rows, "", stop);
    }

    /// <summary>Inserts, or replaces the row that has the key.</summary>
    public static Task UpsertAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) =>
        WriteAsync(turn, rows, OnConflict<TRow>(column => $"excluded.{column}"), stop);

    /// <summary>Inserts, or adds the numbers to those of the row that has the key.</summary>
    public static Task AddUpAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) =>
        WriteAsync(turn, rows, OnConflict<TRow>(column => $"{TableOf<TRow>.Name}.{column} + excluded.{column}"), stop);

    /// <summary>Inserts the rows whose key is not there yet.</summary>
    public static Task InsertNewAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) =>
        WriteAsync(turn, rows, " on conflict do nothing", stop);

    public static async Task<int> ExecuteAsync(this Turn turn, string sql, CancellationToken stop, params (string Name, object? Value)[] parameters)
    {
        await using var command = turn.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Deletes the rows that have one of the values in a column of text.</summary>
    public static Task<int> DeleteAsync<TRow>(this Turn turn, string column, IReadOnlyCollection<string> values, CancellationToken stop) =>
        turn.ExecuteAsync(
            turn.Provider == Provider.Postgres
                ? $"delete from {TableOf<TRow>.Name} where {column} = any(@values)"
                : $"delete from {TableOf<TRow>.Name} where {column} in (select value from json_each(@values))",
            stop, ("values", turn.Provider == Provider.Postgres ? values.ToArray() : System.Text.Json.JsonSerializer.Serialize(values)));

    private static string OnConflict<TRow>(Func<string, string> value) =>
        $" on conflict ({string.Join(", ", TableOf<TRow>.Key)}) do update set {string.Join(", ", TableOf<TRow>.Values.Select(column => $"{column} = {value(column)}"))}";

    private static Task WriteAsync<TRow>(Turn turn, IReadOnlyCollection<TRow> rows, string onConflict, CancellationToken stop) =>
        rows.Count == 0 ? Task.CompletedTask
        : turn.Provider == Provider.Postgres ? WriteArraysAsync(turn, rows, onConflict, stop)
        : WriteRowsAsync(turn, rows, onConflict, stop);

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

    private static async Task WriteArraysAsync<TRow>(Turn turn, IReadOnlyCollection<TRow> rows, string onConflict, CancellationToken stop)
    {
        var columns = TableOf<TRow>.Columns;
        var arrays = string.Join(", ", columns.Select((column, place) => $"@p{place}::{column.PostgresType}[]"));
        await using var command = turn.Command(
            $"insert into {TableOf<TRow>.Name} ({TableOf<TRow>.ColumnNames}) select * from unnest({arrays}){onConflict}");
        for (var place = 0; place < columns.Count; place++) command.Parameters.Add(columns[place].ArrayOf($"p{place}", rows));
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task WriteRowsAsync<TRow>(Turn turn, IReadOnlyCollection<TRow> rows, string onConflict, CancellationToken stop)
    {
        var columns = TableOf<TRow>.Columns;
        var places = string.Join(", ", columns.Select((_, place) => $"@p{place}"));
        await using var command = turn.Command($"insert into {TableOf<TRow>.Name} ({TableOf<TRow>.ColumnNames}) values ({places}){onConflict}");
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
}
