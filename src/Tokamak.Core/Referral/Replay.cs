using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>
/// Derives the books from all facts known (R10): credits and commission day by day, then earnings and statements.
/// Reading <see cref="Days"/> to its end does the work, once; afterwards <see cref="Faults"/> says what R1 refuses, and
/// only if that is nothing do the rows count.
/// </summary>
public sealed class Replay
{
    private readonly FactLog _log;
    private readonly Policy _policy;
    private readonly DateOnly _lastDay;
    private readonly Journal? _journal;
    private readonly Settlement _settlement;
    private readonly Bounties _bounties;
    private readonly MemberBooks _members = new();
    private readonly Dictionary<FactId, SaleBook> _sales = [];
    private readonly SortedDictionary<DateOnly, List<(SaleBook Sale, int Line)>> _vesting = [];
    private readonly List<Fault> _faults = [];
    private List<CreditPosting> _credits = [];
    private List<CommissionPosting> _commissions = [];
    private DateOnly _day;
    private PolicyVersion? _inForce;
    private int _order;

    /// <param name="log">Facts in order.</param>
    /// <param name="policy">The policy's versions.</param>
    /// <param name="asOf">Nothing vests after this day; null for no end.</param>
    /// <param name="journal">Receives the decisions for explanations; null to keep none.</param>
    public Replay(FactLog log, Policy policy, DateOnly? asOf = null, Journal? journal = null)
    {
        (_log, _policy, _lastDay, _journal) = (log, policy, asOf ?? DateOnly.MaxValue, journal);
        _settlement = new Settlement(policy);
        _bounties = new Bounties(log);
    }

    /// <summary>Facts that cannot be (R1); the one on the first line of the file is the one to name.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>Rows of earnings.csv by period, staff and sale month.</summary>
    public IReadOnlyList<EarningsRow> Earnings => _settlement.Earnings;

    /// <summary>Rows of statements.csv, by period; within one, staff first.</summary>
    public IReadOnlyList<StatementRow> Statements => _settlement.Statements;

    /// <summary>The sales, as all facts leave them.</summary>
    public IReadOnlyCollection<SaleBook> Sales => _sales.Values;

    /// <summary>The postings of each day that has any, in the order of days.</summary>
    public IEnumerable<DayPostings> Days()
    {
        foreach (var fact in _log.Facts)
        {
            var day = _policy.Zone.DayOf(fact.At);
            if (day > _day || _order == 0)
            {
                foreach (var done in EndDaysBefore(day)) yield return done;
                Begin(day);
            }
            _order++;
            Apply(fact);
        }
        foreach (var done in EndDaysBefore(DateOnly.MaxValue)) yield return done;
        if (_day < DateOnly.MaxValue) Begin(DateOnly.MaxValue);
        if (EndDay() is { } last) yield return last;
        _settlement.Close();
    }

    private IEnumerable<DayPostings> EndDaysBefore(DateOnly day)
    {
        if (EndDay() is { } done) yield return done;
        while (_vesting.Count > 0 && _vesting.Keys.First() is var next && next < day)
        {
            Begin(next);
            if (EndDay() is { } vested) yield return vested;
        }
    }

    private void Begin(DateOnly day)
    {
        _day = day;
        _inForce = _policy.InForceOn(day);
        _settlement.Reach(day);
    }

    /// <summary>R13: at the end of a day, the lines whose day it is vest on the credit standing then.</summary>
    private DayPostings? EndDay()
    {
        if (_vesting.Remove(_day, out var lines) && _day <= _lastDay)
        {
            foreach (var (sale, line) in lines) Vest(sale, line);
            foreach (var sale in lines.Select(l => l.Sale).Distinct())
                foreach (var earned in _bounties.EarnedBy(sale, _day))
                    _settlement.Bounty(earned.Staff!.Value, earned.Bounty.Amount);
        }
        if (_credits.Count == 0 && _commissions.Count == 0) return null;
        var done = new DayPostings(_day, _credits, _commissions);
        (_credits, _commissions) = ([], []);
        return done;
    }

    private void Apply(Fact fact)
    {
        switch (fact)
        {
            case StaffFact staff: ApplyStaff(staff); break;
            case MergeFact merge: ApplyMerge(merge); break;
            case ServiceFact service: ApplyService(service); break;
            case SaleFact sale: ApplySale(sale); break;
            case SaleChangeFact change: ApplyChange(change); break;
            default: throw new InvalidOperationException($"a fact log holds no {fact.GetType().Name}");
        }
    }

