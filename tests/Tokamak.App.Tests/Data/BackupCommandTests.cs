using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>Backups of SQLite, as a person takes them: beside the process that writes.</summary>
public sealed class BackupCommandTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Folder => Path.GetDirectoryName(_database.Text)!;

    private string Backup => Path.Combine(Folder, "backup");

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(Provider.Sqlite, server);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_backup_taken_under_load_holds_whole_commits_of_every_brand()
    {
        int before, after;
        await using (var databases = await _database.OpenAsync())
        {
            await (await databases.AddBrandAsync("quiet", "quiet.example", Stop)).WriteAsync("insert into setting (name, value) values ('a', 'b')");
            await using var load = await WriteLoad.StartAsync(await databases.AddBrandAsync("busy", null, Stop));
            before = load.Committed;
            var output = await DoneAsync("backup", "--db", _database.Text, "--out", Backup);
            after = load.Committed + 1;
            Assert.Contains("busy, quiet", output, StringComparison.Ordinal);
            await load.ReachAsync(10);
        }
        Assert.True(after > before + 1, "nothing was written while the backup was taken");
        Assert.Equal(["SHA256SUMS", "tokamak.busy.db", "tokamak.db", "tokamak.quiet.db"], Names(Backup));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Backup));

        var elsewhere = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName, "shop.sqlite");
        await DoneAsync("restore", "--db", elsewhere, "--from", Backup);
        await using var restored = await Databases.OpenAsync(new(Provider.Sqlite, elsewhere), Stop);
        Assert.Equal("quiet", (await restored.ByHostAsync("quiet.example", Stop))!.Name);
        Assert.Equal(["b"], await (await restored.BrandAsync("quiet", Stop)).ReadAsync("select value from setting"));
        Assert.InRange(await WriteLoad.CountAsync(await restored.BrandAsync("busy", Stop)), before, after);
    }

    [Fact]
    public async Task A_backup_after_a_crash_holds_what_was_still_in_the_log()
    {
        var crashed = Directory.CreateDirectory(Path.Combine(Folder, "crashed")).FullName;
        await using (var databases = await _database.OpenAsync())
        {
            await (await databases.AddBrandAsync("shop", null, Stop)).WriteAsync("insert into setting (name, value) values ('a', 'b')");
            // What a power cut leaves. Another process copies: to open and close a file here would drop SQLite's locks on it.
            var (code, _, errors) = await Programs.RunAsync("sh", "-c", $"cp {Folder}/x.db {Folder}/x.db-wal {Folder}/x.shop.db {Folder}/x.shop.db-wal {crashed}");
            Assert.True(code == 0, errors);
        }
        await DoneAsync("backup", "--db", Path.Combine(crashed, "x.db"), "--out", Backup);
        await DoneAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite");
        Assert.Equal(["b"], await SettingsAsync());
    }

    [Fact]
    public async Task An_old_database_is_only_replaced_when_asked_and_then_wholly()
    {
        await ShopAsync("first");
        await DoneAsync("backup", "--db", _database.Text, "--out", Backup);
        await using (var databases = await _database.OpenAsync())
        {
            await databases.AddBrandAsync("later", null, Stop);
            await (await databases.BrandAsync("shop", Stop)).WriteAsync("update setting set value = 'second'");
            Assert.Contains("in use", await WrongAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite"), StringComparison.Ordinal);
        }
        Assert.Contains("--overwrite", await WrongAsync("restore", "--db", _database.Text, "--from", Backup), StringComparison.Ordinal);
        Assert.Equal(["second"], await SettingsAsync());

        // A log that an old file left behind must not get into the new one.
        await File.WriteAllTextAsync(Path.Combine(Folder, "x.shop.db-wal"), "old", Stop);
        Assert.Contains("x.later.db was not in the backup", await DoneAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite"), StringComparison.Ordinal);
        Assert.Equal(["first"], await SettingsAsync());
        Assert.Equal(["x.db", "x.db.lock", "x.later.db", "x.shop.db"], Names(Folder));
    }

    [Theory]
    [InlineData("tokamak.shop.db")]
    [InlineData("tokamak.db")]
    [InlineData("SHA256SUMS")]
    public async Task A_backup_that_is_damaged_or_not_whole_is_refused_and_changes_nothing(string file)
    {
        await ShopAsync("first");
        await DoneAsync("backup", "--db", _database.Text, "--out", Backup);
        var path = Path.Combine(Backup, file);
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        await WrongAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite");
        File.Delete(path);
        await WrongAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite");
        Assert.Equal(["first"], await SettingsAsync());
        Assert.Equal(["x.db", "x.db.lock", "x.shop.db"], Names(Folder));
    }

    [Fact]
    public async Task A_backup_without_the_file_of_a_brand_is_refused()
    {
        await ShopAsync("first");
        await DoneAsync("backup", "--db", _database.Text, "--out", Backup);
        var sums = Path.Combine(Backup, "SHA256SUMS");
        await File.WriteAllLinesAsync(sums, (await File.ReadAllLinesAsync(sums, Stop)).Where(line => !line.Contains("shop", StringComparison.Ordinal)), Stop);
        Assert.Contains("tokamak.shop.db", await WrongAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_that_was_cut_off_opens_nothing_until_it_is_run_again()
    {
        await ShopAsync("first");
        await DoneAsync("backup", "--db", _database.Text, "--out", Backup);
        await File.WriteAllTextAsync(_database.Text + ".restoring", Backup, Stop);
        Assert.Contains("cut off", await WrongAsync("brand", "list", "--db", _database.Text), StringComparison.Ordinal);
        Assert.Contains("cut off", await WrongAsync("backup", "--db", _database.Text, "--out", Backup + "2"), StringComparison.Ordinal);
        await DoneAsync("restore", "--db", _database.Text, "--from", Backup, "--overwrite");
        Assert.Equal(["first"], await SettingsAsync());
    }

    [Fact]
    public async Task A_backup_that_cannot_be_whole_is_not_taken()
    {
        await ShopAsync("first");
        Assert.Contains("there already", await WrongAsync("backup", "--db", _database.Text, "--out", Folder), StringComparison.Ordinal);
        File.Delete(Path.Combine(Folder, "x.shop.db"));
        Assert.Contains("x.shop.db is missing", await WrongAsync("backup", "--db", _database.Text, "--out", Backup), StringComparison.Ordinal);
        Assert.Contains("no database", await WrongAsync("backup", "--db", Path.Combine(Folder, "y.db"), "--out", Backup), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(Folder));
    }

    [Fact]
    public async Task For_PostgreSQL_both_verbs_name_its_own_tools()
    {
        await using var postgres = await TestDatabase.CreateAsync(Provider.Postgres, server);
        Assert.Contains("pg_dump", await WrongAsync("backup", "--db", postgres.Text, "--out", Backup), StringComparison.Ordinal);
        Assert.Contains("pg_restore", await WrongAsync("restore", "--db", postgres.Text, "--from", Backup), StringComparison.Ordinal);
    }

    private async Task ShopAsync(string value)
    {
        await using var databases = await _database.OpenAsync();
        await (await databases.AddBrandAsync("shop", null, Stop)).WriteAsync($"insert into setting (name, value) values ('a', '{value}')");
    }

    private async Task<List<string>> SettingsAsync()
    {
        await using var databases = await _database.OpenAsync();
        return await (await databases.BrandAsync("shop", Stop)).ReadAsync("select value from setting");
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static Task<string> DoneAsync(params string[] arguments) => Programs.DoneAsync(arguments);

    private static Task<string> WrongAsync(params string[] arguments) => Programs.WrongAsync(arguments);
}
