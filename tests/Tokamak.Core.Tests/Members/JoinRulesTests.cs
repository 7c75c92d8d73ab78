using Tokamak.Core.Members;
using Xunit;

namespace Tokamak.Core.Tests.Members;

public sealed class JoinRulesTests
{
    private static readonly MemberKey Phone = new(KeyKind.Phone, "+886912345678"), Email = new(KeyKind.Email, "ming@example.tw"), Line = new(KeyKind.Line, "U" + new string('a', 32));
    private static readonly DateOnly Spring = new(1990, 4, 1), Autumn = new(1991, 10, 1);
    private static readonly MemberId Ming = new("M1"), Mei = new("M2");

    [Fact]
    public void Nobody_has_the_keys() => AssertIs(JoinOutcome.New, null, [], JoinRules.Decide([new(Phone, true)], null, []));

    [Fact]
    public void Who_proved_the_key_is_who_proves_it_again() =>
        AssertIs(JoinOutcome.Known, Ming, [], JoinRules.Decide([new(Phone, true)], Autumn, [new(Ming, Phone, true, true, Spring)]));

    [Fact]
    public void Who_joined_at_a_counter_is_known_online_once_the_number_is_proved() =>
        AssertIs(JoinOutcome.Known, Ming, [], JoinRules.Decide([new(Phone, true)], null, [new(Ming, Phone, false, false, Spring)]));

    [Fact]
    public void A_number_that_is_only_said_makes_nobody_another() =>
        AssertIs(JoinOutcome.NewMaybeKnown, null, [Ming], JoinRules.Decide([new(Phone, false)], null, [new(Ming, Phone, true, true, null)]));

    [Fact]
    public void A_number_that_two_share_is_neither_s() =>
        AssertIs(JoinOutcome.NewMaybeKnown, null, [Ming, Mei], JoinRules.Decide([new(Phone, true)], null, [new(Ming, Phone, false, false, null), new(Mei, Phone, false, false, null)]));

    [Fact]
    public void Of_two_the_one_who_proved_it() =>
        AssertIs(JoinOutcome.Known, Mei, [Ming], JoinRules.Decide([new(Phone, true)], null, [new(Ming, Phone, false, false, null), new(Mei, Phone, true, true, null)]));

    [Fact]
    public void Another_birthday_is_another_person() =>
        AssertIs(JoinOutcome.NewMaybeKnown, null, [Ming], JoinRules.Decide([new(Phone, true)], Autumn, [new(Ming, Phone, false, false, Spring)]));

    [Fact]
    public void Who_proved_another_key_is_not_taken_over_by_a_number_they_never_proved() =>
        AssertIs(JoinOutcome.NewMaybeKnown, null, [Ming], JoinRules.Decide([new(Phone, true)], null, [new(Ming, Phone, false, true, null)]));

    [Fact]
    public void Who_proves_keys_of_two_members_is_the_first_and_people_decide_about_the_other() =>
        AssertIs(JoinOutcome.Known, Ming, [Mei], JoinRules.Decide([new(Phone, true), new(Email, true)], null, [new(Ming, Phone, true, true, null), new(Mei, Email, true, true, null)]));

    [Fact]
    public void Whatever_else_they_say_does_not_make_them_less_known() =>
        AssertIs(JoinOutcome.Known, Ming, [Mei], JoinRules.Decide([new(Line, true), new(Phone, false)], null, [new(Ming, Line, true, true, null), new(Mei, Phone, false, false, null)]));

    /// <summary>Whatever comes: nobody becomes a member by keys they did not prove, and never one of two.</summary>
    [Fact]
    public void Nobody_becomes_another_by_what_they_did_not_prove()
    {
        var dice = new Random(20261122);
        MemberKey[] keys = [Phone, Email, Line];
        var known = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var claims = keys.Where(_ => dice.Next(2) == 0).Select(key => new ClaimedKey(key, dice.Next(2) == 0)).ToList();
            var people = Enumerable.Range(1, dice.Next(4)).Select(number => (Id: new MemberId($"M{number}"), Keys: keys.Where(_ => dice.Next(2) == 0).Select(key => new ClaimedKey(key, dice.Next(2) == 0)).ToList())).ToList();
            // What is proved is proved by one.
            foreach (var key in keys)
                foreach (var (_, theirs) in people.Where(one => one.Keys.Contains(new(key, true))).Skip(1)) theirs[theirs.IndexOf(new(key, true))] = new(key, false);
            List<KeyHolder> holders =
            [
                .. people.SelectMany(one => one.Keys.Where(has => claims.Any(claim => claim.Key == has.Key))
                    .Select(has => new KeyHolder(one.Id, has.Key, has.IsVerified, one.Keys.Any(key => key.IsVerified), null))),
            ];
            var decided = JoinRules.Decide(claims, null, holders);
            Assert.Equal(holders.Select(holder => holder.Member).Distinct().Order(), decided.MayBe.Concat(decided.Member is { } one1 ? [one1] : []).Order());
            if (decided.Member is not { } member) continue;
            known++;
            var theirsToo = people.Single(one => one.Id == member).Keys;
            var shared = claims.Where(claim => claim.IsVerified && theirsToo.Any(has => has.Key == claim.Key)).Select(claim => claim.Key).ToList();
            Assert.NotEmpty(shared);
            Assert.True(shared.Any(key => theirsToo.Contains(new(key, true))) || theirsToo.All(has => !has.IsVerified));
        }
        Assert.InRange(known, 1_000, 49_000);
    }

    private static void AssertIs(JoinOutcome outcome, MemberId? member, IReadOnlyList<MemberId> mayBe, JoinDecision decided)
    {
        Assert.Equal((outcome, member), (decided.Outcome, decided.Member));
        Assert.Equal(mayBe, decided.MayBe);
    }
}
