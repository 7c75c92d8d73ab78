using System.Text.RegularExpressions;
using Npgsql;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>The commands of docs/operations.md that back up and restore PostgreSQL, run as they stand there, under write load.</summary>
public sealed partial class PostgresBackupTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_whole_database_comes_back_with_whole_commits()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await using var databases = await database.OpenAsync();
        await (await databases.AddBrandAsync("quiet", "quiet.example", Stop)).WriteAsync("insert into setting (name, value) values ('a', 'b')");
        int before, after;
        await using var folder = new Dump();
        await using (var load = await WriteLoad.StartAsync(await databases.AddBrandAsync("busy-1", null, Stop)))
        {
            before = load.Committed;
            await RunAsync("back up everything", database.Text, folder);
            after = load.Committed + 1;
        }
        Assert.True(after > before + 1, "nothing was written while the backup was taken");

        var fresh = await server.NewDatabaseAsync();
        await RunAsync("restore everything", fresh, folder);
        await using var restored = await Databases.OpenAsync(new(Provider.Postgres, fresh), Stop);
        Assert.Equal("quiet", (await restored.ByHostAsync("quiet.example", Stop))!.Name);
        Assert.Equal(["b"], await (await restored.BrandAsync("quiet", Stop)).ReadAsync("select value from setting"));
        Assert.InRange(await WriteLoad.CountAsync(await restored.BrandAsync("busy-1", Stop)), before, after);
    }

    [Fact]
    public async Task One_brand_comes_back_and_the_others_stay_as_they_are()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await using var folder = new Dump();
        int before, after;
        await using (var databases = await database.OpenAsync())
        {
            var other = await databases.AddBrandAsync("other", null, Stop);
            var shop = await databases.AddBrandAsync("shop", null, Stop);
            await other.WriteAsync("insert into setting (name, value) values ('a', 'before')");
            await using (var load = await WriteLoad.StartAsync(shop))
            {
                before = load.Committed;
                await RunAsync("back up one brand", database.Text, folder);
                after = load.Committed + 1;
            }
            await other.WriteAsync("update setting set value = 'after'");
            await shop.WriteAsync("delete from left_side");
        }
        await RunAsync("restore one brand", database.Text, folder);
        await using var restored = await database.OpenAsync();
        Assert.InRange(await WriteLoad.CountAsync(await restored.BrandAsync("shop", Stop)), before, after);
        Assert.Equal(["after"], await (await restored.BrandAsync("other", Stop)).ReadAsync("select value from setting"));

        // On a server that does not know the brand: add it, then bring it back.
        var fresh = await server.NewDatabaseAsync();
        await using (var elsewhere = await Databases.OpenAsync(new(Provider.Postgres, fresh), Stop)) await elsewhere.AddBrandAsync("shop", null, Stop);
        await RunAsync("restore one brand", fresh, folder);
        await using var moved = await Databases.OpenAsync(new(Provider.Postgres, fresh), Stop);
        Assert.InRange(await WriteLoad.CountAsync(await moved.BrandAsync("shop", Stop)), before, after);
    }

    [Theory]
    [InlineData("operations.md")]
    [InlineData("operations.zh-TW.md")]
    public async Task Both_languages_give_the_same_commands(string page)
    {
        var text = await File.ReadAllTextAsync(Repository.Path("docs", page), Stop);
        foreach (var purpose in new[] { "back up everything", "restore everything", "back up one brand", "restore one brand" })
            Assert.Contains(Commands(purpose), text, StringComparison.Ordinal);
    }

    /// <summary>Runs the commands under a heading comment of the page, with its example server and folder replaced by those of the test.</summary>
    private static async Task RunAsync(string purpose, string database, Dump folder)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var script = $"set -e\nPATH={Path.GetDirectoryName(PostgresServer.Program("pg_dump"))}:$PATH\n" + Commands(purpose)
            .Replace("postgres://tokamak@db.example/tokamak", $"postgres://{server.Username}@{server.Host}:{server.Port}/{server.Database}", StringComparison.Ordinal)
            .Replace("/backup/", folder.Path + "/", StringComparison.Ordinal);
        Assert.DoesNotContain(".example", script, StringComparison.Ordinal);
        var (code, _, errors) = await Programs.RunAsync("bash", "-c", script);
        Assert.True(code == 0, errors);
    }

    private static string Commands(string purpose)
    {
        var text = File.ReadAllText(Repository.Path("docs", "operations.md"));
        var block = Block().Matches(text).Select(match => match.Groups["commands"].Value).Where(commands => commands.StartsWith($"# {purpose}\n", StringComparison.Ordinal));
        return Assert.Single(block);
    }

    [GeneratedRegex(@"```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Block();

    private sealed class Dump : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("tokamak-dump-").FullName;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Path, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
