using System.Runtime.InteropServices;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>Gathers the rows that some runs of the rules lead to, and writes them in as few statements as there are tables.</summary>
internal sealed class BookWriter(Turn turn, BookRules rules)
{
    private readonly List<CreditRow> _credits = [];
    private readonly List<CommissionRow> _commissions = [];
    private readonly List<BountyRow> _bounties = [];
    private readonly Dictionary<string, SaleRow> _sales = [];
    private readonly Dictionary<(string, string, string), SalePartyRow> _parties = [];
    private readonly HashSet<string> _withFormerParties = [];
    private readonly Dictionary<string, MemberRow> _members = [];
    private readonly Dictionary<(string, long, string), BindingRow> _bindings = [];
    private readonly Dictionary<string, BountyDecisionRow> _decisions = [];
    private readonly Dictionary<(string Period, short Channel, short Role, string Staff, string Store), Int128> _creditTotals = [];
    private readonly Dictionary<(string Period, string Staff, string Store, string SaleMonth), (Int128 GrossE4, Int128 Credit)> _commissionTotals = [];
    private readonly Dictionary<(string Period, string Staff), Int128> _bountyTotals = [];

    /// <summary>The last number given to a posting.</summary>
    public long Postings { get; private set; } = rules.Postings;

    public void Post(CreditPosting row, Channel channel)
    {
        var day = rules.DatedOn(row.Day);
        _credits.Add(new CreditRow
        {
            Seq = ++Postings, Day = day, ForDay = row.Day, Cause = row.Cause.Value, Sale = row.Sale.Value, Line = row.Line, Role = (short)row.Role,
            Staff = row.Party.Staff?.Value, Store = row.Party.Store.Value, Amount = row.Amount, Policy = row.Policy,
        });
        CollectionsMarshal.GetValueRefOrAddDefault(
            _creditTotals, (Month.Of(day).ToString(), (short)channel, (short)row.Role, row.Party.Staff?.Value ?? "", row.Party.Store.Value), out _) += row.Amount;
    }

