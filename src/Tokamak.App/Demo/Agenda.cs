using System.Globalization;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>What is still to happen, by day: a sale of today brings its handovers and returns of later days with it.</summary>
internal sealed class Agenda
{
    private readonly List<Fact>?[] _days = new List<Fact>?[DemoCalendar.Days];
    private readonly Dictionary<(string Prefix, int Day), int> _counts = [];

    /// <summary>A readable id such as <c>H250501-0012</c>. Stories number from 9001, which no day reaches.</summary>
    public FactId NextId(string prefix, int day)
    {
        _counts.TryGetValue((prefix, day), out var count);
        _counts[(prefix, day)] = ++count;
        return new FactId(string.Create(CultureInfo.InvariantCulture, $"{prefix}{DemoCalendar.DayAt(day):yyMMdd}-{count:0000}"));
    }

    /// <summary>What lies after the last day does not happen.</summary>
    public void Add(Fact fact)
    {
        var day = DemoCalendar.IndexOf(fact.At);
        if (day >= _days.Length) return;
        (_days[day] ??= []).Add(fact);
    }

    public void Serve(Member member, string kind, int store, DemoClerk? staff, Instant at)
    {
        var day = DemoCalendar.IndexOf(at);
        Add(new ServiceFact(NextId("V", day), at, 0, member.Id, kind, DemoRoster.Stores[store].Id, staff?.Id));
        member.Seen = true;
    }

    /// <summary>The facts of a day in the order of R1, and forgets them.</summary>
    public IReadOnlyList<Fact> Take(int day)
    {
        var facts = _days[day] ?? [];
        _days[day] = null;
        facts.Sort(static (a, b) =>
        {
            var order = a.At.CompareTo(b.At);
            if (order == 0) order = a.Order.CompareTo(b.Order);
            return order != 0 ? order : a.Id.CompareTo(b.Id);
        });
        return facts;
    }
}
