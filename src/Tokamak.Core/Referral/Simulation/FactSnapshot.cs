using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// All facts of a brand in little memory (about 175 bytes a fact, room for growth included), kept up to date by adding what is new, and cut into partitions that
/// can be replayed by themselves: members whom merges make one stand together with all their sales, and no other fact
/// bears on them but those about staff (docs/adr/0010). One thread adds; between additions any number may read.
/// </summary>
/// <param name="aimedRows">Facts of a partition, about; up to four times as many before it is halved.</param>
public sealed class FactSnapshot(int aimedRows = FactSnapshot.AimedRows)
{
    /// <summary>So many facts, and what a replay makes of them, stay in the cache of one core.</summary>
    public const int AimedRows = 6_000;

    private const int RowsOfMember = 8, MostAims = 4;

    private readonly IdTable _facts = new();
    private readonly IdTable _members = new();
    private readonly TextTable _texts = new();
    private readonly List<int> _homes = [];
    private readonly Components _components = new();
    private readonly List<FactPartition> _partitions = [];
    private readonly List<StaffFact> _staff = [];
    private readonly Dictionary<FactId, VoidFact> _voids = [];
    private readonly Dictionary<int, Instant> _voided = [];
    private readonly Dictionary<FactId, List<SaleChangeFact>> _waiting = [];
    private readonly HashSet<int> _apart = [];
    private readonly List<VoidFact> _newVoids = [];
    private readonly List<LineRow> _lines = [];
    private int _open = IdTable.None;
    private int _unsound;

    /// <summary>How many facts it holds, of all kinds.</summary>
    public int FactCount => _facts.Count;

    /// <summary>How many parts there are to replay.</summary>
    public int PartitionCount => _partitions.Count;

    /// <summary>Grows with each <see cref="Add"/>: a figure made of an earlier snapshot is out of date.</summary>
    public int Version { get; private set; }

    /// <summary>
    /// False where R1 refuses some of it: an id twice, a fact about no sale, a void that cannot be. Facts that were accepted once are
    /// sound; whoever reads a file asks, and has a replay say which line it is.
    /// </summary>
    public bool IsSound => _unsound == 0 && _waiting.Count == 0;

    /// <summary>Takes in a fact, in any order; counted once <see cref="Regroup"/> was called.</summary>
    public void Add(Fact fact)
    {
        Version++;
        var id = _facts.Add(fact.Id.Value, out var isNew);
        if (!isNew)
        {
            _unsound++;
            return;
        }
        _homes.Add(IdTable.None);
        switch (fact)
        {
            case StaffFact staff: _staff.Add(staff with { Staff = new(_texts.Same(staff.Staff.Value)), Store = staff.Store is { } store ? new(_texts.Same(store.Value)) : null }); break;
            case VoidFact taken:
                _voids.Add(taken.Id, taken);
                _newVoids.Add(taken);
                break;
            case MergeFact merge: AddMerge(merge, id); break;
            case ServiceFact service:
                var served = MemberOf(service.Member);
                Place(served, Row(service, id) with { Subject = served, Second = _texts.Of(service.Kind), Store = _texts.Of(service.Store.Value), Staff = _texts.Of(service.Staff?.Value) }, []);
                break;
            case SaleFact sale: AddSale(sale, id); break;
            case SaleChangeFact change: AddChange(change, id); break;
            default: throw new InvalidOperationException($"a snapshot holds no {fact.GetType().Name}");
        }
    }

    /// <summary>Puts what was added since into its place: what voids take back, members who became one, partitions that grew too large.</summary>
    public void Regroup()
    {
        foreach (var taken in _newVoids) Void(taken);
        _newVoids.Clear();
        do
        {
            foreach (var place in _apart) Sift(place);
            _apart.Clear();
        }
        while (Halve());
        foreach (var partition in _partitions) partition.Order(_facts);
    }

    /// <summary>All staff by the facts up to a day; what R1 refuses goes to <paramref name="faults"/>.</summary>
    public Roster RosterOf(Zone zone, DateOnly? asOf, ICollection<Fault> faults) => Roster.Build(
        _staff.Where(fact => !(asOf < zone.DayOf(fact.At)) && !IsVoided(_facts.Find(fact.Id.Value), zone, asOf)).OrderBy(fact => fact.At).ThenBy(fact => fact.Id),
        faults);

    /// <summary>Is a fact taken back by what is known up to a day?</summary>
    internal bool IsVoided(int fact, Zone zone, DateOnly? asOf) =>
        _voided.Count > 0 && _voided.TryGetValue(fact, out var at) && !(asOf < zone.DayOf(at));

    internal FactPartition Partition(int place) => _partitions[place];

    internal FactId FactIdOf(int number) => new(_facts[number]);

    internal MemberId MemberIdOf(int number) => new(_members[number]);

