using System.Collections.Concurrent;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>
/// Derives the books from all facts known (R10): credits and commission day by day; a <see cref="Settlement"/> makes
/// statements of them. Reading <see cref="Days"/> to its end does the work, once; afterwards <see cref="Faults"/> says what
/// R1 refuses, and only if that is nothing do the rows count.
/// </summary>
public sealed class Replay
{
    /// <summary>Credits of a line that fit on the stack: three roles and the parties of its handovers.</summary>
    private const int SmallCount = 32;

    /// <summary>Places in the order of facts begin after that of a word the member gave before (<see cref="Opening"/>).</summary>
    private const int FirstOrder = 2;

    private readonly FactLog _log;
    private readonly Policy _policy;
    private readonly DateOnly _lastDay;
    private readonly Journal? _journal;
    private readonly Opening? _opening;
    private readonly BountyBook _bounties;
    private readonly MemberBooks _members;
    private readonly SaleBook?[] _sales;
    private readonly LineBook[] _lines;
    private readonly Func<StaffTimeline, SaleBook, bool> _isBuyerAtSale;
    private readonly VestingDays _vesting = new();
    private readonly List<Fault> _faults = [];
    private readonly ConcurrentBag<DayPostings> _givenBack = [];
    private DayPostings _postings = new();
    private DateOnly _day;
    private PolicyVersion? _inForce;
    private int _order;
    private int _linesUsed;

    /// <param name="log">Facts in order.</param>
    /// <param name="policy">The policy's versions.</param>
    /// <param name="asOf">Nothing vests after this day; null for no end.</param>
    /// <param name="journal">Receives the decisions for explanations; null to keep none.</param>
    /// <param name="opening">What earlier facts have led to, where the log holds only some of them; null to begin with nothing.</param>
    public Replay(FactLog log, Policy policy, DateOnly? asOf = null, Journal? journal = null, Opening? opening = null)
    {
        (_log, _policy, _lastDay, _journal, _opening) = (log, policy, asOf ?? DateOnly.MaxValue, journal, opening);
        _bounties = new BountyBook(log, opening);
        _members = new MemberBooks(log, opening);
        _sales = new SaleBook?[log.SaleCount];
        _lines = new LineBook[log.LineCount];
        _isBuyerAtSale = (clerk, sale) => IsOwnPurchase(clerk, sale, sale.Fact.At);
    }

    /// <summary>Facts that cannot be (R1); the one on the first line of the file is the one to name.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>The sales, as all facts leave them.</summary>
    public IEnumerable<SaleBook> Sales => _sales.OfType<SaleBook>();

    /// <summary>Every member whom a fact has named, as all facts leave them; merged members once, under the id that remains.</summary>
    public IEnumerable<(MemberId Id, MemberBook Book)> Members => _members.All.Select(book => (_log.MemberOf(book.Number), book));

    /// <summary>The postings of each day that has any, in the order of days.</summary>
    public IEnumerable<DayPostings> Days()
    {
        var facts = _log.Facts;
        for (var place = 0; place < facts.Count; place++)
        {
            var day = _policy.Zone.DayOf(facts[place].At);
            if (day > _day || place == 0)
            {
                foreach (var done in EndDaysBefore(day)) yield return done;
                Begin(day);
            }
            _order = place + FirstOrder;
            Apply(facts[place], place);
        }
        foreach (var done in EndDaysBefore(DateOnly.MaxValue)) yield return done;
        if (_day < DateOnly.MaxValue) Begin(DateOnly.MaxValue);
        if (EndDay() is { } last) yield return last;
    }

    /// <summary>Lets every binding feel the moves and leaves that nothing has asked about since (R5), so that the journal tells of them.</summary>
    public void CatchUp()
    {
        foreach (var member in _members.All) BindingOf(member, new Instant(long.MaxValue));
    }

    /// <summary>Takes back a day whose rows are no longer needed; from any thread.</summary>
    public void GiveBack(DayPostings day)
    {
        day.Clear();
        _givenBack.Add(day);
    }

    private IEnumerable<DayPostings> EndDaysBefore(DateOnly day)
    {
        if (EndDay() is { } done) yield return done;
        while (_vesting.Next is { } next && next < day)
        {
            Begin(next);
            if (EndDay() is { } vested) yield return vested;
        }
    }

    private void Begin(DateOnly day)
    {
        _day = day;
        _inForce = _policy.InForceOn(day);
    }

