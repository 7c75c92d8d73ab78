using System.ComponentModel.DataAnnotations.Schema;
using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Tokamak.App.Data;

/// <summary>How rows of a type lie in their table: read once from the row's own properties, as the EF model does.</summary>
internal static class TableOf<TRow>
{
    public static readonly string Name = typeof(TRow).GetCustomAttribute<TableAttribute>()!.Name;

    public static readonly IReadOnlyList<ColumnOf<TRow>> Columns = [.. typeof(TRow).GetProperties().Select(Column)];

    public static readonly IReadOnlyList<string> Key =
        [.. typeof(TRow).GetCustomAttribute<PrimaryKeyAttribute>()!.PropertyNames.Select(SnakeCase.Of)];

    public static readonly string ColumnNames = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Columns that are no part of the key.</summary>
    public static IEnumerable<string> Values => Columns.Select(column => column.Name).Except(Key);

    private static ColumnOf<TRow> Column(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var name = SnakeCase.Of(property.Name);
        if (type == typeof(string)) return new TypedColumn<TRow, string?>(name, Getter<string?>(property), "text", NpgsqlDbType.Text);
        if (type == typeof(long)) return new TypedColumn<TRow, long?>(name, Getter<long?>(property), "bigint", NpgsqlDbType.Bigint);
        if (type == typeof(int)) return new TypedColumn<TRow, int?>(name, Getter<int?>(property), "integer", NpgsqlDbType.Integer);
        if (type == typeof(short) || type.IsEnum) return new TypedColumn<TRow, short?>(name, Getter<short?>(property), "smallint", NpgsqlDbType.Smallint);
        if (type == typeof(DateOnly)) return new TypedColumn<TRow, DateOnly?>(name, Getter<DateOnly?>(property), "date", NpgsqlDbType.Date);
        if (type == typeof(bool)) return new TypedColumn<TRow, bool?>(name, Getter<bool?>(property), "boolean", NpgsqlDbType.Boolean);
        throw new InvalidOperationException($"{typeof(TRow).Name}.{property.Name} is of a type that no column has.");
    }

    private static Func<TRow, TValue> Getter<TValue>(PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.Convert(Expression.Property(row, property), typeof(TValue)), row).Compile();
    }
}

/// <summary>One column of a table, by its type.</summary>
internal abstract class ColumnOf<TRow>(string name, string postgresType)
{
    public string Name => name;

    /// <summary>As PostgreSQL calls it.</summary>
    public string PostgresType => postgresType;

    public abstract object? Of(TRow row);

    /// <summary>The column of many rows as one array parameter.</summary>
    public abstract DbParameter ArrayOf(string parameter, IReadOnlyCollection<TRow> rows);

    public abstract Task CopyAsync(NpgsqlBinaryImporter copy, TRow row, CancellationToken stop);
}

internal sealed class TypedColumn<TRow, TValue>(string name, Func<TRow, TValue> get, string postgresType, NpgsqlDbType type)
    : ColumnOf<TRow>(name, postgresType)
{
    public override object? Of(TRow row) => get(row);

    public override DbParameter ArrayOf(string parameter, IReadOnlyCollection<TRow> rows)
    {
        var values = new TValue[rows.Count];
        var at = 0;
        foreach (var row in rows) values[at++] = get(row);
        return new NpgsqlParameter(parameter, NpgsqlDbType.Array | type) { Value = values };
    }

    public override Task CopyAsync(NpgsqlBinaryImporter copy, TRow row, CancellationToken stop) =>
        get(row) is { } value ? copy.WriteAsync(value, type, stop) : copy.WriteNullAsync(stop);
}
