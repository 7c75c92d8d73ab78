using System.Globalization;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Demo;

/// <summary>A store of the demo brand. <see cref="Size"/>: its part of store trade, relative to the others.</summary>
public sealed record DemoStore(StoreId Id, string Name, int Size, int Clerks);

/// <summary>A clerk. <see cref="Skill"/>: 100 is average, in sales taken and members won alike.</summary>
public sealed record DemoClerk(int Index, StaffId Id, string Name, int Skill, string? Code, MemberId? Member);

/// <summary>
/// The 12 stores and 60 clerks: who works where on which day. Joins, moves, promotions and leaves are one table below,
/// so that a person can see at a glance what happened to whom.
/// </summary>
public sealed class DemoRoster
{
    public static readonly IReadOnlyList<DemoStore> Stores =
    [
        new(new("S01"), "台北大安店", 150, 6), new(new("S02"), "台北信義店", 160, 6), new(new("S03"), "台北士林店", 85, 3),
        new(new("S04"), "板橋店", 130, 5), new(new("S05"), "中和店", 75, 3), new(new("S06"), "桃園中壢店", 100, 4),
        new(new("S07"), "竹北店", 95, 4), new(new("S08"), "台中公益店", 135, 5), new(new("S09"), "台中北屯店", 80, 3),
        new(new("S10"), "台南東區店", 85, 3), new(new("S11"), "高雄鹽埕店", 70, 3), new(new("S12"), "高雄左營店", 85, 3),
    ];

    public const int ClerkCount = 60;

    /// <summary>After the founding day: day, clerk, what, store, and the grade or code it brings.</summary>
    private static readonly (string Day, string Clerk, StaffEvent Event, string? Store, string? Grade, string? Code)[] Changes =
    [
        ("2025-07-01", "K014", StaffEvent.Left, null, null, null),
        ("2025-07-07", "K049", StaffEvent.Joined, "S03", "junior", null),
        ("2025-08-16", "K009", StaffEvent.Moved, "S01", null, null),
        ("2025-09-01", "K050", StaffEvent.Joined, "S02", "junior", null),
        ("2025-09-15", "K026", StaffEvent.Left, null, null, null),
        ("2025-10-01", "K051", StaffEvent.Joined, "S06", "junior", null),
        ("2025-10-01", "K052", StaffEvent.Joined, "S04", "junior", null),
        ("2025-11-30", "K018", StaffEvent.Left, null, null, null),
        ("2025-12-01", "K033", StaffEvent.Moved, "S09", null, null),
        ("2026-01-01", "K005", StaffEvent.Moved, "S01", "senior", null),
        ("2026-01-05", "K030", StaffEvent.Moved, "S06", null, null),
        ("2026-01-12", "K053", StaffEvent.Joined, "S07", "junior", null),
        ("2026-02-28", "K034", StaffEvent.Left, null, null, null),
        ("2026-03-02", "K054", StaffEvent.Joined, "S08", "junior", null),
        ("2026-03-31", "K008", StaffEvent.Left, null, null, null),
        ("2026-04-01", "K011", StaffEvent.Moved, "S02", "senior", null),
        ("2026-04-06", "K055", StaffEvent.Joined, "S02", "junior", null),
        ("2026-04-15", "K041", StaffEvent.Moved, "S11", null, null),
        ("2026-04-20", "K056", StaffEvent.Joined, "S10", "junior", null),
        ("2026-05-04", "K060", StaffEvent.Joined, "S09", "junior", null),
        ("2026-05-15", "K044", StaffEvent.Left, null, null, null),
        ("2026-06-01", "K057", StaffEvent.Joined, "S11", "junior", null),
        ("2026-06-25", "K060", StaffEvent.Left, null, null, null),
        ("2026-06-30", "K022", StaffEvent.Left, null, null, null),
        ("2026-07-01", "K014", StaffEvent.Joined, "S05", null, "BACKAGAIN14"),
        ("2026-07-15", "K047", StaffEvent.Moved, "S11", null, null),
        ("2026-07-20", "K058", StaffEvent.Joined, "S12", "junior", null),
        ("2026-08-01", "K026", StaffEvent.Joined, "S06", null, null),
        ("2026-08-31", "K002", StaffEvent.Left, null, null, null),
        ("2026-09-01", "K038", StaffEvent.Moved, "S09", "senior", null),
        ("2026-09-07", "K059", StaffEvent.Joined, "S01", "junior", null),
        ("2026-09-15", "K019", StaffEvent.Moved, "S05", null, null),
        ("2026-10-05", "K051", StaffEvent.Left, null, null, null),
    ];

    private const int Joins = 9 * 3600, Leaves = 22 * 3600;

