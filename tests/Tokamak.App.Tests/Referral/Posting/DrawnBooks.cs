using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Referral.Posting;

/// <summary>Brands whose facts and policy are drawn from a seed.</summary>
internal static class DrawnBooks
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A day by which everything has vested.</summary>
    public static DateOnly Far(this RandomWorld world, Policy policy) => policy.Zone.DayOf(world.Facts[^1].At).AddDays(60);

    /// <summary>A brand with the world's policy; null where the world drew a policy that the checks refuse.</summary>
    public static async Task<(BrandDatabase Database, Policy Policy)?> AddAsync(Databases databases, string name, RandomWorld world)
    {
        var json = PolicyJson.Of(world.Policy);
        if (PolicyReader.Read(json, Zones.Find, []) is not { } policy) return null;
        var database = await databases.AddBrandAsync(name, null, Stop);
        await using var turn = await database.BeginWriteAsync(Stop);
        var (_, faults) = await ImportPolicy.RunAsync(turn, json, default, TestBooks.Today, Stop);
        Assert.Empty(faults);
        await turn.CommitAsync(Stop);
        return (database, policy);
    }
}

/// <summary>What a replay of facts gives: what stands posted must be the same.</summary>
internal sealed record Replayed(
    List<string> CreditRows, List<string> CommissionRows, SortedDictionary<string, Int128> Credits, SortedDictionary<string, Int128> Commissions,
    SortedDictionary<string, Int128> Bounties, List<string> Statements, List<string> Earnings)
{
    public static Replayed Of(IReadOnlyList<Fact> facts, Policy policy, DateOnly? asOf = null)
    {
        List<Fault> faults = [];
        var log = FactLog.Build(facts, policy.Zone, asOf, faults);
        var replay = new Replay(log, policy, asOf);
        var settlement = new Settlement(policy, log.Roster);
        List<CreditPosting> credits = [];
        List<CommissionPosting> commissions = [];
        List<BountyPosting> bounties = [];
        foreach (var day in replay.Days())
        {
            credits.AddRange(day.Credits);
            commissions.AddRange(day.Commissions);
            bounties.AddRange(day.Bounties);
            settlement.Take(day);
        }
        settlement.Close();
        Assert.Empty(faults.Concat(replay.Faults));
        return new Replayed(
            [.. credits.Select(row => $"{row.Day:yyyy-MM-dd} {row.Cause} {row.Sale} {row.Line} {row.Role} {row.Party.Staff} {row.Party.Store} {row.Amount} {row.Policy}").Order(StringComparer.Ordinal)],
            [.. commissions.Select(row => $"{row.Day:yyyy-MM-dd} {row.Cause} {row.Sale} {row.Line} {row.Role} {row.Party.Staff} {row.Party.Store} {row.AmountE4} {row.VestedCredit} {row.Policy}").Order(StringComparer.Ordinal)],
            Sums(credits, row => $"{row.Day:yyyy-MM-dd} {row.Sale} {row.Line} {row.Role} {row.Party.Staff} {row.Party.Store}", row => row.Amount),
            Sums(commissions, row => $"{row.Day:yyyy-MM-dd} {row.Sale} {row.Line} {row.Role} {row.Party.Staff} {row.Party.Store}", row => row.AmountE4),
            Sums(bounties, row => $"{row.Day:yyyy-MM-dd} {row.Service} {row.Clerk.Id}", row => row.Amount),
            [.. settlement.Statements.Select(row => row.ToString())], [.. settlement.Earnings.Select(row => row.ToString())]);
    }

    /// <summary>The sums posted by day, sale, line, role, staff and store are those of the replay.</summary>
    public async Task AssertPostedAsync(string world, BrandContext books)
    {
        var stop = TestContext.Current.CancellationToken;
        Same($"{world} credit", Credits, Sums(await books.Credits.ToListAsync(stop), row => $"{row.ForDay:yyyy-MM-dd} {row.Sale} {row.Line} {(Role)row.Role} {row.Staff} {row.Store}", row => row.Amount));
        Same($"{world} commission", Commissions, Sums(await books.Commissions.ToListAsync(stop), row => $"{row.ForDay:yyyy-MM-dd} {row.Sale} {row.Line} {(Role)row.Role} {row.Staff} {row.Store}", row => row.AmountE4));
        Same($"{world} bounty", Bounties, Sums(await books.Bounties.ToListAsync(stop), row => $"{row.ForDay:yyyy-MM-dd} {row.Fact} {row.Staff}", row => row.Amount));
    }

    private static SortedDictionary<string, Int128> Sums<TRow>(IEnumerable<TRow> rows, Func<TRow, string> key, Func<TRow, Int128> amount)
    {
        var sums = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var row in rows) sums[key(row)] = sums.GetValueOrDefault(key(row)) + amount(row);
        foreach (var (nothing, _) in sums.Where(sum => sum.Value == 0).ToList()) sums.Remove(nothing);
        return sums;
    }

    private static void Same(string what, SortedDictionary<string, Int128> expected, SortedDictionary<string, Int128> actual)
    {
        var differences = expected.Except(actual).Select(row => $"missing {row}").Concat(actual.Except(expected).Select(row => $"extra {row}")).ToList();
        Assert.True(differences.Count == 0, $"{what}: {string.Join("; ", differences.Take(6))}");
    }
}
