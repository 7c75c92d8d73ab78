using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Data;

/// <summary>Reads of a transaction: by the EF model, or by a statement of one's own.</summary>
public static class TurnReading
{
    /// <summary>The brand's tables, as this transaction sees them; dispose it before the turn.</summary>
    public static BrandContext Books(this Turn turn)
    {
        var options = new DbContextOptionsBuilder<BrandContext>().UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
        // A list of ids is one parameter, however long: an array on PostgreSQL, JSON on SQLite. Null compares as in SQL: to search
        // a list for null as well, which is never meant, would look at every row.
        if (turn.Provider == Provider.Postgres) options.UseNpgsql(turn.Connection, o => o.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter).UseRelationalNulls());
        else options.UseSqlite(turn.Connection, o => o.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter).UseRelationalNulls());
        var context = new BrandContext(options.Options);
        context.Database.UseTransaction(turn.Transaction);
        context.Database.SetCommandTimeout(turn.TimeoutSeconds);
        return context;
    }

    public static async Task<List<T>> ReadAsync<T>(
        this Turn turn, string sql, Func<DbDataReader, T> read, CancellationToken stop, params (string Name, object? Value)[] parameters)
    {
        await using var command = turn.Command(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(stop);
        var list = new List<T>();
        while (await rows.ReadAsync(stop)) list.Add(read(rows));
        return list;
    }

    public static async Task<long> CountAsync(this Turn turn, string sql, CancellationToken stop, params (string Name, object? Value)[] parameters)
    {
        await using var command = turn.Command(sql, parameters);
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The condition that a column of text has one of the values of a <see cref="List"/>.</summary>
    public static string IsOneOf(this Turn turn, string column, string parameter) =>
        turn.Provider == Provider.Postgres ? $"{column} = any(@{parameter})" : $"{column} in (select value from json_each(@{parameter}))";

    /// <summary>A list as one parameter, however long.</summary>
    public static (string Name, object? Value) List(this Turn turn, string name, IReadOnlyCollection<string> values) =>
        (name, turn.Provider == Provider.Postgres ? values.ToArray() : JsonSerializer.Serialize(values));
}
