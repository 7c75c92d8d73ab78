using Npgsql;
using Tokamak.App.Data;

namespace Tokamak.App.Tests.Data;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("postgres://me:s%40cret@db.example:6543/books?sslmode=verify-full&application_name=x")]
    [InlineData("postgresql://me:s%40cret@db.example:6543/books?sslmode=verify-full")]
    [InlineData("Host=db.example;Port=6543;Username=me;Password=s@cret;Database=books;SSL Mode=VerifyFull")]
    [InlineData(" server=db.example;port=6543;user id=me;password=s@cret;database=books;sslmode=verifyfull ")]
    public void A_connection_string_or_address_is_PostgreSQL(string text)
    {
        var address = DatabaseAddress.Parse(text, out var fault);
        Assert.Null(fault);
        Assert.Equal(Provider.Postgres, address!.Provider);
        var said = new NpgsqlConnectionStringBuilder(address.Text);
        Assert.Equal(("db.example", 6543, "me", "s@cret", "books", SslMode.VerifyFull), (said.Host, said.Port, said.Username, said.Password, said.Database, said.SslMode));
    }

    [Theory]
    [InlineData("x.db")]
    [InlineData("./shop")]
    [InlineData("a=b.db")]
    [InlineData("茶.db")]
    public void Anything_else_is_the_path_of_a_file(string text)
    {
        var address = DatabaseAddress.Parse(text, out _);
        Assert.Equal(new DatabaseAddress(Provider.Sqlite, Path.GetFullPath(text)), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("Host=;Password=s@cret")]
    [InlineData("Password=s@cret")]
    [InlineData("Host=h;Colour=s@cret")]
    [InlineData("postgres://me:s@cret@/x:y")]
    [InlineData("postgres://h/x?colour=s@cret")]
    [InlineData("mysql://me:s@cret@h/x")]
    [InlineData("Data Source=x.db")]
    public void What_is_neither_is_refused_without_repeating_it(string text)
    {
        Assert.Null(DatabaseAddress.Parse(text, out var fault));
        Assert.NotNull(fault);
        Assert.DoesNotContain("cret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_is_never_shown()
    {
        var address = DatabaseAddress.Parse("postgres://me:s%40cret@db.example/books", out _)!;
        Assert.Equal("PostgreSQL database books on db.example:5432", address.ToString());
        Assert.DoesNotContain("cret", $"{address} {address.Shown}", StringComparison.Ordinal);
    }
}
