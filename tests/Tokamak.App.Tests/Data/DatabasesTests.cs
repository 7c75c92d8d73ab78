using Npgsql;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>The catalogue of brands, on every database.</summary>
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
        await one.WriteAsync("create table note (what text)", "insert into note values ('of one')");
        await other.WriteAsync("create table note (what text)", "insert into note values ('of the other')");

        Assert.Equal(["of one"], await one.ReadAsync("select what from note"));
        Assert.Equal(["of the other"], await other.ReadAsync("select what from note"));
        await using var turn = await databases.BeginCatalogueReadAsync(Stop);
        await Assert.ThrowsAnyAsync<Exception>(() => turn.ReadAsync("select what from note"));
    }

    [Theory, EveryDatabase]
    public async Task What_was_saved_is_there_when_opened_again(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using (var databases = await database.OpenAsync())
            await (await databases.AddBrandAsync("shop", "shop.example.com", Stop)).WriteAsync("insert into setting (name, value) values ('a', 'b')");

        await using var again = await database.OpenAsync();
        var brand = Assert.Single(await again.BrandsAsync(Stop));
        Assert.Equal("shop", brand.Name);
        Assert.Equal(["shop.example.com"], brand.Hosts);
        Assert.Equal(["b"], await (await again.BrandAsync(null, Stop)).ReadAsync("select value from setting"));
    }

    [Theory, EveryDatabase]
    public async Task A_brand_is_found_by_its_host_however_that_is_written(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        await databases.AddBrandAsync("one", "Shop.Example.com", Stop);
        await databases.AddBrandAsync("other", "茶.example", Stop);
        await databases.AddHostAsync("one", "www.example.com", Stop);

        foreach (var host in new[] { "shop.example.com", "SHOP.example.COM", "shop.example.com.", "www.example.com" })
            Assert.Equal("one", (await databases.ByHostAsync(host, Stop))?.Name);
        foreach (var host in new[] { "茶.example", "xn--cl1a.example" })
            Assert.Equal("other", (await databases.ByHostAsync(host, Stop))?.Name);
        foreach (var host in new[] { "example.com", "", "a b", "'; drop table brand; --", new string('x', 5000) })
            Assert.Null(await databases.ByHostAsync(host, Stop));
    }

    [Theory, EveryDatabase]
    public async Task A_host_leads_to_one_brand(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        await databases.AddBrandAsync("one", "shop.example.com", Stop);
        Assert.Contains("belongs to brand one", await RefusalAsync(() => databases.AddBrandAsync("other", "SHOP.example.com", Stop)), StringComparison.Ordinal);
        Assert.Contains("is not a host name", await RefusalAsync(() => databases.AddBrandAsync("other", "https://shop.example.com/", Stop)), StringComparison.Ordinal);
        Assert.Single(await databases.BrandsAsync(Stop));
    }

    [Theory, EveryDatabase]
    public async Task Without_a_name_the_only_brand_is_meant(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        Assert.Contains("tokamak brand add", await RefusalAsync(() => databases.BrandAsync(null, Stop)), StringComparison.Ordinal);
        Assert.Equal("main", (await databases.BrandOrNewAsync(null, Stop)).Name);
        Assert.Equal("main", (await databases.BrandOrNewAsync(null, Stop)).Name);
        Assert.Equal("main", (await databases.BrandAsync(null, Stop)).Name);
        Assert.Equal("new", (await databases.BrandOrNewAsync("new", Stop)).Name);
        Assert.Contains("--brand which one (main, new)", await RefusalAsync(() => databases.BrandAsync(null, Stop)), StringComparison.Ordinal);
        Assert.Contains("--brand which one (main, new)", await RefusalAsync(() => databases.BrandOrNewAsync(null, Stop)), StringComparison.Ordinal);
        Assert.Contains("no brand nwe", await RefusalAsync(() => databases.BrandAsync("nwe", Stop)), StringComparison.Ordinal);
        Assert.Contains("brand new already", await RefusalAsync(() => databases.AddBrandAsync("new", null, Stop)), StringComparison.Ordinal);
    }

    [Theory]
    [EveryDatabase("")]
    [EveryDatabase("Shop")]
    [EveryDatabase("a b")]
    [EveryDatabase("../x")]
    [EveryDatabase("a\"; drop schema tokamak; --")]
    [EveryDatabase("茶")]
    [EveryDatabase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_name_that_is_not_letters_digits_and_hyphens_is_refused(Provider provider, string name)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        Assert.Contains("cannot be the name of a brand", await RefusalAsync(() => databases.AddBrandAsync(name, null, Stop)), StringComparison.Ordinal);
        Assert.Contains("cannot be the name of a brand", await RefusalAsync(() => databases.BrandOrNewAsync(name, Stop)), StringComparison.Ordinal);
        Assert.Empty(await databases.BrandsAsync(Stop));
    }

    [Theory, EveryDatabase]
    public async Task The_longest_and_oddest_names_work(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        foreach (var name in new[] { new string('a', 40), "1", "-", "a--b-", "select" })
        {
            var brand = await databases.AddBrandAsync(name, null, Stop);
            await brand.WriteAsync("insert into setting (name, value) values ('brand', '" + name + "')");
            Assert.Equal([name], await brand.ReadAsync("select value from setting"));
        }
    }

    [Theory, EveryDatabase]
    public async Task Books_that_were_lost_are_not_begun_anew(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using (var databases = await database.OpenAsync()) await databases.AddBrandAsync("shop", null, Stop);

        if (provider == Provider.Sqlite) File.Delete(database.Text.Replace("x.db", "x.shop.db", StringComparison.Ordinal));
        else await RunAsync(database.Text, "drop schema brand_shop cascade");

        await using var again = await database.OpenAsync();
        Assert.Contains("from a backup", await RefusalAsync(() => again.BrandAsync("shop", Stop)), StringComparison.Ordinal);
        if (provider == Provider.Sqlite) Assert.False(File.Exists(database.Text.Replace("x.db", "x.shop.db", StringComparison.Ordinal)));
    }

    [Theory, EveryDatabase]
    public async Task Books_that_lie_there_already_are_not_taken_over(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using (var databases = await database.OpenAsync())
        {
            await databases.AddBrandAsync("shop", null, Stop);
            await using var turn = await databases.BeginCatalogueWriteAsync(Stop);
            await turn.RunAsync("delete from brand");
            await turn.CommitAsync(Stop);
        }
        await using var again = await database.OpenAsync();
        Assert.Contains("there already", await RefusalAsync(() => again.AddBrandAsync("shop", null, Stop)), StringComparison.Ordinal);
        Assert.Contains("there already", await RefusalAsync(() => again.BrandOrNewAsync("shop", Stop)), StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task A_brand_whose_making_was_cut_off_is_made_when_it_is_opened(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        await using (var turn = await databases.BeginCatalogueWriteAsync(Stop))
        {
            await turn.RunAsync("insert into brand (name) values ('shop')");
            await turn.CommitAsync(Stop);
        }
        Assert.Empty(await (await databases.BrandAsync("shop", Stop)).ReadAsync("select value from setting"));
    }

    [Theory, EveryDatabase]
    public async Task Many_callers_at_once_get_the_same_new_brand(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        var brands = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => databases.BrandOrNewAsync(null, Stop), Stop)));
        Assert.Single(brands.Distinct());
    }

    [Theory, EveryDatabase]
    public async Task Tables_of_another_program_are_left_alone(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        if (provider == Provider.Sqlite) SqliteFileTests.Run(database.Text, "create table theirs (a int)");
        else await RunAsync(database.Text, "create schema tokamak; create table tokamak.theirs (a int)");
        Assert.Matches("another program|something else", await RefusalAsync(database.OpenAsync));
    }

    [Theory, EveryDatabase]
    public async Task It_answers_until_the_database_is_gone(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await database.OpenAsync();
        Assert.True(await databases.AnswersAsync(Stop));

        if (provider == Provider.Sqlite) await databases.DisposeAsync();
        else await RunAsync(await server.NewDatabaseAsync(), $"drop database {new NpgsqlConnectionStringBuilder(database.Text).Database} with (force)");
        Assert.False(await databases.AnswersAsync(Stop));
    }

    internal static async Task<string> RefusalAsync(Func<Task> work) => (await Assert.ThrowsAsync<WrongDatabaseException>(work)).Message;

    internal static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
