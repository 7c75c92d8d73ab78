using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Verifying;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Live;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Serving;

/// <summary>The books that served processes write, looked at from outside: made ready before, and proven after whatever happened.</summary>
internal static class ProvenBooks
{
    private const int PerSecond = 100_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A brand with the worlds' policy.</summary>
    /// <returns>A key that may send facts.</returns>
    public static async Task<string> MakeAsync(DatabaseAddress address, DrawnWorlds worlds)
    {
        await using var databases = await Databases.OpenAsync(address, Stop);
        var brand = await databases.AddBrandAsync("main", null, Stop);
        await using (var turn = await brand.BeginWriteAsync(Stop))
        {
            var (_, faults) = await ImportPolicy.RunAsync(turn, worlds.PolicyJson, default, TestBooks.Today, Stop);
            Assert.Empty(faults);
            await turn.CommitAsync(Stop);
        }
        using var keys = new ApiKeys(new StaffCatalogue(databases), TimeProvider.System);
        var (_, key) = await keys.CreateAsync("main", "load", [ApiScope.Facts], PerSecond, Stop);
        return key;
    }

    /// <summary>What was acknowledged is there once and as it was sent, nothing is there by halves, and every row follows.</summary>
    public static async Task AssertKeptAsync(DatabaseAddress address, FactLoad load, string when)
    {
        var acknowledged = load.Acknowledged;
        await using var databases = await Databases.OpenAsync(address, Stop);
        await using var turn = await (await databases.BrandAsync(null, Stop)).BeginReadAsync(Stop);
        await using var books = turn.Books();
        var stored = await books.Facts.OrderBy(row => row.Seq).ToListAsync(Stop);
        var parked = await books.Parked.ToListAsync(Stop);

        var there = stored.Select(row => (row.Id, row.Body)).Concat(parked.Select(row => (row.Id, row.Body))).ToLookup(row => row.Id, row => row.Body);
        var lost = acknowledged.Where(id => !there.Contains(id)).ToList();
        Assert.True(lost.Count == 0, $"{when}: {lost.Count} acknowledged facts are lost, such as {string.Join(", ", lost.Take(5))}");
        foreach (var bodies in there)
        {
            Assert.True(bodies.Count() == 1, $"{when}: {bodies.Key} is there {bodies.Count()} times");
            Assert.True(load.Sent.TryGetValue(bodies.Key, out var fact) && StoredForms.BodyOf(fact) == bodies.Single(), $"{when}: {bodies.Key} is there as {bodies.Single()}, and was never sent so");
        }
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(row => row.Seq));
        Assert.Equal(stored.Count, (await books.Books.SingleAsync(Stop)).Facts);

        var verified = await VerifyBooks.RunAsync(turn, null, Stop);
        Assert.True(verified.Found == 0, $"{when}: {string.Join(Environment.NewLine, verified.Findings.Take(5))}");
    }

    /// <summary>Everything that was sent counts, nothing waits, and the sums posted are those of a replay; the verbs say so too.</summary>
    public static async Task AssertWholeAsync(DatabaseAddress address, DrawnWorlds worlds, FactLoad load, string when)
    {
        await Programs.DoneAsync("catch-up", "--db", address.Text);
        Assert.Contains("Everything follows from the facts.", await Programs.DoneAsync("verify", "--db", address.Text), StringComparison.Ordinal);

        await using var databases = await Databases.OpenAsync(address, Stop);
        await using var turn = await (await databases.BrandAsync(null, Stop)).BeginReadAsync(Stop);
        await using var books = turn.Books();
        var parked = await books.Parked.ToListAsync(Stop);
        Assert.True(parked.Count == 0, $"{when}: {string.Join(Environment.NewLine, parked.Take(5).Select(row => $"{row.Body} waits for {row.WaitsFor}: {row.Reason}"))}");
        var stored = await books.Facts.OrderBy(row => row.Seq).ToListAsync(Stop);
        Assert.Equal(load.Sent.Keys.Order(StringComparer.Ordinal), stored.Select(row => row.Id).Order(StringComparer.Ordinal));
        var horizon = (await books.Books.SingleAsync(Stop)).Horizon!.Value;
        List<Fact> accepted = [.. stored.Select((row, place) => StoredForms.FactOf(row) with { SourceLine = place + 1 })];
        await Replayed.Of(accepted, worlds.Policy, horizon).AssertPostedAsync(when, books);
    }
}
