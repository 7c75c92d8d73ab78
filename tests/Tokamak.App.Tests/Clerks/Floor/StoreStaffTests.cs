using Tokamak.App.Clerks.Floor;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Floor;

public sealed class StoreStaffTests(PostgresServer server)
{
    private static readonly StoreId First = new("S1"), Second = new("S2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_list_says_who_is_there_since_when_and_who_has_gone_lately()
    {
        var roster = Roster.Build(
            [
                Fact("A", 1, StaffEvent.Joined, "S1", grade: "senior", code: "AA"), Fact("B", 1, StaffEvent.Joined, "S2"), Fact("C", 1, StaffEvent.Joined, "S1"), Fact("D", 1, StaffEvent.Joined, "S1"),
                Fact("E", 1, StaffEvent.Joined, "S1"), Fact("E", 5, StaffEvent.Left, null),
                Fact("B", 20, StaffEvent.Moved, "S1"), Fact("A", 30, StaffEvent.Moved, "S1", grade: "lead"), Fact("C", 90, StaffEvent.Moved, "S2"), Fact("D", 95, StaffEvent.Left, null),
                Fact("A", 200, StaffEvent.Left, null),
            ], []);
        var now = At(100);
        var seen = StoreStaff.Of(roster, First, now);
        // A promotion is no break; what comes later has not happened; whoever left long ago is not asked about.
        Assert.Equal([new AtStore(new("A"), At(1), "lead", "AA"), new AtStore(new("B"), At(20), null, null)], seen.Here);
        Assert.Equal([new GoneFromStore(new("D"), At(95), null, true), new GoneFromStore(new("C"), At(90), Second, false)], seen.Gone);
        Assert.Equal([new GoneFromStore(new("B"), At(20), First, false)], StoreStaff.Of(roster, Second, At(20 + StoreStaff.DaysShown)).Gone);
        Assert.Empty(StoreStaff.Of(roster, Second, At(21 + StoreStaff.DaysShown)).Gone);
    }

    [Theory, EveryDatabase]
    public async Task Credit_of_a_day_is_what_is_posted_on_it_for_the_store_whoever_brought_it(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        await world.ReadAsync(async books =>
        {
            var figures = (await books.MonthsAsync(Stop)).Figures;
            var expected = await books.Turn.ReadAsync("select store, day, cast(sum(amount) as bigint) from credit group by store, day", row => (row.GetString(0), row.GetFieldValue<DateOnly>(1), row.GetInt64(2)), Stop);
            Assert.True(expected.Count > 4);
            foreach (var (store, day, amount) in expected.Where(one => one.Item1 != StoreId.Online.Value))
                Assert.Equal(amount, await ReadStoreDay.CreditAsync(books.Turn, figures, new StoreId(store), day, Stop));
            Assert.Equal(0, await ReadStoreDay.CreditAsync(books.Turn, figures, First, new DateOnly(2025, 1, 1), Stop));
            return true;
        });
    }

    private static Instant At(int day) => new(day * TimeSpan.TicksPerDay);

    private static StaffFact Fact(string staff, int day, StaffEvent what, string? store, string? grade = null, string? code = null) =>
        new(new FactId($"{staff}{day}"), At(day), 0, new StaffId(staff), what, store is null ? null : new StoreId(store), grade, code, null);
}
