using Tokamak.App.Clerks.Targets;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks;

public sealed class MonthlyTargetsTests(PostgresServer server)
{
    private static readonly Month May = Month.Of(new DateOnly(2026, 5, 1));
    private static readonly TargetOf Ann = TargetOf.Clerk(new StaffId("A")), Store = TargetOf.Store(new StoreId("A"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task The_last_word_about_a_month_counts_and_a_target_can_be_taken_away(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        Assert.Equal(2, await SetAsync(books, May, (Ann, 300_000), (Store, 1_000_000)));
        Assert.Equal(1, await SetAsync(books, May, (Ann, 350_000), (Store, 1_000_000)));
        Assert.Equal(0, await SetAsync(books, May, (Ann, 350_000)));
        Assert.Equal(1, await SetAsync(books, May.Next, (Ann, 400_000)));
        Assert.Equal(new Dictionary<TargetOf, long> { [Ann] = 350_000, [Store] = 1_000_000 }, await OfAsync(books, May));
        Assert.Equal(1, await SetAsync(books, May, (Ann, null)));
        Assert.Equal(new Dictionary<TargetOf, long> { [Store] = 1_000_000 }, await OfAsync(books, May));
        Assert.Equal(new Dictionary<TargetOf, long> { [Ann] = 400_000 }, await OfAsync(books, May.Next));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync(books, May, (Ann, 0)));
    }

    private static async Task<int> SetAsync(TestBooks books, Month month, params (TargetOf Of, long? Amount)[] targets)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var changed = await MonthlyTargets.SetAsync(turn, month, targets.ToDictionary(one => one.Of, one => one.Amount), "test", new Instant(1), Stop);
        await turn.CommitAsync(Stop);
        return changed;
    }

    private static async Task<IReadOnlyDictionary<TargetOf, long>> OfAsync(TestBooks books, Month month)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        return await MonthlyTargets.OfAsync(turn, month, Stop);
    }
}
