using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Clerks.HandingOn;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Api;
using Tokamak.App.Tests.Members;
using Tokamak.App.Tests.Members.Verification;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks;

/// <summary>Members of a leaver are told by message: each who can be reached, once, whatever happens in between; who refused or is gone is not.</summary>
public sealed class TellHandedTests(PostgresServer server)
{
    private const string Address = "https://lark.example/my";

    private static readonly string Policy = World.Policy.Replace("\"services\": [", "\"services\": [{\"kind\": \"handed-on\", \"strength\": 1, \"lockDays\": 0, \"lifeDays\": 0, \"renews\": false},", StringComparison.Ordinal);

    private const string Staff =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S1"}

        """;

    private static readonly DateOnly Until = new(2026, 3, 15);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A left with five members: M1 proved a number, M2 an address and speaks English, M3 said a number only, M4 proved a number, M5 has no key.</summary>
    private static async Task<(TestBooks Books, TestClock Clock)> LeftAsync(Provider provider, PostgresServer server)
    {
        var books = await TestBooks.CreateAsync(provider, server, Policy);
        var services = string.Join('\n', Enumerable.Range(1, 5).Select(number => $$"""{"type":"service","id":"V{{number}}","at":"2026-02-05T12:00:00+08:00","member":"M{{number}}","kind":"app-install","store":"S1","staff":"A"}"""));
        await books.PostAsync(Staff + services + "\n" + """{"type":"staff","id":"F9","at":"2026-03-01T09:00:00+08:00","staff":"A","event":"left"}""", new DateOnly(2026, 3, 1));
        await WriteAsync(books, async turn =>
        {
            await turn.InsertAsync<PersonRow>([.. Enumerable.Range(1, 4).Select(number => new PersonRow { Member = $"M{number}", JoinedAtTicks = number, Channel = MemberChannel.Store, Language = number == 2 ? "en" : null })], Stop);
            await turn.InsertAsync<MemberKeyRow>(
                [
                    KeyOf("M1", KeyKind.Phone, "0912345671", proved: true), KeyOf("M1", KeyKind.Email, "one@example.tw", proved: true), KeyOf("M2", KeyKind.Email, "two@example.tw", proved: true),
                    KeyOf("M3", KeyKind.Phone, "0912345673", proved: false), KeyOf("M4", KeyKind.Phone, "0912345674", proved: true),
                ], Stop);
            return true;
        });
        return (books, new TestClock(new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero)));
    }

    [Theory, EveryDatabase]
    public async Task Whoever_can_be_reached_is_told_once_in_their_language_and_nobody_else(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        await PlanAsync(books, clock);
        var kept = new KeptMessages();
        var tell = new TellHanded(kept.Senders, VerificationTerms.Default, clock);
        await WorkAsync(tell, books);
        Assert.Equal(
            [("+886912345671", MessageChannel.Sms, "zh-TW"), ("two@example.tw", MessageChannel.Email, "en"), ("+886912345674", MessageChannel.Sms, "zh-TW")],
            kept.Sent.Select(message => (message.To.Value, message.Channel, message.Language.Code)));
        Assert.Equal(3, kept.Sent.Select(message => message.Id).Distinct().Count());
        var english = kept.Sent.ElementAt(1);
        Assert.Equal(MessagePurpose.HandingOn, english.Purpose);
        foreach (var part in new[] { Address, "A has left us", "From 16 March 2026 on, B", "by 15 March 2026" }) Assert.Contains(part, english.Text, StringComparison.Ordinal);
        // The last day is a day of the brand's zone.
        Assert.Equal(new Instant(new DateTime(2026, 3, 15, 16, 0, 0, DateTimeKind.Utc).Ticks), english.ExpiresAt);
        Assert.Equal([HandingNoticeState.Told, HandingNoticeState.Told, HandingNoticeState.NotReached, HandingNoticeState.Told, HandingNoticeState.NotReached], await StatesAsync(books));
        // Another node, or this one anew, and as long as it likes.
        clock.Go(TimeSpan.FromDays(3));
        await WorkAsync(new TellHanded(kept.Senders, VerificationTerms.Default, clock), books);
        Assert.Equal(3, kept.Sent.Count);
        await books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_was_not_taken_or_not_noted_leaves_again_under_the_same_id_and_not_for_ever(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        await PlanAsync(books, clock);
        var failing = new Failing();
        await WorkAsync(new TellHanded(new MessageSenders(failing), VerificationTerms.Default, clock), books);
        // M2 has an address only, and nothing sends e-mails here.
        Assert.Equal([HandingNoticeState.Waits, HandingNoticeState.NotReached, HandingNoticeState.NotReached, HandingNoticeState.Waits, HandingNoticeState.NotReached], await StatesAsync(books));
        await WorkAsync(new TellHanded(new MessageSenders(failing), VerificationTerms.Default, clock), books);
        Assert.Equal(2, failing.Sent.Count);

        // The node dies after the message left and before that is written down.
        clock.Go(TimeSpan.FromMinutes(2));
        failing.Throws = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => WorkAsync(new TellHanded(new MessageSenders(failing), VerificationTerms.Default, clock), books));
        clock.Go(TimeSpan.FromHours(1));
        var kept = new KeptMessages();
        await WorkAsync(new TellHanded(kept.Senders, VerificationTerms.Default, clock), books);
        Assert.Equal(failing.Sent.Select(message => message.Id).Distinct().Order(StringComparer.Ordinal), kept.Sent.Select(message => message.Id).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await StatesAsync(books)).Count(state => state == HandingNoticeState.Told));
    }

    [Fact]
    public async Task A_message_that_nobody_takes_is_given_up_after_some_tries_or_days()
    {
        foreach (var days in new[] { 1, 20 })
        {
            var (books, clock) = await LeftAsync(Provider.Sqlite, server);
            await using var _ = books;
            await PlanAsync(books, clock);
            var failing = new Failing();
            var tell = new TellHanded(new MessageSenders(failing), VerificationTerms.Default, clock);
            for (var step = 0; step < 30; step++)
            {
                await WorkAsync(tell, books);
                clock.Go(TimeSpan.FromDays(days));
            }
            Assert.Equal(5, (await StatesAsync(books)).Count(state => state == HandingNoticeState.NotReached));
            Assert.True(failing.Sent.Count <= 2 * TellHanded.MostTries);
            Assert.All(failing.Sent, message => Assert.True(message.ExpiresAt.Ticks > new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).Ticks));
        }
    }

    [Theory, EveryDatabase]
    public async Task Who_refused_or_was_erased_meanwhile_is_not_told_and_no_row_of_the_erased_is_left(Provider provider)
    {
        var (books, clock) = await LeftAsync(provider, server);
        await using var _ = books;
        await PlanAsync(books, clock);
        Assert.True(await WriteAsync(books, turn => PlanHanding.RefuseAsync(turn, [new("M1")], Until, Stop)));
        await WriteAsync(books, async turn =>
        {
            await EraseMember.AskAsync(turn, new("M4"), null, new DateOnly(2026, 3, 1), new Instant(clock.GetUtcNow().UtcTicks), Stop);
            return await EraseMember.RunDueAsync(turn, new DateOnly(2026, 4, 1), 50, Stop);
        });
        var kept = new KeptMessages();
        var tell = new TellHanded(kept.Senders, VerificationTerms.Default, clock);
        await WorkAsync(tell, books);
        Assert.Equal(["two@example.tw"], kept.Sent.Select(message => message.To.Value));
        Assert.Equal(["M1 NotNeeded", "M2 Told", "M3 NotReached", "M5 NotReached"], await RowsAsync(books));
    }

    [Fact]
    public async Task A_plan_that_was_taken_back_tells_nobody_any_more_and_one_without_senders_never_did()
    {
        var (books, clock) = await LeftAsync(Provider.Sqlite, server);
        await using var _ = books;
        await PlanAsync(books, clock, address: null);
        Assert.Empty(await RowsAsync(books));
        Assert.True(await WriteAsync(books, turn => PlanHanding.TakeBackAsync(turn, "1", Stop)));
        await PlanAsync(books, clock, "2");
        Assert.True(await WriteAsync(books, turn => PlanHanding.TakeBackAsync(turn, "2", Stop)));
        var kept = new KeptMessages();
        var tell = new TellHanded(kept.Senders, VerificationTerms.Default, clock);
        Assert.True(tell.CanTell);
        Assert.False(new TellHanded(new MessageSenders(), VerificationTerms.Default, clock).CanTell);
        await WorkAsync(tell, books);
        Assert.Empty(kept.Sent);
        Assert.All(await StatesAsync(books), state => Assert.Equal(HandingNoticeState.NotNeeded, state));
    }

    [Fact]
    public async Task What_had_senders_when_it_was_planned_and_has_none_now_does_not_wait_for_ever()
    {
        var (books, clock) = await LeftAsync(Provider.Sqlite, server);
        await using var _ = books;
        await PlanAsync(books, clock);
        await WorkAsync(new TellHanded(new MessageSenders(), VerificationTerms.Default, clock), books);
        Assert.All(await StatesAsync(books), state => Assert.Equal(HandingNoticeState.NotReached, state));
    }

    [Theory, EveryDatabase]
    public async Task A_node_that_serves_works_off_what_waits_and_the_page_says_how_many_were_told(Provider provider)
    {
        var kept = new KeptMessages();
        await using var world = await ApiWorld.CreateAsync(provider, server, services => services.AddSingleton(kept.Senders), facts: World.SmallFacts);
        await using (var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop))
        {
            await turn.InsertAsync<MemberKeyRow>([KeyOf("M1", KeyKind.Phone, "0912345671", proved: true)], Stop);
            await HandingAsync(turn, DateOnly.FromDateTime(DateTime.UtcNow.AddDays(10)), ["M1"]);
            await turn.CommitAsync(Stop);
        }
        for (var tries = 0; await world.ReadAsync(books => books.HandingNotices.CountAsync(row => row.State == HandingNoticeState.Told, Stop)) == 0; tries++)
        {
            Assert.True(tries < 600, "nobody is told");
            await Task.Delay(50, Stop);
        }
        Assert.Equal("+886912345671", Assert.Single(kept.Sent).To.Value);
        await world.AssertProvenAsync();
    }

    [Fact]
    public async Task The_page_shows_how_many_were_told_and_says_where_nobody_is()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, facts: Staff + """{"type":"staff","id":"F9","at":"2026-03-01T09:00:00+08:00","staff":"A","event":"left"}""");
        await world.AddAsync("Hana", AccountRole.Hq);
        var office = await world.SignedInAsync("hana");
        await world.WriteAsync(turn => HandingAsync(turn, Until, ["M1", "M2", "M3"], HandingNoticeState.Told, HandingNoticeState.Told, HandingNoticeState.NotReached));
        var page = (await office.GetAsync("/clerks/A/handing")).Page;
        foreach (var (words, count) in new[] { ("Told by message", 2), ("Message on its way", 0), ("Not reached by message", 1) }) Assert.Contains($"<dt>{words}</dt><dd>{count}</dd>", page, StringComparison.Ordinal);
        await world.WriteAsync(turn => turn.ExecuteAsync("delete from handing_notice", Stop));
        Assert.Contains("Nobody is told by message", (await office.GetAsync("/clerks/A/handing")).Page, StringComparison.Ordinal);
    }

    private static async Task HandingAsync(Turn turn, DateOnly until, string[] members, params HandingNoticeState[] states)
    {
        await turn.InsertAsync([new HandingRow { Id = "1", Staff = "A", Store = "S1", Kind = "handed-on", AskedBy = "test", AskedAtTicks = 1, RefuseUntil = until, State = HandingState.Waits, Address = Address }], Stop);
        await turn.InsertAsync<HandingMemberRow>([.. members.Select(member => new HandingMemberRow { Handing = "1", Member = member, Successor = "B", State = HandingOutcome.Waits })], Stop);
        await turn.InsertAsync<HandingNoticeRow>([.. members.Select((member, place) => new HandingNoticeRow { Handing = "1", Member = member, State = states.ElementAtOrDefault(place) })], Stop);
    }

    private sealed class Failing : IMessageSender
    {
        public List<Message> Sent { get; } = [];

        public bool Throws { get; set; }

        public Task<bool> SendAsync(Message message, CancellationToken stop)
        {
            Sent.Add(message);
            return Throws ? throw new InvalidOperationException("the node dies") : Task.FromResult(false);
        }
    }

    private static MemberKeyRow KeyOf(string member, KeyKind kind, string text, bool proved) =>
        new() { Kind = (short)kind, Value = MemberWorld.KeyOf(text, kind).Value, Member = member, AddedAtTicks = 1, ProvedAtTicks = proved ? 2 : null };

    private static async Task PlanAsync(TestBooks books, TestClock clock, string id = "1", string? address = Address)
    {
        var (outcome, members) = await WriteAsync(books, async turn => await PlanHanding.RunAsync(
            turn, await BookRules.LoadAsync(turn, Stop), new HandingPlan(new("A"), new("S1"), [new("B")], "handed-on", Until, address), id, "test", new Instant(clock.GetUtcNow().UtcTicks), Stop));
        Assert.Equal((PlanOutcome.Planned, 5), (outcome, members));
    }

    private static async Task WorkAsync(TellHanded tell, TestBooks books)
    {
        while (await tell.StepAsync(books.Brand, Stop))
        {
        }
    }

    private static Task<List<HandingNoticeState>> StatesAsync(TestBooks books) => books.ReadAsync(context => context.HandingNotices.OrderBy(row => row.Member).Select(row => row.State).ToListAsync(Stop));

    private static async Task<IEnumerable<string>> RowsAsync(TestBooks books) =>
        (await books.ReadAsync(context => context.HandingNotices.OrderBy(row => row.Member).ToListAsync(Stop))).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Member} {row.State}"));

    private static async Task<T> WriteAsync<T>(TestBooks books, Func<Turn, Task<T>> write)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var result = await write(turn);
        await turn.CommitAsync(Stop);
        return result;
    }
}
