using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Referral.Closing;

/// <summary>The two steps of closing as people take them, and what stands in the audit log of it.</summary>
public sealed partial class ClosePageTests(PostgresServer server)
{
    private const string Page = "/close";

    [Theory, EveryDatabase]
    public async Task Every_look_and_every_step_stands_in_the_log(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var (hana, fei) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Fei", AccountRole.Finance));
        var (first, second) = (await world.SignedInAsync("hana"), await world.SignedInAsync("fei"));

        await PrepareAsync(first);
        await first.SubmitAsync(Page, "takeback");
        Assert.Equal(["PayRead /close", "PayRead /close", "PayRead /close", "ClosePrepared 2026-01", "PayRead /close", "PayRead /close", "CloseTakenBack 2026-01"], await LoggedAsync(world, hana));

        // Confirmed without being sure, the page shows everybody's pay like any other time.
        var seen = await PrepareAsync(first);
        var unsure = await second.SubmitAsync(Page, "confirm", ("Typed.Month", "2026-01"), ("Typed.Seen", seen));
        Assert.Contains("role=\"alert\"", unsure.Page, StringComparison.Ordinal);
        Assert.Equal(["PayRead /close", "PayRead /close"], await LoggedAsync(world, fei));
        await second.SubmitAsync(Page, "confirm", ("Typed.Month", "2026-01"), ("Typed.Seen", new string('0', 64)), ("Typed.Sure", "true"));
        var closed = await second.SubmitAsync(Page, "confirm", ("Typed.Month", "2026-01"), ("Typed.Seen", seen), ("Typed.Sure", "true"));
        Assert.Contains("id=\"closed\"", closed.Page, StringComparison.Ordinal);
        var logged = (await world.AuditAsync()).Where(entry => entry.Who == fei && entry.What is AuditKind.CloseBegun or AuditKind.CloseNotDone or AuditKind.PeriodClosed);
        Assert.Equal([(AuditKind.CloseBegun, "2026-01"), (AuditKind.CloseNotDone, "2026-01"), (AuditKind.CloseBegun, "2026-01"), (AuditKind.PeriodClosed, "2026-01")], logged.OrderBy(entry => entry.Id).Select(entry => (entry.What, entry.About)));
    }

    [Theory]
    [InlineData("Hana", "Fei")]
    [InlineData("Fei", "Hana")]
    public async Task Somebody_whom_the_other_has_just_let_in_is_no_second_person(string prepares, string confirms)
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        var (hana, fei) = (await world.AddAsync("Hana", AccountRole.Hq), await world.AddAsync("Fei", AccountRole.Hq));
        world.Clock.Go(TimeSpan.FromHours(1));
        var (refusal, token) = await world.Parts.GetRequiredService<People>().ResetAsync(new Viewer(hana, "Hana", AccountRole.Hq, "one", null, null), fei, null, AccessWorld.Stop);
        Assert.Null(refusal);
        Assert.Null(await world.Parts.GetRequiredService<Invitations>().TakeAsync("one", token!, "fei", "Fei", AccessWorld.Password, null, AccessWorld.Stop));

        var seen = await PrepareAsync(await world.SignedInAsync(prepares));
        var other = await world.SignedInAsync(confirms);
        (string, string)[] confirmed = [("Typed.Month", "2026-01"), ("Typed.Seen", seen), ("Typed.Sure", "true")];
        var page = (await other.GetAsync(Page)).Page;
        Assert.Contains("Within the last 30 days one of you two has invited the other", page, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"confirm\"", page, StringComparison.Ordinal);

        world.Clock.Go(LetIn.For + TimeSpan.FromMinutes(1));
        other = await world.SignedInAsync(confirms);
        Assert.Contains("id=\"closed\"", (await other.SubmitAsync(Page, "confirm", confirmed)).Page, StringComparison.Ordinal);
    }

    private static async Task<string> PrepareAsync(AccessWorld.Browser browser)
    {
        var seen = Hash().Match((await browser.GetAsync(Page)).Page).Value;
        var prepared = await browser.SubmitAsync(Page, "prepare", ("Typed.Month", "2026-01"), ("Typed.Seen", seen));
        Assert.Equal(HttpStatusCode.OK, prepared.Status);
        Assert.Contains("value=\"takeback\"", prepared.Page, StringComparison.Ordinal);
        return seen;
    }

    private static async Task<List<string>> LoggedAsync(AccessWorld world, Guid who) =>
        [.. (await world.AuditAsync()).Where(entry => entry.Who == who)
            .Where(entry => entry.What is AuditKind.PayRead or AuditKind.ClosePrepared or AuditKind.CloseTakenBack or AuditKind.PeriodClosed).Select(entry => $"{entry.What} {entry.About}")];

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();
}
