using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Tests.Data;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Members;

public sealed class JoinMemberTests(PostgresServer server)
{
    private static readonly DateOnly Spring = new(1990, 4, 1), Autumn = new(1991, 10, 1);

    [Theory, EveryDatabase]
    public async Task Who_joined_in_a_store_is_known_online_and_the_other_way_round(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var inStore = await world.JoinAsync(new([MemberWorld.Said("0912-345-678")], MemberChannel.Store, "王小明", Store: new("S1"), Staff: new("A")));
        Assert.Equal(JoinOutcome.New, inStore.Outcome);

        var online = await world.JoinAsync(new([MemberWorld.Proved("+886 912 345 678"), MemberWorld.Said("ming@example.tw", KeyKind.Email)], MemberChannel.Web, "Ming Wang"));
        Assert.Equal((JoinOutcome.Known, inStore.Member), (online.Outcome, online.Member));
        var app = await world.JoinAsync(new([MemberWorld.Proved("0912345678"), MemberWorld.Proved("U" + new string('a', 32), KeyKind.Line)], MemberChannel.App));
        Assert.Equal(inStore.Member, app.Member);
        var byLine = await world.JoinAsync(new([MemberWorld.Proved("U" + new string('a', 32), KeyKind.Line)], MemberChannel.App));
        Assert.Equal(inStore.Member, byLine.Member);

        var profile = await world.ProfileAsync(inStore.Member!.Value);
        Assert.Equal("王小明", profile!.Name);
        Assert.Equal([(KeyKind.Phone, true), (KeyKind.Email, false), (KeyKind.Line, true)], profile.Keys.Select(key => (key.Key.Kind, key.Proved is not null)));
        // The clerk brought the member.
        Assert.Equal(("A", JoinMember.SignUp), (profile.Services.Single().Staff!.Value.Value, profile.Services.Single().Kind));
    }

    [Theory, EveryDatabase]
    public async Task At_a_counter_a_second_member_of_one_number_is_made_only_when_somebody_asked(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var mother = await world.JoinAsync(new([MemberWorld.Said("02-2345-6789")], MemberChannel.Clerk, "王太太"));
        var asked = await world.JoinAsync(new([MemberWorld.Said("02 2345 6789")], MemberChannel.Clerk, "王小妹"));
        Assert.Equal((JoinOutcome.NewMaybeKnown, null), (asked.Outcome, asked.Member));
        Assert.Equal([mother.Member!.Value], asked.MayBe);
        Assert.Equal(1, await world.ReadAsync(books => Task.FromResult(books.People.Count())));

        var daughter = await world.JoinAsync(new([MemberWorld.Said("0223456789")], MemberChannel.Clerk, "王小妹", EvenSo: true));
        Assert.NotEqual(mother.Member, daughter.Member);
        Assert.Equal([mother.Member.Value, daughter.Member!.Value], (await world.FindAsync("0223456789")).Select(found => found.Member).Order());
    }

