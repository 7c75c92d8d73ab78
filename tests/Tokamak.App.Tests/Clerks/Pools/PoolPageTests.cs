using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Clerks.Pools;

/// <summary>Who divides a pool, who looks on, and who is shown what of it.</summary>
public sealed class PoolPageTests(PostgresServer server)
{
    private const string Page = "/stores/S1/floor/pool?month=2026-01";

    [Theory, EveryDatabase]
    public async Task The_manager_or_the_office_divides_what_is_closed_and_everybody_sees_what_is_theirs_to_see(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        foreach (var (name, role, staff) in new[] { ("Hana", AccountRole.Hq, null), ("Fei", AccountRole.Finance, null), ("Gao", AccountRole.Manager, "G"), ("Ann", AccountRole.Clerk, "A"), ("Bob", AccountRole.Clerk, "B") })
            await world.AddAsync(name, role, staff);
        var (office, finance, manager) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"), await world.SignedInAsync("gao"));
        (string, string)[] equally = [("seen", "0"), ("way", "Equal"), ("chosen", "A"), ("chosen", "C"), ("chosen", "G"), ("do", "divide")];

        Assert.Contains("It can be divided once the month is closed", (await manager.SubmitAsync(Page, "pool", equally)).Page, StringComparison.Ordinal);
        await CloseAsync(world);
        await finance.SubmitAsync(Page, "pool", equally);
        await manager.SubmitAsync(Page, "pool", [.. equally[..^1], ("do", "try")]);
        Assert.Empty(await SharesAsync(world));

        await manager.SubmitAsync(Page, "pool", equally);
        var pool = await PoolAsync(world);
        var shares = await SharesAsync(world);
        Assert.Equal((3, pool), (shares.Count, shares.Sum(share => share.Amount)));

        // By hand one unit is missing: what was typed and why are there to be corrected.
        (string, string)[] byHand = [("seen", "1"), ("way", "ByHand"), ("amount.A", $"{pool - 2}"), ("amount.C", "1"), ("reason", "stock-taking"), ("do", "divide")];
        var wrong = (await office.SubmitAsync(Page, "pool", byHand)).Page;
        Assert.Contains("they must be the pool exactly", wrong, StringComparison.Ordinal);
        Assert.Contains($"value=\"{pool - 2}\"", wrong, StringComparison.Ordinal);
        Assert.Contains(">stock-taking</textarea>", wrong, StringComparison.Ordinal);
        byHand[3] = ("amount.C", "2");
        var divided = (await office.SubmitAsync(Page, "pool", byHand)).Page;
        Assert.Contains("Division 2, which counts", divided, StringComparison.Ordinal);
        Assert.Contains("Division 1, replaced", divided, StringComparison.Ordinal);
        Assert.Equal(["S1 2026-01 equal 1", "S1 2026-01 by hand 2"], (await world.AuditAsync()).Where(entry => entry.What == AuditKind.PoolDivided).Select(entry => $"{entry.About} {entry.Detail}"));

        Assert.Contains($"NT$ {pool - 2}", await ShareOnDayAsync(world, "ann"), StringComparison.Ordinal);
        Assert.Empty(await ShareOnDayAsync(world, "bob"));
        var file = (await finance.GetAsync("/pools.csv?month=2026-01")).Page.Trim('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["period,store,staff,amount,way", $"2026-01,S1,A,{pool - 2},by hand", "2026-01,S1,C,2,by hand"], file.Select(line => line[..line.LastIndexOf(',')]));
        Assert.All(file[1..], line => Assert.Equal(TimeSpan.FromHours(8), DateTimeOffset.Parse(line[(line.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture).Offset));
    }

    /// <summary>The card of the pool on somebody's own day; empty where there is none.</summary>
    private static async Task<string> ShareOnDayAsync(AccessWorld world, string person)
    {
        var page = (await (await world.SignedInAsync(person)).GetAsync("/day")).Page;
        var from = page.IndexOf("Your share of the store's pool", StringComparison.Ordinal);
        return from < 0 ? "" : page[from..(from + 200)];
    }

    private static async Task CloseAsync(AccessWorld world)
    {
        var brand = await world.Parts.GetRequiredService<BookShelf>().Databases.BrandAsync("one", AccessWorld.Stop);
        await using var turn = await brand.BeginWriteAsync(AccessWorld.Stop);
        Assert.True((await ClosePeriod.RunAsync(turn, Month.Of(new DateOnly(2026, 1, 1)), "test", new Instant(1), new DateOnly(2026, 3, 1), AccessWorld.Stop)).MayClose);
        await turn.CommitAsync(AccessWorld.Stop);
    }

    private static Task<List<PoolShareRow>> SharesAsync(AccessWorld world) => world.ReadAsync(books => books.PoolShares.ToListAsync(AccessWorld.Stop));

    private static Task<long> PoolAsync(AccessWorld world) =>
        world.ReadAsync(books => books.Statements.Where(row => row.Period == "2026-01" && row.Store == "S1").Select(row => row.StorePool).SingleAsync(AccessWorld.Stop));
}
