using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Reading;

public sealed class ReadSaleTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_bounty_stands_in_the_trace_of_the_sale_that_earned_it_and_no_other(Provider provider)
    {
        // The order waits ten days, the later sale in the store seven.
        await using var world = await WorldBooks.ImportAsync(provider, server,
            """
            {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
            {"type":"service","id":"V1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"S1","staff":"A"}
            {"type":"sale","id":"W1","at":"2026-01-10T12:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}
            {"type":"sale","id":"P1","at":"2026-01-12T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}
            """);
        Assert.Empty(await EarnedByAsync(world, new FactId("W1")));
        Assert.Equal("V1", Assert.Single(await EarnedByAsync(world, new FactId("P1"))).Service.Id.Value);
    }

    private static async Task<IReadOnlyList<BountyDecision>> EarnedByAsync(WorldBooks world, FactId sale) =>
        [.. (await world.ReadAsync(books => books.SaleAsync(sale, Stop)))!.Around!.BountiesEarnedBy(sale)];
}
