using System.Data.Common;
using System.Globalization;

namespace Tokamak.App.Data;

/// <summary>The brands and their host names, as rows of the catalogue.</summary>
internal static class Catalogue
{
    public static async Task<IReadOnlyList<CataloguedBrand>> BrandsAsync(Turn turn, CancellationToken stop)
    {
        await using var select = turn.Command("select b.name, h.host from brand b left join brand_host h on h.brand = b.name order by b.name, h.host");
        await using var rows = await select.ExecuteReaderAsync(stop);
        var found = new List<(string Name, string? Host)>();
        while (await rows.ReadAsync(stop)) found.Add((rows.GetString(0), await rows.IsDBNullAsync(1, stop) ? null : rows.GetString(1)));
        return [.. found.GroupBy(row => row.Name).Select(brand => new CataloguedBrand(brand.Key, [.. brand.Select(row => row.Host).OfType<string>()]))];
    }

    /// <returns>Whether its books were made; null: there is no such brand.</returns>
    public static async Task<bool?> IsMadeAsync(Turn turn, string name, CancellationToken stop)
    {
        await using var select = turn.Command("select made from brand where name = @name", ("name", name));
        return await select.ExecuteScalarAsync(stop) is { } made ? Convert.ToBoolean(made, CultureInfo.InvariantCulture) : null;
    }

    public static async Task<string?> BrandOfHostAsync(Turn turn, string host, CancellationToken stop)
    {
        await using var select = turn.Command("select brand from brand_host where host = @host", ("host", host));
        return (string?)await select.ExecuteScalarAsync(stop);
    }

    public static Task AddAsync(Turn turn, string name, CancellationToken stop) =>
        RunAsync(turn.Command("insert into brand (name) values (@name)", ("name", name)), stop);

    public static Task AddHostAsync(Turn turn, string name, string host, CancellationToken stop) =>
        RunAsync(turn.Command("insert into brand_host (host, brand) values (@host, @name)", ("host", host), ("name", name)), stop);

    public static Task NoteMadeAsync(Turn turn, string name, CancellationToken stop) =>
        RunAsync(turn.Command("update brand set made = @made where name = @name", ("made", true), ("name", name)), stop);

    private static async Task RunAsync(DbCommand command, CancellationToken stop)
    {
        await using (command) await command.ExecuteNonQueryAsync(stop);
    }
}
