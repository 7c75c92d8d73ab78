using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>
/// What follows a sale: couriers, pickups in batches, cancels, price adjustments, returns. Wishes are drawn first, then
/// carried out in order of time, each cut to what is left, so that R1 accepts every fact.
/// </summary>
internal sealed class Orders(Dice dice, Agenda agenda, DemoRoster roster)
{
    private sealed record Step(Instant At, FactOrder Kind, int? Store, StaffId? Staff, List<(int Line, int Wish)> Lines);

    /// <summary>Units and money of one line as facts go by (R1, R11).</summary>
    private sealed class LineLeft(SaleLine line)
    {
        public int Handed = line.Fulfil == Fulfil.Taken ? line.Quantity : 0;
        public int Cancelled;
        public int Returned;
        public long Net = line.Net;

        public int ToHand => line.Quantity - Handed - Cancelled;
        public int Remaining => line.Quantity - Cancelled - Returned;

        /// <summary>Days since the first when last handed over; −1 if not yet planned.</summary>
        public int HandedOn = -1;

        public void Leave(int units) => Net = Exact.PartLeftHalfUp(Net, Remaining, units);
    }

    public void Place(SaleFact sale, int home, int second)
    {
        agenda.Add(sale);
        var day = DemoCalendar.IndexOf(sale.At);
        var left = Array.ConvertAll(sale.Lines, line => new LineLeft(line));
        for (var i = 0; i < left.Length; i++)
            if (sale.Lines[i].Fulfil == Fulfil.Taken) left[i].HandedOn = day;

        var steps = new List<Step>();
        var online = sale.Channel == Channel.Online;
        if (online && dice.Chance(22)) CancelSoon(sale, steps);
        Ship(sale, day, left, steps);
        Pickup(sale, day, left, home, second, steps);
        if (dice.Chance(DemoCalendar.Anniversary(DemoCalendar.DayAt(day)) ? 45 : 10)) AdjustPrice(sale, day, steps);
        if (dice.Chance(online ? 80 : 26)) GiveBack(sale, left, steps);
        foreach (var step in steps.OrderBy(step => step.At).ThenBy(step => step.Kind)) CarryOut(sale, left, step);
    }

    private void CancelSoon(SaleFact sale, List<Step> steps)
    {
        var at = new Instant(sale.At.Ticks + (dice.Between(20, 600) * TimeSpan.TicksPerMinute));
        var whole = dice.Chance(600);
        var lines = sale.Lines.Select((line, i) => (Line: i, Wish: line.Quantity)).Where(line => whole || line.Line == 0).ToList();
        steps.Add(new Step(at, FactOrder.Cancel, null, null, lines));
    }

    private void Ship(SaleFact sale, int day, LineLeft[] left, List<Step> steps)
    {
        var lines = Of(sale, Fulfil.Ship);
        if (lines.Count == 0) return;
        var second = Courier();
        var on = day + dice.Between(1, 2);
        if (lines.Count > 1 && dice.Chance(70))
        {
            var later = on + dice.Between(1, 3);
            Hand(later, [lines[^1]]);
            lines.RemoveAt(lines.Count - 1);
        }
        Hand(on, lines);

        void Hand(int when, List<(int Line, int Wish)> parcel)
        {
            steps.Add(new Step(DemoCalendar.At(when, second), FactOrder.Handover, null, null, parcel));
            foreach (var (line, _) in parcel) left[line].HandedOn = when;
        }
    }

    private int Courier() => dice.Between(10 * 3600, 19 * 3600);

    // Store stock is ready the next day; the rest follows from the warehouse, now and then at another store on the way.
    private void Pickup(SaleFact sale, int day, LineLeft[] left, int home, int second, List<Step> steps)
    {
        var lines = Of(sale, Fulfil.Pickup);
        if (lines.Count == 0) return;
        var units = lines.Sum(line => line.Wish);
        var on = day + dice.Between(1, 3);
        if (dice.Chance(30))
        {
            steps.Add(new Step(DemoCalendar.At(on + 10, 22 * 3600), FactOrder.Cancel, null, null, lines));
            return;
        }
        if (units > 1 && dice.Chance(320))
        {
            var (line, wish) = lines[^1];
            var later = on + dice.Between(1, 5);
            Collect(later, dice.Chance(250) ? second : home, [(line, (wish + 1) / 2)]);
            lines.RemoveAt(lines.Count - 1);
            if (wish / 2 > 0) lines.Add((line, wish / 2));
        }
        if (lines.Count > 0) Collect(on, home, lines);

        void Collect(int when, int store, List<(int Line, int Wish)> batch)
        {
            if (when >= DemoCalendar.Days) return;
            var staff = dice.Chance(930) ? roster.AnyOnShift(dice, when, store)?.Id : null;
            steps.Add(new Step(DemoCalendar.At(when, DemoCalendar.StoreSecond(dice)), FactOrder.Handover, store, staff, batch));
            foreach (var (line, _) in batch) left[line].HandedOn = Math.Max(left[line].HandedOn, when);
        }
    }

