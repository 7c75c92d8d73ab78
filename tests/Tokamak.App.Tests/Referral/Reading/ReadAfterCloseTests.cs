using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Reading;

/// <summary>After a close: what is frozen stays, what comes later is shown as the correction it is; and how two people close.</summary>
public sealed class ReadAfterCloseTests(PostgresServer server)
{
    private static readonly Month January = Month.Of(new DateOnly(2026, 1, 1)), February = January.Next;
    private static readonly StaffId A = new("A");
    private static readonly Guid Hana = Guid.NewGuid(), Fei = Guid.NewGuid();
    private static readonly DateOnly Today = new(2026, 3, 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_void_after_the_close_corrects_the_next_period_and_the_frozen_statement_stays(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts, today: Today);
        var before = (await StatementAsync(world, January)).Row;
        await CloseAsync(world, January);
        await world.PostAsync("""{"type":"void","id":"X1","at":"2026-02-27T12:00:00+08:00","fact":"P1"}""", Today);
        // Another process shows the same as the one that kept figures before.
        world.Shelf = new BookShelf(world.Databases, TimeProvider.System);

        Assert.Equal(before, (await StatementAsync(world, January)).Row);
        var february = await StatementAsync(world, February);
        var correction = Assert.Single(february.Credits.Rows, credit => credit.ForDay.Month == 1);
        Assert.Equal((PostedCause.Correction, 2), (correction.Cause, correction.Posting.Day.Month));
        Assert.Contains(february.Entries.Rows, entry => Month.Of(entry.ForDay) == January && entry.Cause == PostedCause.Correction);

        var story = (await world.ReadAsync(books => books.SaleAsync(new FactId("P1"), Stop)))!;
        Assert.Equal("X1", story.VoidedBy?.Id.Value);
        Assert.Null(story.Figures);
        Assert.Equal(0, story.Credits.Sum(credit => credit.Posting.Amount));
        Assert.True((await FindAsync(world, "P1")).Voided);
        Assert.DoesNotContain((await world.ReadAsync(books => books.FindAsync(SaleSearch.In(books.Zone, January), null, null, 30, Stop))).Sales, sale => sale.Id.Value == "P1");
    }