    internal string TextOf(int number) => _texts[number];

    private int MemberOf(MemberId member)
    {
        var number = _members.Add(member.Value, out var isNew);
        if (isNew) _components.Add(OpenPartition());
        return number;
    }

    /// <summary>Where members and sales that stand with no others go.</summary>
    private int OpenPartition()
    {
        if (_open != IdTable.None && _partitions[_open].Rows.Length < aimedRows && _components.CountIn(_open) * RowsOfMember < aimedRows) return _open;
        _partitions.Add(new FactPartition());
        return _open = _partitions.Count - 1;
    }

    private void AddMerge(MergeFact merge, int id)
    {
        var (from, into) = (MemberOf(merge.From), MemberOf(merge.Into));
        if (_components.Join(from, into) is { } left) _apart.Add(left);
        Place(into, Row(merge, id) with { Subject = from, Second = into }, []);
    }

    private void AddSale(SaleFact sale, int id)
    {
        _lines.Clear();
        foreach (ref readonly var line in sale.Lines.AsSpan())
            _lines.Add(new LineRow(line.Line, line.Net, line.Quantity, _texts.Of(line.Category), _texts.Of(line.Staff?.Value), line.Fulfil));
        var member = sale.Member is { } buyer ? MemberOf(buyer) : Components.NobodyIn(OpenPartition());
        Place(member, Row(sale, id) with
        {
            Subject = sale.Member is null ? IdTable.None : member, Second = _texts.Of(sale.Code), Store = _texts.Of(sale.Store?.Value), Staff = _texts.Of(sale.Staff?.Value), Channel = sale.Channel,
        }, CollectionsMarshal.AsSpan(_lines));
        if (!_waiting.Remove(sale.Id, out var changes)) return;
        foreach (var change in changes) PlaceChange(change, _facts.Find(change.Id.Value), id);
    }

    private void AddChange(SaleChangeFact change, int id)
    {
        if (_facts.Find(change.Sale.Value) is var sale && sale != IdTable.None && _homes[sale] != IdTable.None) PlaceChange(change, id, sale);
        else if (_waiting.TryGetValue(change.Sale, out var others)) others.Add(change);
        else _waiting.Add(change.Sale, [change]);
    }

    private void PlaceChange(SaleChangeFact change, int id, int sale)
    {
        _lines.Clear();
        foreach (ref readonly var line in change.Lines.AsSpan()) _lines.Add(new LineRow(line.Line, line.Amount ?? -1, line.Quantity, -1, -1, default));
        var row = Row(change, id) with { Subject = sale };
        if (change is HandoverFact handover) row = row with { Store = _texts.Of(handover.Store?.Value), Staff = _texts.Of(handover.Staff?.Value) };
        Place(_homes[sale], row, CollectionsMarshal.AsSpan(_lines));
    }

    private static FactRow Row(Fact fact, int id) => new(fact.At.Ticks, id, -1, -1, -1, -1, 0, 0, fact.Order, default);

    private void Place(int home, in FactRow row, ReadOnlySpan<LineRow> lines)
    {
        _homes[row.Id] = home;
        _partitions[_components.PartitionOf(home)].Add(in row, lines);
    }

    /// <summary>R1: a void names an earlier fact that is no void, once.</summary>
    private void Void(VoidFact taken)
    {
        var number = _facts.Find(taken.Voided.Value);
        if (number == IdTable.None || _voids.ContainsKey(taken.Voided) || InstantOf(number, taken.Voided) > taken.At || !_voided.TryAdd(number, taken.At)) _unsound++;
    }

    private Instant InstantOf(int number, FactId id)
    {
        if (_homes[number] == IdTable.None) return _staff.Find(fact => fact.Id == id)?.At ?? default;
        foreach (ref readonly var row in _partitions[_components.PartitionOf(_homes[number])].Rows)
            if (row.Id == number) return new Instant(row.At);
        return default;
    }

    /// <summary>Marks what grew too large to lose half of its members; false where there is nothing to halve.</summary>
    private bool Halve()
    {
        for (var place = _partitions.Count - 1; place >= 0; place--)
            if (_partitions[place].Rows.Length > MostAims * aimedRows && _components.Halve(place, _partitions[place].Rows, _homes, _partitions.Count))
            {
                _partitions.Add(new FactPartition());
                _apart.Add(place);
            }
        return _apart.Count > 0;
    }

    /// <summary>Moves what no longer belongs into a partition to where it does.</summary>
    private void Sift(int place)
    {
        var (old, kept) = (_partitions[place], new FactPartition());
        _partitions[place] = kept;
        foreach (ref readonly var row in old.Rows) _partitions[_components.PartitionOf(_homes[row.Id])].Add(in row, old.LinesOf(in row));
    }
}