    [Theory, EveryDatabase]
    public async Task A_number_typed_wrong_at_a_counter_gives_nobody_another_s_history(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        // Mei proved her address; the clerk mistyped her number, which is Ming's.
        var mei = await world.JoinAsync(new([MemberWorld.Proved("mei@example.tw", KeyKind.Email), MemberWorld.Said("0912345678")], MemberChannel.Web, "陳美"));
        var ming = await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web, "王小明"));
        Assert.Equal(JoinOutcome.NewMaybeKnown, ming.Outcome);
        Assert.NotEqual(mei.Member, ming.Member);
        // At the counter the one who proved it comes first.
        Assert.Equal([ming.Member!.Value, mei.Member!.Value], (await world.FindAsync("0912345678")).Select(found => found.Member));
    }

    [Theory, EveryDatabase]
    public async Task Another_birthday_is_another_person(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var father = await world.JoinAsync(new([MemberWorld.Said("0912345678")], MemberChannel.Store, Birthday: Spring));
        var son = await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web, Birthday: Autumn));
        Assert.NotEqual(father.Member, son.Member);
    }

    [Theory, EveryDatabase]
    public async Task A_proved_key_is_one_member_s_whatever_is_written_past_the_rule(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.WriteAsync(turn =>
            turn.InsertAsync<MemberKeyRow>([new MemberKeyRow { Kind = 0, Value = "+886912345678", Member = "another", AddedAtTicks = 1, ProvedAtTicks = 1 }], TestContext.Current.CancellationToken)));
    }

    [Theory, EveryDatabase]
    public async Task The_same_two_joining_at_once_are_one_member(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var joined = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web))));
        Assert.Single(joined.Select(one => one.Member).Distinct());
        Assert.Equal(1, joined.Count(one => one.Outcome == JoinOutcome.New));
    }

    [Theory, EveryDatabase]
    public async Task Who_proves_keys_of_two_members_is_the_first_and_the_second_keeps_theirs(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = (await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web))).Member!.Value;
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("mei@example.tw", KeyKind.Email)], MemberChannel.Web))).Member!.Value;
        var both = await world.JoinAsync(new([MemberWorld.Proved("0912345678"), MemberWorld.Proved("mei@example.tw", KeyKind.Email)], MemberChannel.App));
        Assert.Equal((JoinOutcome.Known, ming), (both.Outcome, both.Member!.Value));
        Assert.Equal([mei], both.MayBe);
        Assert.Equal(mei, (await world.JoinAsync(new([MemberWorld.Proved("mei@example.tw", KeyKind.Email)], MemberChannel.Web))).Member);
        Assert.Contains(await world.LikelyAsync(), pair => pair.Because.OneProved);
    }

    [Theory, EveryDatabase]
    public async Task What_is_said_while_merged_stays_with_who_said_it(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = (await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web))).Member!.Value;
        world.Clock.Go(TimeSpan.FromHours(1));
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("0922333444")], MemberChannel.Web, Consents: [new(Consents.Marketing, true, "1")]))).Member!.Value;
        // Merged by mistake; meanwhile Mei signs in by her number, says no, and brings her card.
        await world.MergeAsync(ming, mei);
        var again = await world.JoinAsync(new([MemberWorld.Proved("0922333444"), MemberWorld.Said("K1", KeyKind.Card)], MemberChannel.App, Consents: [new(Consents.Marketing, false, "1")]));
        Assert.Equal((ming, mei), (again.Member!.Value, again.Own!.Value));
        await world.TakeBackAsync(mei);
        Assert.Equal([KeyKind.Phone], (await world.ProfileAsync(ming))!.Keys.Select(key => key.Key.Kind));
        Assert.Equal([KeyKind.Phone, KeyKind.Card], (await world.ProfileAsync(mei))!.Keys.Select(key => key.Key.Kind));
        Assert.Empty(await world.GivenAsync(Consents.Marketing, ming, mei));
    }

    [Theory, EveryDatabase]
    public async Task The_last_word_about_a_purpose_counts_and_a_refusal_counts_at_once(Provider provider)
    {
        await using var world = await MemberWorld.CreateAsync(provider, server);
        var ming = (await world.JoinAsync(new([MemberWorld.Proved("0912345678")], MemberChannel.Web, Consents: [new(Consents.Marketing, true, "2026-01")]))).Member!.Value;
        var mei = (await world.JoinAsync(new([MemberWorld.Proved("0922333444")], MemberChannel.Web))).Member!.Value;
        Assert.Equal([ming], await world.GivenAsync(Consents.Marketing, ming, mei));
        // The clock stands still: the order in which it was said counts.
        await world.SayAsync(ming, Consents.Marketing, false);
        Assert.Empty(await world.GivenAsync(Consents.Marketing, ming, mei));
        await world.SayAsync(ming, Consents.Marketing, true);
        Assert.Equal([ming], await world.GivenAsync(Consents.Marketing, ming, mei));
        Assert.Equal(3, await world.ReadAsync(books => Task.FromResult(books.Consents.Count())));
    }
}
