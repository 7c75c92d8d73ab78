using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>
/// Books in memory, as a replay of facts gives them: of a file, or of the part of a brand's facts that a sale rests on. What
/// explanations cite.
/// Read-only once made, so any number of requests may read it.
/// </summary>
public sealed class Books
{
    private readonly Dictionary<FactId, SaleBook> _sales;
    private readonly ILookup<FactId, CreditPosting> _creditsBySale;
    private readonly ILookup<FactId, CommissionPosting> _commissionsBySale;
    private readonly ILookup<FactId, SaleChangeFact> _changesBySale;
    private readonly ILookup<FactId, BountyDecision> _bountiesBySale;

    private Books(BrandNames names, Policy policy, FactLog log, Replay replay, Journal journal, List<CreditPosting> credits, List<CommissionPosting> commissions)
    {
        (Names, Policy, Log, Journal, Credits, Commissions) = (names, policy, log, journal, credits, commissions);
        _sales = replay.Sales.ToDictionary(s => s.Fact.Id);
        _creditsBySale = credits.ToLookup(c => c.Sale);
        _commissionsBySale = commissions.ToLookup(c => c.Sale);
        _changesBySale = log.Facts.OfType<SaleChangeFact>().ToLookup(f => f.Sale);
        _bountiesBySale = journal.Bounties.Where(b => b.EarnedBy is not null).ToLookup(b => b.EarnedBy!.Value);
    }

    public BrandNames Names { get; }
    public Policy Policy { get; }

    /// <summary>How amounts of these books are shown.</summary>
    public Currency Currency => new(Policy.Versions[0].Currency, Names.CurrencyDecimals);

    /// <summary>The facts that count, in order, with the roster.</summary>
    public FactLog Log { get; }

    /// <summary>Every decision of the replay.</summary>
    public Journal Journal { get; }

    /// <summary>All credit postings, by day.</summary>
    public IReadOnlyList<CreditPosting> Credits { get; }

    /// <summary>All commission postings, by day.</summary>
    public IReadOnlyList<CommissionPosting> Commissions { get; }
    public IReadOnlyCollection<SaleBook> Sales => _sales.Values;

    public SaleBook? Sale(FactId id) => _sales.GetValueOrDefault(id);

    public IEnumerable<CreditPosting> CreditsOf(FactId sale) => _creditsBySale[sale];

    public IEnumerable<CommissionPosting> CommissionsOf(FactId sale) => _commissionsBySale[sale];

    /// <summary>The facts about a sale (handovers, cancels, refunds, returns), in order.</summary>
    public IEnumerable<SaleChangeFact> ChangesOf(FactId sale) => _changesBySale[sale];

    /// <summary>The bounties that a sale earned (R15).</summary>
    public IEnumerable<BountyDecision> BountiesEarnedBy(FactId sale) => _bountiesBySale[sale];

    /// <summary>Reads and replays the files, or says what is wrong with them.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (Books? Books, IReadOnlyList<FileFault> Wrong) Load(
        string factsPath, string policyPath, BrandNames names, DateOnly? asOf = null, Action<long>? onBytesRead = null)
    {
        var wrong = ReplayFiles.Load(factsPath, policyPath, asOf, onBytesRead, out var loaded);
        if (wrong.Count > 0) return (null, wrong);

        var (books, faults) = Of(names, loaded!.Policy, loaded.Log, asOf);
        return ReplayFiles.FirstOf([.. loaded.Faults, .. faults]) is { } fault ? (null, [new FileFault(factsPath, fault)]) : (books, []);
    }

    /// <summary>The books that a log makes, and the facts in it that cannot be.</summary>
    /// <param name="names">What people see.</param>
    /// <param name="policy">All versions.</param>
    /// <param name="log">All facts, or all that touch one another.</param>
    /// <param name="asOf">Lines vest up to the end of this day; null: all of them.</param>
    public static (Books Books, IReadOnlyList<Fault> Faults) Of(BrandNames names, Policy policy, FactLog log, DateOnly? asOf)
    {
        var journal = new Journal();
        var replay = new Replay(log, policy, asOf, journal);
        List<CreditPosting> credits = [];
        List<CommissionPosting> commissions = [];
        foreach (var day in replay.Days())
        {
            credits.AddRange(day.Credits);
            commissions.AddRange(day.Commissions);
            replay.GiveBack(day);
        }
        replay.CatchUp();
        return (new Books(names, policy, log, replay, journal, credits, commissions), [.. replay.Faults]);
    }
}
