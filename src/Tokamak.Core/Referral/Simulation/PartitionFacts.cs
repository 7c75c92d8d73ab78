using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>A sale as a run of a partition sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Place">Place of its month in the stretch; null outside.</param>
/// <param name="Channel">Its channel.</param>
/// <param name="Group">Whose purchase it is.</param>
internal readonly record struct SeenSale(FactId Id, int? Place, Channel Channel, MemberGroup Group);

/// <summary>What to make facts of.</summary>
/// <param name="Policy">Whose zone and bounties count.</param>
/// <param name="Stretch">What is counted.</param>
/// <param name="AsOf">Facts of later days are left out, voids too; null for none.</param>
/// <param name="Whole">True: every fact, so that a replay finds what R1 refuses. False: only what can bear on the stretch.</param>
internal readonly record struct Wanted(Policy Policy, Stretch Stretch, DateOnly? AsOf, bool Whole);

/// <summary>
/// Makes the facts of a partition, in order and without what is voided, as a replay takes them; they live as long as that replay. What cannot
/// bear on the stretch is left out: the lines and the fate of earlier sales (they only serve, R2), later services, later sales that no
/// bounty of the stretch can wait for (R15).
/// </summary>
internal sealed class PartitionFacts(FactSnapshot snapshot)
{
    /// <summary>A sale that does not come before (a replay refuses what is about it), and one whose fate cannot bear on the stretch.</summary>
    private const int Unseen = FactLog.None, LeftOut = -2;

    private readonly List<Fact> _facts = [];
    private readonly List<int> _saleNumbers = [];
    private readonly List<int> _memberNumbers = [];
    private readonly List<MemberId> _members = [];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly Dictionary<int, int> _saleAt = [];
    private readonly Purchases _purchases = new();
    private FactPartition _partition = new();
    private Wanted _wanted;
    private DateOnly _lastSaleDay;

    /// <summary>The facts as a replay takes them.</summary>
    public FactLog Log(Roster roster) => FactLog.Numbered([.. _facts], [.. _saleNumbers], [.. _memberNumbers], [.. _members], roster);

    /// <summary>The sales among the facts, in order: what a log of them numbers the same.</summary>
    public List<SeenSale> Sales { get; } = [];

    /// <summary>Services of the stretch whose kind has a bounty in some version.</summary>
    public HashSet<FactId> BountyServices { get; } = [];

    public void Read(int place, in Wanted wanted)
    {
        _facts.Clear();
        _saleNumbers.Clear();
        _memberNumbers.Clear();
        _members.Clear();
        _numbers.Clear();
        Sales.Clear();
        BountyServices.Clear();
        _saleAt.Clear();
        _purchases.Clear();
        (_partition, _wanted) = (snapshot.Partition(place), wanted);
        var waits = wanted.Policy.Versions.SelectMany(version => version.Bounties).Max(bounty => bounty.RequiresPurchaseWithinDays) ?? -1;
        _lastSaleDay = DateOnly.FromDayNumber((int)Math.Min((long)DateOnly.MaxValue.DayNumber, (long)wanted.Stretch.LastDay.DayNumber + Math.Max(0, waits)));
        if (waits < 0) _lastSaleDay = wanted.Stretch.LastDay;
        foreach (ref readonly var row in _partition.Rows)
        {
            var at = new Instant(row.At);
            var day = wanted.Policy.Zone.DayOf(at);
            if (day > wanted.AsOf) break;
            if (snapshot.IsVoided(row.Id, wanted.Policy.Zone, wanted.AsOf)) continue;
            switch (row.Order)
            {
                case FactOrder.Merge: AddMerge(in row, at); break;
                case FactOrder.Service: AddService(in row, at, day); break;
                case FactOrder.Sale: AddSale(in row, at, day); break;
                default: AddChange(in row, at); break;
            }
        }
    }

    private void AddMerge(in FactRow row, Instant at)
    {
        _purchases.Merge(row.Subject, row.Second);
        Add(new MergeFact(snapshot.FactIdOf(row.Id), at, 0, Member(row.Subject).Id, Member(row.Second).Id), FactLog.None, FactLog.None);
    }

    private void AddService(in FactRow row, Instant at, DateOnly day)
    {
        if (!_wanted.Whole && day > _wanted.Stretch.LastDay) return;
        var (member, number) = Member(row.Subject);
        var fact = new ServiceFact(snapshot.FactIdOf(row.Id), at, 0, member, snapshot.TextOf(row.Second), Store(row.Store)!.Value, Staff(row.Staff));
        Add(fact, FactLog.None, number);
        if (_wanted.Stretch.Contains(day) && HasBounty(fact.Kind)) BountyServices.Add(fact.Id);
    }