    private void AdjustPrice(SaleFact sale, int day, List<Step> steps) =>
        steps.Add(new Step(
            DemoCalendar.At(day + dice.Between(1, 10), Courier()), FactOrder.Refund, null, null,
            [(dice.Below(sale.Lines.Length), dice.Between(5, 20))]));

    private void GiveBack(SaleFact sale, LineLeft[] left, List<Step> steps)
    {
        var line = dice.Below(left.Length);
        if (left[line].HandedOn < 0) return;
        var after = dice.Below(100) switch { < 76 => dice.Between(1, 7), < 92 => dice.Between(8, 20), _ => dice.Between(21, 80) };
        var units = dice.Chance(850) ? 1 : sale.Lines[line].Quantity;
        steps.Add(new Step(DemoCalendar.At(left[line].HandedOn + after, DemoCalendar.StoreSecond(dice)), FactOrder.Return, null, null, [(line, units)]));
    }

    private void CarryOut(SaleFact sale, LineLeft[] left, Step step)
    {
        var changes = new List<LineChange>();
        foreach (var (line, wish) in step.Lines)
            if (Change(sale.Lines[line].Line, left[line], step.Kind, wish) is { } change)
                changes.Add(change);
        var day = DemoCalendar.IndexOf(step.At);
        if (changes.Count == 0 || day >= DemoCalendar.Days) return;
        LineChange[] lines = [.. changes];
        agenda.Add(step.Kind switch
        {
            FactOrder.Handover => new HandoverFact(
                agenda.NextId("H", day), step.At, 0, sale.Id, step.Store is { } store ? DemoRoster.Stores[store].Id : null, step.Staff, lines),
            FactOrder.Cancel => new CancelFact(agenda.NextId("C", day), step.At, 0, sale.Id, lines),
            FactOrder.Refund => new RefundFact(agenda.NextId("A", day), step.At, 0, sale.Id, lines),
            _ => new ReturnFact(agenda.NextId("R", day), step.At, 0, sale.Id, lines),
        });
    }

    private LineChange? Change(long number, LineLeft line, FactOrder kind, int wish)
    {
        switch (kind)
        {
            case FactOrder.Handover when Math.Min(wish, line.ToHand) is > 0 and var units:
                line.Handed += units;
                return new LineChange(number, units, null);
            case FactOrder.Cancel when Math.Min(wish, line.ToHand) is > 0 and var units:
                line.Leave(units);
                line.Cancelled += units;
                return new LineChange(number, units, null);
            case FactOrder.Refund when line.Net * wish / 100 is > 0 and var amount:
                line.Net -= amount;
                return new LineChange(number, 0, amount);
            case FactOrder.Return when Math.Min(wish, line.Handed - line.Returned) is > 0 and var units:
                return Return(number, line, units);
            default:
                return null;
        }
    }

    // Mostly the goods' part of the price; sometimes less, for a missing box or a gift kept.
    private LineChange Return(long number, LineLeft line, int units)
    {
        var before = line.Net;
        line.Leave(units);
        var amount = (before - line.Net) * 9 / 10;
        var named = dice.Chance(120) && amount > 0;
        if (named) line.Net = before - amount;
        line.Returned += units;
        return new LineChange(number, units, named ? amount : null);
    }

    private static List<(int Line, int Wish)> Of(SaleFact sale, Fulfil fulfil)
    {
        var lines = new List<(int Line, int Wish)>();
        for (var i = 0; i < sale.Lines.Length; i++)
            if (sale.Lines[i].Fulfil == fulfil) lines.Add((i, sale.Lines[i].Quantity));
        return lines;
    }
}
