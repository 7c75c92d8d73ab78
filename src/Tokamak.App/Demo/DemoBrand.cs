using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// The demo brand: 12 stores, 60 clerks, 20,000 members and about 150,000 sales of 18 months, made by dice from a fixed
/// seed. <see cref="Days"/> streams its facts in the order of R1; each call of a new brand gives the same ones.
/// </summary>
public sealed class DemoBrand
{
    public const string Name = "嶼晴織 Isleday";
    public const string Warehouse = "大園電商倉";

    private const int FullMembers = 20_000, FullSales = 150_000, FullMerges = 320;
    private const ulong Seed = 20250501;

    private readonly Dice _dice = new(Seed);
    private readonly Agenda _agenda = new();
    private readonly Members _members;
    private readonly StoreTrade _stores;
    private readonly OnlineTrade _online;
    private readonly long _sales;
    private readonly long _weightOfAllDays;

    /// <summary>A world of so many percent of the members and sales, 1 to 100; stores, clerks and stories are always there.</summary>
    public DemoBrand(int percent = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        _sales = FullSales * percent / 100;
        _members = new Members(_dice, FullMembers * percent / 100);
        Roster = new DemoRoster(_dice, OwnMember);
        var orders = new Orders(_dice, _agenda, Roster);
        _stores = new StoreTrade(_dice, _agenda, Roster, orders);
        _online = new OnlineTrade(_dice, _agenda, Roster, orders);
        for (var day = 0; day < DemoCalendar.Days; day++) _weightOfAllDays += WeightInStores(day) + WeightOnline(day);
        foreach (var fact in Roster.Facts) _agenda.Add(fact);
        foreach (var fact in DemoStories.Facts()) _agenda.Add(fact);
        Merge(FullMerges * percent / 100);
    }

    public DemoRoster Roster { get; }

    /// <summary>Each day with its facts. Once only: a day given out is forgotten.</summary>
    public IEnumerable<(DateOnly Day, IReadOnlyList<Fact> Facts)> Days()
    {
        for (var day = 0; day < DemoCalendar.Days; day++)
        {
            _members.StartDay(day);
            Trade(day);
            yield return (DemoCalendar.DayAt(day), _agenda.Take(day));
        }
    }

    private void Trade(int day)
    {
        var visits = new int[DemoRoster.Stores.Count];
        var orders = -_online.ComingBack(day).Count;
        foreach (var member in _online.ComingBack(day)) _online.Order(day, member);
        foreach (var member in _members.Arriving(day))
        {
            if (member.Seen) continue;
            if (member.InStores && StoresOpen(day))
            {
                visits[member.Home]--;
                _stores.Visit(day, member.Home, member);
            }
            else
            {
                orders--;
                _online.Order(day, member);
            }
        }

        var sizes = DemoRoster.Stores.Sum(store => store.Size);
        for (var store = 0; store < visits.Length; store++)
        {
            visits[store] += _dice.Around(Expected(WeightInStores(day)) * DemoRoster.Stores[store].Size / sizes);
            for (; visits[store] > 0; visits[store]--) _stores.Visit(day, store, Shopper(day, store));
        }

        orders += _dice.Around(Expected(WeightOnline(day)));
        for (var browsing = orders * 3 / 10; browsing > 0; browsing--)
            if (_members.Online(_dice, day) is { } member) _online.Browse(day, member);
        for (; orders > 0; orders--) _online.Order(day, _dice.Chance(970) ? _members.Online(_dice, day) : null);
    }

    // One in seven leaves no name; one in eight members comes from another store's neighbourhood.
    private Member? Shopper(int day, int store)
    {
        if (_dice.Chance(145)) return null;
        return _members.InStore(_dice, day, _dice.Chance(125) ? _dice.Below(DemoRoster.Stores.Count) : store);
    }

    private long Expected(long weight) => _sales * 1000 * weight / _weightOfAllDays;

    private static long WeightInStores(int day) => (1000L - DemoCalendar.OnlinePermille(day)) * DemoCalendar.StoreWeight(DemoCalendar.DayAt(day));

    private static long WeightOnline(int day) => (long)DemoCalendar.OnlinePermille(day) * DemoCalendar.OnlineWeight(DemoCalendar.DayAt(day));

    private static bool StoresOpen(int day) => DemoCalendar.StoreWeight(DemoCalendar.DayAt(day)) > 0;

    // Most clerks shop where they work; one of the stories is about what comes of it.
    private MemberId? OwnMember(int clerk) =>
        clerk == DemoStories.SelfBuyerIndex ? DemoStories.SelfBuyer
        : clerk % 6 == 5 ? null
        : _members.All[DemoStories.Members.Count + clerk].Id;

    // Joined in a store by phone and online by e-mail: one person, found out months later.
    private void Merge(int count)
    {
        var used = new HashSet<MemberId>();
        var own = DemoStories.Members.Count + DemoRoster.ClerkCount;
        for (var tries = 0; used.Count < count * 2 && tries < count * 200; tries++)
        {
            var from = _members.All[_dice.Between(own, _members.All.Count - 1)];
            var into = _members.All[_dice.Between(own, _members.All.Count - 1)];
            var day = Math.Max(from.First, into.First) + _dice.Between(20, 250);
            if (from.InStores || !into.InStores || day >= DemoCalendar.Days || used.Contains(from.Id) || used.Contains(into.Id)) continue;
            used.Add(from.Id);
            used.Add(into.Id);
            _agenda.Add(new MergeFact(_agenda.NextId("G", day), DemoCalendar.At(day, _dice.Between(36_000, 64_000)), 0, from.Id, into.Id));
            if (_dice.Chance(800)) from.Gone = Math.Min(from.Gone, day);
        }
    }
}