    private bool HasBounty(string kind)
    {
        foreach (var version in _wanted.Policy.Versions)
            if (version.BountyOn(kind) is not null) return true;
        return false;
    }

    private void AddSale(in FactRow row, Instant at, DateOnly day)
    {
        var group = row.Subject < 0 ? MemberGroup.NoMember : _purchases.Buy(row.Subject, row.Channel);
        var (early, late) = (day < _wanted.Stretch.FirstDay, day > _wanted.Stretch.LastDay);
        var whole = _wanted.Whole || !early;
        if (!_wanted.Whole && ((row.Subject < 0 && (early || late)) || day > _lastSaleDay || (early && row.Staff < 0)))
        {
            _saleAt[row.Id] = LeftOut;
            return;
        }
        var id = snapshot.FactIdOf(row.Id);
        _saleAt[row.Id] = whole ? Sales.Count : LeftOut;
        var (member, memberNumber) = row.Subject < 0 ? (null, FactLog.None) : ((MemberId?, int))Member(row.Subject);
        var fact = new SaleFact(
            id, at, 0, row.Channel, Store(row.Store), member, Staff(row.Staff), row.Second < 0 ? null : snapshot.TextOf(row.Second), whole ? SaleLines(in row) : []);
        Add(fact, Sales.Count, memberNumber);
        Sales.Add(new SeenSale(id, _wanted.Stretch.PlaceOf(Month.Of(day)), row.Channel, group));
    }

    private SaleLine[] SaleLines(in FactRow row)
    {
        var rows = _partition.LinesOf(in row);
        var lines = new SaleLine[rows.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref rows[i];
            lines[i] = new SaleLine(line.Line, snapshot.TextOf(line.Category), line.Quantity, line.Amount, line.Fulfil, Staff(line.Staff));
        }
        return lines;
    }

    private void AddChange(in FactRow row, Instant at)
    {
        var number = _saleAt.GetValueOrDefault(row.Subject, Unseen);
        if (number == LeftOut || (number == Unseen && snapshot.IsVoided(row.Subject, _wanted.Policy.Zone, _wanted.AsOf))) return;
        var sale = number == Unseen ? snapshot.FactIdOf(row.Subject) : Sales[number].Id;
        var rows = _partition.LinesOf(in row);
        var lines = new LineChange[rows.Length];
        for (var i = 0; i < lines.Length; i++) lines[i] = new LineChange(rows[i].Line, rows[i].Quantity, rows[i].Amount < 0 ? null : rows[i].Amount);
        var id = snapshot.FactIdOf(row.Id);
        Add(row.Order switch
        {
            FactOrder.Handover => new HandoverFact(id, at, 0, sale, Store(row.Store), Staff(row.Staff), lines),
            FactOrder.Cancel => new CancelFact(id, at, 0, sale, lines),
            FactOrder.Refund => new RefundFact(id, at, 0, sale, lines),
            _ => new ReturnFact(id, at, 0, sale, lines),
        }, number, FactLog.None);
    }

    private void Add(Fact fact, int saleNumber, int memberNumber)
    {
        _facts.Add(fact);
        _saleNumbers.Add(saleNumber);
        _memberNumbers.Add(memberNumber);
    }

    private (MemberId Id, int Number) Member(int member)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, member, out var known);
        if (known) return (_members[number], number);
        number = _members.Count;
        _members.Add(snapshot.MemberIdOf(member));
        return (_members[number], number);
    }

    private StoreId? Store(int text) => text < 0 ? null : new StoreId(snapshot.TextOf(text));

    private StaffId? Staff(int text) => text < 0 ? null : new StaffId(snapshot.TextOf(text));
}

/// <summary>In which channels members have bought so far.</summary>
internal sealed class Purchases
{
    private readonly Dictionary<int, int> _channels = [];
    private readonly Dictionary<int, int> _into = [];

    public void Clear()
    {
        _channels.Clear();
        _into.Clear();
    }

    public MemberGroup Buy(int member, Channel channel)
    {
        member = RootOf(member);
        var before = _channels.GetValueOrDefault(member);
        var after = before | (1 << (int)channel);
        _channels[member] = after;
        return before == 0 ? MemberGroup.FirstPurchase : after == (1 << (int)Channel.Store | 1 << (int)Channel.Online) ? MemberGroup.BothChannels : MemberGroup.OneChannel;
    }

    public void Merge(int from, int into)
    {
        (from, into) = (RootOf(from), RootOf(into));
        if (from == into) return;
        _into[from] = into;
        _channels[into] = _channels.GetValueOrDefault(into) | _channels.GetValueOrDefault(from);
    }

    private int RootOf(int member)
    {
        while (_into.Count > 0 && _into.TryGetValue(member, out var into)) member = into;
        return member;
    }
}