    private readonly DemoClerk[] _clerks = new DemoClerk[ClerkCount];
    private readonly List<DemoClerk>[,] _onShift = new List<DemoClerk>[DemoCalendar.Days, Stores.Count];
    private readonly string?[,] _codes = new string?[DemoCalendar.Days, ClerkCount];
    private readonly List<StaffFact> _facts = [];

    internal DemoRoster(Dice dice, Func<int, MemberId?> ownMember)
    {
        var names = DemoPeople.Names(dice, ClerkCount);
        for (var i = 0; i < ClerkCount; i++)
        {
            var skill = i switch { 7 => 175, 31 => 150, 15 => 145, 59 => 60, _ => dice.Between(60, 145) };
            var code = dice.Chance(850) ? string.Create(CultureInfo.InvariantCulture, $"ISLE{((i + 1) * 37 % 1000):000}") : null;
            _clerks[i] = new DemoClerk(i, new StaffId(string.Create(CultureInfo.InvariantCulture, $"K{i + 1:000}")), names[i], skill, code, ownMember(i));
        }
        Tell();
    }

    public IReadOnlyList<DemoClerk> Clerks => _clerks;

    /// <summary>All staff facts, by time.</summary>
    public IReadOnlyList<StaffFact> Facts => _facts;

    /// <summary>Who serves at a store that day; nobody for a store without clerks.</summary>
    internal IReadOnlyList<DemoClerk> OnShift(int day, int store) => _onShift[day, store];

    /// <summary>A clerk on shift there, the able ones more often.</summary>
    internal DemoClerk? AnyOnShift(Dice dice, int day, int store)
    {
        var shift = _onShift[day, store];
        if (shift.Count == 0) return null;
        Span<int> skills = stackalloc int[shift.Count];
        for (var i = 0; i < skills.Length; i++) skills[i] = shift[i].Skill;
        return shift[dice.Weighted(skills)];
    }

    /// <summary>The clerk's referral code that day, if employed and in possession of one.</summary>
    internal string? CodeOf(int day, DemoClerk clerk) => _codes[day, clerk.Index];

    internal DemoClerk Clerk(string id) => _clerks[int.Parse(id.AsSpan(1), CultureInfo.InvariantCulture) - 1];

    private void Tell()
    {
        var store = new int?[ClerkCount];
        var code = new string?[ClerkCount];
        var next = 0;
        for (var clerk = 0; next < Stores.Count; next++)
            for (var i = 0; i < Stores[next].Clerks; i++, clerk++)
                Apply(0, _clerks[clerk].Id.Value, StaffEvent.Joined, Stores[next].Id.Value, i < 2 ? "senior" : "junior", null, store, code);

        next = 0;
        for (var day = 0; day < DemoCalendar.Days; day++)
        {
            var date = DemoCalendar.DayAt(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var first = next;
            for (; next < Changes.Length && Changes[next].Day == date; next++)
                if (Changes[next] is { Event: not StaffEvent.Left } change)
                    Apply(day, change.Clerk, change.Event, change.Store, change.Grade, change.Code, store, code);
            Plan(day, store, code);
            for (var i = first; i < next; i++)
                if (Changes[i] is { Event: StaffEvent.Left } leaving)
                    Apply(day, leaving.Clerk, StaffEvent.Left, null, null, null, store, code);
        }
    }

    private void Apply(
        int day, string id, StaffEvent what, string? where, string? grade, string? newCode, int?[] store, string?[] code)
    {
        var clerk = Clerk(id);
        var isNew = what == StaffEvent.Joined && !_facts.Exists(fact => fact.Staff == clerk.Id);
        newCode ??= isNew ? clerk.Code : null;
        var second = what == StaffEvent.Left ? Leaves : Joins;
        _facts.Add(new StaffFact(
            new FactId(string.Create(CultureInfo.InvariantCulture, $"P{DemoCalendar.DayAt(day):yyMMdd}-{id}")), DemoCalendar.At(day, second), 0,
            clerk.Id, what, where is null ? null : new StoreId(where), grade, newCode, isNew ? clerk.Member : null));
        store[clerk.Index] = where is null ? null : int.Parse(where.AsSpan(1), CultureInfo.InvariantCulture) - 1;
        code[clerk.Index] = newCode ?? code[clerk.Index];
    }

    // Five days on, two off, staggered; where all would be off, all come.
    private void Plan(int day, int?[] store, string?[] code)
    {
        for (var at = 0; at < Stores.Count; at++)
        {
            var all = _clerks.Where(clerk => store[clerk.Index] == at).ToList();
            var present = all.FindAll(clerk => (day + (clerk.Index * 3)) % 7 >= 2);
            _onShift[day, at] = present.Count > 0 ? present : all;
        }
        foreach (var clerk in _clerks) _codes[day, clerk.Index] = store[clerk.Index] is null ? null : code[clerk.Index];
    }
}
