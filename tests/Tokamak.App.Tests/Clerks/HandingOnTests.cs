using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Tokamak.App.Clerks.HandingOn;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks;

public sealed class HandingOnTests(PostgresServer server)
{
    private static readonly string Policy = World.Policy.Replace("\"services\": [", "\"services\": [{\"kind\": \"handed-on\", \"strength\": 1, \"lockDays\": 0, \"lifeDays\": 0, \"renews\": false},", StringComparison.Ordinal);

    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S1"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1"}
        {"type":"staff","id":"F4","at":"2026-01-01T09:00:00+08:00","staff":"D","event":"joined","store":"S2"}

        """;

    private static readonly StoreId S1 = new("S1"), S2 = new("S2");
    private static readonly StaffId A = new("A"), B = new("B"), C = new("C");
    private static readonly DateOnly Until = new(2026, 3, 15);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A has five members since January and leaves in March.</summary>
    private static async Task<(TestBooks Books, TestClock Clock)> LeftAsync(Provider provider, PostgresServer server)
    {
        var books = await TestBooks.CreateAsync(provider, server, Policy);
        var services = string.Join('\n', Enumerable.Range(1, 5).Select(number => $$"""{"type":"service","id":"V{{number}}","at":"2026-02-05T12:00:00+08:00","member":"M{{number}}","kind":"app-install","store":"S1","staff":"A"}"""));
        await books.PostAsync(Staff + services + "\n" + """{"type":"staff","id":"F9","at":"2026-03-01T09:00:00+08:00","staff":"A","event":"left"}""", new DateOnly(2026, 3, 1));
        return (books, new TestClock(new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero)));
    }

    [Theory, EveryDatabase]
    public async Task Members_go_to_colleagues_by_turns_once_they_had_time_to_refuse_and_who_refused_stays_with_the_store(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        Assert.Equal((PlanOutcome.Planned, 5), await PlanAsync(books, clock, new(A, S1, [B, C], "handed-on", Until)));
        Assert.Equal((A, C, Until), await WriteAsync(books, turn => PlanHanding.OfMemberAsync(turn, [new("M2")], Until, Stop)));
        Assert.True(await WriteAsync(books, turn => PlanHanding.RefuseAsync(turn, [new("M2")], Until, Stop)));
        Assert.False(await WriteAsync(books, turn => PlanHanding.RefuseAsync(turn, [new("M2")], Until, Stop)));
        Assert.Null(await WriteAsync(books, turn => PlanHanding.OfMemberAsync(turn, [new("M2")], Until, Stop)));
        // Meanwhile B has served M3 anyway, and M4 wants nobody.
        await books.SendAsync("""{"type":"service","id":"V31","at":"2026-03-05T12:00:00+08:00","member":"M3","kind":"app-install","store":"S1","staff":"B"}""", Until);
        await books.SendAsync("""{"type":"service","id":"V41","at":"2026-03-05T12:00:00+08:00","member":"M4","kind":"member-decline","store":"S1"}""", Until);

        await using var writer = new BrandWriter(books.Brand, new Node("one", new Uri("http://localhost")), clock, NullLogger.Instance, byItself: false, putOff: new PutOffFacts(DueHandings.FactsAsync, DueHandings.AnsweredAsync));
        clock.Go(TimeSpan.FromDays(14));
        await WorkAsync(writer);
        Assert.Null(await OwnerAsync(books, "M1"));
        clock.Go(TimeSpan.FromDays(1));
        await WorkAsync(writer);
        Assert.Equal([B, null, B, null, B], await Task.WhenAll(Enumerable.Range(1, 5).Select(number => OwnerAsync(books, $"M{number}"))));
        // As it stood: neither longer, nor renewed.
        Assert.Equal(new DateOnly(2026, 2, 5).AddDays(180), (await BindingAsync(books, "M1"))!.ExpiresOn);
        Assert.Equal(new DateOnly(2026, 2, 5), (await BindingAsync(books, "M1"))!.RenewedOn);
        Assert.Equal([("M1", HandingOutcome.HandedOn), ("M2", HandingOutcome.Refused), ("M3", HandingOutcome.Stayed), ("M4", HandingOutcome.Stayed), ("M5", HandingOutcome.HandedOn)],
            await ReadAsync(books, async context => (await context.HandingMembers.OrderBy(row => row.Member).ToListAsync(Stop)).Select(row => (row.Member, row.State))));
        Assert.Equal(HandingState.Done, await ReadAsync(books, context => context.Handings.Select(row => row.State).SingleAsync(Stop)));
        Assert.Equal((PlanOutcome.Planned, 1), await PlanAsync(books, clock, new(A, S1, [C], "handed-on", Until.AddDays(10))));
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_cannot_be_planned_is_not(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        var plan = new HandingPlan(A, S1, [B], "handed-on", Until);
        Assert.Equal(PlanOutcome.NotLeft, (await PlanAsync(books, clock, plan with { Staff = B })).Outcome);
        Assert.Equal(PlanOutcome.NoSuccessor, (await PlanAsync(books, clock, plan with { Successors = [] })).Outcome);
        Assert.Equal(PlanOutcome.NoSuccessor, (await PlanAsync(books, clock, plan with { Successors = [B, new("D")] })).Outcome);
        Assert.Equal(PlanOutcome.NoSuccessor, (await PlanAsync(books, clock, plan with { Successors = [A] })).Outcome);
        foreach (var kind in new[] { "store-sale", "app-install", "nothing", "member-choice" }) Assert.Equal(PlanOutcome.WrongKind, (await PlanAsync(books, clock, plan with { Kind = kind })).Outcome);
        foreach (var day in new[] { new DateOnly(2026, 3, 1), new DateOnly(2026, 5, 1) }) Assert.Equal(PlanOutcome.WrongDay, (await PlanAsync(books, clock, plan with { RefuseUntil = day })).Outcome);
        Assert.Equal(PlanOutcome.Planned, (await PlanAsync(books, clock, plan)).Outcome);
        Assert.Equal(PlanOutcome.OnItsWay, (await PlanAsync(books, clock, plan)).Outcome);
        Assert.True(await WriteAsync(books, async turn => await PlanHanding.TakeBackAsync(turn, "1", Stop)));
        Assert.False(await WriteAsync(books, turn => PlanHanding.RefuseAsync(turn, [new("M1")], new DateOnly(2026, 3, 2), Stop)));
        Assert.Equal(PlanOutcome.Planned, (await PlanAsync(books, clock, plan, "2")).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task Members_are_handed_on_at_the_store_that_holds_them_wherever_their_clerk_went(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        // A comes back, at another store, has a member there, and leaves that as well; D had moved here before leaving.
        await books.SendAsync("""
            {"type":"staff","id":"F10","at":"2026-03-02T09:00:00+08:00","staff":"A","event":"joined","store":"S2"}
            {"type":"service","id":"V6","at":"2026-03-02T12:00:00+08:00","member":"M6","kind":"app-install","store":"S2","staff":"A"}
            {"type":"service","id":"V7","at":"2026-03-02T12:00:00+08:00","member":"M7","kind":"app-install","store":"S2","staff":"D"}
            {"type":"staff","id":"F11","at":"2026-03-03T09:00:00+08:00","staff":"D","event":"moved","store":"S1"}
            {"type":"staff","id":"F12","at":"2026-03-04T09:00:00+08:00","staff":"D","event":"left"}
            {"type":"staff","id":"F13","at":"2026-03-04T09:00:00+08:00","staff":"E","event":"joined","store":"S2"}
            """, new DateOnly(2026, 3, 4));
        clock.Go(TimeSpan.FromDays(4));
        Assert.Equal([("S1", 5)], await LeftBehindAsync(books, clock, A));
        Assert.Equal([("S2", 1)], await LeftBehindAsync(books, clock, new("D")));
        Assert.Equal((PlanOutcome.NotLeft, 0), await PlanAsync(books, clock, new(A, S2, [new("E")], "handed-on", Until)));
        Assert.Equal((PlanOutcome.Planned, 5), await PlanAsync(books, clock, new(A, S1, [B], "handed-on", Until)));
        await books.SendAsync("""{"type":"staff","id":"F14","at":"2026-03-05T09:00:00+08:00","staff":"A","event":"left"}""", new DateOnly(2026, 3, 5));
        Assert.Equal([("S1", 5), ("S2", 1)], await LeftBehindAsync(books, clock, A));
        // One store's plan is none of the other's.
        Assert.Equal((PlanOutcome.Planned, 1), await PlanAsync(books, clock, new(A, S2, [new("E")], "handed-on", Until), "2"));
        Assert.Equal((PlanOutcome.OnItsWay, 0), await PlanAsync(books, clock, new(A, S2, [new("E")], "handed-on", Until), "3"));
        Assert.Equal((PlanOutcome.Planned, 1), await PlanAsync(books, clock, new(new("D"), S2, [new("E")], "handed-on", Until), "4"));
    }

    private static Task<List<(string, int)>> LeftBehindAsync(TestBooks books, TestClock clock, StaffId staff) => WriteAsync(books, async turn =>
        (await PlanHanding.LeftBehindAsync(turn, await BookRules.LoadAsync(turn, Stop), staff, new Instant(clock.GetUtcNow().UtcTicks), Stop)).Select(place => (place.Key.Value, place.Value.Count)).Order().ToList());

    private static int _plans;

    private static Task<(PlanOutcome Outcome, int Members)> PlanAsync(TestBooks books, TestClock clock, HandingPlan plan, string? id = null) => WriteAsync(books, async turn =>
    {
        var done = await PlanHanding.RunAsync(turn, await BookRules.LoadAsync(turn, Stop), plan, id ?? (plan.RefuseUntil == Until ? "1" : $"next{Interlocked.Increment(ref _plans)}"), "test", new Instant(clock.GetUtcNow().UtcTicks), Stop);
        return done;
    });

    private static async Task WorkAsync(BrandWriter writer)
    {
        for (var step = 0; step < 40; step++) await writer.StepAsync();
    }

    private static async Task<StaffId?> OwnerAsync(TestBooks books, string member) => (await BindingAsync(books, member))?.Staff;

    private static Task<Binding?> BindingAsync(TestBooks books, string member) => WriteAsync(books, async turn =>
        (await ReadBinding.OfAsync(turn, await BookRules.LoadAsync(turn, Stop), new MemberId(member), new Instant(new DateTime(2026, 3, 16, 12, 0, 0, DateTimeKind.Utc).Ticks), Stop))!.Binding);

    private static async Task<T> ReadAsync<T>(TestBooks books, Func<BrandContext, Task<T>> read)
    {
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        await using var context = turn.Books();
        return await read(context);
    }

    private static async Task<T> WriteAsync<T>(TestBooks books, Func<Turn, Task<T>> write)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var result = await write(turn);
        await turn.CommitAsync(Stop);
        return result;
    }
}
