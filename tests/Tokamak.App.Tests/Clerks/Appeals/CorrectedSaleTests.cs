using Microsoft.EntityFrameworkCore;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

/// <summary>What others send about a sale after an appeal gave it another number (docs/adr/0015).</summary>
public sealed class CorrectedSaleTests(PostgresServer server)
{
    private const string Refund = """{"type":"refund","id":"R9","at":"2026-01-26T12:00:00+08:00","sale":"W1","lines":[{"line":2,"amount":101}]}""";

    private static readonly Ruling ToA = new(AppealState.Upheld, "A built the cart", new CorrectSale(new StaffId("A"), null, new MemberId("M1"), false));

    private static readonly Instant Now = AppealWorld.At(AppealWorld.Day);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_names_the_old_number_waits_until_the_office_counts_it_for_the_corrected_sale(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        await CorrectAsync(world, "W1", ToA);
        var answer = (await world.Books.SendAsync(Refund, AppealWorld.Day))[0];
        Assert.Equal(FactStatus.Parked, answer.Status);
        Assert.Contains("W1~1", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(["R9 corrected W1~1"], await WaitingAsync(world));
        Assert.Equal(["Closer A@S1 600", "Handover B@S2 100", "Host @online 201", "Owner A@S1 600"], await world.CreditsAsync("W1~1"));

        Assert.Equal(FactStatus.Accepted, (await OfficeRetry.RunAsync(world.Books.Brand, "R9", null, Now, Stop))!.Status);
        Assert.Equal(["Closer A@S1 560", "Handover B@S2 100", "Host @online 180", "Owner A@S1 560"], await world.CreditsAsync("W1~1"));
        // Whoever sent it does not know, and sends it again as it was.
        Assert.Equal(FactStatus.Duplicate, (await world.Books.SendAsync(Refund, AppealWorld.Day))[0].Status);
        Assert.Equal(FactStatus.Refused, (await world.Books.SendAsync(Refund.Replace("101", "100", StringComparison.Ordinal), AppealWorld.Day))[0].Status);
        Assert.Empty(await WaitingAsync(world));
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task It_may_come_again_with_the_right_number_and_follows_a_second_correction(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        await CorrectAsync(world, "W1", ToA);
        await world.Books.SendAsync(Refund, AppealWorld.Day);
        await CorrectAsync(world, "W1~1", new Ruling(AppealState.Upheld, "no, B", new CorrectSale(new StaffId("B"), null, new MemberId("M1"), false)), staff: "B");
        Assert.Equal(FactStatus.Parked, (await world.Books.SendAsync(Refund.Replace("W1", "W1~1", StringComparison.Ordinal), AppealWorld.Day))[0].Status);
        Assert.Equal(["R9 corrected W1~1~2"], await WaitingAsync(world));
        Assert.Equal(FactStatus.Accepted, (await world.Books.SendAsync(Refund.Replace("W1", "W1~1~2", StringComparison.Ordinal), AppealWorld.Day))[0].Status);
        Assert.Empty(await WaitingAsync(world));
        Assert.Equal(FactStatus.Duplicate, (await world.Books.SendAsync(Refund, AppealWorld.Day))[0].Status);
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_waited_for_more_of_the_old_sale_is_not_lost_with_its_void(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        const string TooMuch = """{"type":"refund","id":"R7","at":"2026-01-26T12:00:00+08:00","sale":"W1","lines":[{"line":2,"amount":100000}]}""";
        Assert.Equal(FactStatus.Parked, (await world.Books.SendAsync(TooMuch, AppealWorld.Day))[0].Status);
        await CorrectAsync(world, "W1", ToA);
        // As the sweep takes it up again, too, since something of the sale came.
        Assert.Equal(FactStatus.Parked, (await OfficeRetry.RunAsync(world.Books.Brand, "R7", null, Now, Stop))!.Status);
        Assert.Equal(["R7 corrected W1~1"], await WaitingAsync(world));
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_void_of_what_was_about_the_old_sale_voids_what_stands_for_it_now(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        await world.Books.SendAsync(Refund, AppealWorld.Day);
        await CorrectAsync(world, "W1", ToA);
        var voids = await world.Books.SendAsync("""
            {"type":"void","id":"X1","at":"2026-01-27T12:00:00+08:00","fact":"R9"}
            {"type":"void","id":"X2","at":"2026-02-02T10:00:00+08:00","fact":"W1"}
            """, AppealWorld.Day);
        Assert.All(voids, answer => Assert.Equal(FactStatus.Parked, answer.Status));
        Assert.Equal(FactStatus.Accepted, (await OfficeRetry.RunAsync(world.Books.Brand, "X1", null, Now, Stop))!.Status);
        Assert.Equal(["Closer A@S1 600", "Handover B@S2 100", "Host @online 201", "Owner A@S1 600"], await world.CreditsAsync("W1~1"));
        Assert.Equal(FactStatus.Accepted, (await OfficeRetry.RunAsync(world.Books.Brand, "X2", null, Now, Stop))!.Status);
        Assert.Empty(await world.CreditsAsync("W1~1"));
        await world.Books.AssertProvenAsync();
    }

    private static async Task CorrectAsync(AppealWorld world, string sale, Ruling ruling, string staff = "A")
    {
        var number = (await world.OpenAsync(AppealWorld.Dispute(sale, staff))).Number!.Value;
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, ruling)).Outcome);
    }

    private static Task<List<string>> WaitingAsync(AppealWorld world) =>
        world.Books.ReadAsync(context => context.Parked.OrderBy(row => row.Id).Select(row => row.Id + " " + row.WaitsFor).ToListAsync(Stop));
}
