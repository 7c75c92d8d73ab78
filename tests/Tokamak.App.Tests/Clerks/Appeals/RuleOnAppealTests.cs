using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Appeals;

/// <summary>An upheld appeal is facts; what is paid follows from these, and what is closed stays.</summary>
public sealed class RuleOnAppealTests(PostgresServer server)
{
    private static readonly Ruling ToA = new(AppealState.Upheld, "A built the cart", new CorrectSale(new StaffId("A"), null, new MemberId("M1"), false));

    [Theory, EveryDatabase]
    public async Task A_sale_is_corrected_with_all_that_happened_to_it_and_what_was_shown_is_what_is_posted(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        Assert.Equal(["Handover B@S2 100", "Host @online 801", "Owner A@S1 600"], await world.CreditsAsync("W1"));
        var before = await world.StateAsync();

        var shown = await world.ShowAsync(number, ToA);
        Assert.Equal((RulingOutcome.Shown, "W1~1"), (shown.Outcome, shown.Corrected!.Value.Value));
        Assert.Equal(before, await world.StateAsync());
        // A had 600 as owner and gets 600 more as the one who sold; the web shop keeps the less.
        Assert.Equal(600, shown.Effect!.Statements.Where(change => change.Staff == new StaffId("A")).Aggregate((Int128)0, (sum, change) => sum + change.Credit));
        Assert.Equal(0, shown.Effect.Credits.Aggregate((Int128)0, (sum, change) => sum + change.Credit));

        var ruled = await world.RuleAsync(number, ToA);
        Assert.Equal((RulingOutcome.Ruled, shown.Effect.Digest), (ruled.Outcome, ruled.Effect!.Digest));
        Assert.Empty(await world.CreditsAsync("W1"));
        Assert.Equal(["Closer A@S1 600", "Handover B@S2 100", "Host @online 201", "Owner A@S1 600"], await world.CreditsAsync("W1~1"));
        var row = await world.FindAsync(number);
        Assert.Equal((AppealState.Upheld, "W1~1", "W1~1 H1~1 H2~1 appeal-1-void", "office"), (row.State, row.Corrected, row.Facts, row.SettledBy));
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_is_upheld_after_a_close_is_paid_with_the_next_statement_and_the_closed_one_stays(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        Assert.True((await world.Books.CloseAsync("2026-01", AppealWorld.Day)).MayClose);
        var frozen = await StatementAsync(world, "2026-01", "A");
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var shown = await world.ShowAsync(number, ToA);
        Assert.All(shown.Effect!.Statements, change => Assert.Equal(Month.Of(new DateOnly(2026, 2, 1)), change.Period));
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, ToA)).Outcome);
        Assert.Equal(frozen, await StatementAsync(world, "2026-01", "A"));
        var next = await StatementAsync(world, "2026-02", "A");
        var change = shown.Effect.Statements.Single(row => row.Staff == new StaffId("A"));
        Assert.Equal((change.Credit, change.StaffPay, change.Paid), (next.Credit, next.StaffPay, next.Paid));
        Assert.True(change.Paid > 0);
        await world.Books.AssertProvenAsync();
        await world.Books.PostAsync("""{"type":"sale","id":"P9","at":"2026-03-03T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":100,"fulfil":"taken"}]}""", new DateOnly(2026, 3, 4));
        Assert.True((await world.Books.CloseAsync("2026-02", new DateOnly(2026, 3, 4))).MayClose);
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_service_that_nobody_recorded_counts_from_when_it_happened(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server, """
            {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
            {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
            {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"taken"}]}
            """);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var service = new ServiceToAdd("app-install", AppealWorld.At(new DateOnly(2026, 1, 10)), new StaffId("A"), new StoreId("S1"), new MemberId("M1"));
        var ruling = new Ruling(AppealState.Partly, "the app was installed at the counter", service);
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, ruling)).Outcome);
        Assert.Equal(["Host @online 600", "Owner A@S1 400"], await world.CreditsAsync("W1"));
        Assert.Equal((AppealState.Partly, "appeal-1-service", "M1"), (await world.FindAsync(number)) is var row ? (row.State, row.Facts, row.Member) : default);
        await world.Books.AssertProvenAsync();

        // And one that never was is taken back.
        var other = (await world.OpenAsync(AppealWorld.Dispute(staff: "B"))).Number!.Value;
        var voiding = new Ruling(AppealState.Upheld, "it was at S2", new ServiceToVoid(new FactId("appeal-1-service")));
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(other, voiding)).Outcome);
        Assert.Equal(["Host @online 1000"], await world.CreditsAsync("W1"));
        var third = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        Assert.Equal(RemedyFault.FactVoided, (await world.ShowAsync(third, voiding)).Fault);
        Assert.Equal(RemedyFault.FactUnknown, (await world.ShowAsync(third, new Ruling(AppealState.Upheld, "x", new ServiceToVoid(new FactId("W1"))))).Fault);
        Assert.Equal(RemedyFault.FactVoided, (await world.ShowAsync(third, new Ruling(AppealState.Upheld, "x", new RightAlready(new FactId("appeal-1-service"))))).Fault);
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(third, new Ruling(AppealState.Upheld, "x", new RightAlready(new FactId("W1"))))).Outcome);
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_was_voided_of_a_sale_does_not_come_back_with_it(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        await world.Books.SendAsync("""
            {"type":"return","id":"R8","at":"2026-01-25T12:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}
            {"type":"refund","id":"R9","at":"2026-01-26T12:00:00+08:00","sale":"W1","lines":[{"line":2,"amount":101}]}
            """, AppealWorld.Day);
        await world.Books.SendAsync("""{"type":"void","id":"X8","at":"2026-01-27T12:00:00+08:00","fact":"R8"}""", AppealWorld.Day);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, ToA)).Outcome);
        Assert.Equal("W1~1 H1~1 H2~1 R9~1 appeal-1-void", (await world.FindAsync(number)).Facts);
        Assert.Equal(["Closer A@S1 560", "Handover B@S2 100", "Host @online 180", "Owner A@S1 560"], await world.CreditsAsync("W1~1"));
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task The_books_rule_too_what_they_refuse_is_not_ruled_and_nothing_stays(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var before = await world.StateAsync();
        // Nobody has heard of Z: the facts would wait.
        var ruled = await world.RuleAsync(number, new Ruling(AppealState.Upheld, "it was Z", new CorrectSale(new StaffId("Z"), null, null, false)));
        Assert.Equal(RulingOutcome.Refused, ruled.Outcome);
        Assert.Contains("Z", ruled.Reason, StringComparison.Ordinal);
        Assert.Equal(RemedyFault.SameAsBefore, (await world.ShowAsync(number, new Ruling(AppealState.Upheld, "x", new CorrectSale(null, null, new MemberId("M1"), false)))).Fault);
        Assert.Equal(RemedyFault.NotYet, (await world.ShowAsync(number, new Ruling(AppealState.Upheld, "x", new ServiceToAdd("app-install", AppealWorld.At(AppealWorld.Day.AddDays(1)), new("A"), new("S1"), new("M1"))))).Fault);
        Assert.Equal((before, AppealState.Open), (await world.StateAsync(), (await world.FindAsync(number)).State));
        var unknown = (await world.OpenAsync(AppealWorld.Dispute("nothing"))).Number!.Value;
        Assert.Equal(RemedyFault.SaleUnknown, (await world.ShowAsync(unknown, ToA)).Fault);
    }

    [Theory, EveryDatabase]
    public async Task Of_two_who_rule_the_second_sees_that_it_is_ruled_and_nobody_rules_on_their_own(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var rejected = new Ruling(AppealState.Rejected, "the web shop sold it", null);
        foreach (var own in (Ruler[])[new Ruler("of A", null, AppealWorld.Office.Now), new Ruler("office", new StaffId("A"), AppealWorld.Office.Now)])
            Assert.Equal(RulingOutcome.Own, (await world.RuleAsync(number, rejected, own)).Outcome);
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, rejected)).Outcome);
        Assert.Equal(RulingOutcome.NotOpen, (await world.RuleAsync(number, ToA, shown: "any")).Outcome);
        Assert.Equal((AppealState.Rejected, ""), (await world.FindAsync(number)) is var row ? (row.State, row.Facts) : default);
        Assert.Equal(RulingOutcome.Unknown, (await world.ShowAsync(99, rejected)).Outcome);
        await Assert.ThrowsAsync<ArgumentException>(() => world.ShowAsync(number, ToA with { Remedy = null }));
    }

    [Theory, EveryDatabase]
    public async Task What_has_changed_since_it_was_shown_is_shown_anew_and_not_ruled(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var shown = await world.ShowAsync(number, ToA);
        await world.Books.SendAsync("""{"type":"return","id":"R8","at":"2026-01-25T12:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}""", AppealWorld.Day);
        var ruled = await world.RuleAsync(number, ToA, shown: shown.Effect!.Digest);
        Assert.Equal(RulingOutcome.ShownAnew, ruled.Outcome);
        Assert.NotEqual(shown.Effect.Digest, ruled.Effect!.Digest);
        Assert.Equal(AppealState.Open, (await world.FindAsync(number)).State);
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(number, ToA, shown: ruled.Effect.Digest)).Outcome);
        await world.Books.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Months_that_were_settled_before_are_not_settled_again_and_the_effect_is_the_same(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        var settled = await world.SettledAsync();
        Assert.Equal((await world.ShowAsync(number, ToA)).Effect!.Digest, (await world.ShowAsync(number, ToA, settled: settled)).Effect!.Digest);
        // It is they that are taken: of books that know nothing, all that stands would be new.
        var nothing = settled with { Months = settled.Months with { Settlement = new Settlement(settled.Books.Policy!, settled.Books.Roster) } };
        Assert.NotEqual((await world.ShowAsync(number, ToA)).Effect!.Digest, (await world.ShowAsync(number, ToA, settled: nothing)).Effect!.Digest);
        // What was posted since is added; and of another roster they are of no use.
        await world.Books.SendAsync("""{"type":"return","id":"R8","at":"2026-01-25T12:00:00+08:00","sale":"W1","lines":[{"line":1,"quantity":1}]}""", AppealWorld.Day);
        Assert.Equal((await world.ShowAsync(number, ToA)).Effect!.Digest, (await world.ShowAsync(number, ToA, settled: settled)).Effect!.Digest);
        await world.Books.SendAsync("""{"type":"staff","id":"F8","at":"2026-02-01T09:00:00+08:00","staff":"0","event":"joined","store":"S1"}""", AppealWorld.Day);
        Assert.Equal((await world.ShowAsync(number, ToA)).Effect!.Digest, (await world.ShowAsync(number, ToA, settled: settled)).Effect!.Digest);
    }

    [Theory, EveryDatabase]
    public async Task A_service_is_of_a_kind_that_was_listed_on_its_day(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var number = (await world.OpenAsync(AppealWorld.Dispute())).Number!.Value;
        Assert.Empty(await world.Books.PolicyAsync(
            World.Policy.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal).Replace("2026-01-01", "2026-02-02", StringComparison.Ordinal).Replace("app-install", "app-setup", StringComparison.Ordinal), AppealWorld.Day));
        Ruling Adding(string kind) => new(AppealState.Upheld, "at the counter", new ServiceToAdd(kind, AppealWorld.At(new DateOnly(2026, 1, 10)), new StaffId("A"), new StoreId("S1"), new MemberId("M9")));
        Assert.Equal(RemedyFault.KindNotListed, (await world.ShowAsync(number, Adding("app-setup"))).Fault);
        Assert.Equal(RulingOutcome.Shown, (await world.ShowAsync(number, Adding("app-install"))).Outcome);
        await using var turn = await world.Books.Brand.BeginReadAsync(TestContext.Current.CancellationToken);
        var kinds = RulingForm.Kinds((await BookRules.PolicyAsync(turn, TestContext.Current.CancellationToken))!).ToList();
        Assert.True(kinds.Contains("app-install") && kinds.Contains("app-setup"));
    }

    private static async Task<StatementRow> StatementAsync(AppealWorld world, string month, string staff)
    {
        Assert.True(Month.TryParse(month, out var period));
        return (await world.Books.SettleAsync()).Statements.Single(row => row.Period == period && row.Staff == new StaffId(staff));
    }
}