    [Theory, EveryDatabase]
    public async Task What_is_kept_follows_what_is_posted(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts, today: Today);
        var first = await world.ReadAsync(books => books.MonthsAsync(Stop));
        Assert.Same(first, await world.ReadAsync(books => books.MonthsAsync(Stop)));
        await world.PostAsync("""{"type":"sale","id":"P9","at":"2026-02-27T12:00:00+08:00","channel":"store","store":"S2","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":7000,"fulfil":"taken"}]}""", Today);
        // Nobody waits: whoever asks first has what was a moment ago, and the next one has it all.
        var next = first;
        for (var tries = 0; ReferenceEquals(next, first) && tries < 200; tries++)
        {
            await Task.Delay(20, Stop);
            next = await world.ReadAsync(books => books.MonthsAsync(Stop));
        }
        world.Shelf = new BookShelf(world.Databases, TimeProvider.System);
        var anew = await world.ReadAsync(books => books.MonthsAsync(Stop));
        Assert.Equal(anew.Figures.Statements.OrderBy(row => row.ToString(), StringComparer.Ordinal), next.Figures.Statements.OrderBy(row => row.ToString(), StringComparer.Ordinal));
        Assert.Equal(anew.Figures.Net(February, Channel.Store), next.Figures.Net(February, Channel.Store));
        Assert.Equal(first.Figures.Net(February, Channel.Store) + 7000, next.Figures.Net(February, Channel.Store));
    }

    [Theory, EveryDatabase]
    public async Task One_prepares_and_another_confirms_that_nothing_changed(Provider provider)
    {
        await using var world = await WorldBooks.ImportAsync(provider, server, World.SmallFacts, today: Today);
        var seen = await SeenAsync(world, January);
        Assert.Equal(CloseStep.NotAsked, await StepAsync(world, turn => TwoPersonClose.ConfirmAsync(turn, January, seen, Fei, default, Today, [], Stop)));
        Assert.Equal(CloseStep.Changed, await StepAsync(world, turn => TwoPersonClose.PrepareAsync(turn, January, "another", Hana, default, Today, Stop)));
        Assert.Equal(CloseStep.MayNot, await StepAsync(world, turn => TwoPersonClose.PrepareAsync(turn, February, seen, Hana, default, Today, Stop)));
        Assert.Equal(CloseStep.Done, await StepAsync(world, turn => TwoPersonClose.PrepareAsync(turn, January, seen, Hana, default, Today, Stop)));
        Assert.Equal(CloseStep.SamePerson, await StepAsync(world, turn => TwoPersonClose.ConfirmAsync(turn, January, seen, Hana, default, Today, [], Stop)));
        foreach (var letIn in new[] { new LetIn(Hana, Fei), new LetIn(Fei, Hana) })
            Assert.Equal(CloseStep.LetIn, await StepAsync(world, turn => TwoPersonClose.ConfirmAsync(turn, January, seen, Fei, default, Today, [letIn], Stop)));

        await world.PostAsync("""{"type":"sale","id":"P9","at":"2026-01-30T12:00:00+08:00","channel":"store","store":"S2","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":7000,"fulfil":"taken"}]}""", Today);
        Assert.Equal(CloseStep.Changed, await StepAsync(world, turn => TwoPersonClose.ConfirmAsync(turn, January, seen, Fei, default, Today, [new LetIn(Guid.NewGuid(), Fei)], Stop)));
        Assert.Empty((await StateAsync(world)).Closed.Rows);

        await CloseAsync(world, January);
        var state = await StateAsync(world);
        var closed = Assert.Single(state.Closed.Rows);
        Assert.Equal((January, $"{Hana} {Fei}", (AskedClosing?)null), (closed.Month, closed.By, state.Asked));
        Assert.Equal(closed.Sha256, await world.ReadAsync(books => books.FrozenHashAsync(January, null, Stop)));
        Assert.NotNull(await world.ReadAsync(books => books.FrozenHashAsync(January, A, Stop)));
        var outside = new Scope(new StoreId("S2"), null);
        Assert.Null(await world.ReadAsync(books => books.FrozenHashAsync(January, A, Stop), outside));
        Assert.Null(await world.ReadAsync(books => books.FrozenHashAsync(January, null, Stop), outside));
        Assert.Equal(0, (await world.ReadAsync(books => books.ClosingAsync(1, 30, Stop), outside)).Closed.Count);
    }

    private static async Task CloseAsync(WorldBooks world, Month month)
    {
        world.Shelf = new BookShelf(world.Databases, TimeProvider.System);
        var seen = await SeenAsync(world, month);
        Assert.Equal(CloseStep.Done, await StepAsync(world, turn => TwoPersonClose.PrepareAsync(turn, month, seen, Hana, default, Today, Stop)));
        Assert.Equal(CloseStep.Done, await StepAsync(world, turn => TwoPersonClose.ConfirmAsync(turn, month, seen, Fei, default, Today, [], Stop)));
    }

    private static Task<string> SeenAsync(WorldBooks world, Month month) => world.ReadAsync(async books => FrozenPeriod.Of((await books.MonthsAsync(Stop)).Settlement, month).Sha256);

    private static Task<ClosingState> StateAsync(WorldBooks world) => world.ReadAsync(books => books.ClosingAsync(1, 30, Stop));

    private static async Task<CloseStep> StepAsync(WorldBooks world, Func<Turn, Task<CloseStep>> step)
    {
        await using var turn = await world.Database.BeginWriteAsync(Stop);
        var became = await step(turn);
        if (became == CloseStep.Done) await turn.CommitAsync(Stop);
        return became;
    }

    private static async Task<App.Referral.Pages.ClerkStatement> StatementAsync(WorldBooks world, Month month) =>
        (await world.ReadAsync(books => books.StatementAsync(A, month, StatementPart.Whole, Stop)))!;

    private static async Task<ListedSale> FindAsync(WorldBooks world, string id) =>
        Assert.Single((await world.ReadAsync(books => books.FindAsync(SaleSearch.In(books.Zone, January) with { Id = id }, null, null, 30, Stop))).Sales);
}
