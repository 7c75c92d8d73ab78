using Tokamak.Core.Referral;

namespace Tokamak.Core.Tests.Referral;

/// <summary>All rows of a replay, in one order, to compare with another's.</summary>
internal sealed record Outcome(
    IReadOnlyList<CreditPosting> Credits, IReadOnlyList<CommissionPosting> Commissions, IReadOnlyList<EarningsRow> Earnings, IReadOnlyList<StatementRow> Statements)
{
    public static Outcome Of(RandomWorld world, IEnumerable<Fact>? facts = null, DateOnly? asOf = null, Journal? journal = null)
    {
        List<Core.Kernel.Fault> faults = [];
        var replay = new Replay(FactLog.Build([.. facts ?? world.Facts], world.Policy.Zone, asOf, faults), world.Policy, asOf, journal);
        List<CreditPosting> credits = [];
        List<CommissionPosting> commissions = [];
        foreach (var day in replay.Days())
        {
            credits.AddRange(day.Credits);
            commissions.AddRange(day.Commissions);
        }
        Xunit.Assert.Empty(faults.Concat(replay.Faults));
        return new Outcome(
            Sorted(credits), Sorted(commissions), Sorted(replay.Earnings), Sorted(replay.Statements));
    }

    public static void AssertSame(Outcome expected, Outcome actual)
    {
        Xunit.Assert.Equal(expected.Credits, actual.Credits);
        Xunit.Assert.Equal(expected.Commissions, actual.Commissions);
        Xunit.Assert.Equal(expected.Earnings, actual.Earnings);
        Xunit.Assert.Equal(expected.Statements, actual.Statements);
    }

    private static List<T> Sorted<T>(IEnumerable<T> rows) where T : struct => [.. rows.OrderBy(row => row.ToString(), StringComparer.Ordinal)];
}