    /// <summary>R5.</summary>
    private void ApplyStaff(StaffFact fact)
    {
        if (_inForce is null || fact.Event == StaffEvent.Joined) return;
        if (fact.Event == StaffEvent.Moved && _inForce.StaffMoves == StaffMoves.Keep) return;
        foreach (var member in _members.BoundTo(fact.Staff))
        {
            if (BindingRules.Current(member.Binding, _day) is not { } before) continue;
            if (fact.Event == StaffEvent.Moved && StoreBefore(fact) == fact.Store) continue;
            var (verdict, after) = fact.Event == StaffEvent.Moved
                ? BindingRules.Move(before, fact.Store!.Value, fact.Id, _inForce)
                : BindingRules.Leave(before, fact.Id, _inForce);
            _members.Bind(member, after);
            Note(fact, member.Id, "", fact.Staff, fact.Store, verdict, before, after);
        }
    }

    /// <summary>The store where a clerk worked just before one of their own staff facts.</summary>
    private StoreId? StoreBefore(StaffFact fact)
    {
        StoreId? store = null;
        foreach (var other in _log.Roster.Find(fact.Staff)!.Employments)
        {
            if (ReferenceEquals(other.Cause, fact)) return store;
            store = other.Store;
        }
        return store;
    }

    /// <summary>R6.</summary>
    private void ApplyMerge(MergeFact fact)
    {
        var (from, into) = (_members.Of(fact.From), _members.Of(fact.Into));
        if (from == into) return;
        var before = BindingRules.Current(into.Binding, _day) ?? from.Binding;
        _members.Merge(from, into, _day, _inForce);
        Note(fact, fact.Into, "", null, null, BindingVerdict.Merged, before, into.Binding);
    }

    private void ApplyService(ServiceFact fact)
    {
        var employedAt = Employed(fact.Staff, fact, out var staff);
        var member = _members.Of(fact.Member);
        if (fact.Kind == BindingRules.LinkClick && staff is { } linker) member.Click(new LinkClick(fact.Id, fact.At, _day, linker));
        Serve(fact, member, fact.Member, new Claimant(staff, employedAt ?? fact.Store, employedAt, fact.Kind, fact.At, _day, fact.Id));

        if (_bounties.Judge(fact, staff, _day, _inForce, member.Binding) is not { } bounty) return;
        _journal?.Add(bounty);
        if (bounty.Verdict == BountyVerdict.Earned) _settlement.Bounty(staff!.Value, bounty.Bounty.Amount);
    }

    private void Serve(Fact cause, MemberBook member, MemberId named, in Claimant by)
    {
        var before = member.Binding;
        var (verdict, after) = BindingRules.Serve(before, member.Declined, in by, _inForce);
        if (by.Kind == BindingRules.Choice) member.ChoseAs = _order;
        if (by.Kind == BindingRules.Decline) member.DeclinedAs = _order;
        if (!ReferenceEquals(before, after)) _members.Bind(member, after);
        Note(cause, named, by.Kind, by.Staff, by.CountsAt, verdict, before, after);
    }

    private void ApplySale(SaleFact fact)
    {
        var sale = new SaleBook(fact, _day, _inForce);
        var member = fact.Member is { } id ? _members.Of(id) : null;
        var employedAt = Employed(fact.Staff, fact, out var staff);
        foreach (ref readonly var line in fact.Lines.AsSpan()) Employed(line.Staff, fact, out _);
        _sales.Add(fact.Id, sale);
        Decide(sale, member);

        for (var i = 0; i < sale.Lines.Length; i++)
        {
            Post(fact, sale, i, []);
            Receive(sale, i);
        }
        // R2: the sale is a service itself, after its own credit is settled, where the policy lists the kind.
        if (member is null || staff is null) return;
        var kind = fact.Channel == Channel.Store ? BindingRules.StoreSale : BindingRules.AssistedSale;
        if (_inForce?.TermsOf(kind) is not null)
            Serve(fact, member, fact.Member!.Value, new Claimant(staff, fact.Store ?? employedAt!.Value, employedAt, kind, fact.At, _day, fact.Id));
    }

