using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>
/// Worlds drawn from a seed, their facts posted in any order and in batches of any size, with periods closed on the way:
/// what stands posted is what a replay of all facts gives, and every row proves. A world that breaks it is named by its seed.
/// </summary>
public sealed class PostingWorldsTests(PostgresServer server)
{
    private const int Facts = 90;

    /// <summary>More of them: TOKAMAK_WORLDS=500 ./test --filter PostingWorlds.</summary>
    private static int Seeds(Provider provider) =>
        int.TryParse(Environment.GetEnvironmentVariable("TOKAMAK_WORLDS"), out var asked) ? asked : provider == Provider.Sqlite ? 6 : 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Facts_in_any_order_and_any_batches_end_in_the_books_of_a_replay(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var seeds = Seeds(provider);
        var posted = 0;
        for (var seed = 1; seed <= seeds; seed++) posted += await PostShuffledAsync(databases, seed, closes: false) ? 1 : 0;
        Assert.True(posted * 2 >= seeds, $"Only {posted} of {seeds} seeds are worlds whose policy can be.");
    }

    [Theory, EveryDatabase]
    public async Task Closed_periods_stay_as_they_were_and_later_ones_settle_the_difference(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var seeds = Seeds(provider);
        var posted = 0;
        for (var seed = 1; seed <= seeds; seed++) posted += await PostShuffledAsync(databases, seed + 1000, closes: true) ? 1 : 0;
        Assert.True(posted * 2 >= seeds, $"Only {posted} of {seeds} seeds are worlds whose policy can be.");
    }

    [Theory, EveryDatabase]
    public async Task Facts_in_order_are_posted_as_a_replay_posts_them_row_by_row(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        for (var seed = 1; seed <= Seeds(provider); seed++)
        {
            var world = RandomWorld.Of(seed, Facts, new WorldKind(Voids: false, Merges: false, LateNames: false));
            if (await DrawnBooks.AddAsync(databases, $"o{seed}", world) is not { } brand) continue;
            var dice = new Random(seed);
            var log = FactLog.Build([.. world.Facts], brand.Policy.Zone, null, []);
            for (var at = 0; at < log.Facts.Count;)
            {
                var batch = log.Facts.Skip(at).Take(dice.Next(1, 12)).ToList();
                at += batch.Count;
                var (posted, faults) = await PostFacts.RunAsync(brand.Database, batch, brand.Policy.Zone.DayOf(batch[^1].At).AddDays(-1), null, Stop);
                Assert.True(posted is { Rederived: 0 }, $"seed {seed}: {string.Join("; ", faults)} {posted}");
            }
            await PostFacts.AdvanceAsync(brand.Database, world.Far(brand.Policy), Stop);
            var replayed = Replayed.Of(world.Facts, brand.Policy);
            await using var turn = await brand.Database.BeginReadAsync(Stop);
            await using var books = turn.Books();
            Assert.Equal(replayed.CreditRows, await RowsAsync(books.Credits, row => $"{row.Day:yyyy-MM-dd} {row.Cause} {row.Sale} {row.Line} {(Role)row.Role} {row.Staff} {row.Store} {row.Amount} {row.Policy}"));
            Assert.Equal(replayed.CommissionRows, await RowsAsync(books.Commissions, row => $"{row.Day:yyyy-MM-dd} {row.Cause} {row.Sale} {row.Line} {(Role)row.Role} {row.Staff} {row.Store} {row.AmountE4} {row.Credit} {row.Policy}"));
        }
    }

    /// <returns>Whether the seed is a world.</returns>
    private static async Task<bool> PostShuffledAsync(Databases databases, int seed, bool closes)
    {
        var world = RandomWorld.Of(seed, Facts, new WorldKind());
        if (await DrawnBooks.AddAsync(databases, $"s{seed}", world) is not { } brand) return false;
        var dice = new Random(seed);
        var today = world.Far(brand.Policy);
        var pool = world.Facts.ToArray();
        if (!dice.Chance(20)) dice.Shuffle(pool);
        var left = pool.ToList();
        for (var tries = 0; left.Count > 0; tries++)
        {
            // Facts that need others are refused with all that came with them, and come again later.
            var batch = tries > 120 ? [.. left] : left.Take(dice.Next(1, 25)).ToList();
            var (posted, faults) = await PostFacts.RunAsync(brand.Database, batch, today, null, Stop);
            Assert.True(posted is not null || tries <= 120, $"seed {seed}: {string.Join("; ", faults)}");
            left.RemoveRange(0, batch.Count);
            if (posted is null) left.AddRange(batch);
            if (closes && dice.Chance(15)) await CloseNextAsync(brand.Database, today);
        }
        var again = await PostFacts.RunAsync(brand.Database, pool, today, null, Stop);
        Assert.Equal(new Posted(0, pool.Length, 0), again.Posted);

        var replayed = Replayed.Of(world.Facts, brand.Policy);
        await using var turn = await brand.Database.BeginReadAsync(Stop);
        await using var books = turn.Books();
        await replayed.AssertPostedAsync($"seed {seed}", books);
        if (!await books.Periods.AnyAsync(Stop))
        {
            var settlement = await BookSettlement.OfAsync(turn, await BookRules.LoadAsync(turn, Stop), null, Stop);
            Assert.Equal(replayed.Statements, settlement.Statements.Select(row => row.ToString()));
            Assert.Equal(replayed.Earnings, settlement.Earnings.Select(row => row.ToString()));
        }
        var verified = await VerifyBooks.RunAsync(turn, 2, null, Stop);
        Assert.True(verified.IsProof, $"seed {seed}: {string.Join(Environment.NewLine, verified.Findings.Take(5))}");
        return true;
    }

    private static async Task CloseNextAsync(BrandDatabase database, DateOnly today)
    {
        await using var turn = await database.BeginWriteAsync(Stop);
        var rules = await BookRules.LoadAsync(turn, Stop);
        await using var books = turn.Books();
        if (await books.CreditTotals.MinAsync(row => (string?)row.Period, Stop) is not { } first || !Month.TryParse(first, out var month)) return;
        if (rules.LastClosed is { } closed) month = closed.Next;
        var preview = await ClosePeriod.RunAsync(turn, month, "test", new Instant(0), today, Stop);
        if (preview.MayClose) await turn.CommitAsync(Stop);
    }

    private static async Task<List<string>> RowsAsync<TRow>(IQueryable<TRow> rows, Func<TRow, string> words) => [.. (await rows.ToListAsync(Stop)).Select(words).Order(StringComparer.Ordinal)];
}
