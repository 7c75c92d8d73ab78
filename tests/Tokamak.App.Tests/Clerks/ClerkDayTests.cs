using Tokamak.App.Clerks.MyDay;
using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Browser;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks;

/// <summary>What a clerk reads today, held against a replay that knows what comes.</summary>
public sealed class ClerkDayTests(PostgresServer server)
{
    private const int Percent = 5;
    private static readonly DateOnly Day = new(2026, 6, 15);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_is_still_to_come_is_what_a_replay_lets_vest_after_today_if_nothing_else_happens(Provider provider)
    {
        var (facts, policy, names) = DemoHost.Files(Percent);
        // A line's day stands in its text; the demo's zone is eight hours ahead all year, as its lines are written.
        var until = string.Join('\n', facts.Split('\n').Where(line => line.Length > 0 && DateOnly.ParseExact(line.AsSpan(line.IndexOf("\"at\":\"", StringComparison.Ordinal) + 6, 10), "yyyy-MM-dd", null) <= Day));
        await using var world = await WorldBooks.ImportAsync(provider, server, until, policy, names, today: Day);
        var expected = World.Of(until, policy, names).Commissions.Where(row => row.Day > Day && row.Line is not null && row.Party.Staff is not null)
            .GroupBy(row => row.Party.Staff!.Value).ToDictionary(clerk => clerk.Key, clerk => clerk.Aggregate((Int128)0, (sum, row) => sum + row.AmountE4));
        Assert.True(expected.Count > 5);
        foreach (var clerk in await world.ReadAsync(books => Task.FromResult(books.Roster.All.ToList())))
        {
            var day = await DayAsync(world, clerk, Day);
            Assert.False(day.IsPart);
            var received = day.Pending.Where(line => line.Pending!.Value.VestsOn is not null).ToList();
            Assert.Equal(expected.GetValueOrDefault(clerk.Id), received.Aggregate((Int128)0, (sum, line) => sum + line.Pending!.Value.CommissionE4));
            Assert.All(received, line => Assert.True(line.Pending!.Value.VestsOn > Day));
        }
    }

    [Theory, EveryDatabase]
    public async Task Today_adds_up_to_the_credits_of_the_day_and_says_what_each_waits_for(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, string.Join('\n', World.SmallFacts.Split('\n').Take(5)), today: new DateOnly(2026, 1, 15));
        var clerk = await ClerkAsync(world, "A");
        var day = await DayAsync(world, clerk, new DateOnly(2026, 1, 15));
        Assert.Equal(["W1 1 Owner 400", "W1 2 Owner 200"], day.Today.Select(line => $"{line.Sale} {line.Line} {line.Role} {line.Credit}"));
        Assert.Equal((600, 3600), (day.TodayCredit, day.MonthCredit));
        // P1 was taken on the 10th; W1 is still to be collected.
        Assert.Equal(new DateOnly(2026, 1, 17), day.Pending.Single(line => line.Sale.Value == "P1").Pending!.Value.VestsOn);
        Assert.Equal([PendingState.NotReceived, PendingState.NotReceived], day.Today.Select(line => line.Pending!.Value.State));
        Assert.Equal(3000 * 300, day.Pending.Single(line => line.Sale.Value == "P1").Pending!.Value.CommissionE4);
    }

    [Theory, EveryDatabase]
    public async Task Members_are_named_whose_time_runs_out_soon_and_no_others(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts, today: new DateOnly(2026, 3, 1));
        var clerk = await ClerkAsync(world, "A");
        // M1 installed the app on 5 January: 180 days, of which the store sale of the 10th adds no more.
        var ends = new DateOnly(2026, 1, 5).AddDays(180);
        var before = await DayAsync(world, clerk, ends.AddDays(-ReadClerkDay.DaysAhead - 1));
        Assert.Equal((1, 0), (before.Members, before.Soon.Count));
        var soon = Assert.Single((await DayAsync(world, clerk, ends.AddDays(-ReadClerkDay.DaysAhead))).Soon);
        Assert.Equal(("M1", new Outlook(ends, 100, 0, true)), (soon.Member.Value, soon.Outlook));
        Assert.Single((await DayAsync(world, clerk, ends)).Soon);
        var after = await DayAsync(world, clerk, ends.AddDays(1));
        Assert.Equal((0, 0), (after.Members, after.Soon.Count));
        Assert.Equal((0, 0), ((await DayAsync(world, await ClerkAsync(world, "B"), ends)) is var other ? (other.Members, other.Soon.Count) : default));
    }

    [Theory, EveryDatabase]
    public async Task A_step_of_decay_is_seen_coming(Provider provider)
    {
        var policy = World.Policy.Replace("\"decay\": []", "\"decay\": [{\"days\": 30, \"percent\": 100}, {\"days\": 60, \"percent\": 50}]", StringComparison.Ordinal);
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts, policy, today: new DateOnly(2026, 3, 1));
        var clerk = await ClerkAsync(world, "A");
        // The sale of 10 January renewed it.
        var falls = new DateOnly(2026, 1, 10).AddDays(30);
        Assert.Empty((await DayAsync(world, clerk, falls.AddDays(-ReadClerkDay.DaysAhead - 1))).Soon);
        Assert.Equal(new Outlook(falls, 100, 50, false), Assert.Single((await DayAsync(world, clerk, falls.AddDays(-3))).Soon).Outlook);
        Assert.Equal(new Outlook(falls.AddDays(30), 50, 0, false), Assert.Single((await DayAsync(world, clerk, falls.AddDays(20))).Soon).Outlook);
        // Nothing is left of the share: no use in showing them every day.
        Assert.Empty((await DayAsync(world, clerk, falls.AddDays(40))).Soon);
    }

    private static async Task<StaffTimeline> ClerkAsync(WorldBooks world, string id) => (await world.ReadAsync(books => Task.FromResult(books.Roster.Find(new StaffId(id)))))!;

    private static Task<ClerkDay> DayAsync(WorldBooks world, StaffTimeline clerk, DateOnly today) => world.ReadAsync(books =>
        ReadClerkDay.OfAsync(books.Turn, books.Known, books.Roster.Find(clerk.Id)!, today, books.Zone.InstantOf(today.ToDateTime(new TimeOnly(20, 0))), Stop));
}
