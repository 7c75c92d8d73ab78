using System.Globalization;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>Statements of tests, each run in a turn of its own.</summary>
internal static class Sql
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Writes and commits.</summary>
    public static async Task WriteAsync(this BrandDatabase brand, params string[] statements)
    {
        await using var turn = await brand.BeginWriteAsync(Stop);
        foreach (var sql in statements) await turn.RunAsync(sql);
        await turn.CommitAsync(Stop);
    }

    /// <summary>The first column of what a query finds, as text.</summary>
    public static async Task<List<string>> ReadAsync(this BrandDatabase brand, string sql)
    {
        await using var turn = await brand.BeginReadAsync(Stop);
        return await turn.ReadAsync(sql);
    }

    public static async Task RunAsync(this Turn turn, string sql)
    {
        await using var command = turn.Command(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public static async Task<List<string>> ReadAsync(this Turn turn, string sql)
    {
        await using var command = turn.Command(sql);
        await using var rows = await command.ExecuteReaderAsync(Stop);
        var found = new List<string>();
        while (await rows.ReadAsync(Stop)) found.Add(Convert.ToString(rows.GetValue(0), CultureInfo.InvariantCulture)!);
        return found;
    }
}