    /// <summary>R13: at the end of a day, the lines whose day it is vest on the credit standing then.</summary>
    private DayPostings? EndDay()
    {
        if (_vesting.Take(_day) is { } lines)
        {
            if (_day <= _lastDay) VestAll(lines);
            _vesting.GiveBack(lines);
        }
        var done = _postings;
        if (done.IsEmpty) return null;
        done.Day = _day;
        _postings = _givenBack.TryTake(out var again) ? again : new DayPostings();
        return done;
    }

    private void VestAll(List<(SaleBook Sale, int Line)> lines)
    {
        foreach (var (sale, line) in lines) Vest(sale, line);
        // Asked once per line: a sale's further lines of the day find its bounties earned already.
        foreach (var (sale, _) in lines)
            foreach (var earned in _bounties.EarnedBy(sale, _day))
                _postings.Bounties.Add(new BountyPosting(_day, earned.Service.Id, earned.Clerk!, earned.Bounty.Amount, sale.Fact.Id));
    }

    private void Apply(Fact fact, int place)
    {
        switch (fact)
        {
            case StaffFact: break; // In the roster already; bindings feel it when they are next looked at (R5).
            case MergeFact merge: ApplyMerge(merge); break;
            case ServiceFact service: ApplyService(service, _log.MemberNumbers[place]); break;
            case SaleFact sale: ApplySale(sale, _log.SaleNumbers[place], _log.MemberNumbers[place]); break;
            case SaleChangeFact change: ApplyChange(change, _log.SaleNumbers[place]); break;
            default: throw new InvalidOperationException($"a fact log holds no {fact.GetType().Name}");
        }
    }

    /// <summary>R5: a member's binding as the moves and leaves of its clerk up to now have left it.</summary>
    private Binding? BindingOf(MemberBook member, Instant now)
    {
        while (BindingRules.NextEmployment(member.Binding, now) is { } next)
        {
            var before = member.Binding!;
            var day = _policy.Zone.DayOf(next.At);
            var (verdict, after) = BindingRules.Follow(before, next, day, _policy.InForceOn(day)!);
            member.Binding = after;
            if (verdict != BindingVerdict.Unmoved) Note(next.Cause, day, _log.MemberOf(member.Number), "", before.Staff, next.Store, verdict, before, after);
        }
        return member.Binding;
    }

    /// <summary>R6.</summary>
    private void ApplyMerge(MergeFact fact)
    {
        var (from, into) = (_members.Of(_log.NumberOf(fact.From)), _members.Of(_log.NumberOf(fact.Into)));
        if (from == into) return;
        if (_opening?.Merged.Contains(fact.Id) == true)
        {
            from.MergedInto = into;
            return;
        }
        var before = BindingRules.Current(BindingOf(into, fact.At), _day) ?? BindingOf(from, fact.At);
        BindingOf(from, fact.At);
        into.TakeOver(from, _day, _inForce);
        Note(fact, _day, fact.Into, "", null, null, BindingVerdict.Merged, before, into.Binding);
    }

    private void ApplyService(ServiceFact fact, int memberNumber)
    {
        var employedAt = Employed(fact.Staff, fact, out var clerk);
        var member = _members.Of(memberNumber);
        if (fact.Kind == BindingRules.LinkClick && clerk is not null) member.Click(new LinkClick(fact.Id, fact.At, _day, clerk));
        Serve(fact, member, fact.Member, new Claimant(clerk, employedAt ?? fact.Store, employedAt, fact.Kind, fact.At, _day, fact.Id));

        if (_bounties.Judge(fact, memberNumber, clerk, _day, _inForce, member.Binding) is not { } bounty) return;
        _journal?.Add(bounty);
        if (bounty.Verdict == BountyVerdict.Earned) _postings.Bounties.Add(new BountyPosting(_day, fact.Id, clerk!, bounty.Bounty.Amount, null));
    }

    private void Serve(Fact cause, MemberBook member, MemberId named, in Claimant by)
    {
        var before = BindingOf(member, by.At);
        var (verdict, after) = BindingRules.Serve(before, member.Declined, in by, _inForce);
        if (by.Kind == BindingRules.Choice) member.ChoseAs = _order;
        if (by.Kind == BindingRules.Decline) member.DeclinedAs = _order;
        member.Binding = after;
        Note(cause, _day, named, by.Kind, by.Clerk?.Id, by.CountsAt, verdict, before, after);
    }

