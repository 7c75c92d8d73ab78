using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>All rows of a replay, in one order, to compare with another's.</summary>
internal sealed record Outcome(
    IReadOnlyList<CreditPosting> Credits, IReadOnlyList<CommissionPosting> Commissions, IReadOnlyList<EarningsRow> Earnings, IReadOnlyList<StatementRow> Statements)
{
    public static Outcome Of(RandomWorld world, IEnumerable<Fact>? facts = null, DateOnly? asOf = null, Journal? journal = null)
    {
        List<Core.Kernel.Fault> faults = [];
        var log = FactLog.Build([.. facts ?? world.Facts], world.Policy.Zone, asOf, faults);
        var replay = new Replay(log, world.Policy, asOf, journal);
        var settlement = new Settlement(world.Policy, log.Roster);
        List<CreditPosting> credits = [];
        List<CommissionPosting> commissions = [];
        foreach (var day in replay.Days())
        {
            credits.AddRange(day.Credits);
            commissions.AddRange(day.Commissions);
            settlement.Take(day);
            replay.GiveBack(day);
        }
        settlement.Close();
        Xunit.Assert.Empty(faults.Concat(replay.Faults));
        return new Outcome(
            Sorted(credits), Sorted(commissions), Sorted(settlement.Earnings), Sorted(settlement.Statements));
    }

    public static void AssertSame(Outcome expected, Outcome actual)
    {
        AssertSame(expected.Credits, actual.Credits);
        AssertSame(expected.Commissions, actual.Commissions);
        AssertSame(expected.Earnings, actual.Earnings);
        AssertSame(expected.Statements, actual.Statements);
    }

    /// <summary>Compares rows as they read: parties of two replays are not the same objects.</summary>
    public static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual) where T : struct =>
        Xunit.Assert.Equal(expected.Select(row => row.ToString()), actual.Select(row => row.ToString()));

    private static List<T> Sorted<T>(IEnumerable<T> rows) where T : struct => [.. rows.OrderBy(row => row.ToString(), StringComparer.Ordinal)];
}