    /// <summary>R8: the roles of a sale, once.</summary>
    private void Decide(SaleBook sale, MemberBook? member)
    {
        var fact = sale.Fact;
        var owner = RoleRules.Owner(member, _day, _inForce, member?.Binding?.Staff is { } bound && IsBuyer(bound));
        sale.Owner = owner.Party;
        sale.DecayPercent = owner.DecayPercent;
        var candidates = _journal is null ? null : new List<IReadOnlyList<CloserCandidate>>(sale.Lines.Length);
        for (var i = 0; i < sale.Lines.Length; i++)
        {
            var considered = candidates is null ? null : new List<CloserCandidate>();
            sale.Lines[i].Closer = RoleRules.Closer(sale, sale.Lines[i].Sold.Staff, member, _log.Roster, IsBuyer, considered);
            candidates?.Add(considered!);
        }
        _journal?.Add(new SaleDecision(sale, owner, candidates!));

        bool IsBuyer(StaffId staff) => IsOwnPurchase(staff, sale, fact.At);
    }

    private void ApplyChange(SaleChangeFact fact)
    {
        StaffId? staff = null;
        if (fact is HandoverFact named) Employed(named.Staff, fact, out staff);
        if (!_sales.TryGetValue(fact.Sale, out var sale))
        {
            _faults.Add(new Fault($"there is no sale {fact.Sale} before this; check the id and the times", fact.SourceLine));
            return;
        }
        if (SaleRules.Refusal(sale, fact) is { } refusal)
        {
            _faults.Add(new Fault(refusal, fact.SourceLine));
            return;
        }
        var struck = staff is { } s && IsOwnPurchase(s, sale, fact.At);
        if (struck) staff = null;
        Party? party = fact is HandoverFact { Store: { } store } ? new Party(staff, store) : null;
        foreach (ref readonly var change in fact.Lines.AsSpan()) ApplyChange(fact, sale, in change, party);
        if (fact is HandoverFact handover) PayPerHandover(handover, sale, staff, struck);
    }

    private void ApplyChange(SaleChangeFact fact, SaleBook sale, in LineChange change, Party? party)
    {
        var index = sale.IndexOf(change.Line);
        ref var line = ref sale.Lines[index];
        Span<long> before = stackalloc long[64];
        before = CreditRules.CountOf(in line) <= before.Length ? before[..CreditRules.CountOf(in line)] : new long[CreditRules.CountOf(in line)];
        CreditRules.Split(sale, in line, before);
        SaleRules.Apply(ref line, fact, in change, party);
        Post(fact, sale, index, before);
        if (line.ReceivedOn is null) Receive(sale, index);
    }

    /// <summary>R10: the differences of a line's credits, and R13: their effect on commission once it has vested.</summary>
    private void Post(Fact cause, SaleBook sale, int index, ReadOnlySpan<long> before)
    {
        if (sale.Version is null) return;
        ref readonly var line = ref sale.Lines[index];
        var count = CreditRules.CountOf(in line);
        Span<long> after = count <= 64 ? stackalloc long[count] : new long[count];
        CreditRules.Split(sale, in line, after);
        for (var place = 0; place < count; place++)
        {
            var was = place < before.Length ? before[place] : 0;
            var difference = after[place] - was;
            if (difference == 0) continue;
            var (role, party) = CreditRules.At(sale, in line, place);
            _credits.Add(new CreditPosting(_day, cause.Id, sale.Fact.Id, line.Sold.Line, role, party, difference, sale.Version.Version));
            _settlement.Credit(party, difference);
            if (line.Vested) PostLateEffect((SaleChangeFact)cause, sale, in line, role, party, difference);
        }
    }

    private void PostLateEffect(SaleChangeFact cause, SaleBook sale, in LineBook line, Role role, Party party, long difference)
    {
        var amountE4 = Math.BigMul(difference, (long)RateBps(sale, role, party, line.Sold.Category));
        if (difference < 0 && cause is ReturnFact or RefundFact && CommissionRules.TooLateToClawBack(sale, in line, _day))
        {
            if (amountE4 != 0) _journal?.Add(new KeptCommission(cause, _day, line.Sold.Line, role, party, amountE4));
            return;
        }
        PostCommission(cause.Id, sale, line.Sold.Line, role, party, amountE4);
        if (party.Staff is { } staff) _settlement.VestedCredit(staff, Month.Of(sale.Day), difference);
    }

    /// <summary>R13: the day on which a line that has been received vests.</summary>
    private void Receive(SaleBook sale, int index)
    {
        ref var line = ref sale.Lines[index];
        if (!line.IsReceived) return;
        line.ReceivedOn = _day;
        if (sale.Version is null || CommissionRules.VestDay(sale, _day) is not { } vestDay) return;
        if (!_vesting.TryGetValue(vestDay, out var lines)) _vesting.Add(vestDay, lines = []);
        lines.Add((sale, index));
    }

