using System.Globalization;
using Tokamak.App.Access;
using Tokamak.App.Clerks.MyDay;
using Tokamak.App.Clerks.Targets;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks;

/// <summary>A clerk is compared only with herself, unless the head office allows the own store beside it; never with somebody who can be told from it.</summary>
public sealed class StoreComparisonTests(PostgresServer server)
{
    private const string Card = "Your store this month", Few = "Fewer than 4 colleagues";

    /// <summary>S1 has A, G and four more with credit this month; S2 has B and one more.</summary>
    private static string Facts
    {
        get
        {
            var staff = new[] { ("A", "S1"), ("C", "S1"), ("D", "S1"), ("E", "S1"), ("F", "S1"), ("G", "S1"), ("B", "S2"), ("H", "S2") };
            var joined = staff.Select(one => $$"""{"type":"staff","id":"F{{one.Item1}}","at":"2026-01-01T09:00:00+08:00","staff":"{{one.Item1}}","event":"joined","store":"{{one.Item2}}"}""");
            var now = DateTime.UtcNow.AddMinutes(-5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var sales = staff.Where(one => one.Item1 != "G").Select((one, place) => $$"""{"type":"sale","id":"P{{one.Item1}}","at":"{{now}}","channel":"store","store":"{{one.Item2}}","staff":"{{one.Item1}}","lines":[{"line":1,"category":"tops","quantity":1,"net":{{1000 * (place + 1)}},"fulfil":"taken"}]}""");
            return string.Join('\n', joined.Concat(sales));
        }
    }

    [Theory, EveryDatabase]
    public async Task Clerks_see_it_once_the_head_office_says_so_and_it_is_in_the_audit_log(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server, facts: Facts);
        foreach (var (name, role, staff) in new[] { ("Hana", AccountRole.Hq, null), ("Fei", AccountRole.Finance, null), ("Gao", AccountRole.Manager, "G"), ("Ann", AccountRole.Clerk, "A"), ("Bob", AccountRole.Clerk, "B") })
            await world.AddAsync(name, role, staff);
        var (office, ann, bob) = (await world.SignedInAsync("hana"), await world.SignedInAsync("ann"), await world.SignedInAsync("bob"));
        await TargetAsync(world);
        foreach (var clerk in new[] { ann, bob }) Assert.DoesNotContain(Card, (await clerk.GetAsync("/day")).Page, StringComparison.Ordinal);

        // Neither finance nor a manager decides it.
        foreach (var other in new[] { "fei", "gao" })
        {
            var browser = await world.SignedInAsync(other);
            Assert.DoesNotContain("Comparison.On", (await browser.GetAsync("/targets")).Page, StringComparison.Ordinal);
            await browser.SubmitAsync("/targets", "comparison", ("Comparison.On", "true"));
        }
        Assert.DoesNotContain(Card, (await ann.GetAsync("/day")).Page, StringComparison.Ordinal);

        Assert.Contains("clerks now see how they stand", (await office.SubmitAsync("/targets", "comparison", ("Comparison.On", "true"))).Page, StringComparison.Ordinal);
        var card = CardOf((await ann.GetAsync("/day")).Page);
        // 15,000 of 30,000; (1,000 + … + 5,000) / 5.
        Assert.Contains("50", card, StringComparison.Ordinal);
        Assert.Contains("Your credit there: NT$ 1,000. Average of the clerks with credit there: NT$ 3,000.", card, StringComparison.Ordinal);
        foreach (var hidden in new[] { "15,000", "30,000", "2,000", "4,000", "5,000" }) Assert.DoesNotContain(hidden, card, StringComparison.Ordinal);
        // Of two clerks each would know what the other has; and nothing of another store is there.
        var small = CardOf((await bob.GetAsync("/day")).Page);
        Assert.Contains(Few, small, StringComparison.Ordinal);
        Assert.DoesNotContain("NT$", small, StringComparison.Ordinal);
        // Who looks at her day sees the store elsewhere.
        Assert.DoesNotContain(Card, (await office.GetAsync("/clerks/A/day")).Page, StringComparison.Ordinal);

        await office.SubmitAsync("/targets", "comparison");
        Assert.DoesNotContain(Card, (await ann.GetAsync("/day")).Page, StringComparison.Ordinal);
        Assert.Equal(["on", "off"], (await world.AuditAsync()).Where(entry => entry.What == AuditKind.ComparisonSet).Select(entry => entry.Detail));
    }

    [Fact]
    public void Who_has_no_credit_hides_nobody()
    {
        StaffId A = new("A");
        StoreComparison? Of(params (string Staff, int Amount)[] credits) => StoreComparison.Of(FiguresOf(credits), new("S1"), A, Month.Of(new DateOnly(2026, 1, 1)), 100);
        Assert.Null(Of(("A", 10), ("B", 1), ("C", 2), ("D", 3)));
        Assert.Null(Of(("A", 10), ("B", 1), ("C", 2), ("D", 3), ("E", 0)));
        Assert.Equal(new StoreComparison(new("S1"), 100, 20, 10, 4), Of(("A", 10), ("B", 1), ("C", 2), ("D", 3), ("E", 4)));
        // She has none herself yet; and what is back in full is none.
        Assert.Equal(new StoreComparison(new("S1"), 100, 11, 0, 2), Of(("B", 2), ("C", 2), ("D", 3), ("E", 4)));
        Assert.Null(Of(("B", 2), ("C", 2), ("D", 3), ("E", 4), ("E", -4)));
    }

    private static MonthlyFigures FiguresOf((string Staff, int Amount)[] credits)
    {
        var month = Month.Of(new DateOnly(2026, 1, 1));
        var sums = credits.Select(one => new CreditSum(Channel.Store, Role.Closer, new Party(new StaffTimeline(new StaffId(one.Staff), 0), new StoreId("S1")), one.Amount)).ToList();
        return new MonthlyFigures(new Dictionary<Month, List<CreditSum>> { [month] = sums }, [], [], [month], [], null);
    }

    private static string CardOf(string page)
    {
        var from = page.IndexOf("id=\"beside\"", StringComparison.Ordinal);
        Assert.True(from > 0, "there is no such card");
        return page[from..page.IndexOf("</div>", from, StringComparison.Ordinal)];
    }

    private static Task TargetAsync(AccessWorld world) => world.WriteAsync(turn =>
    {
        var month = Month.Of(DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8)));
        return MonthlyTargets.SetAsync(turn, month, new Dictionary<TargetOf, long?> { [TargetOf.Store(new("S1"))] = 30_000 }, "test", new Instant(1), AccessWorld.Stop);
    });
}
