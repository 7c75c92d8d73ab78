using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>
/// The facts that count, in the order of R1: voids applied, later days left out, ids unique. With the roster and the
/// final member of every merged id, which some rules look ahead to (R12, R15).
/// </summary>
public sealed class FactLog
{
    private readonly Dictionary<MemberId, MemberId> _mergedInto = [];

    private FactLog(IReadOnlyList<Fact> facts, Roster roster)
    {
        Facts = facts;
        Roster = roster;
        foreach (var fact in facts)
            if (fact is MergeFact merge && FinalMember(merge.From) is var from && FinalMember(merge.Into) is var into && from != into)
                _mergedInto[from] = into;
    }

    public IReadOnlyList<Fact> Facts { get; }

    public Roster Roster { get; }

    /// <summary>The member whom an id means once every merge of the input is known (R15).</summary>
    public MemberId FinalMember(MemberId member)
    {
        while (_mergedInto.TryGetValue(member, out var into)) member = into;
        return member;
    }

    /// <summary>
    /// Puts facts in order. With <paramref name="asOf"/>, facts of later days are left out before anything else.
    /// </summary>
    /// <param name="faults">What R1 refuses: a repeated id alone, or else voids and staff facts that cannot be.</param>
    public static FactLog Build(IReadOnlyList<Fact> read, Zone zone, DateOnly? asOf, ICollection<Fault> faults)
    {
        var facts = asOf is { } last ? read.Where(f => zone.DayOf(f.At) <= last).ToArray() : read.ToArray();
        var byId = new Dictionary<FactId, Fact>(facts.Length);
        foreach (var fact in facts)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(byId, fact.Id, out var repeated);
            if (repeated) faults.Add(new Fault($"the id {fact.Id} stands on line {known!.SourceLine} already; give every fact an id of its own", fact.SourceLine));
            else known = fact;
        }
        if (faults.Count > 0) return new FactLog([], Roster.Build([], faults));

        InOrder(facts);
        var counted = WithoutVoided(facts, byId, faults);
        return new FactLog(counted, Roster.Build(counted.OfType<StaffFact>(), faults));
    }

    private static Fact[] WithoutVoided(Fact[] facts, Dictionary<FactId, Fact> byId, ICollection<Fault> faults)
    {
        var voids = facts.OfType<VoidFact>().ToArray();
        if (voids.Length == 0) return facts;

        var voided = new HashSet<FactId>();
        foreach (var fact in voids)
        {
            var refusal = !byId.TryGetValue(fact.Voided, out var target) ? $"there is no fact {fact.Voided} to void; check the id"
                : target is VoidFact ? $"{fact.Voided} is a void itself and cannot be voided; enter the fact anew under another id"
                : target.At > fact.At ? $"{fact.Voided} comes later than its void; date the void at or after it"
                : !voided.Add(fact.Voided) ? $"{fact.Voided} is voided already; leave this void out"
                : null;
            if (refusal is not null) faults.Add(new Fault(refusal, fact.SourceLine));
        }
        return [.. facts.Where(f => f is not VoidFact && !voided.Contains(f.Id) && !(f is SaleChangeFact change && IsVoidedSale(change.Sale)))];

        bool IsVoidedSale(FactId sale) => voided.Contains(sale) && byId[sale] is SaleFact;
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
