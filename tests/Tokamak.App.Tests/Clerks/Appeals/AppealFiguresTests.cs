using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

public sealed class AppealFiguresTests
{
    [Fact]
    public void Nothing_has_no_share_and_no_median() => Assert.Equal(new AppealTally(0, 0, 0, null, null), AppealTally.Of([], Zone.Utc));

    [Fact]
    public void The_share_is_of_those_ruled_and_the_median_of_their_days()
    {
        var tally = AppealTally.Of(
            [Of("S1", "R8", 1, AppealState.Upheld, 3), Of("S1", "R8", 1, AppealState.Partly, 4), Of("S1", "R8", 1, AppealState.Rejected, 11), Of("S1", "R8", 2, AppealState.Withdrawn, 3), Of("S1", "R8", 2, AppealState.Late, null)], Zone.Utc);
        Assert.Equal(new AppealTally(5, 1, 3, 6666, 6), tally);
        // Between two days is half a day.
        Assert.Equal(5, AppealTally.Of([Of("S1", "", 1, AppealState.Upheld, 3), Of("S1", "", 1, AppealState.Rejected, 4)], Zone.Utc).MedianDays);
    }

    [Fact]
    public void Months_are_told_newest_first_stores_and_rules_by_their_number()
    {
        var figures = AppealFigures.Of(
            [Of("S2", "R8 R9", 1, AppealState.Open, null), Of("S1", "R8", 2, AppealState.Open, null), Of("S1", "", 40, AppealState.Open, null)], Zone.Utc);
        Assert.Equal(["2026-02 1", "2026-01 2"], figures.Months.Select(row => $"{row.Month} {row.Tally.Count}"));
        Assert.Equal(["S1 2", "S2 1"], figures.Stores.Select(row => $"{row.Store} {row.Tally.Count}"));
        Assert.Equal(["R8 2", " 1", "R9 1"], figures.Rules.Select(row => $"{row.Rule} {row.Tally.Count}"));
        Assert.Equal(3, figures.All.Waiting);
    }

    private static CountedAppeal Of(string store, string rules, int opened, AppealState state, int? settled) =>
        new(new StoreId(store), rules, On(opened), state, settled is { } day ? On(day) : null);

    private static Instant On(int day) => AppealWorld.At(new DateOnly(2026, 1, 1).AddDays(day - 1));
}
