using System.Data.Common;
using Npgsql;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

public sealed class MigrationsTests(PostgresServer server)
{
    private static readonly Migration One = new(1, "one", "create table one (a integer); insert into one values (1);");
    private static readonly Migration Two = new(2, "two", "create table two (a integer); insert into two select a + 1 from one;");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task They_are_applied_in_order_each_once(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        Assert.Equal([One], await new Migrations([One]).ApplyAsync(ground.Place, mayBeEmpty: true, Stop));
        Assert.Equal([Two], await new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
        Assert.Empty(await new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
        Assert.Equal(["2"], await ground.ReadAsync("select a from two"));
        Assert.Equal([One.Sha256, Two.Sha256], await ground.ReadAsync("select sha256 from migration order by number"));
    }

    [Theory, EveryDatabase]
    public async Task One_that_fails_leaves_nothing_of_itself_and_keeps_those_before(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        var broken = new Migration(2, "two", "create table two (a integer); insert into nowhere values (1);");
        await Assert.ThrowsAnyAsync<DbException>(() => new Migrations([One, broken]).ApplyAsync(ground.Place, mayBeEmpty: true, Stop));
        Assert.Equal(["1"], await ground.ReadAsync("select number from migration"));
        Assert.Equal([Two], await new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
    }

    [Theory, EveryDatabase]
    public async Task One_that_was_changed_after_it_was_applied_is_refused(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        await new Migrations([One]).ApplyAsync(ground.Place, mayBeEmpty: true, Stop);
        foreach (var changed in new[] { One with { Name = "uno" }, new Migration(1, "one", One.Sql + " ") })
        {
            var refusal = await DatabasesTests.RefusalAsync(() => new Migrations([changed, Two]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
            Assert.Contains("0001-one", refusal, StringComparison.Ordinal);
        }
        Assert.Equal(["1"], await ground.ReadAsync("select number from migration"));
    }

    [Theory, EveryDatabase]
    public async Task A_database_of_a_newer_program_is_refused(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        await new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: true, Stop);
        var refusal = await DatabasesTests.RefusalAsync(() => new Migrations([One]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
        Assert.Contains("newer", refusal, StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task A_gap_in_what_was_applied_is_refused(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        await new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: true, Stop);
        await using (var turn = await ground.Place.BeginWriteAsync(Stop))
        {
            await turn.RunAsync("delete from migration where number = 1");
            await turn.CommitAsync(Stop);
        }
        await DatabasesTests.RefusalAsync(() => new Migrations([One, Two]).ApplyAsync(ground.Place, mayBeEmpty: false, Stop));
    }

    [Theory, EveryDatabase]
    public async Task Several_at_once_apply_each_of_them_once(Provider provider)
    {
        await using var ground = await Ground.NewAsync(provider, server);
        var all = new Migrations([One, Two]);
        var applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => all.ApplyAsync(ground.Place, mayBeEmpty: true, Stop), Stop)));
        Assert.Equal([One, Two], applied.SelectMany(some => some).OrderBy(migration => migration.Number));
    }

    [Fact]
    public async Task Several_processes_may_open_a_fresh_PostgreSQL_database_at_once()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            await using var databases = await database.OpenAsync();
            Assert.Empty(await (await databases.BrandOrNewAsync("main", Stop)).ReadAsync("select name from setting"));
        }, Stop)));
    }

    [Fact]
    public void Both_databases_have_the_same_migrations()
    {
        foreach (var of in new[] { "catalogue", "brand" })
        {
            var lite = Migration.Embedded(Provider.Sqlite, of).Select(migration => migration.ToString()).ToList();
            Assert.NotEmpty(lite);
            Assert.Equal(lite, Migration.Embedded(Provider.Postgres, of).Select(migration => migration.ToString()));
        }
    }

    [Fact]
    public void Numbers_have_no_gap() => Assert.Throws<InvalidOperationException>(() => new Migrations([Two]));

    [Fact]
    public void A_checksum_does_not_depend_on_line_ends() =>
        Assert.All(Migration.Embedded(Provider.Sqlite, "brand"), migration => Assert.DoesNotContain('\r', migration.Sql));

    /// <summary>An empty place without a catalogue.</summary>
    private sealed record Ground(TestDatabase Database, Place Place, NpgsqlDataSource? Pool) : IAsyncDisposable
    {
        public static async Task<Ground> NewAsync(Provider provider, PostgresServer server)
        {
            var database = await TestDatabase.CreateAsync(provider, server);
            if (provider == Provider.Sqlite) return new(database, SqliteFile.Open(database.Text, SqliteFile.Brand, mayMake: true), null);
            var pool = await PostgresPool.OpenAsync(database.Address, Stop);
            return new(database, new PostgresSchema(pool, new SemaphoreSlim(1), "brand_a-b", "the test"), pool);
        }

        public async Task<List<string>> ReadAsync(string sql)
        {
            await using var turn = await Place.BeginReadAsync(Stop);
            return await turn.ReadAsync(sql);
        }

        public async ValueTask DisposeAsync()
        {
            await Place.DisposeAsync();
            if (Pool is not null) await Pool.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
