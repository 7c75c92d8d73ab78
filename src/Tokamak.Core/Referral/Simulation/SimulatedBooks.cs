namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// Money of one row, whole units. Earned is what R14 calls so: after bands and cap. Of a clerk it is StaffPay + StorePool; of a store it is
/// its clerks' earned in proportion to their gross there, with the store's own; of a kind of sale likewise.
/// </summary>
/// <param name="Credit">業績: of a clerk theirs, of a store all at it, its clerks' included, of a kind of sale the clerks'.</param>
/// <param name="Earned">獎金 before it is divided between staff and store.</param>
/// <param name="StaffPay">The staff members' own part; of clerks only.</param>
/// <param name="StorePool">The stores' part.</param>
/// <param name="Bounties">Bounties of services in the stretch; of clerks only.</param>
public readonly record struct Figures(Int128 Credit, Int128 Earned, Int128 StaffPay, Int128 StorePool, Int128 Bounties)
{
    /// <summary>What a clerk takes home.</summary>
    public Int128 TakeHome => StaffPay + Bounties;

    /// <summary>What is paid in all.</summary>
    public Int128 Commission => Earned + Bounties;

    public static Figures operator +(Figures a, Figures b) =>
        new(a.Credit + b.Credit, a.Earned + b.Earned, a.StaffPay + b.StaffPay, a.StorePool + b.StorePool, a.Bounties + b.Bounties);
}

/// <summary>Sales of one kind, the same whatever the policy: how many, and what remains of their net (R11), whole units.</summary>
public readonly record struct Sold(long Sales, Int128 Net)
{
    public static Sold operator +(Sold a, Sold b) => new(a.Sales + b.Sales, a.Net + b.Net);
}

/// <summary>What a policy makes of the sales of a stretch: rows by clerk, store and kind of sale.</summary>
public sealed class SimulatedBooks
{
    private readonly GrossOfSales?[]? _kept;

    private SimulatedBooks(Tally tally, GrossOfSales?[]? kept) => (Tally, _kept) = (tally, kept);

    internal Tally Tally { get; }

    /// <summary>R1 refuses some fact: the figures are none.</summary>
    public bool HasFaults => Tally.HasFaults;

    /// <summary>By clerk, everyone in the roster.</summary>
    public required IReadOnlyDictionary<StaffId, Figures> Clerks { get; init; }

    /// <summary>By store, with <see cref="StoreId.Online"/>.</summary>
    public required IReadOnlyDictionary<StoreId, Figures> Stores { get; init; }

    /// <summary>By channel of the sale and group of its member.</summary>
    public required IReadOnlyDictionary<(Channel Channel, MemberGroup Group), (Sold Sold, Figures Figures)> Segments { get; init; }

    /// <summary>All of it: credit is that of all sales, so what remains of their net since the first version.</summary>
    public required Figures Total { get; init; }

    public required Sold Sold { get; init; }

    internal GrossOfSales GrossOf(int partition) =>
        _kept?[partition] ?? throw new InvalidOperationException("books to compare with must be kept");

    internal static SimulatedBooks Of(SimulationScope scope, Policy policy, Tally tally, GrossOfSales?[]? kept)
    {
        var clerks = new Dictionary<StaffId, Figures>();
        var earnedByStore = new Dictionary<StoreId, Figures>();
        var earnedBySegment = new Int128[Simulation.Segments.Count];
        foreach (var (id, store) in tally.Stores) earnedByStore[id] = StoreOf(store);
        foreach (var clerk in scope.Roster.All)
            clerks[clerk.Id] = SettleClerk(scope.Stretch, policy, tally, clerk.Number, earnedByStore, earnedBySegment);

        var segments = Enumerable.Range(0, Simulation.Segments.Count).ToDictionary(
            segment => (Simulation.Segments.ChannelOf(segment), Simulation.Segments.GroupOf(segment)),
            segment => (new Sold(tally.Segments[segment].Sales, tally.Segments[segment].Net), new Figures(tally.Segments[segment].ClerkCredit, earnedBySegment[segment], 0, 0, 0)));
        var ofStores = earnedByStore.Values.Aggregate(default(Figures), (sum, row) => sum + row);
        var ofClerks = clerks.Values.Aggregate(default(Figures), (sum, row) => sum + row);
        return new SimulatedBooks(tally, kept)
        {
            Clerks = clerks,
            Stores = earnedByStore,
            Segments = segments,
            Total = ofStores with { StaffPay = ofClerks.StaffPay, Bounties = ofClerks.Bounties },
            Sold = segments.Values.Aggregate(default(Sold), (sum, row) => sum + row.Item1),
        };
    }

    /// <summary>R14: a store's own part, by sale month.</summary>
    private static Figures StoreOf(StoreSum store)
    {
        Int128 own = 0;
        foreach (var grossE4 in store.OwnGrossE4) own += SettlementRules.StoreEarned(grossE4);
        return new Figures(store.Credit, own, 0, own, 0);
    }

    /// <summary>R14, for each sale month of a clerk, once all of it has vested.</summary>
    private static Figures SettleClerk(
        Stretch stretch, Policy policy, Tally tally, int clerk, Dictionary<StoreId, Figures> stores, Int128[] segments)
    {
        var figures = new Figures(tally.Credit[clerk], 0, 0, 0, tally.Bounties[clerk]);
        for (var place = 0; place < stretch.MonthCount; place++)
        {
            ref readonly var month = ref tally.MonthOf(clerk, place);
            if (month.IsEmpty) continue;
            var version = policy.SettlingMonth(new Kernel.Month(stretch.From.Index + place));
            var earned = SettlementRules.Earned(month.GrossE4, month.VestedCredit, version);
            var pay = SettlementRules.StaffPay(earned, version);
            figures += new Figures(0, earned, pay, earned - pay, 0);
            var byStore = month.GrossByStore();
            foreach (var (store, part) in SettlementRules.Divide(earned, byStore)) Add(store, new Figures(0, part, 0, 0, 0));
            foreach (var (store, part) in SettlementRules.Divide(earned - pay, byStore)) Add(store, new Figures(0, 0, 0, part, 0));
            foreach (var (segment, part) in SettlementRules.Divide(earned, month.GrossBySegment())) segments[segment] += part;
        }
        return figures;

        void Add(StoreId store, Figures part) => stores[store] = stores.GetValueOrDefault(store) + part;
    }
}
