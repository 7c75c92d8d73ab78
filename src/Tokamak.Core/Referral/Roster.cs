using System.Collections.Concurrent;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>What is known of a staff member from an instant on. Code, grade and member stay when they leave (R1).</summary>
public sealed record Employment(Instant At, bool Employed, StoreId Store, string? Code, string? Grade, MemberId? Member, StaffFact Cause);

/// <summary>One staff member's employments, rising in time.</summary>
public sealed class StaffTimeline(StaffId id, int number)
{
    private readonly List<Employment> _employments = [];

    public StaffId Id { get; } = id;

    /// <summary>Place in the roster, from 0; negative for one whom no staff fact names.</summary>
    internal int Number { get; } = number;
    public IReadOnlyList<Employment> Employments => _employments;

    internal void Add(Employment employment) => _employments.Add(employment);

    /// <summary>What holds at an instant: staff facts of that very instant count (R1 order). Null before the first.</summary>
    public Employment? At(Instant at)
    {
        for (var i = _employments.Count - 1; i >= 0; i--)
            if (_employments[i].At <= at) return _employments[i];
        return null;
    }

    /// <summary>How many employments have begun by an instant.</summary>
    internal int CountAt(Instant at)
    {
        var count = _employments.Count;
        while (count > 0 && _employments[count - 1].At > at) count--;
        return count;
    }

    /// <summary>The store of an employed staff member at an instant; null for one who is not employed then.</summary>
    public StoreId? StoreAt(Instant at) => At(at) is { Employed: true } employment ? employment.Store : null;

    /// <summary>Whether they were employed at a store at any moment from one instant on and before another.</summary>
    public bool WorkedAt(StoreId store, Instant from, Instant before)
    {
        for (var i = 0; i < _employments.Count; i++)
        {
            var one = _employments[i];
            if (!one.Employed || one.Store != store || one.At >= before) continue;
            // One that another of the very same instant replaced never held.
            if (i + 1 == _employments.Count || (_employments[i + 1].At > from && _employments[i + 1].At > one.At)) return true;
        }
        return false;
    }

    /// <summary>R12: the grade last named at or before the sale, else the first named after it.</summary>
    public string? GradeForSale(Instant saleAt)
    {
        if (At(saleAt)?.Grade is { } grade) return grade;
        foreach (var employment in _employments)
            if (employment.At > saleAt && employment.Grade is not null) return employment.Grade;
        return null;
    }

    /// <summary>R15: the staff member's own member id, the one last named in the input.</summary>
    public MemberId? LastMember => _employments[^1].Member;
}

/// <summary>All staff with their employments and referral codes, from the staff facts of the input (R1).</summary>
public sealed class Roster
{
    private readonly Dictionary<StaffId, StaffTimeline> _staff = [];
    private readonly Dictionary<string, StaffId> _codeOwners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StaffId, StaffTimeline> _unnamed = new();

    public IReadOnlyCollection<StaffTimeline> All => _staff.Values;

    public StaffTimeline? Find(StaffId id) => _staff.GetValueOrDefault(id);

    /// <summary>
    /// A staff member to whom something was posted. The staff facts that made it so may be voided since: such a one has no employments,
    /// and is none of <see cref="All"/>.
    /// </summary>
    public StaffTimeline FindPosted(StaffId id) => Find(id) ?? _unnamed.GetOrAdd(id, unnamed => new StaffTimeline(unnamed, -1));

    /// <summary>The employed staff member whose code this is at an instant; null where it names nobody (R1, R8).</summary>
    public StaffTimeline? HolderOf(string code, Instant at) =>
        _codeOwners.TryGetValue(code, out var owner) && _staff[owner].At(at) is { Employed: true } e && e.Code == code ? _staff[owner] : null;

    /// <summary>Whose code this is or once was; null for a code that nobody ever had.</summary>
    public StaffId? EverHolderOf(string code) => _codeOwners.TryGetValue(code, out var owner) ? owner : null;

    /// <summary>Reads staff facts in their order; what R1 refuses goes to <paramref name="faults"/> and changes nothing.</summary>
    public static Roster Build(IEnumerable<StaffFact> inOrder, ICollection<Fault> faults)
    {
        var roster = new Roster();
        foreach (var fact in inOrder)
            if (roster.Apply(fact) is { } refusal) faults.Add(new Fault(refusal, fact.SourceLine) { MayFitLater = true });
        return roster;
    }

    private string? Apply(StaffFact fact)
    {
        var timeline = Find(fact.Staff);
        if (timeline is null) _staff.Add(fact.Staff, timeline = new StaffTimeline(fact.Staff, _staff.Count));
        var before = timeline.Employments.Count == 0 ? null : timeline.Employments[^1];
        var employed = before?.Employed ?? false;

        if (fact.Event == StaffEvent.Joined)
        {
            if (employed) return $"{fact.Staff} joined a second time while employed; write 'moved' for another store or grade, or add the 'left' before it";
            if (fact.Code is not null && _codeOwners.TryGetValue(fact.Code, out var owner) && owner != fact.Staff)
                return $"the code {fact.Code} belongs to {owner} for ever; give {fact.Staff} another one";
            if (fact.Code is not null) _codeOwners[fact.Code] = fact.Staff;
            timeline.Add(new Employment(fact.At, true, fact.Store!.Value, fact.Code ?? before?.Code, fact.Grade ?? before?.Grade, fact.Member ?? before?.Member, fact));
            return null;
        }
        if (!employed || before is null) return $"{fact.Staff} {(fact.Event == StaffEvent.Moved ? "moved" : "left")} while not employed; add the 'joined' before it";
        timeline.Add(fact.Event == StaffEvent.Moved
            ? before with { At = fact.At, Cause = fact, Store = fact.Store!.Value, Grade = fact.Grade ?? before.Grade }
            : before with { At = fact.At, Cause = fact, Employed = false });
        return null;
    }
}
