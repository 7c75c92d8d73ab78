using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.Core.Tests.Referral;

public sealed class RosterTests
{
    private static readonly StaffId Ann = new("A");

    /// <summary>At S1 from 10, at S2 from 20, back at S1 from 30 and gone at that moment, at S1 from 40 on.</summary>
    private static readonly StaffTimeline Moved = Roster.Build(
        [
            Fact("1", 10, StaffEvent.Joined, "S1"), Fact("2", 20, StaffEvent.Moved, "S2"), Fact("3", 30, StaffEvent.Moved, "S1"), Fact("4", 30, StaffEvent.Left, null),
            Fact("5", 40, StaffEvent.Joined, "S1"),
        ], []).Find(Ann)!;

    [Theory]
    [InlineData("S1", 0, 10, false)]
    [InlineData("S1", 0, 11, true)]
    [InlineData("S1", 19, 25, true)]
    [InlineData("S1", 20, 40, false)]
    [InlineData("S2", 0, 20, false)]
    [InlineData("S2", 29, 30, true)]
    [InlineData("S2", 30, 99, false)]
    [InlineData("S1", 35, 41, true)]
    [InlineData("S1", 90, 99, true)]
    public void Somebody_worked_at_a_store_if_a_moment_of_the_time_was_theirs(string store, long from, long before, bool expected) =>
        Assert.Equal(expected, Moved.WorkedAt(new StoreId(store), new Instant(from), new Instant(before)));

    private static StaffFact Fact(string id, long at, StaffEvent what, string? store) =>
        new(new FactId(id), new Instant(at), 0, Ann, what, store is null ? null : new StoreId(store), null, null, null);
}
