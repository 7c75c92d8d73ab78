namespace Tokamak.App.Data;

/// <summary>Writes of a transaction that go to the database at once; <see cref="Writes"/> sends several together.</summary>
public static class RowWriting
{
    public static Task InsertAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) => turn.AtOnceAsync(writes => writes.InsertAsync(rows, stop), stop);

    /// <summary>Inserts, or replaces the row that has the key.</summary>
    public static Task UpsertAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) => turn.AtOnceAsync(writes => writes.UpsertAsync(rows, stop), stop);

    /// <summary>Inserts the rows whose key is not there yet.</summary>
    public static Task InsertNewAsync<TRow>(this Turn turn, IReadOnlyCollection<TRow> rows, CancellationToken stop) => turn.AtOnceAsync(writes => writes.InsertNewAsync(rows, stop), stop);

    private static async Task AtOnceAsync(this Turn turn, Func<Writes, Task> write, CancellationToken stop)
    {
        await using var writes = new Writes(turn);
        await write(writes);
        await writes.SendAsync(stop);
    }

    public static async Task<int> ExecuteAsync(this Turn turn, string sql, CancellationToken stop, params (string Name, object? Value)[] parameters)
    {
        await using var command = turn.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Deletes the rows that have one of the values in a column of text.</summary>
    public static Task<int> DeleteAsync<TRow>(this Turn turn, string column, IReadOnlyCollection<string> values, CancellationToken stop) =>
        turn.ExecuteAsync($"delete from {TableOf<TRow>.Name} where {turn.IsOneOf(column, "values")}", stop, turn.List("values", values));
}
