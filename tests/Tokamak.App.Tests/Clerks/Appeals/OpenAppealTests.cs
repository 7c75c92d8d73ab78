using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Clerks.Appeals;

public sealed class OpenAppealTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task An_appeal_is_due_after_the_brands_days_and_one_is_open_of_a_clerk_and_sale(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        Assert.Equal(new Opened(OpenOutcome.Opened, 1), await world.OpenAsync(AppealWorld.Dispute()));
        Assert.Equal(AppealWorld.Day.AddDays(14), (await world.FindAsync(1)).DueOn);
        Assert.Equal(new Opened(OpenOutcome.OpenBefore, 1), await world.OpenAsync(AppealWorld.Dispute()));
        Assert.Equal(new Opened(OpenOutcome.Opened, 2), await world.OpenAsync(AppealWorld.Dispute(staff: "B")));
        await world.WriteAsync(async turn =>
        {
            await AppealTerms.SetAsync(turn, new AppealTerms(30, 7), Stop);
            return true;
        });
        Assert.True(await world.WriteAsync(turn => AppealSteps.WithdrawAsync(turn, 1, "of A", AppealWorld.Office.Now, Stop)));
        Assert.False(await world.WriteAsync(turn => AppealSteps.WithdrawAsync(turn, 1, "of A", AppealWorld.Office.Now, Stop)));
        Assert.Equal(new Opened(OpenOutcome.Opened, 3), await world.OpenAsync(AppealWorld.Dispute()));
        Assert.Equal(AppealWorld.Day.AddDays(7), (await world.FindAsync(3)).DueOn);
        Assert.Equal(AppealWorld.Day.AddDays(14), (await world.FindAsync(2)).DueOn);
    }

    [Theory, EveryDatabase]
    public async Task The_time_to_appeal_runs_from_the_sale_or_from_the_close_that_shows_it(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        // The sale was on 15 January.
        var last = new DateOnly(2026, 1, 15).AddDays(30);
        Assert.Equal(OpenOutcome.Opened, (await world.OpenAsync(AppealWorld.Dispute(), day: last)).Outcome);
        Assert.Equal(OpenOutcome.Late, (await world.OpenAsync(AppealWorld.Dispute(staff: "B"), day: last.AddDays(1))).Outcome);
        Assert.Equal(AppealState.Late, (await world.FindAsync(2)).State);
        Assert.Equal(RulingOutcome.NotOpen, (await world.ShowAsync(2, new Ruling(AppealState.Rejected, "x", null))).Outcome);
        var taken = last.AddDays(5);
        Assert.True(await world.WriteAsync(turn => AppealSteps.TakeUpAsync(turn, 2, taken, Stop)));
        Assert.Equal((AppealState.Open, taken.AddDays(14)), (await world.FindAsync(2)) is var row ? (row.State, row.DueOn) : default);
        Assert.False(await world.WriteAsync(turn => AppealSteps.TakeUpAsync(turn, 2, taken, Stop)));

        await world.WriteAsync(turn => ClosedOnAsync(turn, "2026-01", new DateOnly(2026, 2, 10)));
        Assert.Equal(new DateOnly(2026, 2, 10).AddDays(30), await LastDayAsync(world, "W1"));
        Assert.Null(await LastDayAsync(world, "nothing"));
    }

    [Theory, EveryDatabase]
    public async Task Of_a_sale_that_is_not_theirs_to_see_the_answer_is_the_same_whether_there_is_one(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        var late = new DateOnly(2026, 8, 1);
        Assert.Equal(OpenOutcome.Late, (await world.OpenAsync(AppealWorld.Dispute("P1"), seesSale: true, late)).Outcome);
        Assert.Equal(OpenOutcome.Opened, (await world.OpenAsync(AppealWorld.Dispute("P2"), seesSale: false, late)).Outcome);
        Assert.Equal(OpenOutcome.Opened, (await world.OpenAsync(AppealWorld.Dispute("nothing"), seesSale: false, late)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task What_is_settled_takes_no_more_words_and_a_clerk_s_open_ones_have_an_end(Provider provider)
    {
        await using var world = await AppealWorld.CreateAsync(provider, server);
        for (var number = 1; number <= OpenAppeal.MostOpen; number++) Assert.Equal(OpenOutcome.Opened, (await world.OpenAsync(AppealWorld.Dispute($"X{number}"), seesSale: false)).Outcome);
        Assert.Equal(OpenOutcome.TooMany, (await world.OpenAsync(AppealWorld.Dispute("Y"), seesSale: false)).Outcome);
        Assert.True(await world.WriteAsync(turn => AppealSteps.CommentAsync(turn, 1, CommentKind.Manager, "I was there", "manager", AppealWorld.Office.Now, Stop)));
        Assert.Equal(RulingOutcome.Ruled, (await world.RuleAsync(1, new Ruling(AppealState.Rejected, "x", null))).Outcome);
        Assert.False(await world.WriteAsync(turn => AppealSteps.CommentAsync(turn, 1, CommentKind.Clerk, "but", "of A", AppealWorld.Office.Now, Stop)));
        Assert.False(await world.WriteAsync(turn => AppealSteps.CommentAsync(turn, 99, CommentKind.Clerk, "but", "of A", AppealWorld.Office.Now, Stop)));
    }

    [Theory]
    [InlineData("a\r\nb ", "a\nb")]
    [InlineData("  ", null)]
    [InlineData("a\u0000b", null)]
    [InlineData("123456", null)]
    public void What_is_typed_is_read_in_one_form(string typed, string? expected) => Assert.Equal(expected, AppealSteps.Read(typed, 5));

    private static async Task<bool> ClosedOnAsync(Turn turn, string month, DateOnly day)
    {
        await turn.InsertAsync<PeriodRow>([new PeriodRow { Month = month, ClosedAtTicks = AppealWorld.At(day).Ticks, ClosedBy = "test", Facts = 0, Postings = 0, Horizon = day, Sha256 = "" }], Stop);
        return true;
    }

    private static async Task<DateOnly?> LastDayAsync(AppealWorld world, string sale)
    {
        await using var turn = await world.Books.Brand.BeginReadAsync(Stop);
        return await (await AppealTerms.OfAsync(turn, Stop)).LastDayAsync(turn, Tokamak.App.Tests.Referral.World.Small().Policy.Zone, new(sale), Stop);
    }
}
