using System.Text.RegularExpressions;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Access.Keys;

/// <summary><c>tokamak apikey</c> as a process.</summary>
public sealed partial class ApiKeyCommandTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task A_key_is_printed_once_listed_without_its_secret_and_revoked(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await Programs.DoneAsync("brand", "add", "shop", "--db", test.Text);
        var key = (await Programs.DoneAsync("apikey", "create", "--name", "POS of all stores", "--scope", "facts,read", "--per-second", "50", "--db", test.Text)).TrimEnd();
        Assert.Matches(Form(), key);
        var id = key.Split('_')[1];
        var list = await Programs.DoneAsync("apikey", "list", "--db", test.Text);
        Assert.StartsWith($"{id}  POS of all stores  facts read  made ", list, StringComparison.Ordinal);
        Assert.Contains("never used", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('_')[2], list, StringComparison.Ordinal);
        await using (var databases = await test.OpenAsync())
        {
            using var keys = new ApiKeys(new App.Access.StaffCatalogue(databases), TimeProvider.System);
            var found = await keys.FindAsync(key, TestContext.Current.CancellationToken);
            Assert.True(found is { Brand: "shop", PerSecond: 50 } && found.May(ApiScope.Facts) && found.May(ApiScope.Read) && !found.May(ApiScope.Pay));
        }
        Assert.Equal($"Revoked {id}.", (await Programs.DoneAsync("apikey", "revoke", id, "--db", test.Text)).TrimEnd());
        Assert.Contains(", revoked ", await Programs.DoneAsync("apikey", "list", "--db", test.Text), StringComparison.Ordinal);
        Assert.Contains("no key", await Programs.WrongAsync("apikey", "revoke", id, "--db", test.Text), StringComparison.Ordinal);
        await using (var databases = await test.OpenAsync())
        {
            using var keys = new ApiKeys(new App.Access.StaffCatalogue(databases), TimeProvider.System);
            Assert.Null(await keys.FindAsync(key, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task What_cannot_be_a_key_is_refused_in_a_sentence()
    {
        await using var test = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await Programs.DoneAsync("brand", "add", "shop", "--db", test.Text);
        foreach (var (wrong, says) in new[] { (new[] { "--scope", "everything" }, "--scope takes"), (["--scope", "facts", "--per-second", "0"], "--per-second takes"), (["--scope", ""], "--scope takes"), ([], "--scope") })
        {
            var (code, output, errors) = await Programs.RunAsync(Programs.Tokamak, ["apikey", "create", "--name", "x", "--db", test.Text, .. wrong]);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(says, errors, StringComparison.Ordinal);
        }
        Assert.Contains("--name", await Programs.WrongAsync("apikey", "create", "--name", " ", "--scope", "facts", "--db", test.Text), StringComparison.Ordinal);
        Assert.Contains("no brand", await Programs.WrongAsync("apikey", "create", "--name", "x", "--scope", "facts", "--brand", "other", "--db", test.Text), StringComparison.Ordinal);
    }

    [GeneratedRegex("^tok_[0-9a-f]{16}_[0-9a-f]{64}$", RegexOptions.None, 1000)]
    private static partial Regex Form();
}
