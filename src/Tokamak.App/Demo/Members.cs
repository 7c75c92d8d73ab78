using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>A member id of the demo brand and how its person shops. Days count from the first.</summary>
internal sealed class Member
{
    public required MemberId Id { get; init; }
    public required int Home { get; init; }
    public required int Second { get; init; }

    /// <summary>When first seen: members of old have their first purchase by then, new ones join that day.</summary>
    public required int First { get; init; }

    public required bool IsNew { get; init; }
    public required bool InStores { get; init; }

    /// <summary>From this day on buys online too; <see cref="int.MaxValue"/> for those who never do.</summary>
    public required int OnlineFrom { get; init; }

    /// <summary>How often, relative to others.</summary>
    public required int Weight { get; init; }

    /// <summary>Does not buy after this day.</summary>
    public int Gone { get; set; }

    /// <summary>The clerk who knows them best, whose links and codes they use.</summary>
    public DemoClerk? Clerk { get; set; }

    public bool HasApp { get; set; }
    public bool Seen { get; set; }
}

/// <summary>The members, and who of them may walk in or order on a day.</summary>
internal sealed class Members
{
    private const string IdLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    // Purchases a year differ widely: most come once or twice, a few every other week.
    private static readonly int[] Weights = [1, 2, 3, 5, 8, 14];
    private static readonly int[] WeightShares = [34, 26, 18, 12, 7, 3];

    private readonly Member[] _all;
    private readonly List<Member>[] _stores = [.. DemoRoster.Stores.Select(_ => new List<Member>())];
    private readonly List<Member> _online = [];
    private readonly List<Member>[] _arriving = new List<Member>[DemoCalendar.Days];
    private readonly List<Member>[] _goingOnline = new List<Member>[DemoCalendar.Days];

    public Members(Dice dice, int count)
    {
        for (var day = 0; day < DemoCalendar.Days; day++) (_arriving[day], _goingOnline[day]) = ([], []);
        var sizes = DemoRoster.Stores.Select(store => store.Size).ToArray();
        _all = new Member[count];
        for (var i = 0; i < count; i++)
        {
            var story = i < DemoStories.Members.Count;
            var member = _all[i] = Create(dice, i, sizes, story);
            if (story) continue;
            _arriving[member.First].Add(member);
            if (!member.IsNew && member.InStores) Enter(_stores[member.Home], member);
            var online = member.IsNew ? Math.Max(member.OnlineFrom, member.First) : member.OnlineFrom;
            if (online < DemoCalendar.Days) _goingOnline[online].Add(member);
        }
    }

    public IReadOnlyList<Member> All => _all;

    /// <summary>Those due that day: new members who join, and members of old who must have been seen by then.</summary>
    public IReadOnlyList<Member> Arriving(int day) => _arriving[day];

    public void StartDay(int day)
    {
        foreach (var member in _arriving[day])
            if (member.IsNew && member.InStores) Enter(_stores[member.Home], member);
        foreach (var member in _goingOnline[day]) Enter(_online, member);
    }

    public Member? InStore(Dice dice, int day, int store) => Draw(dice, _stores[store], day);

    public Member? Online(Dice dice, int day) => Draw(dice, _online, day);

    private static void Enter(List<Member> pool, Member member)
    {
        for (var i = 0; i < member.Weight; i++) pool.Add(member);
    }

    private static Member? Draw(Dice dice, List<Member> pool, int day)
    {
        while (pool.Count > 0)
        {
            var at = dice.Below(pool.Count);
            if (pool[at].Gone >= day) return pool[at];
            pool[at] = pool[^1];
            pool.RemoveAt(pool.Count - 1);
        }
        return null;
    }

    private static Member Create(Dice dice, int index, int[] sizes, bool story)
    {
        var home = dice.Weighted(sizes);
        var isNew = dice.Chance(560);
        var first = dice.Below(DemoCalendar.Days);
        var kind = dice.Below(1000);
        var inStores = kind < 800;
        var onlineFrom = kind >= 800 ? 0 : kind < 420 ? int.MaxValue : dice.Chance(400) ? 0 : dice.Below(DemoCalendar.Days * 5 / 4);
        var stays = dice.Chance(180) ? 0 : dice.Between(60, 700);
        return new Member
        {
            Id = story ? DemoStories.Members[index] : OpaqueId(index),
            Home = home,
            Second = dice.Weighted(sizes),
            IsNew = isNew,
            First = first,
            InStores = inStores,
            OnlineFrom = onlineFrom,
            Weight = Weights[dice.Weighted(WeightShares)],
            Gone = (isNew ? first : Math.Max(first, 30)) + stays,
            HasApp = !isNew && dice.Chance(300),
        };
    }

    // A bijection on 30 bits, so that ids are unique and say nothing about when or where somebody joined.
    private static MemberId OpaqueId(int index)
    {
        var mixed = unchecked((uint)index * 0x2545F491u) & 0x3FFFFFFF;
        mixed ^= mixed >> 13;
        mixed = unchecked(mixed * 0x1B873593u) & 0x3FFFFFFF;
        return new MemberId("M" + string.Create(6, mixed, static (letters, rest) =>
        {
            foreach (ref var letter in letters) (letter, rest) = (IdLetters[(int)(rest % 32)], rest / 32);
        }));
    }
}
