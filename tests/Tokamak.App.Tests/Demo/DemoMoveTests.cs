using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Demo;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Demo;

public sealed class DemoMoveTests
{
    [Fact]
    public void It_ends_no_earlier_than_today_and_weekdays_stay()
    {
        for (var day = 0; day < 400; day++)
        {
            var today = DemoCalendar.Last.AddDays(day);
            var last = DemoCalendar.Last.AddDays(DemoMove.To(today).Days);
            Assert.InRange(last.DayNumber - today.DayNumber, 0, 6);
            Assert.Equal(DemoCalendar.Last.DayOfWeek, last.DayOfWeek);
        }
    }

    [Fact]
    public void Policy_and_facts_move_together()
    {
        var faults = new List<Core.Kernel.Fault>();
        var policy = PolicyReader.Read(new DemoMove(21).Of(Encoding.UTF8.GetBytes(DemoPolicy.Json)), Zones.Find, faults);
        Assert.Empty(faults);
        Assert.Equal([DemoCalendar.First.AddDays(21), DemoCalendar.PolicyChange.AddDays(21)], policy!.Versions.Select(version => version.EffectiveFrom));
        var fact = new DemoBrand(1).Days().First().Facts[0];
        Assert.Equal(fact.At.Ticks + TimeSpan.FromDays(21).Ticks, new DemoMove(21).Of(fact).At.Ticks);
        Assert.Equal(fact.Id, new DemoMove(21).Of(fact).Id);
    }
}
