using Npgsql;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

public sealed class PostgresPoolTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(150_004, "on", "on", null)]
    [InlineData(170_001, "on", "remote_apply", null)]
    [InlineData(150_004, "on", "local", null)]
    [InlineData(150_004, "off", "on", "fsync = off")]
    [InlineData(150_004, "on", "off", "synchronous_commit = off")]
    [InlineData(140_020, "on", "on", "older than PostgreSQL 15")]
    public void A_server_that_may_lose_what_it_acknowledged_is_refused(int version, string fsync, string synchronousCommit, string? refusal)
    {
        if (refusal is null) Assert.Null(PostgresPool.Refusal(version, fsync, synchronousCommit));
        else Assert.Contains(refusal, PostgresPool.Refusal(version, fsync, synchronousCommit), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_are_those_of_the_server_for_this_database()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        var name = new NpgsqlConnectionStringBuilder(database.Text).Database;
        await DatabasesTests.RunAsync(database.Text, $"alter database {name} set synchronous_commit = off");
        Assert.Contains("synchronous_commit = off", await DatabasesTests.RefusalAsync(database.OpenAsync), StringComparison.Ordinal);

        var (code, _, errors) = await Programs.RunAsync("env", $"{PostgresPool.MayLoseCommits}=1", Programs.Tokamak, "brand", "add", "shop", "--db", database.Text);
        Assert.True(code == 0, errors);
    }

    [Fact]
    public async Task A_connection_carries_nothing_from_one_brand_to_the_next()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await using var databases = await Databases.OpenAsync(new(Provider.Postgres, database.Text + ";Maximum Pool Size=1"), Stop);
        // One connection serves all, and so every brand after every other.
        var brands = new[] { await databases.BrandOrNewAsync("a", Stop), await databases.BrandOrNewAsync("b", Stop) };
        foreach (var brand in brands.Concat(brands))
        {
            Assert.Equal([$"brand_{brand.Name}"], await brand.ReadAsync("select current_schema()"));
            await using (var turn = await brand.BeginWriteAsync(Stop)) Assert.Equal([$"brand_{brand.Name}"], await turn.ReadAsync("select current_schema()"));
            Assert.Equal(["on"], await brand.ReadAsync("select current_setting('transaction_read_only')"));
        }
    }
}
