using System.Data.Common;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

public sealed class DatabasesTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Brands_are_apart(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        var one = await databases.AddBrandAsync("one", null, Stop);
        var other = await databases.AddBrandAsync("other-2", null, Stop);
        await RunAsync(one, "create table note (what text)", "insert into note values ('of one')");
        await RunAsync(other, "create table note (what text)", "insert into note values ('of the other')");

        Assert.Equal(["of one"], await ReadAsync(one, "select what from note"));
        Assert.Equal(["of the other"], await ReadAsync(other, "select what from note"));
    }

    private static async Task RunAsync(BrandDatabase brand, params string[] statements)
    {
        await using var turn = await brand.BeginWriteAsync(Stop);
        foreach (var sql in statements)
        {
            await using var command = turn.Command(sql);
            await command.ExecuteNonQueryAsync(Stop);
        }
        await turn.CommitAsync(Stop);
    }

    private static async Task<List<string>> ReadAsync(BrandDatabase brand, string sql)
    {
        await using var turn = await brand.BeginReadAsync(Stop);
        await using var command = turn.Command(sql);
        await using var rows = await command.ExecuteReaderAsync(Stop);
        var found = new List<string>();
        while (await rows.ReadAsync(Stop)) found.Add(rows.GetString(0));
        return found;
    }
}
