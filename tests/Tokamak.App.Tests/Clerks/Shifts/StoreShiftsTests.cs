using Tokamak.App.Clerks.Shifts;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Clerks.Shifts;

public sealed class StoreShiftsTests(PostgresServer server)
{
    private static readonly StoreId Store = new("S1");
    private static readonly StaffId Ann = new("A"), Bob = new("B");
    private static readonly DateOnly Monday = new(2026, 3, 30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_day_is_set_changed_and_taken_away_and_a_month_adds_up_by_clerk(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        Assert.Equal(3, (await SaveAsync(books, null, (Ann, 0, 0, 480), (Ann, 2, 0, 450), (Bob, 0, 0, 240))).Changed);
        Assert.Equal(2, (await SaveAsync(books, null, (Ann, 0, 480, 300), (Bob, 0, 240, 0), (Ann, 2, 450, 450))).Changed);
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        var week = await StoreShifts.OfAsync(turn, Store, Monday, Monday.AddDays(6), Stop);
        Assert.Equal(new Dictionary<ShiftPlace, int> { [new(Ann, Monday)] = 300, [new(Ann, Monday.AddDays(2))] = 450 }, week);
        Assert.Empty(await StoreShifts.OfAsync(turn, new StoreId("S2"), Monday, Monday.AddDays(6), Stop));
        // Monday and Tuesday are in March, the rest in April.
        Assert.Equal(new Dictionary<StaffId, long> { [Ann] = 300 }, await StoreShifts.MinutesAsync(turn, Store, Month.Of(Monday), Stop));
        Assert.Equal(new Dictionary<StaffId, long> { [Ann] = 450 }, await StoreShifts.MinutesAsync(turn, Store, Month.Of(Monday).Next, Stop));
    }

    [Theory, EveryDatabase]
    public async Task Of_two_who_saw_the_same_week_the_second_is_told_and_nothing_of_theirs_is_half_done(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        await SaveAsync(books, null, (Ann, 0, 0, 480));
        var second = await SaveAsync(books, null, (Ann, 0, 0, 300), (Bob, 1, 0, 60));
        Assert.Equal(0, second.Changed);
        Assert.Equal(new Dictionary<ShiftPlace, int> { [new(Ann, Monday)] = 480 }, second.Conflicts);
        await using (var turn = await books.Brand.BeginReadAsync(Stop)) Assert.Single(await StoreShifts.OfAsync(turn, Store, Monday, Monday.AddDays(6), Stop));
        // Both meant the same, or other days: no reason to ask.
        Assert.Equal((1, 0), await SaveAsync(books, null, (Ann, 0, 0, 480), (Bob, 1, 0, 60)) is var same ? (same.Changed, same.Conflicts.Count) : default);
        // Having seen it, the second may mean it.
        Assert.Equal(1, (await SaveAsync(books, null, (Ann, 0, 480, 300))).Changed);
    }

    [Theory, EveryDatabase]
    public async Task Days_of_a_closed_month_stay_as_they_are(Provider provider)
    {
        await using var books = await TestBooks.CreateAsync(provider, server);
        var saved = await SaveAsync(books, Month.Of(Monday), (Ann, 0, 0, 480), (Ann, 2, 0, 480));
        Assert.Equal((1, 1), (saved.Changed, saved.Closed));
        await using var turn = await books.Brand.BeginReadAsync(Stop);
        Assert.Equal([new ShiftPlace(Ann, Monday.AddDays(2))], (await StoreShifts.OfAsync(turn, Store, Monday, Monday.AddDays(6), Stop)).Keys);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SaveAsync(books, null, (Ann, 0, 0, 1441)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SaveAsync(books, null, (Ann, 0, 0, -1)));
    }

    private static async Task<SavedShifts> SaveAsync(TestBooks books, Month? closed, params (StaffId Staff, int Day, int Shown, int Wanted)[] days)
    {
        await using var turn = await books.Brand.BeginWriteAsync(Stop);
        var saved = await StoreShifts.SaveAsync(turn, Store, days.ToDictionary(one => new ShiftPlace(one.Staff, Monday.AddDays(one.Day)), one => new ShiftChange(one.Shown, one.Wanted)), closed, Stop);
        await turn.CommitAsync(Stop);
        return saved;
    }
}
