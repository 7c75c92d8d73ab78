using Tokamak.App.Access;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

public sealed class ReadAppealsTests(PostgresServer server)
{
    private static readonly Viewer Clerk = Of(AccountRole.Clerk, "A", "S1"), OtherClerk = Of(AccountRole.Clerk, "B", "S2"), Manager = Of(AccountRole.Manager, "G", "S1"), Hq = Of(AccountRole.Hq, null, null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_waits_is_counted_for_whoever_can_do_something_about_it(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        await OpenAsync(world, "A", "S1", "W1");
        await OpenAsync(world, "B", "S2", "W1");
        Assert.Equal((0, 1, 2), (await WaitingAsync(world, Clerk), await WaitingAsync(world, Manager), await WaitingAsync(world, Hq)));
        await WriteAsync(world, turn => AppealSteps.CommentAsync(turn, 1, CommentKind.Manager, "I was there", "manager", AppealWorld.Office.Now, Stop));
        Assert.Equal(0, await WaitingAsync(world, Manager));
        await WriteAsync(world, async turn =>
            (await RuleOnAppeal.RunAsync(turn, 1, new Ruling(AppealState.Rejected, "no", null), AppealWorld.Office, RulingEffect.None.Digest, Stop)).Outcome == RulingOutcome.Ruled);
        Assert.Equal((1, 0, 1), (await WaitingAsync(world, Clerk), await WaitingAsync(world, OtherClerk), await WaitingAsync(world, Hq)));
        await WriteAsync(world, turn => AppealSteps.SeenAsync(turn, 1, AppealWorld.Office.Now, Stop));
        Assert.Equal(0, await WaitingAsync(world, Clerk));
    }

    [Theory, EveryDatabase]
    public async Task Everybody_lists_what_they_see_and_the_queue_begins_with_what_is_due_first(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts);
        await OpenAsync(world, "A", "S1", "W1", AppealWorld.Day);
        await OpenAsync(world, "B", "S2", "W1", AppealWorld.Day.AddDays(-3), "R8 R9");
        await OpenAsync(world, "A", "S1", "P1", AppealWorld.Day.AddDays(-1));
        await WriteAsync(world, turn => AppealSteps.WithdrawAsync(turn, 3, "A", AppealWorld.Office.Now, Stop));
        Assert.Equal("2 1", await ListAsync(world, Hq, new AppealSearch(Waiting: true)));
        Assert.Equal("3 2 1", await ListAsync(world, Hq, new AppealSearch()));
        Assert.Equal("3", await ListAsync(world, Hq, new AppealSearch(State: AppealState.Withdrawn)));
        Assert.Equal("2", await ListAsync(world, Hq, new AppealSearch(Store: new StoreId("S2"))));
        Assert.Equal("2", await ListAsync(world, Hq, new AppealSearch(Rule: "R9")));
        Assert.Empty(await ListAsync(world, Hq, new AppealSearch(Rule: "R")));
        Assert.Equal("3 1", await ListAsync(world, Clerk, new AppealSearch()));
        Assert.Equal("3 1", await ListAsync(world, Manager, new AppealSearch()));
        Assert.Equal("2", await ListAsync(world, OtherClerk, new AppealSearch()));
    }

    [Fact]
    public async Task Who_is_not_of_the_office_cannot_rule_by_sending_the_form_that_they_were_not_given()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server);
        await world.AddAsync("Ann", AccountRole.Clerk, "A");
        await world.AddAsync("Gao", AccountRole.Manager, "G");
        await world.WriteAsync(turn => OpenAppeal.RunAsync(turn, Zone.Utc, AppealWorld.Dispute("P1"), seesSale: false, "A", new Instant(DateTime.UtcNow.Ticks), Stop));
        foreach (var person in (string[])["ann", "gao"])
        {
            var browser = await world.SignedInAsync(person);
            foreach (var form in (string[])["rule", "takeup", "show"])
                await browser.SubmitAsync("/appeals/1", form, ("Typed.State", "Rejected"), ("Typed.Reason", "x"), ("Typed.Shown", RulingEffect.None.Digest));
        }
        Assert.Equal(AppealState.Open, (await world.ReadAsync(books => Task.FromResult(books.Appeals.Single()))).State);
    }

    private static Viewer Of(AccountRole role, string? staff, string? store) =>
        new(Guid.NewGuid(), "", role, "one", staff is null ? null : new StaffId(staff), store is null ? null : new StoreId(store));

    private static Task OpenAsync(WorldBooks world, string staff, string store, string sale, DateOnly? day = null, string rules = "R8") => WriteAsync(world, async turn =>
        (await OpenAppeal.RunAsync(
            turn, Zone.Utc, new Dispute(new(staff), new(store), new(sale), Complaint.Other, null, rules, "what happened", ""), seesSale: false, staff, AppealWorld.At(day ?? AppealWorld.Day), Stop)).Outcome == OpenOutcome.Opened);

    private static async Task WriteAsync(WorldBooks world, Func<Turn, Task<bool>> write)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        Assert.True(await write(turn));
        await turn.CommitAsync(Stop);
    }

    private static Task<int> WaitingAsync(WorldBooks world, Viewer viewer) => world.ReadAsync(books => ReadAppeals.WaitingAsync(books, viewer, 100, Stop), BooksPages.ScopeOf(viewer));

    private static Task<string> ListAsync(WorldBooks world, Viewer viewer, AppealSearch search) => world.ReadAsync(
        async books => (await ReadAppeals.ListAsync(books.Turn, ReadAppeals.SeenBy(books, viewer), search, 1, 30, Stop)).Rows.Aggregate("", (said, row) => $"{said} {row.Number}").Trim(), BooksPages.ScopeOf(viewer));
}
