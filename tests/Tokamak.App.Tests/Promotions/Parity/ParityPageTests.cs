using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Promotions.Parity;

/// <summary>The parity page as forms without scripts.</summary>
public sealed class ParityPageTests(PostgresServer server)
{
    private const string Page = "/parity";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Differences_are_shown_with_their_cause_and_marked_by_the_head_office_alone()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Hana", AccountRole.Hq);
        await world.AddAsync("Fei", AccountRole.Finance);
        var (hana, fei) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));
        Assert.Contains("Nothing to compare yet", (await hana.GetAsync(Page)).Page, StringComparison.Ordinal);
        await world.WriteAsync(async turn =>
        {
            await OfferApproval.StoreAsync(turn, [("app", """{"id": "app", "name": {"en": "Ten off in the app"}, "where": {"channels": ["app"]}, "price": {"items": {"all": true}, "off": 10}}""")], "test", "test", new Instant(0), Stop);
            await turn.InsertAsync([new QuoteRow { Id = "1", Cart = """{"at": "2026-11-22T12:00:00+08:00", "channel": "online", "lines": [{"sku": "SHOE", "quantity": 1, "unitPrice": 600}]}""", Result = "{}", Edition = 1, Engine = "1", HeldAtTicks = 1, UntilTicks = 2, Sale = "S1" }], Stop);
        });
        var shown = (await fei.GetAsync(Page)).Page;
        Assert.Contains("SHOE", shown, StringComparison.Ordinal);
        Assert.Contains("590", shown, StringComparison.Ordinal);
        Assert.Contains("Ten off in the app", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Save the mark", shown, StringComparison.Ordinal);
        Assert.Contains("cannot be read", (await fei.GetAsync(Page + "?at=yesterday")).Page, StringComparison.Ordinal);

        Assert.Contains("gone", (await hana.SubmitAsync(Page, "mark", ("Marked.Offer", "none"), ("Marked.Until", "2090-12-31"))).Page, StringComparison.Ordinal);
        Assert.Contains("Choose today or a later day", (await hana.SubmitAsync(Page, "mark", ("Marked.Offer", "app"), ("Marked.Until", "2001-01-01"))).Page, StringComparison.Ordinal);
        Assert.Contains("Choose today or a later day", (await hana.SubmitAsync(Page, "mark", ("Marked.Offer", "app"), ("Marked.Until", "soon"))).Page, StringComparison.Ordinal);
        var marked = (await hana.SubmitAsync(Page, "mark", ("Marked.Offer", "app"), ("Marked.Until", "2090-12-31"))).Page;
        Assert.Contains("Marked as intended", marked, StringComparison.Ordinal);
        Assert.Contains("(intended)", marked, StringComparison.Ordinal);
        Assert.Contains("The mark is taken back", (await hana.SubmitAsync(Page, "mark", ("Marked.Offer", "app"), ("Marked.Until", ""))).Page, StringComparison.Ordinal);
        Assert.Equal(["ParityMarked app", "ParityUnmarked app"], (await world.AuditAsync()).Where(entry => entry.What is AuditKind.ParityMarked or AuditKind.ParityUnmarked).Select(entry => $"{entry.What} {entry.About}"));
    }
}
