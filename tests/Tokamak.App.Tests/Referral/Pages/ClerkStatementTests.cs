using Tokamak.App.Referral;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Browser;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class ClerkStatementTests
{
    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1)), February = January.Next, March = February.Next;
    private static readonly StaffId A = new("A"), B = new("B");

    [Fact]
    public void Every_statement_of_the_demo_brand_adds_up_to_its_row()
    {
        var books = DemoHost.Load(1);
        var rows = books.Statements.Where(row => row.Staff is not null).ToList();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var statement = ClerkStatement.Of(books, row.Staff!.Value, row.Period);
            Assert.Equal(row, statement.Row);
            Assert.Equal(row.Credit, Sum(statement.Credits, credit => credit.Amount));
            Assert.Equal(row.Commission, Sum(statement.SaleMonths, month => month.Change));
            Assert.Equal(row.StaffPay, Sum(statement.SaleMonths, month => month.StaffPay));
            Assert.Equal(row.StorePool, Sum(statement.SaleMonths, month => month.Pool));
            Assert.Equal(row.Bounty, Sum(statement.Bounties, bounty => bounty.Bounty.Amount));
            Assert.Equal(row.Paid + row.Carried, row.StaffPay + row.Bounty + statement.CarriedIn);
            foreach (var month in statement.SaleMonths)
            {
                Assert.Equal(month.Earned, month.Gross + month.BandEffect + month.CapEffect);
                var entries = statement.Entries.Where(entry => Month.Of(books.Sale(entry.Sale)!.Day) == month.SaleMonth);
                Assert.Equal(month.GrossE4 - month.GrossBeforeE4, Sum(entries, entry => entry.AmountE4));
            }
        }
    }

    [Fact]
    public void Bands_and_cap_are_told_in_whole_units()
    {
        // January: 12,000 as closer in the store at 3%; owner 600 of the two lines online at 2%.
        var statement = ClerkStatement.Of(World.Small(), A, January);
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
    public void A_return_after_pay_is_taken_from_the_next_statement_and_what_is_short_is_carried()
    {
        var books = World.Small();
        var february = ClerkStatement.Of(books, A, February);
        Assert.True(february.Commission < 0);
        Assert.Equal((Int128)0, february.Paid);
        Assert.True(february.CarriedOut < 0);
        Assert.Contains(Reasons(february), reason => reason.Contains("carried to the next statement", StringComparison.Ordinal));
        Assert.Equal(february.CarriedOut, ClerkStatement.Of(books, A, March).CarriedIn);
    }

    [Fact]
    public void A_month_without_anything_is_empty()
    {
        Assert.True(ClerkStatement.Of(World.Small(), B, March).IsEmpty);
        Assert.True(ClerkStatement.Of(World.Of(""), A, January).IsEmpty);
    }

    private static IReadOnlyList<string> Reasons(ClerkStatement statement) =>
        new StatementReasons(Texts.In(Language.English), new Show(Language.English)).Of(statement);

    private static Int128 Sum<T>(IEnumerable<T> items, Func<T, Int128> of) => items.Aggregate((Int128)0, (sum, item) => sum + of(item));
}
