using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>
/// The facts that count, in the order of R1: voids applied, later days left out, ids unique. What facts name is looked
/// up here once and numbered: sales and members by first appearance, so that a replay finds them without searching.
/// </summary>
public sealed class FactLog
{
    /// <summary>No sale, or one that does not exist or comes later; no member.</summary>
    internal const int None = -1;

    private readonly Fact[] _facts;
    private readonly int[] _saleNumbers;
    private readonly NumberedMembers _members;
    private readonly int[] _finalMembers;

    private FactLog(Counted counted, Roster roster)
    {
        (_facts, _saleNumbers, MemberNumbers, _members) = (counted.Facts, counted.SaleNumbers, counted.MemberNumbers, counted.Members);
        (Roster, SaleCount, LineCount) = (roster, counted.Sales, counted.Lines);
        _finalMembers = new int[_members.Count];
        Array.Fill(_finalMembers, None);
        foreach (var merge in counted.Merges)
            if (FinalOf(_members.Of(merge.From)) is var from && FinalOf(_members.Of(merge.Into)) is var into && from != into)
                _finalMembers[from] = into;
    }

    public IReadOnlyList<Fact> Facts => _facts;

    public Roster Roster { get; }

    /// <summary>Sales and lines of sales in the log.</summary>
    public int SaleCount { get; }
    public int LineCount { get; }
    internal int MemberCount => _members.Count;

    /// <summary>By place in <see cref="Facts"/>: the number of the sale a fact is, or is about.</summary>
    internal ReadOnlySpan<int> SaleNumbers => _saleNumbers;

    /// <summary>By place in <see cref="Facts"/>: the number of the member a service or sale names.</summary>
    internal int[] MemberNumbers { get; }

    internal int NumberOf(MemberId member) => _members.Find(member);

    internal MemberId MemberOf(int number) => _members.Id(number);

    /// <summary>The member whom an id means once every merge of the input is known (R15).</summary>
    public MemberId FinalMember(MemberId member) => NumberOf(member) is var number && number != None ? _members.Id(FinalOf(number)) : member;

    internal int FinalOf(int number)
    {
        while (_finalMembers[number] is var into && into != None) number = into;
        return number;
    }

    /// <summary>
    /// Puts facts in order. With <paramref name="asOf"/>, facts of later days are left out before anything else.
    /// </summary>
    /// <param name="faults">What R1 refuses: repeated ids alone, or else voids and staff facts that cannot be.</param>
    /// <param name="roster">All staff, where the facts are only some of the input; null to read it from the facts.</param>
    public static FactLog Build(IReadOnlyList<Fact> read, Zone zone, DateOnly? asOf, ICollection<Fault> faults, Roster? roster = null)
    {
        var facts = UpTo(asOf, read, zone);
        InOrder(facts);
        var places = Places(facts, out var voids, faults);
        if (faults.Count > 0) return new FactLog(new Counted([], [], [], new NumberedMembers(), [], [], 0, 0), Roster.Build([], faults));

        var counted = WithoutVoided(facts, places, Voided(facts, voids, places, faults));
        return new FactLog(counted, roster ?? Roster.Build(counted.Staff, faults));
    }

    /// <summary>
    /// Facts that are in order, counted and numbered already, as <see cref="Build"/> would: sales and members by first appearance.
    /// </summary>
    /// <param name="facts">In the order of R1, without staff facts, voids and what they take back.</param>
    /// <param name="saleNumbers">By place: the number of the sale a fact is, or is about; -1 where it is not among those before.</param>
    /// <param name="memberNumbers">By place: the number of the member a service or sale names, else -1.</param>
    /// <param name="members">By number.</param>
    /// <param name="roster">All staff.</param>
    internal static FactLog Numbered(Fact[] facts, int[] saleNumbers, int[] memberNumbers, IReadOnlyList<MemberId> members, Roster roster)
    {
        int sales = 0, lines = 0;
        var merges = new List<MergeFact>();
        foreach (var fact in facts)
        {
            if (fact is MergeFact merge) merges.Add(merge);
            if (fact is not SaleFact sale) continue;
            sales++;
            lines += sale.Lines.Length;
        }
        return new FactLog(new Counted(facts, saleNumbers, memberNumbers, new NumberedMembers(members), [], merges, sales, lines), roster);
    }

    /// <summary>The ids that stand more than once: faults of form (R1), to be named with those of the lines themselves.</summary>
    public static IReadOnlyList<Fault> Repeats(IReadOnlyList<Fact> read, Zone zone, DateOnly? asOf)
    {
        var faults = new List<Fault>();
        Places(UpTo(asOf, read, zone), out _, faults);
        return faults;
    }

    private static Fact[] UpTo(DateOnly? asOf, IReadOnlyList<Fact> read, Zone zone) =>
        asOf is { } last ? [.. read.Where(f => zone.DayOf(f.At) <= last)] : [.. read];

