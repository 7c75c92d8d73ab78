using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members;

public sealed class MergeMembersTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Two_become_one_with_one_history_and_two_again_with_their_own(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (inStore, online) = await TwoAsync(world);
        await world.SellAsync("s1", inStore, 1000);
        await world.SellAsync("s2", online, 300, "online");

        var merged = await world.MergeAsync(online, inStore);
        Assert.Equal((MergeOutcome.Done, inStore), (merged.Outcome, merged.Member!.Value));
        var one = (await world.ProfileAsync(online))!;
        Assert.Equal((inStore, 2, 1300, 1000), (one.Member, one.Totals.Count, (int)one.Totals.Net, (int)one.Totals.InStores));
        Assert.Equal(["s2", "s1"], one.Purchases.Select(purchase => purchase.Id.Value));
        Assert.Equal(["王小明"], (await world.FindAsync("ming@example.tw", KeyKind.Email)).Select(found => found.Name));
        Assert.Equal(MergeOutcome.NothingToDo, (await world.MergeAsync(inStore, online)).Outcome);
        await world.AssertProvenAsync();

        Assert.Equal(MergeOutcome.Done, (await world.TakeBackAsync(online)).Outcome);
        Assert.Equal(["s1"], (await world.ProfileAsync(inStore))!.Purchases.Select(purchase => purchase.Id.Value));
        var again = (await world.ProfileAsync(online))!;
        Assert.Equal((online, 1, 300), (again.Member, again.Totals.Count, (int)again.Totals.Net));
        Assert.Equal([KeyKind.Email], again.Keys.Select(key => key.Key.Kind));
        Assert.Equal(MergeOutcome.NothingToDo, (await world.TakeBackAsync(online)).Outcome);
        await world.AssertProvenAsync();

        // And once more: each time is a fact of its own.
        Assert.Equal(MergeOutcome.Done, (await world.MergeAsync(inStore, online)).Outcome);
        Assert.Equal(2, (await world.ProfileAsync(online))!.Totals.Count);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task What_either_refused_is_refused_when_it_was_said_last(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (one, other) = await TwoAsync(world);
        await world.SayAsync(one, Consents.Marketing, true);
        world.Clock.Go(TimeSpan.FromDays(1));
        await world.SayAsync(other, Consents.Marketing, false);
        await world.MergeAsync(one, other);
        Assert.False((await world.ProfileAsync(one))!.Consents.Single().Given);
        Assert.Empty(await world.GivenAsync(Consents.Marketing, one));
    }

    [Theory, EveryDatabase]
    public async Task Whoever_shares_keys_is_suggested_with_reasons_until_somebody_says_they_are_two(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = (await world.JoinAsync(new([MemberWorld.Said("0912345678"), MemberWorld.Said("ming@example.tw", KeyKind.Email)], MemberChannel.Store, "王小明", new DateOnly(1990, 4, 1)))).Member!.Value;
        var again = (await world.JoinAsync(new([MemberWorld.Said("0912345678"), MemberWorld.Said("MING@example.tw", KeyKind.Email)], MemberChannel.Web, "王小明", new DateOnly(1990, 4, 1)))).Member!.Value;
        var wife = (await world.JoinAsync(new([MemberWorld.Said("0912345678")], MemberChannel.Web, "陳美", new DateOnly(1992, 7, 7)))).Member!.Value;
        Assert.Equal(3, new[] { ming, again, wife }.Distinct().Count());

        var pairs = await world.LikelyAsync();
        Assert.Equal(3, pairs.Count);
        Assert.Equal(new[] { ming, again }.Order(), [pairs[0].One, pairs[0].Other]);
        Assert.True(pairs[0].Because is { SameName: true, SameBirthday: true, Shared.Count: 2 });
        Assert.True(pairs[2].Because.Weight < 0);

        await world.TwoAsync(wife, ming);
        await world.TwoAsync(again, wife);
        Assert.Single(await world.LikelyAsync());
        await world.MergeAsync(ming, again);
        Assert.Empty(await world.LikelyAsync());
    }

    [Theory, EveryDatabase]
    public async Task Who_has_asked_to_be_erased_is_merged_with_nobody(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (one, other) = await TwoAsync(world);
        await world.WriteAsync(turn => EraseMember.AskAsync(turn, one, null, new DateOnly(2026, 6, 1), new(0), TestContext.Current.CancellationToken));
        Assert.Equal(MergeOutcome.Erasing, (await world.MergeAsync(one, other)).Outcome);
        await world.WriteAsync(turn => EraseMember.TakeBackAsync(turn, one, TestContext.Current.CancellationToken));
        Assert.Equal(MergeOutcome.Done, (await world.MergeAsync(one, other)).Outcome);
    }

    [Theory, EveryDatabase]
    public async Task Long_ids_are_merged_and_parted_too(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (one, other) = (new MemberId(new string('a', 100)), new MemberId(new string('b', 100)));
        await world.SellAsync("s1", one, 100);
        await world.SellAsync("s2", other, 200);
        Assert.Equal(MergeOutcome.Done, (await world.MergeAsync(one, other)).Outcome);
        Assert.Equal(300, (int)(await world.ProfileAsync(other))!.Totals.Net);
        Assert.Equal(MergeOutcome.Done, (await world.TakeBackAsync(other)).Outcome);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_number_of_very_many_says_nothing(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        for (var number = 0; number < 6; number++) await world.JoinAsync(new([MemberWorld.Said("0900000000")], MemberChannel.Import));
        Assert.Empty(await world.LikelyAsync());
    }

    [Theory, EveryDatabase]
    public async Task Nobody_is_merged_with_somebody_unknown(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var (one, _) = await TwoAsync(world);
        Assert.Equal(MergeOutcome.Unknown, (await world.MergeAsync(one, new("nobody"))).Outcome);
        Assert.Equal(MergeOutcome.NothingToDo, (await world.MergeAsync(one, one)).Outcome);
        Assert.Null(await world.ProfileAsync(new("nobody")));
    }

    private static async Task<(MemberId InStore, MemberId Online)> TwoAsync(MemberWorld world)
    {
        var inStore = (await world.JoinAsync(new([MemberWorld.Said("0912345678")], MemberChannel.Store, "王小明"))).Member!.Value;
        world.Clock.Go(TimeSpan.FromHours(1));
        return (inStore, (await world.JoinAsync(new([MemberWorld.Proved("ming@example.tw", KeyKind.Email)], MemberChannel.Web))).Member!.Value);
    }
}
