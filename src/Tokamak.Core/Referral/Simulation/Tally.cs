using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// What a clerk's sale month has come to (R14): all that settling it needs, by store and by kind of sale. It is one piece of memory, for
/// each posting looks at another one: most clerks have one store in a month, so the others stand apart.
/// </summary>
internal struct ClerkMonth
{
    private SegmentGross _bySegment;
    private StoreId? _store;
    private Dictionary<StoreId, Int128>? _otherStores;

    public Int128 GrossE4 { get; private set; }
    public Int128 VestedCredit { get; private set; }

    public readonly bool IsEmpty => GrossE4 == 0 && VestedCredit == 0 && _store is null;

    public void Add(in CommissionPosting posting, int segment)
    {
        GrossE4 += posting.AmountE4;
        VestedCredit += posting.VestedCredit;
        if (posting.AmountE4 == 0) return;
        _bySegment[segment] += posting.AmountE4;
        AddAt(posting.Party.Store, posting.AmountE4);
    }

    public void Add(in ClerkMonth other)
    {
        GrossE4 += other.GrossE4;
        VestedCredit += other.VestedCredit;
        foreach (var (store, gross) in other.GrossByStore()) AddAt(store, gross);
        for (var segment = 0; segment < Segments.Count; segment++) _bySegment[segment] += other._bySegment[segment];
    }

    public readonly Dictionary<StoreId, Int128> GrossByStore()
    {
        var stores = _otherStores is null ? [] : new Dictionary<StoreId, Int128>(_otherStores);
        if (_store is { } store) stores[store] = GrossE4 - stores.Values.Aggregate(Int128.Zero, (sum, gross) => sum + gross);
        return stores;
    }

    public readonly Dictionary<int, Int128> GrossBySegment()
    {
        var segments = new Dictionary<int, Int128>();
        for (var segment = 0; segment < Segments.Count; segment++)
            if (_bySegment[segment] != 0) segments.Add(segment, _bySegment[segment]);
        return segments;
    }

    /// <summary>The first store has what the others have not.</summary>
    private void AddAt(StoreId store, Int128 grossE4)
    {
        _store ??= store;
        if (_store == store) return;
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_otherStores ??= [], store, out _);
        sum += grossE4;
    }

    [System.Runtime.CompilerServices.InlineArray(Segments.Count)]
    private struct SegmentGross
    {
        private Int128 _first;
    }
}

/// <summary>Kinds of sale: channel and member group together.</summary>
internal static class Segments
{
    private const int Groups = (int)MemberGroup.BothChannels + 1;
    public const int Count = 2 * Groups;

    public static int Of(Channel channel, MemberGroup group) => ((int)channel * Groups) + (int)group;
    public static Channel ChannelOf(int segment) => (Channel)(segment / Groups);
    public static MemberGroup GroupOf(int segment) => (MemberGroup)(segment % Groups);
}

/// <summary>Sales of one kind: how many, what remains of their net, and the credit that clerks have of it.</summary>
internal sealed class SegmentSum
{
    public long Sales { get; set; }
    public Int128 Net { get; set; }
    public Int128 ClerkCredit { get; set; }
}

/// <summary>What a store's own part has come to, by sale month, and the credit at it, its clerks' included.</summary>
internal sealed class StoreSum(int months)
{
    public Int128 Credit { get; set; }
    public Int128[] OwnGrossE4 { get; } = new Int128[months];
}

/// <summary>Of a clerk, the sale that lost most and the one that gained most, in ten-thousandths; of equals the smaller id.</summary>
internal struct Extremes
{
    public SaleChange? Loss { get; private set; }
    public SaleChange? Gain { get; private set; }

    public void See(in SaleChange change)
    {
        if (change.ChangeE4 < 0 && IsBefore(in change, Loss, -1)) Loss = change;
        if (change.ChangeE4 > 0 && IsBefore(in change, Gain, 1)) Gain = change;
    }

    public void See(Extremes others)
    {
        if (others.Loss is { } loss) See(in loss);
        if (others.Gain is { } gain) See(in gain);
    }

