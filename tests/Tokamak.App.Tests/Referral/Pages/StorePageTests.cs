using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class StorePageTests(PostgresServer server)
{
    /// <summary>A and D sell at S1 in January, and D has gone to S2 since: D is S2's clerk, also with what was sold before.</summary>
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"D","event":"joined","store":"S1"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"taken"}]}
        {"type":"sale","id":"P2","at":"2026-01-11T12:00:00+08:00","channel":"store","store":"S1","staff":"D","lines":[{"line":1,"category":"tops","quantity":1,"net":900,"fulfil":"taken"}]}
        {"type":"staff","id":"F3","at":"2026-02-01T09:00:00+08:00","staff":"D","event":"moved","store":"S2"}
        """;

    // 3% of the credit, and 80% of that for the clerk.
    private const string PayOfA = "NT$ 24", PayOfD = "NT$ 22", Both = "NT$ 46", Hidden = "What clerks of other stores are paid is not shown here";

    [Theory, EveryDatabase]
    public async Task A_manager_reads_and_adds_up_the_pay_of_the_own_clerks_alone(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server, facts: Facts);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        var office = (await (await world.SignedInAsync("Hana")).GetAsync("/stores/S1?month=2026-01")).Page;
        foreach (var shown in new[] { $">{PayOfA}<", $">{PayOfD}<", $">{Both}<" }) Assert.Contains(shown, office, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, office, StringComparison.Ordinal);

        var manager = (await (await world.SignedInAsync("Gao")).GetAsync("/stores/S1?month=2026-01")).Page;
        Assert.Equal(3, manager.Split($">{PayOfA}<").Length);
        foreach (var hidden in new[] { PayOfD, Both }) Assert.DoesNotContain($">{hidden}<", manager, StringComparison.Ordinal);
        Assert.Contains(Hidden, manager, StringComparison.Ordinal);
    }
}
