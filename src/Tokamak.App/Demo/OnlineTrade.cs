using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>Online orders: by the member alone, by a clerk's link or code, or built by a clerk on the shop floor.</summary>
internal sealed class OnlineTrade(Dice dice, Agenda agenda, DemoRoster roster, Orders orders)
{
    private readonly List<Member>[] _afterClicks = [.. Enumerable.Range(0, DemoCalendar.Days).Select(_ => new List<Member>())];

    /// <summary>Members who clicked a clerk's link days ago and order today.</summary>
    public IReadOnlyList<Member> ComingBack(int day) => _afterClicks[day];

    /// <summary>Looks at what a clerk shared; one in four orders within days.</summary>
    public void Browse(int day, Member member)
    {
        if (member.Clerk is not { } clerk) return;
        agenda.Serve(member, "link-click", StoreOf(day, clerk) ?? member.Home, clerk, DemoCalendar.At(day, DemoCalendar.OnlineSecond(dice)));
        var later = day + dice.Between(1, 3);
        if (later < DemoCalendar.Days && dice.Chance(250)) _afterClicks[later].Add(member);
    }

    public void Order(int day, Member? member)
    {
        var date = DemoCalendar.DayAt(day);
        var second = DemoCalendar.OnlineSecond(dice);
        var after = date >= DemoCalendar.PolicyChange;
        DemoClerk? builder = null;
        string? code = null;
        if (member is { InStores: true } && dice.Chance(after ? 120 : 60))
        {
            builder = Present(day, member);
            second = builder is null ? second : DemoCalendar.StoreSecond(dice);
        }
        else if (member?.Clerk is { } clerk)
        {
            if (dice.Chance(90 * clerk.Skill / 100)) code = roster.CodeOf(day, clerk);
            else if (dice.Chance((after ? 190 : 100) * clerk.Skill / 100)) Click(day, member, clerk, ref second);
        }

        var pickup = member is not null && dice.Chance(member.InStores ? 390 : 60);
        var lines = DemoCatalogue.Basket(dice, date, pickup ? Fulfil.Pickup : Fulfil.Ship, member is not null);
        if (pickup && lines.Length > 1 && dice.Chance(60)) lines[^1] = lines[^1] with { Fulfil = Fulfil.Ship };
        var at = DemoCalendar.At(day, second);
        var sale = new SaleFact(agenda.NextId("W", day), at, 0, Channel.Online, null, member?.Id, builder?.Id, code, lines);
        orders.Place(sale, member?.Home ?? 0, member?.Second ?? 0);
        if (member is null) return;
        member.Seen = true;
        member.Clerk ??= builder;
    }

    private DemoClerk? Present(int day, Member member)
    {
        var shift = roster.OnShift(day, member.Home);
        return member.Clerk is { } known && shift.Contains(known) ? known : roster.AnyOnShift(dice, day, member.Home);
    }

    private void Click(int day, Member member, DemoClerk clerk, ref int second)
    {
        second = Math.Max(second, 3600);
        agenda.Serve(member, "link-click", StoreOf(day, clerk) ?? member.Home, clerk, DemoCalendar.At(day, second - dice.Between(60, 2400)));
    }

    private int? StoreOf(int day, DemoClerk clerk)
    {
        for (var store = 0; store < DemoRoster.Stores.Count; store++)
            if (roster.OnShift(day, store).Contains(clerk)) return store;
        return null;
    }
}