    private static bool IsBefore(in SaleChange change, SaleChange? standing, int sign) =>
        standing is not { } other || change.ChangeE4 * sign > other.ChangeE4 * sign
        || (change.ChangeE4 == other.ChangeE4 && change.Sale.CompareTo(other.Sale) < 0);
}

/// <summary>
/// Sums of what policy makes of the sales of a stretch, kept instead of postings: credit, commission before bands, bounties. Taken
/// partition by partition; two tallies of different partitions add up.
/// </summary>
internal sealed class Tally(Stretch stretch, int clerks)
{
    private const int SmallCount = 32;

    private readonly ClerkMonth[] _months = new ClerkMonth[clerks * stretch.MonthCount];

    public Stretch Stretch { get; } = stretch;
    public Dictionary<StoreId, StoreSum> Stores { get; } = [];
    public SegmentSum[] Segments { get; } = [.. Enumerable.Range(0, Simulation.Segments.Count).Select(_ => new SegmentSum())];
    public Int128[] Credit { get; } = new Int128[clerks];
    public Int128[] Bounties { get; } = new Int128[clerks];
    public Extremes[] Extremes { get; } = new Extremes[clerks];

    /// <summary>R1 refuses some fact.</summary>
    public bool HasFaults { get; set; }

    public ref readonly ClerkMonth MonthOf(int clerk, int month) => ref _months[(clerk * Stretch.MonthCount) + month];

    /// <summary>A commission entry of a sale of the stretch.</summary>
    public void Commission(in CommissionPosting posting, int month, int segment)
    {
        if (posting.Party.Clerk is not { } clerk)
        {
            StoreOf(posting.Party.Store).OwnGrossE4[month] += posting.AmountE4;
            return;
        }
        _months[(clerk.Number * Stretch.MonthCount) + month].Add(in posting, segment);
    }

    /// <summary>The credits of a sale as all facts leave them, which is what its postings add up to (R10).</summary>
    public void Credits(SaleBook sale, int segment)
    {
        var sum = Segments[segment];
        sum.Sales++;
        Span<long> room = stackalloc long[SmallCount];
        for (var i = 0; i < sale.Count; i++)
        {
            ref readonly var line = ref sale.Line(i);
            sum.Net += line.Net;
            if (sale.Version is null) continue;
            var count = CreditRules.CountOf(in line);
            var credits = count <= SmallCount ? room[..count] : new long[count];
            CreditRules.Split(sale, i, credits);
            for (var place = 0; place < count; place++)
            {
                if (credits[place] == 0) continue;
                var party = CreditRules.At(sale, in line, place).Party;
                StoreOf(party.Store).Credit += credits[place];
                if (party.Clerk is not { } clerk) continue;
                Credit[clerk.Number] += credits[place];
                sum.ClerkCredit += credits[place];
            }
        }
    }

    public void Add(Tally other)
    {
        for (var i = 0; i < _months.Length; i++)
            if (!other._months[i].IsEmpty) _months[i].Add(in other._months[i]);
        foreach (var (id, store) in other.Stores)
        {
            var own = StoreOf(id);
            own.Credit += store.Credit;
            for (var month = 0; month < store.OwnGrossE4.Length; month++) own.OwnGrossE4[month] += store.OwnGrossE4[month];
        }
        for (var i = 0; i < Segments.Length; i++)
        {
            Segments[i].Sales += other.Segments[i].Sales;
            Segments[i].Net += other.Segments[i].Net;
            Segments[i].ClerkCredit += other.Segments[i].ClerkCredit;
        }
        for (var clerk = 0; clerk < Credit.Length; clerk++)
        {
            Credit[clerk] += other.Credit[clerk];
            Bounties[clerk] += other.Bounties[clerk];
            Extremes[clerk].See(other.Extremes[clerk]);
        }
        HasFaults |= other.HasFaults;
    }

    private StoreSum StoreOf(StoreId id)
    {
        ref var store = ref CollectionsMarshal.GetValueRefOrAddDefault(Stores, id, out _);
        return store ??= new StoreSum(Stretch.MonthCount);
    }
}
