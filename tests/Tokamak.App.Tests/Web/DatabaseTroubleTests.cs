using Npgsql;
using Tokamak.App.Web;

namespace Tokamak.App.Tests.Web;

public sealed class DatabaseTroubleTests
{
    [Fact]
    public void A_line_that_breaks_is_known_in_every_form_in_which_the_libraries_say_so()
    {
        Assert.True(DatabaseTrouble.Is(new NpgsqlException("broken", new IOException())));
        Assert.True(DatabaseTrouble.Is(new ObjectDisposedException("NpgsqlTransaction")));
        Assert.True(DatabaseTrouble.Is(new InvalidOperationException("likely due to a transient failure", new NpgsqlException("broken"))));
        // What Npgsql throws itself, so that the name it goes by here is the real one.
        using var connection = new NpgsqlConnection("Host=127.0.0.1");
        using var command = new NpgsqlCommand("select 1", connection);
        Assert.True(DatabaseTrouble.Is(Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar())));
        Assert.False(DatabaseTrouble.Is(new InvalidOperationException("a mistake of ours")));
        Assert.False(DatabaseTrouble.Is(new ArgumentException("a mistake of ours")));
    }
}