    /// <summary>Where each id stands; of repeated ones, all but the first of the file are refused.</summary>
    private static Dictionary<FactId, int> Places(Fact[] facts, out List<VoidFact> voids, ICollection<Fault> faults)
    {
        voids = [];
        var places = new Dictionary<FactId, int>(facts.Length);
        for (var i = 0; i < facts.Length; i++)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, facts[i].Id, out var repeated);
            if (repeated)
            {
                var (first, second) = facts[place].SourceLine < facts[i].SourceLine ? (place, i) : (i, place);
                faults.Add(new Fault($"the id {facts[i].Id} stands on line {facts[first].SourceLine} already; give every fact an id of its own", facts[second].SourceLine));
                place = first;
            }
            else
            {
                place = i;
            }
            if (facts[i] is VoidFact found) voids.Add(found);
        }
        return places;
    }

    /// <summary>The facts that never happened (R1).</summary>
    private static HashSet<FactId> Voided(Fact[] facts, List<VoidFact> voids, Dictionary<FactId, int> places, ICollection<Fault> faults)
    {
        var voided = new HashSet<FactId>();
        foreach (var fact in voids)
        {
            var target = places.TryGetValue(fact.Voided, out var place) ? facts[place] : null;
            var refusal = target is null ? $"there is no fact {fact.Voided} to void; check the id"
                : target is VoidFact ? $"{fact.Voided} is a void itself and cannot be voided; enter the fact anew under another id"
                : target.At > fact.At ? $"{fact.Voided} comes later than its void; date the void at or after it"
                : !voided.Add(fact.Voided) ? $"{fact.Voided} is voided already; leave this void out"
                : null;
            if (refusal is not null) faults.Add(new Fault(refusal, fact.SourceLine));
        }
        return voided;
    }

    /// <summary>The facts that count, and what going through millions of them once can tell.</summary>
    private sealed record Counted(
        Fact[] Facts, int[] SaleNumbers, int[] MemberNumbers, NumberedMembers Members, List<StaffFact> Staff, List<MergeFact> Merges, int Sales, int Lines);

    /// <summary>Leaves out voids, what they void and, with a sale, all facts about it; and numbers sales and members.</summary>
    private static Counted WithoutVoided(Fact[] facts, Dictionary<FactId, int> places, HashSet<FactId> voided)
    {
        var (counted, saleNumbers, memberNumbers, saleAt) = (new Fact[facts.Length], new int[facts.Length], new int[facts.Length], new int[facts.Length]);
        Array.Fill(saleAt, None);
        var (members, staff, merges) = (new NumberedMembers(), new List<StaffFact>(), new List<MergeFact>());
        int count = 0, sales = 0, lines = 0;
        for (var i = 0; i < facts.Length; i++)
        {
            var fact = facts[i];
            if (fact is VoidFact || (voided.Count > 0 && voided.Contains(fact.Id))) continue;
            var (saleNumber, memberNumber) = (None, None);
            switch (fact)
            {
                case SaleFact sale:
                    saleNumber = saleAt[i] = sales++;
                    lines += sale.Lines.Length;
                    if (sale.Member is { } buyer) memberNumber = members.Of(buyer);
                    break;
                case SaleChangeFact change when places.TryGetValue(change.Sale, out var place):
                    if (voided.Count > 0 && facts[place] is SaleFact && voided.Contains(change.Sale)) continue;
                    saleNumber = saleAt[place];
                    break;
                case ServiceFact service: memberNumber = members.Of(service.Member); break;
                case StaffFact employment: staff.Add(employment); break;
                case MergeFact merge:
                    merges.Add(merge);
                    members.Of(merge.From);
                    members.Of(merge.Into);
                    break;
                default: break;
            }
            (saleNumbers[count], memberNumbers[count]) = (saleNumber, memberNumber);
            counted[count++] = fact;
        }
        if (count < facts.Length) (counted, saleNumbers, memberNumbers) = (counted[..count], saleNumbers[..count], memberNumbers[..count]);
        return new Counted(counted, saleNumbers, memberNumbers, members, staff, merges, sales, lines);
    }

    /// <summary>Members by the order in which facts first name them.</summary>
    private sealed class NumberedMembers
    {
        private readonly Dictionary<MemberId, int> _numbers = [];
        private readonly IReadOnlyList<MemberId>? _given;
        private readonly List<MemberId> _ids = [];

        public NumberedMembers()
        {
        }

        /// <summary>Members who have their numbers already: what they are called is asked of few.</summary>
        public NumberedMembers(IReadOnlyList<MemberId> given) => _given = given;

        public int Count => _given?.Count ?? _ids.Count;

        public MemberId Id(int number) => _given is null ? _ids[number] : _given[number];

        public int Find(MemberId member)
        {
            for (var number = _numbers.Count; _given is not null && number < _given.Count; number++) _numbers.Add(_given[number], number);
            return _numbers.GetValueOrDefault(member, None);
        }

        public int Of(MemberId member)
        {
            if (_given is not null) return Find(member);
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, member, out var known);
            if (!known)
            {
                number = _ids.Count;
                _ids.Add(member);
            }
            return number;
        }
    }

    /// <summary>Sorts by time first, on plain numbers, and only then orders the few facts of one instant.</summary>
    private static void InOrder(Fact[] facts)
    {
        var times = new long[facts.Length];
        var sorted = true;
        for (var i = 0; i < facts.Length; i++)
        {
            times[i] = facts[i].At.Ticks;
            sorted &= i == 0 || times[i - 1] <= times[i];
        }
        if (!sorted) Array.Sort(times, facts);
        for (var start = 0; start < facts.Length;)
        {
            var end = start + 1;
            while (end < facts.Length && times[end] == times[start]) end++;
            if (end - start > 1) Array.Sort(facts, start, end - start, SameInstant);
            start = end;
        }
    }

    private static readonly Comparer<Fact> SameInstant = Comparer<Fact>.Create((a, b) =>
        a.Order != b.Order ? a.Order.CompareTo(b.Order) : a.Id.CompareTo(b.Id));
}
