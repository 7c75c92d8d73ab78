using Microsoft.Data.Sqlite;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

public sealed class SqliteFileTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_writer_keeps_what_it_acknowledged_and_readers_cannot_checkpoint()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await using var databases = await database.OpenAsync();
        var brand = await databases.AddBrandAsync("shop", null, Stop);
        await using (var write = await brand.BeginWriteAsync(Stop))
            foreach (var (pragma, value) in new[] { ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("busy_timeout", "10000") })
                Assert.Equal([value], await write.ReadAsync("pragma " + pragma));
        await using var read = await brand.BeginReadAsync(Stop);
        Assert.Equal(["1"], await read.ReadAsync("pragma query_only"));
        await read.RunAsync("pragma query_only = off");
        await Assert.ThrowsAnyAsync<SqliteException>(() => read.RunAsync("delete from setting"));
    }

    [Fact]
    public async Task Nothing_is_left_beside_a_closed_file_but_its_lock()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await using (var databases = await database.OpenAsync())
        {
            var brand = await databases.AddBrandAsync("shop", null, Stop);
            await brand.WriteAsync("insert into setting (name, value) values ('a', 'b')");
            await brand.ReadAsync("select name from setting");
        }
        var folder = Path.GetDirectoryName(database.Text)!;
        Assert.Equal(["x.db", "x.db.lock", "x.shop.db"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Closing_waits_for_what_still_reads()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        var databases = await database.OpenAsync();
        var brand = await databases.AddBrandAsync("shop", null, Stop);
        var reading = await brand.BeginReadAsync(Stop);
        var closing = databases.DisposeAsync().AsTask();
        await Task.Delay(100, Stop);
        Assert.False(closing.IsCompleted);
        Assert.Empty(await reading.ReadAsync("select name from setting"));
        await reading.DisposeAsync();
        await closing;
    }

    [Fact]
    public async Task A_second_process_is_refused_and_told_by_which()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await using (var databases = await database.OpenAsync())
        {
            var (code, _, errors) = await Programs.RunAsync(Programs.Tokamak, "brand", "add", "other", "--db", database.Text);
            Assert.Equal(2, code);
            Assert.Contains($"in use by another tokamak (process {Environment.ProcessId}): stop that one first", errors, StringComparison.Ordinal);
            Assert.Contains("in use", await DatabasesTests.RefusalAsync(database.OpenAsync), StringComparison.Ordinal);
        }
        var (then, _, _) = await Programs.RunAsync(Programs.Tokamak, "brand", "add", "other", "--db", database.Text);
        Assert.Equal(0, then);
    }

    [Fact]
    public async Task Where_locks_hold_nobody_back_nothing_is_opened()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        var (code, _, errors) = await Programs.RunAsync("env", "DOTNET_SYSTEM_IO_DISABLEFILELOCKING=1", Programs.Tokamak, "brand", "add", "one", "--db", database.Text);
        Assert.Equal(2, code);
        Assert.Contains("cannot be locked", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(database.Text));
    }

    [Fact]
    public async Task Another_name_for_the_same_file_is_the_same_database()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await using var databases = await database.OpenAsync();
        var link = Path.Combine(Path.GetDirectoryName(database.Text)!, "link.db");
        File.CreateSymbolicLink(link, database.Text);
        Assert.Contains("in use", await DatabasesTests.RefusalAsync(() => Databases.OpenAsync(new(Provider.Sqlite, link), Stop)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_books_of_a_brand_are_not_a_catalogue_nor_the_other_way_round()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        var folder = Path.GetDirectoryName(database.Text)!;
        await using (var databases = await database.OpenAsync()) await databases.AddBrandAsync("shop", null, Stop);
        var refusal = await DatabasesTests.RefusalAsync(() => Databases.OpenAsync(new(Provider.Sqlite, Path.Combine(folder, "x.shop.db")), Stop));
        Assert.Contains("the books of one brand", refusal, StringComparison.Ordinal);

        File.Copy(database.Text, Path.Combine(folder, "x.shop.db"), overwrite: true);
        await using var again = await database.OpenAsync();
        Assert.Contains("is a catalogue", await DatabasesTests.RefusalAsync(() => again.BrandAsync("shop", Stop)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_stays_as_it_was()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await File.WriteAllTextAsync(database.Text, "name,price\n" + new string('x', 5000), Stop);
        Assert.Contains("cannot be opened as a SQLite database", await DatabasesTests.RefusalAsync(database.OpenAsync), StringComparison.Ordinal);
        Assert.StartsWith("name,price", await File.ReadAllTextAsync(database.Text, Stop), StringComparison.Ordinal);
    }

    internal static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
