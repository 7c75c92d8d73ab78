using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>What happens at a counter: joining, the app, a QR code, the sale, and what the store lacks.</summary>
internal sealed class StoreTrade(Dice dice, Agenda agenda, DemoRoster roster, Orders orders)
{
    public void Visit(int day, int store, Member? member)
    {
        var second = DemoCalendar.StoreSecond(dice);
        var clerk = Serving(day, store, member);
        var joining = member is { Seen: false, IsNew: true };
        if (member is not null) Meet(day, store, member, clerk, second, joining);

        var date = DemoCalendar.DayAt(day);
        var lines = DemoCatalogue.Basket(dice, date, Fulfil.Taken, member is not null && !joining);
        if (dice.Chance(30)) lines[^1] = lines[^1] with { Staff = roster.AnyOnShift(dice, day, store)?.Id };
        if (dice.Chance(40)) lines[^1] = lines[^1] with { Fulfil = dice.Chance(600) ? Fulfil.Ship : Fulfil.Pickup };
        var at = DemoCalendar.At(day, second);
        var place = DemoRoster.Stores[store].Id;
        var sale = new SaleFact(agenda.NextId(place.Value + "-", day), at, 0, Channel.Store, place, member?.Id, clerk?.Id, null, lines);
        if (dice.Chance(1) && dice.Chance(400)) RungTwice(sale, day);
        orders.Place(sale, store, member?.Second ?? store);
        if (member is null) return;
        member.Seen = true;
        if (clerk is not null && (member.Clerk is null || dice.Chance(120))) member.Clerk = clerk;
    }

    private DemoClerk? Serving(int day, int store, Member? member)
    {
        if (member?.Clerk is { } known && dice.Chance(450) && roster.OnShift(day, store).Contains(known)) return known;
        return dice.Chance(950) ? roster.AnyOnShift(dice, day, store) : null;
    }

    private void Meet(int day, int store, Member member, DemoClerk? clerk, int second, bool joining)
    {
        if (joining) agenda.Serve(member, "sign-up", store, clerk, DemoCalendar.At(day, second - 200));
        var hunting = DemoCalendar.DayAt(day) < DemoCalendar.PolicyChange ? 130 : 100;
        var odds = (joining ? 520 : 45) * (clerk?.Skill ?? 40) * hunting / 10_000;
        if (!member.HasApp && dice.Chance(odds))
        {
            agenda.Serve(member, "app-install", store, clerk, DemoCalendar.At(day, second - 90));
            member.HasApp = true;
        }
        else if (dice.Chance(90))
        {
            // A counter's own QR code names no clerk.
            agenda.Serve(member, "qr-scan", store, dice.Chance(800) ? clerk : null, DemoCalendar.At(day, second - 40));
            if (dice.Chance(3)) Mistaken(day, store, member, clerk, second);
        }
    }

    // A till that hung: the same sale twice, one of them voided minutes later.
    private void RungTwice(SaleFact sale, int day)
    {
        var twin = sale with { Id = agenda.NextId(sale.Store!.Value.Value + "-", day), At = Later(sale.At, 45) };
        agenda.Add(twin);
        agenda.Add(new VoidFact(agenda.NextId("X", day), Later(sale.At, dice.Between(120, 900)), 0, twin.Id));
    }

    private void Mistaken(int day, int store, Member member, DemoClerk? clerk, int second)
    {
        var id = agenda.NextId("V", day);
        var at = DemoCalendar.At(day, second - 20);
        agenda.Add(new ServiceFact(id, at, 0, member.Id, "qr-scan", DemoRoster.Stores[store].Id, clerk?.Id));
        agenda.Add(new VoidFact(agenda.NextId("X", day), Later(at, 300), 0, id));
    }

    private static Instant Later(Instant at, int seconds) => new(at.Ticks + (seconds * TimeSpan.TicksPerSecond));
}