    private void Vest(SaleBook sale, int index)
    {
        ref var line = ref sale.Lines[index];
        line.Vested = true;
        var count = CreditRules.CountOf(in line);
        Span<long> credits = count <= 64 ? stackalloc long[count] : new long[count];
        CreditRules.Split(sale, in line, credits);
        for (var place = 0; place < count; place++)
        {
            if (credits[place] == 0) continue;
            var (role, party) = CreditRules.At(sale, in line, place);
            PostCommission(CommissionPosting.Vest, sale, line.Sold.Line, role, party, Math.BigMul(credits[place], (long)RateBps(sale, role, party, line.Sold.Category)));
            if (party.Staff is { } staff) _settlement.VestedCredit(staff, Month.Of(sale.Day), credits[place]);
        }
    }

    /// <summary>R12: whole units for handing over, once a sale, store and day.</summary>
    private void PayPerHandover(HandoverFact fact, SaleBook sale, StaffId? staff, bool struck)
    {
        if (sale.Version is null) return;
        var verdict = HandoverPayVerdict.NoStoreOrStaff;
        RateRule? rule = null;
        Int128 net = 0;
        if (staff is { } clerk && fact.Store is { } store)
        {
            rule = RuleFor(sale, Role.Handover, clerk);
            net = CommissionRules.NetHandedOver(sale, fact);
            verdict = rule?.PerHandover is null ? HandoverPayVerdict.NoEntry
                : net < rule.PerHandoverMinNet ? HandoverPayVerdict.BelowMinimum
                : sale.PaidPerHandover?.Contains((store, _day)) == true ? HandoverPayVerdict.PaidAlreadyThatDay
                : HandoverPayVerdict.Paid;
            if (verdict == HandoverPayVerdict.Paid)
            {
                (sale.PaidPerHandover ??= []).Add((store, _day));
                PostCommission(fact.Id, sale, null, Role.Handover, new Party(clerk, store), Math.BigMul(rule!.PerHandover!.Value, (long)CommissionRules.Scale));
            }
        }
        _journal?.Add(new HandoverPayDecision(fact, staff, verdict, net, rule?.PerHandover, struck));
    }

    private void PostCommission(FactId cause, SaleBook sale, long? line, Role role, Party party, Int128 amountE4)
    {
        if (amountE4 == 0) return;
        _commissions.Add(new CommissionPosting(_day, cause, sale.Fact.Id, line, role, party, amountE4, sale.Version!.Version));
        _settlement.Commission(party, Month.Of(sale.Day), amountE4);
    }

    private int RateBps(SaleBook sale, Role role, Party party, string category) =>
        role == Role.Host ? 0 : CommissionRules.RateBps(RuleFor(sale, role, party.Staff), category);

    private RateRule? RuleFor(SaleBook sale, Role role, StaffId? staff) =>
        CommissionRules.RuleFor(sale.Version!, role, staff is { } clerk ? _log.Roster.Find(clerk)?.GradeForSale(sale.Fact.At) : null);

    /// <summary>R8: is the sale's member this clerk's own, by what is known at that moment?</summary>
    private bool IsOwnPurchase(StaffId staff, SaleBook sale, Instant at)
    {
        if (sale.Version?.SelfPurchase != SelfPurchase.Exclude || sale.Fact.Member is not { } buyer) return false;
        return _log.Roster.Find(staff)?.At(at)?.Member is { } own && (own == buyer || _members.Find(own) == _members.Find(buyer));
    }

    /// <summary>R1: a staff member who is not employed at that moment counts as none; one whom no staff fact names is refused.</summary>
    private StoreId? Employed(StaffId? named, Fact fact, out StaffId? employed)
    {
        employed = null;
        if (named is not { } staff) return null;
        var timeline = _log.Roster.Find(staff);
        if (timeline is null)
        {
            _faults.Add(new Fault($"no staff fact names {staff}; add when and where they joined", fact.SourceLine));
            return null;
        }
        var store = timeline.StoreAt(fact.At);
        if (store is not null) employed = staff;
        return store;
    }

    private void Note(Fact cause, MemberId member, string kind, StaffId? staff, StoreId? store, BindingVerdict verdict, Binding? before, Binding? after) =>
        _journal?.Add(_log.FinalMember(member), new BindingEvent(cause, _day, member, kind, staff, store, verdict, before, after));
}
