using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>The tables that the numbered SQL files make are the tables of the EF model: every column, its type, whether it may be null, and the keys.</summary>
public sealed class SchemaTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_brands_tables_are_those_of_the_model(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        var brand = await databases.AddBrandAsync("one", null, Stop);
        await using var turn = await brand.BeginReadAsync(Stop);
        await using var context = turn.Books();
        Assert.Equal(Modelled(context), await MadeAsync(turn));
    }

    [Theory, EveryDatabase]
    public async Task The_catalogues_tables_of_accounts_are_those_of_the_model(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        await using var turn = await databases.BeginCatalogueReadAsync(Stop);
        await using var context = AccountsContext.Over(turn);
        var modelled = Modelled(context);
        var tables = modelled.Select(column => column.Split('.')[0]).ToHashSet();
        Assert.Equal(modelled, (await MadeAsync(turn)).Where(column => tables.Contains(column.Split('.')[0])));
    }

    private static List<string> Modelled(DbContext context) =>
    [
        .. context.Model.GetEntityTypes().SelectMany(row => row.GetProperties().Select(property =>
            $"{row.GetTableName()}.{property.GetColumnName()} {property.GetColumnType().ToLowerInvariant()}{(property.IsNullable ? " null" : "")}{(property.IsPrimaryKey() ? " key" : "")}"))
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<List<string>> MadeAsync(Turn turn)
    {
        var columns = await turn.ReadAsync(
            turn.Provider == Provider.Postgres
                ? """
                  select c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES', exists (
                    select 1 from information_schema.table_constraints t join information_schema.key_column_usage k using (constraint_schema, constraint_name)
                    where t.constraint_type = 'PRIMARY KEY' and t.table_schema = c.table_schema and k.table_name = c.table_name and k.column_name = c.column_name)
                  from information_schema.columns c where c.table_schema = current_schema()
                  """
                : "select t.name, c.name, lower(c.type), c.\"notnull\" = 0 and c.pk = 0, c.pk > 0 from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite%'",
            row => (Table: row.GetString(0), Words: $"{row.GetString(0)}.{row.GetString(1)} {row.GetString(2)}{(row.GetBoolean(3) ? " null" : "")}{(row.GetBoolean(4) ? " key" : "")}"), Stop);
        return [.. columns.Where(column => column.Table != "migration").Select(column => column.Words).Order(StringComparer.Ordinal)];
    }
}