    private void ApplySale(SaleFact fact, int number, int memberNumber)
    {
        var sale = _sales[number] = new SaleBook(fact, memberNumber, _day, _inForce, _lines, _linesUsed);
        _linesUsed += sale.Count;
        var member = memberNumber == FactLog.None ? null : _members.Of(memberNumber);
        var employedAt = Employed(fact.Staff, fact, out var clerk);
        foreach (ref readonly var line in fact.Lines.AsSpan())
            if (line.Staff is not null) Employed(line.Staff, fact, out _);
        var known = _opening?.Sales.GetValueOrDefault(fact.Id);
        if (known is not null) sale.Recall(known); else Decide(sale, member);

        for (var i = 0; i < sale.Count; i++)
        {
            Post(fact, sale, i, []);
            Receive(sale, i);
        }
        // R2: the sale is a service itself, after its own credit is settled, where the policy lists the kind.
        if (member is null || clerk is null || known is not null) return;
        var kind = fact.Channel == Channel.Store ? BindingRules.StoreSale : BindingRules.AssistedSale;
        if (_inForce?.TermsOf(kind) is not null)
            Serve(fact, member, fact.Member!.Value, new Claimant(clerk, fact.Store ?? employedAt!.Value, employedAt, kind, fact.At, _day, fact.Id));
    }

    /// <summary>R8: the roles of a sale, once.</summary>
    private void Decide(SaleBook sale, MemberBook? member)
    {
        var bound = member is null ? null : BindingOf(member, sale.Fact.At);
        var owner = RoleRules.Owner(member, _day, _inForce, bound?.Clerk is { } holder && IsOwnPurchase(holder, sale, sale.Fact.At));
        sale.Owner = owner.Party;
        sale.DecayPercent = owner.DecayPercent;
        var candidates = _journal?.WithReasons != true ? null : new List<IReadOnlyList<CloserCandidate>>(sale.Count);
        for (var i = 0; i < sale.Count; i++)
        {
            var considered = candidates is null ? null : new List<CloserCandidate>();
            sale.Line(i).Closer = RoleRules.Closer(sale, sale.Sold(i).Staff, member, _log.Roster, _isBuyerAtSale, considered);
            candidates?.Add(considered!);
        }
        if (candidates is not null) _journal!.Add(new SaleDecision(sale, owner, candidates));
    }

    private void ApplyChange(SaleChangeFact fact, int saleNumber)
    {
        StaffTimeline? clerk = null;
        if (fact is HandoverFact named) Employed(named.Staff, fact, out clerk);
        if (saleNumber == FactLog.None || _sales[saleNumber] is not { } sale)
        {
            _faults.Add(new Fault($"there is no sale {fact.Sale} before this; check the id and the times", fact.SourceLine));
            return;
        }
        if (SaleRules.Refusal(sale, fact) is { } refusal)
        {
            _faults.Add(refusal);
            return;
        }
        var struck = clerk is not null && IsOwnPurchase(clerk, sale, fact.At);
        if (struck) clerk = null;
        Party? party = fact is HandoverFact { Store: { } store } ? new Party(clerk, store) : null;
        foreach (ref readonly var change in fact.Lines.AsSpan()) ApplyChange(fact, sale, in change, party);
        if (fact is HandoverFact handover) PayPerHandover(handover, sale, clerk, struck);
    }

    private void ApplyChange(SaleChangeFact fact, SaleBook sale, in LineChange change, Party? party)
    {
        var index = sale.IndexOf(change.Line);
        var count = CreditRules.CountOf(in sale.Line(index));
        Span<long> before = count <= SmallCount ? stackalloc long[count] : new long[count];
        CreditRules.Split(sale, index, before);
        SaleRules.Apply(sale, index, fact, in change, party);
        Post(fact, sale, index, before);
        if (sale.Line(index).ReceivedOn is null) Receive(sale, index);
    }

    /// <summary>R10: the differences of a line's credits, and R13: their effect on commission once it has vested.</summary>
    private void Post(Fact cause, SaleBook sale, int index, ReadOnlySpan<long> before)
    {
        if (sale.Version is null) return;
        ref readonly var line = ref sale.Line(index);
        var count = CreditRules.CountOf(in line);
        Span<long> after = count <= SmallCount ? stackalloc long[count] : new long[count];
        CreditRules.Split(sale, index, after);
        for (var place = 0; place < count; place++)
        {
            var difference = after[place] - (place < before.Length ? before[place] : 0);
            if (difference == 0) continue;
            var (role, party) = CreditRules.At(sale, in line, place);
            _postings.Credits.Add(new CreditPosting(_day, cause.Id, sale.Fact.Id, sale.Sold(index).Line, role, party, difference, sale.Version.Version));
            if (line.Vested) PostLateEffect((SaleChangeFact)cause, sale, index, role, party, difference);
        }
    }

