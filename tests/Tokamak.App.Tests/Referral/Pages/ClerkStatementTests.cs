using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class ClerkStatementTests(PostgresServer server)
{
    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1)), February = January.Next, March = February.Next;
    private static readonly StaffId A = new("A"), B = new("B");

    [Fact]
    public async Task Bands_and_cap_are_told_in_whole_units()
    {
        // January: 12,000 as closer in the store at 3%; owner 600 of the two lines online at 2%.
        var statement = (await ReadAsync(World.SmallFacts, A, January))[0];
        var month = Assert.Single(statement.SaleMonths);
        Assert.Equal(200, month.Earned);
        Assert.True(month.BandEffect > 0 && month.CapEffect < 0);
        Assert.Equal((Int128)160, statement.StaffPay);
        Assert.Equal((Int128)50, statement.Bounty);
        Assert.Equal((Int128)210, statement.Paid);
        var reasons = Reasons(statement);
        Assert.Contains(reasons, reason => reason.Contains("the bands added", StringComparison.Ordinal));
        Assert.Contains(reasons, reason => reason.Contains("cap of NT$ 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_return_after_pay_is_taken_from_the_next_statement_and_what_is_short_is_carried()
    {
        var statements = await ReadAsync(World.SmallFacts, A, February, March);
        var february = statements[0];
        Assert.True(february.Commission < 0);
        Assert.Equal((Int128)0, february.Paid);
        Assert.True(february.CarriedOut < 0);
        Assert.Contains(Reasons(february), reason => reason.Contains("carried to the next statement", StringComparison.Ordinal));
        Assert.Equal(february.CarriedOut, statements[1].CarriedIn);
    }

    [Fact]
    public async Task A_month_without_anything_is_empty()
    {
        Assert.True((await ReadAsync(World.SmallFacts, B, March))[0].IsEmpty);
    }

    private async Task<IReadOnlyList<ClerkStatement>> ReadAsync(string facts, StaffId staff, params Month[] months)
    {
        await using var world = await WorldBooks.ImportAsync(Provider.Sqlite, server, facts);
        var statements = new List<ClerkStatement>();
        foreach (var month in months) statements.Add((await world.ReadAsync(books => books.StatementAsync(staff, month, StatementPart.Whole, TestContext.Current.CancellationToken)))!);
        return statements;
    }

    private static IReadOnlyList<string> Reasons(ClerkStatement statement) => new StatementReasons(Texts.In(Language.English), new Show(Language.English)).Of(statement);
}
