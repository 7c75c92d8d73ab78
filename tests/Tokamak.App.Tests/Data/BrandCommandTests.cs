using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

/// <summary>The verbs over a database, as a person runs them.</summary>
public sealed class BrandCommandTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Brands_are_added_led_to_and_listed(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await Programs.DoneAsync("brand", "add", "one", "--host", "one.example", "--db", database.Text);
        await Programs.DoneAsync("brand", "add", "other", "--db", database.Text);
        await Programs.DoneAsync("brand", "host", "one", "www.one.example", "--db", database.Text);
        Assert.Equal("one one.example www.one.example\nother\n", await Programs.DoneAsync("brand", "list", "--db", database.Text));
        Assert.Contains("Brand other is up to date.", await Programs.DoneAsync("migrate", "--db", database.Text), StringComparison.Ordinal);
    }

    [Theory, EveryDatabase]
    public async Task The_database_may_come_from_the_environment(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        var (code, _, errors) = await Programs.RunAsync("env", "TOKAMAK_DB=" + database.Text, Programs.Tokamak, "brand", "add", "one");
        Assert.True(code == 0, errors);
        Assert.Equal("one\n", await Programs.DoneAsync("brand", "list", "--db", database.Text));
    }

    [Fact]
    public async Task What_is_wrong_is_a_sentence_without_stack_trace_or_password()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres, server);
        await using var lite = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        Assert.Contains("TOKAMAK_DB", await Programs.WrongAsync("brand", "list"), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", await Programs.WrongAsync("brand", "list", "--db", "postgres://me:s%40cret@127.0.0.1:1/books"), StringComparison.Ordinal);
        Assert.Contains("cannot be reached", await Programs.WrongAsync("brand", "list", "--db", database.Text + "_not;Password=s@cret"), StringComparison.Ordinal);
        Assert.Contains("no database", await Programs.WrongAsync("brand", "list", "--db", lite.Text), StringComparison.Ordinal);
        Assert.Contains("no folder", await Programs.WrongAsync("brand", "add", "one", "--db", Path.Combine(lite.Text, "y", "z.db")), StringComparison.Ordinal);
        Assert.Contains("cannot be the name", await Programs.WrongAsync("brand", "add", "ONE", "--db", lite.Text), StringComparison.Ordinal);
        Assert.Contains("no brand one", await Programs.WrongAsync("brand", "host", "one", "one.example", "--db", lite.Text), StringComparison.Ordinal);
    }
}