    private void PostLateEffect(SaleChangeFact cause, SaleBook sale, int index, Role role, Party party, long difference)
    {
        ref readonly var sold = ref sale.Sold(index);
        var amountE4 = Math.BigMul(difference, (long)RateBps(sale, role, party, sold.Category));
        if (difference < 0 && cause is ReturnFact or RefundFact && CommissionRules.TooLateToClawBack(sale, in sale.Line(index), _day))
        {
            if (amountE4 != 0) _journal?.Add(new KeptCommission(cause, _day, sold.Line, role, party, amountE4));
            return;
        }
        PostCommission(cause.Id, sale, sold.Line, role, party, amountE4, difference);
    }

    /// <summary>R13: the day on which a line that has been received vests.</summary>
    private void Receive(SaleBook sale, int index)
    {
        if (!sale.IsReceived(index)) return;
        sale.Line(index).ReceivedOn = _day;
        if (sale.Version is null || CommissionRules.VestDay(sale, _day) is not { } vestDay) return;
        _vesting.Add(vestDay, sale, index);
    }

    private void Vest(SaleBook sale, int index)
    {
        ref var line = ref sale.Line(index);
        line.Vested = true;
        var count = CreditRules.CountOf(in line);
        Span<long> credits = count <= SmallCount ? stackalloc long[count] : new long[count];
        CreditRules.Split(sale, index, credits);
        ref readonly var sold = ref sale.Sold(index);
        for (var place = 0; place < count; place++)
        {
            if (credits[place] == 0) continue;
            var (role, party) = CreditRules.At(sale, in line, place);
            PostCommission(CommissionPosting.Vest, sale, sold.Line, role, party, Math.BigMul(credits[place], (long)RateBps(sale, role, party, sold.Category)), credits[place]);
        }
    }

    /// <summary>R12: whole units for handing over, once a sale, store and day.</summary>
    private void PayPerHandover(HandoverFact fact, SaleBook sale, StaffTimeline? clerk, bool struck)
    {
        if (sale.Version is null) return;
        var verdict = HandoverPayVerdict.NoStoreOrStaff;
        RateRule? rule = null;
        Int128 net = 0;
        if (clerk is not null && fact.Store is { } store)
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
                PostCommission(fact.Id, sale, null, Role.Handover, new Party(clerk, store), Math.BigMul(rule!.PerHandover!.Value, (long)CommissionRules.Scale), 0);
            }
        }
        _journal?.Add(new HandoverPayDecision(fact, clerk?.Id, verdict, net, rule?.PerHandover, struck));
    }

    private void PostCommission(FactId cause, SaleBook sale, long? line, Role role, Party party, Int128 amountE4, long credit)
    {
        var vested = party.Clerk is null ? 0 : credit;
        if (amountE4 == 0 && vested == 0) return;
        _postings.Commissions.Add(new CommissionPosting(
            _day, cause, sale.Fact.Id, line, role, party, amountE4, vested, sale.Version!.Version, Month.Of(sale.Day)));
    }

    private static int RateBps(SaleBook sale, Role role, Party party, string category) =>
        role == Role.Host ? 0 : CommissionRules.RateBps(RuleFor(sale, role, party.Clerk), category);

    private static RateRule? RuleFor(SaleBook sale, Role role, StaffTimeline? clerk) =>
        CommissionRules.RuleFor(sale.Version!, role, clerk?.GradeForSale(sale.Fact.At));

    /// <summary>R8: is the sale's member this clerk's own, by what is known at that moment?</summary>
    private bool IsOwnPurchase(StaffTimeline clerk, SaleBook sale, Instant at)
    {
        if (sale.Version?.SelfPurchase != SelfPurchase.Exclude || sale.Fact.Member is not { } buyer) return false;
        if (clerk.At(at)?.Member is not { } own) return false;
        return own == buyer || (_log.NumberOf(own) is var number && number != FactLog.None && _members.Of(number) == _members.Of(sale.MemberNumber));
    }

    /// <summary>R1: a clerk who is not employed at that moment counts as none; one whom no staff fact names is refused.</summary>
    private StoreId? Employed(StaffId? named, Fact fact, out StaffTimeline? employed)
    {
        employed = null;
        if (named is not { } staff) return null;
        var clerk = _log.Roster.Find(staff);
        if (clerk is null) _faults.Add(new Fault($"no staff fact names {staff}; add when and where they joined", fact.SourceLine) { MayFitLater = true });
        var store = clerk?.StoreAt(fact.At);
        if (store is not null) employed = clerk;
        return store;
    }

    private void Note(
        Fact cause, DateOnly day, MemberId member, string kind, StaffId? staff, StoreId? store, BindingVerdict verdict, Binding? before, Binding? after) =>
        _journal?.Add(_log.FinalMember(member), new BindingEvent(cause, day, member, kind, staff, store, verdict, before, after));
}
