using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

public sealed class AdminCommandTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task It_prints_a_link_for_head_office_and_for_somebody_on_the_roster(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider, server);
        await Programs.DoneAsync("brand", "add", "one", "--db", database.Text);
        var first = await Programs.DoneAsync("admin", "invite", "--db", database.Text, "--address", "https://pay.example.com");
        var second = await Programs.DoneAsync("admin", "invite", "--db", database.Text, "--role", "manager", "--staff", "K1", "--name", "Ann");
        Assert.Contains("\nhttps://pay.example.com/invitation/", first, StringComparison.Ordinal);
        Assert.Contains("\nhttp://localhost:8080/invitation/", second, StringComparison.Ordinal);

        await using var databases = await database.OpenAsync();
        var accounts = await new StaffCatalogue(databases).ReadAsync(context => Task.FromResult(context.Accounts.OrderBy(a => a.Id).ToList()), TestContext.Current.CancellationToken);
        Assert.Equal([(AccountRole.Hq, null), (AccountRole.Manager, new StaffId("K1"))], accounts.Select(account => (account.Role, account.Staff)));
        Assert.All(accounts, account => Assert.Equal(("one", false), (account.Brand, account.HasCome)));
    }

    [Theory]
    [InlineData("--role", "clerk")]
    [InlineData("--role", "emperor")]
    [InlineData("--address", "pay.example.com")]
    [InlineData("--address", "ftp://pay.example.com")]
    public async Task What_makes_no_sense_is_refused(params string[] options) =>
        Assert.Equal(2, (await Programs.RunAsync(Programs.Tokamak, ["admin", "invite", "--db", "none.db", .. options])).Code);
}