    public void Post(CommissionPosting row)
    {
        var day = rules.DatedOn(row.Day);
        _commissions.Add(new CommissionRow
        {
            Seq = ++Postings, Day = day, ForDay = row.Day, Cause = row.Cause.Value, Sale = row.Sale.Value, Line = row.Line, Role = (short)row.Role,
            Staff = row.Party.Staff?.Value, Store = row.Party.Store.Value, AmountE4 = Fitting(row.AmountE4), Credit = row.VestedCredit, Policy = row.Policy,
            SaleMonth = row.SaleMonth.ToString(),
        });
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _commissionTotals, (Month.Of(day).ToString(), row.Party.Staff?.Value ?? "", row.Party.Store.Value, row.SaleMonth.ToString()), out _);
        total = (total.GrossE4 + row.AmountE4, total.Credit + row.VestedCredit);
    }

    public void Post(BountyPosting row, FactId cause)
    {
        var day = rules.DatedOn(row.Day);
        _bounties.Add(new BountyRow
        {
            Seq = ++Postings, Day = day, ForDay = row.Day, Cause = cause.Value, Fact = row.Service.Value, Staff = row.Clerk.Id.Value, Amount = row.Amount,
            Sale = row.Sale?.Value,
        });
        CollectionsMarshal.GetValueRefOrAddDefault(_bountyTotals, (Month.Of(day).ToString(), row.Clerk.Id.Value), out _) += row.Amount;
    }

    /// <summary>A sale as it stands, and who has a part in it; what was posted of it before says who may have had one.</summary>
    public void Stand(SaleBook sale, IEnumerable<CreditPosting> credits, IEnumerable<CreditRow> posted)
    {
        var id = sale.Fact.Id.Value;
        _sales[id] = RowOf(sale);
        var parties = PartiesOf(sale, credits, rules).Select(party => (Staff: party.Staff?.Value ?? "", Store: party.Store.Value)).ToHashSet();
        if (posted.Any(row => !parties.Contains((row.Staff ?? "", row.Store)))) _withFormerParties.Add(id);
        foreach (var (staff, store) in parties) _parties[(id, staff, store)] = new SalePartyRow { Sale = id, Staff = staff, Store = store, AtTicks = sale.Fact.At.Ticks };
    }

    /// <summary>Who has a part in a sale: whom it names, and whom its credits name.</summary>
    public static IEnumerable<Party> PartiesOf(SaleBook sale, IEnumerable<CreditPosting> credits, BookRules rules)
    {
        yield return new Party(null, sale.Host.Store);
        if (sale.Fact.Staff is { } staff && rules.Roster.Find(staff) is { } clerk) yield return new Party(clerk, clerk.StoreAt(sale.Fact.At) ?? sale.Host.Store);
        foreach (var row in credits) yield return row.Party;
    }

    /// <summary>A sale's row before anything was decided of it.</summary>
    public static SaleRow RowOf(SaleBook undecided, BookRules rules) => RowOf(undecided, rules.Policy.Zone.DayOf(undecided.Fact.At), rules.Policy);

    public static SaleRow RowOf(SaleBook sale) => RowOf(sale, sale.Day, null);

    private static SaleRow RowOf(SaleBook sale, DateOnly day, Policy? policy)
    {
        var (fact, decided) = (sale.Fact, sale.Decided);
        return new SaleRow
        {
            Id = fact.Id.Value, AtTicks = fact.At.Ticks, Day = day, Channel = (short)fact.Channel, Store = fact.Store?.Value, Member = fact.Member?.Value,
            Staff = fact.Staff?.Value, Policy = (policy?.InForceOn(day) ?? sale.Version)?.Version, OwnerStaff = decided.Owner?.Staff?.Value, OwnerStore = decided.Owner?.Store.Value,
            DecayPercent = decided.DecayPercent, Closers = StoredForms.ClosersOf(decided), Sold = Fitting(fact.Lines.Aggregate((Int128)0, (sum, line) => sum + line.Net)),
            Net = Fitting(sale.Net), VestDue = sale.VestDue, Voided = false,
        };
    }

    public void Stand(SaleRow sale) => _sales[sale.Id] = sale;

    /// <summary>The row of a sale that a void took back.</summary>
    public static SaleRow VoidedRowOf(SaleRow sale) => new()
    {
        Id = sale.Id, AtTicks = sale.AtTicks, Day = sale.Day, Channel = sale.Channel, Store = sale.Store, Member = sale.Member, Staff = sale.Staff,
        Policy = sale.Policy, OwnerStaff = null, OwnerStore = null, DecayPercent = 0, Closers = "", Sold = sale.Sold, Net = 0, VestDue = null, Voided = true,
    };

    public void Stand(MemberRow member) => _members[member.Id] = member;

    public void Happened(BindingEvent happened, string member) => _bindings[(member, happened.Cause.At.Ticks, happened.Cause.Id.Value)] = RowOf(happened, member);

    public static BindingRow RowOf(BindingEvent happened, string member) => new()
    {
        Member = member, AtTicks = happened.Cause.At.Ticks, Cause = happened.Cause.Id.Value, Verdict = (short)happened.Verdict,
        Staff = happened.After?.Staff?.Value, Store = happened.After?.Store.Value,
    };

    public void Decided(BountyDecision decision, PolicyVersion version) => _decisions[decision.Service.Id.Value] = RowOf(decision, version);

    public static BountyDecisionRow RowOf(BountyDecision decision, PolicyVersion version) => new()
    {
        Fact = decision.Service.Id.Value, Member = decision.Service.Member.Value, Kind = decision.Service.Kind, Staff = decision.Staff?.Value,
        AtTicks = decision.Service.At.Ticks, Day = decision.Day, Policy = version.Version, Verdict = (short)decision.Verdict, EarnedOn = decision.EarnedOn,
        Sale = decision.EarnedBy?.Value,
    };

    /// <summary>Writes all of it, and how far the books have come.</summary>
    public async Task WriteAsync(long facts, DateOnly? horizon, CancellationToken stop)
    {
        await using var writes = new Writes(turn);
        await writes.UpsertAsync(_sales.Values, stop);
        if (_withFormerParties.Count > 0) await writes.ExecuteAsync($"delete from sale_party where {turn.IsOneOf("sale", "sales")}", stop, turn.List("sales", _withFormerParties));
        await writes.InsertNewAsync(_parties.Values, stop);
        await writes.UpsertAsync(_members.Values, stop);
        await writes.UpsertAsync(_bindings.Values, stop);
        await writes.UpsertAsync(_decisions.Values, stop);
        await writes.InsertAsync(_credits, stop);
        await writes.InsertAsync(_commissions, stop);
        await writes.InsertAsync(_bounties, stop);
        await writes.AddUpAsync([.. _creditTotals.Where(t => t.Value != 0).Select(t => new CreditTotalRow
        {
            Period = t.Key.Period, Channel = t.Key.Channel, Role = t.Key.Role, Staff = t.Key.Staff, Store = t.Key.Store, Amount = Fitting(t.Value),
        })], stop);
        await writes.AddUpAsync([.. _commissionTotals.Where(t => t.Value != default).Select(t => new CommissionTotalRow
        {
            Period = t.Key.Period, Staff = t.Key.Staff, Store = t.Key.Store, SaleMonth = t.Key.SaleMonth, GrossE4 = Fitting(t.Value.GrossE4), Credit = Fitting(t.Value.Credit),
        })], stop);
        await writes.AddUpAsync([.. _bountyTotals.Where(t => t.Value != 0).Select(t => new BountyTotalRow { Period = t.Key.Period, Staff = t.Key.Staff, Amount = Fitting(t.Value) })], stop);
        await writes.ExecuteAsync(
            "update book set facts = @facts, postings = @postings, horizon = @horizon", stop, ("facts", facts), ("postings", Postings), ("horizon", horizon));
        await writes.SendAsync(stop);
    }

    /// <summary>Stored amounts are 64 bits wide: enough for ten thousand times the world's yearly trade.</summary>
    private static long Fitting(Int128 amount) => amount >= long.MinValue && amount <= long.MaxValue
        ? (long)amount
        : throw new WrongBooksException($"An amount of {amount} is larger than the books can hold. Look for a price with too many zeros.");
}
