using System.Data.Common;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>Transactions: readers that only read, one writer at a time.</summary>
public sealed class TurnTests(PostgresServer server)
{
    private static readonly TimeSpan AWhile = TimeSpan.FromMilliseconds(200);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [EveryDatabase("insert into setting (name, value) values ('a', 'b')")]
    [EveryDatabase("create table mine (a integer)")]
    [EveryDatabase("delete from setting")]
    public async Task A_reader_cannot_write(Provider provider, string sql)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        await using var turn = await shop.Brand.BeginReadAsync(Stop);
        await Assert.ThrowsAnyAsync<DbException>(() => turn.RunAsync(sql));
    }

    [Theory, EveryDatabase]
    public async Task A_reader_sees_the_moment_in_which_it_began(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        await using var before = await shop.Brand.BeginReadAsync(Stop);
        await shop.Brand.WriteAsync("insert into setting (name, value) values ('a', 'b')");
        Assert.Equal(["0"], await before.ReadAsync("select count(*) from setting"));
        Assert.Equal(["1"], await shop.Brand.ReadAsync("select count(*) from setting"));
    }

    [Theory, EveryDatabase]
    public async Task What_was_not_committed_did_not_happen(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        await using (var turn = await shop.Brand.BeginWriteAsync(Stop)) await turn.RunAsync("insert into setting (name, value) values ('a', 'b')");
        await using (var turn = await shop.Brand.BeginWriteAsync(Stop))
        {
            await turn.RunAsync("insert into setting (name, value) values ('c', 'd')");
            await Assert.ThrowsAnyAsync<DbException>(() => turn.RunAsync("insert into nowhere values (1)"));
        }
        Assert.Empty(await shop.Brand.ReadAsync("select name from setting"));
    }

    [Theory, EveryDatabase]
    public async Task One_writes_at_a_time_and_the_next_sees_what_it_did(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        var first = await shop.Brand.BeginWriteAsync(Stop);
        var second = shop.Brand.BeginWriteAsync(Stop);
        await Task.Delay(AWhile, Stop);
        Assert.False(second.IsCompleted);
        await first.RunAsync("insert into setting (name, value) values ('a', 'b')");
        await first.CommitAsync(Stop);
        await first.DisposeAsync();

        await using var then = await second;
        Assert.Equal(["b"], await then.ReadAsync("select value from setting"));
    }

    [Theory, EveryDatabase]
    public async Task A_brand_does_not_wait_for_the_writer_of_another(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        var other = await shop.Databases.AddBrandAsync("other", null, Stop);
        await using var first = await shop.Brand.BeginWriteAsync(Stop);
        await other.WriteAsync("insert into setting (name, value) values ('a', 'b')");
        await using var catalogue = await shop.Databases.BeginCatalogueWriteAsync(Stop);
    }

    [Theory, EveryDatabase]
    public async Task Who_stops_waiting_loses_nothing_for_the_others(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        using var impatient = new CancellationTokenSource(AWhile);
        await using (await shop.Brand.BeginWriteAsync(Stop))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Brand.BeginWriteAsync(impatient.Token));
        await shop.Brand.WriteAsync("insert into setting (name, value) values ('a', 'b')");
    }

    [Theory, EveryDatabase]
    public async Task Many_writers_add_up(Provider provider)
    {
        await using var shop = await Shop.OpenAsync(provider, server);
        await shop.Brand.WriteAsync("create table counter (n integer)", "insert into counter values (0)");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await using var turn = await shop.Brand.BeginWriteAsync(Stop);
                var n = int.Parse((await turn.ReadAsync("select n from counter"))[0], System.Globalization.CultureInfo.InvariantCulture);
                await turn.RunAsync($"update counter set n = {n + 1}");
                await turn.CommitAsync(Stop);
            }
        }, Stop)));
        Assert.Equal(["80"], await shop.Brand.ReadAsync("select n from counter"));
    }

    [Fact]
    public async Task On_PostgreSQL_two_processes_take_turns_and_one_that_dies_lets_go()
    {
        await using var shop = await Shop.OpenAsync(Provider.Postgres, server);
        await using var elsewhere = await shop.Database.OpenAsync();
        var there = await elsewhere.BrandAsync("shop", Stop);

        await using var first = await there.BeginWriteAsync(Stop);
        var pid = (await first.ReadAsync("select pg_backend_pid()"))[0];
        var second = shop.Brand.BeginWriteAsync(Stop);
        using var impatient = new CancellationTokenSource(AWhile);
        await using var third = await shop.Database.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (await third.BrandAsync("shop", Stop)).BeginWriteAsync(impatient.Token));
        Assert.False(second.IsCompleted);

        await DatabasesTests.RunAsync(shop.Database.Text, $"select pg_terminate_backend({pid})");
        await using var then = await second.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    /// <summary>A brand "shop" in a fresh database.</summary>
    private sealed record Shop(TestDatabase Database, Databases Databases, BrandDatabase Brand) : IAsyncDisposable
    {
        public static async Task<Shop> OpenAsync(Provider provider, PostgresServer server)
        {
            var database = await TestDatabase.CreateAsync(provider, server);
            var databases = await database.OpenAsync();
            return new(database, databases, await databases.AddBrandAsync("shop", null, Stop));
        }

        public async ValueTask DisposeAsync()
        {
            await Databases.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
