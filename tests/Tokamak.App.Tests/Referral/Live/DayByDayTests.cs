using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>
/// Worlds drawn from a seed, lived through day by day: facts come hours or days after they happened, some between two steps of
/// vesting. At the end of each day the sums posted are those of a replay, as of that day, of what was accepted.
/// </summary>
public sealed class DayByDayTests(PostgresServer server)
{
    private const int Facts = 120;

    /// <summary>More of them: TOKAMAK_WORLDS=500 ./test --filter DayByDay.</summary>
    private static int Seeds(Provider provider) =>
        int.TryParse(Environment.GetEnvironmentVariable("TOKAMAK_WORLDS"), out var asked) ? asked : provider == Provider.Sqlite ? 4 : 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public Task Facts_sent_live_a_little_late_leave_the_books_of_a_replay_every_evening(Provider provider) => LiveAsync(provider, SendAsync);

    [Theory, EveryDatabase]
    public Task Facts_imported_a_little_late_leave_the_books_of_a_replay_every_evening(Provider provider) => LiveAsync(provider, ImportAsync);

    private async Task LiveAsync(Provider provider, Func<BrandDatabase, List<Fact>, DateOnly, Random, Task<List<Fact>>> post)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        for (var seed = 1; seed <= Seeds(provider); seed++)
        {
            var world = RandomWorld.Of(seed, Facts, new WorldKind());
            if (await DrawnBooks.AddAsync(databases, $"days{seed}", world) is not { } brand) continue;
            var dice = new Random(seed);
            var zone = brand.Policy.Zone;
            var coming = world.Facts.OrderBy(fact => fact.At.Ticks + DelayTicks(dice)).Select(fact => (Fact: fact, Day: zone.DayOf(fact.At))).ToList();
            List<Fact> left = [];
            for (var today = coming.Min(fact => fact.Day); today <= world.Far(brand.Policy); today = today.AddDays(1))
            {
                // The others wait for one that has not happened yet, and come right after it.
                var next = coming.FindIndex(fact => fact.Day > today);
                var arrived = next < 0 ? coming : coming[..next];
                left = await post(brand.Database, [.. left, .. arrived.Select(fact => fact.Fact)], today, dice);
                coming = next < 0 ? [] : coming[next..];
                await AssertReplayedAsync(brand.Database, brand.Policy, today, $"seed {seed} on {today:yyyy-MM-dd}");
            }
            Assert.Empty(left);
        }
    }

    private static long DelayTicks(Random dice) => dice.Chance(50) ? 0 : dice.NextInt64(dice.Chance(30) ? 6 * TimeSpan.TicksPerDay : 20 * TimeSpan.TicksPerHour);

    private static async Task<List<Fact>> SendAsync(BrandDatabase database, List<Fact> facts, DateOnly today, Random dice)
    {
        while (facts.Count > 0)
        {
            if (dice.Chance(60)) await VestAsync(database, today);
            var some = facts.Take(dice.Next(1, 5)).ToList();
            facts.RemoveRange(0, some.Count);
            await using var turn = await database.BeginWriteAsync(Stop);
            var commit = new LiveCommit(turn, await BookRules.LoadAsync(turn, Stop), today, new Instant(0));
            var results = await commit.RunAsync([new Part([.. some.Select(fact => new Arrival(fact, null))])], Stop);
            Assert.All(results[0].Answers, answer => Assert.True(answer.Status != FactStatus.Refused, answer.Reason));
            await turn.CommitAsync(Stop);
        }
        while (await VestAsync(database, today))
        {
        }
        await PostFacts.WorkOffAsync(database, null, Stop);
        return [];
    }

    /// <summary>One step as small as can be.</summary>
    private static async Task<bool> VestAsync(BrandDatabase database, DateOnly today)
    {
        await using var turn = await database.BeginWriteAsync(Stop);
        var rules = await BookRules.LoadAsync(turn, Stop);
        if (rules.Facts == 0) return false;
        var (_, _, more) = await VestSales.StepAsync(turn, rules, today, Reached.All, 1, Stop);
        await turn.CommitAsync(Stop);
        return more;
    }

    /// <returns>What does not fit yet.</returns>
    private static async Task<List<Fact>> ImportAsync(BrandDatabase database, List<Fact> facts, DateOnly today, Random dice)
    {
        List<Fact> left = [];
        if ((await PostFacts.RunAsync(database, facts, today, null, Stop)).Posted is null)
            foreach (var fact in facts)
                if ((await PostFacts.RunAsync(database, [fact], today, null, Stop)).Posted is null) left.Add(fact);
        if (dice.Chance(70) || facts.Count == 0) await PostFacts.AdvanceAsync(database, today, Stop);
        return left;
    }

    private static async Task AssertReplayedAsync(BrandDatabase database, Policy policy, DateOnly today, string when)
    {
        await using var turn = await database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        var accepted = (await books.Facts.OrderBy(row => row.Seq).ToListAsync(Stop)).Select((row, place) => StoredForms.FactOf(row) with { SourceLine = place + 1 }).ToList();
        await Replayed.Of(accepted, policy, today).AssertPostedAsync(when, books);
    }
}
