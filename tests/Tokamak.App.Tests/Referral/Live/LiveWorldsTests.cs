using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Live;

/// <summary>
/// Worlds drawn from a seed, sent live: shuffled, some twice, some commits undone. After every commit the sums posted are those
/// of a replay of what was accepted; in the end everything was, nothing is parked, and every row proves.
/// </summary>
public sealed class LiveWorldsTests(PostgresServer server)
{
    private const int Facts = 90;

    /// <summary>More of them: TOKAMAK_WORLDS=500 ./test --filter LiveWorlds.</summary>
    private static int Seeds(Provider provider) =>
        int.TryParse(Environment.GetEnvironmentVariable("TOKAMAK_WORLDS"), out var asked) ? asked : provider == Provider.Sqlite ? 12 : 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Whatever_order_facts_come_in_the_books_are_those_of_a_replay_of_what_was_accepted(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        for (var seed = 1; seed <= Seeds(provider); seed++)
            if (RandomWorld.Of(seed, Facts, new WorldKind()) is var world && await DrawnBooks.AddAsync(databases, $"live{seed}", world) is { } brand)
                await SendAsync(brand.Database, brand.Policy, world, seed);
    }

    private static async Task SendAsync(BrandDatabase database, Policy policy, RandomWorld world, int seed)
    {
        var dice = new Random(seed);
        var today = world.Far(policy);
        var sent = world.Facts.Concat(world.Facts.Where(_ => dice.Chance(20))).ToArray();
        dice.Shuffle(sent);
        var left = new Queue<Fact>(sent);
        while (left.Count > 0)
        {
            var some = Enumerable.Range(0, Math.Min(left.Count, dice.Next(1, 25))).Select(_ => left.Dequeue()).ToList();
            if (dice.Chance(10)) await CommitAsync(database, some, today, isUndone: true);
            await CommitAsync(database, some, today, isUndone: false);
            if (dice.Chance(30) || left.Count == 0) await AssertReplayedAsync(database, policy, today, $"seed {seed} with {left.Count} to come");
        }
        await using var turn = await database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        var parked = await books.Parked.ToListAsync(Stop);
        Assert.True(parked.Count == 0, $"seed {seed}: {string.Join("; ", parked.Select(row => $"{row.Body} waits for {row.WaitsFor}: {row.Reason}"))}");
        Assert.Equal(world.Facts.Count, await books.Facts.CountAsync(Stop));
        var verified = await VerifyBooks.RunAsync(turn, 2, null, Stop);
        Assert.True(verified.IsProof, $"seed {seed}: {string.Join(Environment.NewLine, verified.Findings.Take(5))}");
    }

    private static async Task CommitAsync(BrandDatabase database, IReadOnlyList<Fact> facts, DateOnly today, bool isUndone)
    {
        await using var turn = await database.BeginWriteAsync(Stop);
        var commit = new LiveCommit(turn, await BookRules.LoadAsync(turn, Stop), today, new Instant(0));
        var results = await commit.RunAsync([new Part([.. facts.Select(fact => new Arrival(fact, null))])], Stop);
        Assert.All(results[0].Answers, answer => Assert.True(answer.Status != FactStatus.Refused, answer.Reason));
        while (commit.LeavesWork && (await RederiveMembers.RunAsync(turn, commit.Rules, 50, Stop)).Done > 0)
        {
        }
        if (!isUndone) await turn.CommitAsync(Stop);
    }

    private static async Task AssertReplayedAsync(BrandDatabase database, Policy policy, DateOnly today, string when)
    {
        await using var turn = await database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        var accepted = (await books.Facts.OrderBy(row => row.Seq).ToListAsync(Stop)).Select((row, place) => StoredForms.FactOf(row) with { SourceLine = place + 1 }).ToList();
        await Replayed.Of(accepted, policy, today).AssertPostedAsync(when, books);
    }
}
