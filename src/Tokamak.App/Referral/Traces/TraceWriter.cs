using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary>
/// Writes the trace of a sale in one language, from the journal of the replay that made its rows: who had the member and
/// who closed, who might have expected something and why not, who handed over, what came later, and what is paid when.
/// </summary>
public sealed class TraceWriter(Books books, Texts texts, Show show)
{
    private readonly TraceWords _say = new(books.Names, texts, show);

    /// <summary>The trace without the pay that the scope does not show, or null where there is no such sale.</summary>
    public Trace? Of(FactId id, Scope scope)
    {
        if (books.Journal.Sale(id) is not { } decision) return null;
        var others = new TraceOfMember(books, _say);
        TraceSection[] sections =
        [
            new(_say["trace.section.owner"], [OwnerEntry(decision), .. others.MightHaveExpected(decision)]),
            new(_say["trace.section.closer"], [.. CloserEntries(decision)]),
            new(_say["trace.section.host"], [HostEntry(decision.Sale)]),
            new(_say["trace.section.handover"], [.. HandoverEntries(decision.Sale)]),
            new(_say["trace.section.later"], [.. LaterEntries(decision.Sale)]),
            new(_say["trace.section.pay"], [.. new TraceOfPay(books, _say).Entries(decision.Sale)]),
        ];
        return new Trace(id, [.. sections.Select(section => Shown(section, scope)).Where(section => section.Entries.Count > 0)]);
    }

    private static TraceSection Shown(TraceSection section, Scope scope) =>
        section with { Entries = [.. section.Entries.Where(entry => entry.PayOf is not { } party || scope.MaySeePayOf(party))] };

    private TraceEntry OwnerEntry(SaleDecision decision)
    {
        var (sale, owner) = (decision.Sale, decision.Owner);
        var share = sale.Split?.OwnerPercent ?? 0;
        if (owner.Verdict != OwnerVerdict.Credited) return NoOwner(decision);

        var binding = owner.Binding!;
        var credit = CreditOf(sale.Fact.Id, Role.Owner, owner.Party);
        var since = _say["trace.owner.since", _say.Party(owner.Party!.Value), _say.Day(books.Policy.Zone.DayOf(binding.BoundAt)), _say.Day(binding.RenewedOn)];
        var decay = _say["trace.owner.decay", _say.Count(owner.DaysSinceRenewal), _say.Percent(owner.DecayPercent), _say.Percent(share)];
        var next = share == 0 ? null : owner.DecayPercent < 100 ? _say["trace.owner.next.renew"] : _say["trace.owner.next.keep", _say.Day(binding.ExpiresOn)];
        return new TraceEntry(
            _say.Party(owner.Party.Value), credit == 0 ? TraceOutcome.NotGiven : TraceOutcome.Given,
            since + (share == 0 ? _say["trace.owner.noShare"] : decay), "R8 R7 R9", next, credit, Role.Owner, binding.Cause, sale.Day);
    }

    private TraceEntry NoOwner(SaleDecision decision)
    {
        var owner = decision.Owner;
        var (who, sentence, rule, next) = owner.Verdict switch
        {
            OwnerVerdict.NoMember => ("", _say["trace.owner.noMember"], "R8", _say["trace.owner.noMember.next"]),
            OwnerVerdict.BeforePolicy => ("", _say["trace.owner.beforePolicy"], "R1", null),
            OwnerVerdict.Lapsed => (
                _say.Party(owner.Binding!.Staff, owner.Binding.Store),
                _say["trace.owner.lapsed", _say.Party(owner.Binding.Staff, owner.Binding.Store), _say.Day(owner.Binding.ExpiresOn)],
                "R3 R8", _say["trace.owner.lapsed.next"]),
            OwnerVerdict.SelfPurchase => (
                _say.Party(owner.Binding!.Staff, owner.Binding.Store), _say["trace.owner.self", _say.Party(owner.Binding.Staff, owner.Binding.Store)], "R8", null),
            _ => ("", _say["trace.owner.none"], "R8", _say["trace.owner.none.next"]),
        };
        return new TraceEntry(who, owner.Binding is null ? TraceOutcome.Note : TraceOutcome.NotGiven, sentence, rule, next, null, Role.Owner, owner.Binding?.Cause, decision.Sale.Day);
    }

    private IEnumerable<TraceEntry> CloserEntries(SaleDecision decision)
    {
        var sale = decision.Sale;
        var share = sale.Split?.CloserPercent ?? 0;
        var seen = decision.CandidatesByLine
            .SelectMany((candidates, line) => candidates.Select(c => (Candidate: c, Line: sale.Sold(line).Line)))
            .GroupBy(c => c.Candidate, c => c.Line)
            .ToList();
        foreach (var group in seen)
        {
            var candidate = group.Key;
            var who = candidate.Staff is { } staff ? _say.Clerk(staff) : "";
            var through = candidate.Source switch
            {
                CloserSource.Staff => _say["trace.closer.byStaff"],
                CloserSource.Code => _say["trace.closer.byCode", NameMarks.Of(sale.Fact.Code ?? "")],
                _ => _say["trace.closer.byLink", _say.Count(candidate.DaysSinceClick)],
            };
            var lines = group.Count() == sale.Count ? "" : _say["trace.closer.lines", string.Join(", ", group.Order())];
            var (sentence, rule, next) = CloserVerdictOf(candidate, sale, share);
            var given = candidate.Verdict == CloserVerdict.Chosen && share > 0;
            yield return new TraceEntry(
                who, given ? TraceOutcome.Given : TraceOutcome.NotGiven, through + lines + sentence, rule, next,
                given ? CreditOf(sale, candidate.Staff, group) : null, Role.Closer, candidate.Click, sale.Day);
        }
        if (seen.Count == 0 && sale.Version is not null)
            yield return new TraceEntry("", TraceOutcome.Note, _say["trace.closer.none"], "R8", _say["trace.closer.none.next"], null, Role.Closer, null, sale.Day);
    }

    private (string Sentence, string Rule, string? Next) CloserVerdictOf(in CloserCandidate candidate, SaleBook sale, int share) => candidate.Verdict switch
    {
        CloserVerdict.Chosen => share == 0
            ? (_say["trace.closer.noShare"], "R8 R9", null)
            : (_say["trace.closer.chosen", _say.Percent(share)], "R8 R9", null),
        CloserVerdict.SelfPurchase => (_say["trace.closer.self"], "R8", null),
        CloserVerdict.NotEmployed => (_say["trace.closer.notEmployed"], "R1 R8", null),
        CloserVerdict.CodeNamesNobody => (_say["trace.closer.codeNobody"], "R1 R8", _say["trace.closer.codeNobody.next"]),
        CloserVerdict.LinkTooOld => (_say["trace.closer.linkTooOld", _say.Count(sale.Version!.LinkDays)], "R8", _say["trace.closer.linkTooOld.next"]),
        CloserVerdict.LinkerNotEmployed => (_say["trace.closer.linkerLeft"], "R8", null),
        CloserVerdict.AnotherCameFirst => (_say["trace.closer.anotherFirst"], "R8", null),
        CloserVerdict.SourceNotUsed => (_say["trace.closer.sourceNotUsed"], "R8", null),
        _ => throw new InvalidOperationException($"no words for {candidate.Verdict}"),
    };

    private TraceEntry HostEntry(SaleBook sale) => new(
        _say.Store(sale.Host.Store), TraceOutcome.Given,
        sale.Version is null ? _say["trace.host.beforePolicy"] : _say["trace.host.rest"], "R8 R9", null,
        CreditOf(sale.Fact.Id, Role.Host, sale.Host), Role.Host, null, sale.Day);

    private IEnumerable<TraceEntry> HandoverEntries(SaleBook sale)
    {
        var share = sale.Split?.HandoverPercent ?? 0;
        foreach (var handovers in books.Journal.HandoverPayOf(sale.Fact.Id).GroupBy(h => (h.Handover.Store, h.Staff)))
        {
            var (first, day) = (handovers.First().Handover.Id, DayOf(handovers.First().Handover));
            if (handovers.Key.Store is not { } store)
            {
                var sent = string.Concat(handovers.Select(h => _say["trace.handover.courier", _say.Day(DayOf(h.Handover)), UnitsOf(h.Handover)]));
                yield return new TraceEntry("", TraceOutcome.Note, sent, "R9", null, null, Role.Handover, first, day);
                continue;
            }
            var who = _say.Party(handovers.Key.Staff, store);
            var credit = books.CreditsOf(sale.Fact.Id)
                .Where(c => c.Role == Role.Handover && c.Party.Staff == handovers.Key.Staff && c.Party.Store == store)
                .Aggregate((Int128)0, (sum, c) => sum + c.Amount);
            var sentence = string.Concat(handovers.Select(h => _say["trace.handover.done", who, _say.Day(DayOf(h.Handover)), UnitsOf(h.Handover)]))
                + (share == 0 ? _say["trace.handover.noShare"] : _say["trace.handover.share", _say.Percent(share)])
                + (handovers.Any(h => h.StruckAsOwn) ? _say["trace.handover.own"] : "");
            yield return new TraceEntry(who, credit > 0 ? TraceOutcome.Given : TraceOutcome.NotGiven, sentence, "R9", null, credit, Role.Handover, first, day);
            foreach (var pay in handovers)
                if (HandoverPayEntry(pay, DayOf(pay.Handover), who, store) is { } paid) yield return paid;
        }
    }

    private DateOnly DayOf(Fact fact) => books.Policy.Zone.DayOf(fact.At);

    private string UnitsOf(SaleChangeFact fact) => _say.Count(fact.Lines.Sum(l => (long)l.Quantity));

    private TraceEntry? HandoverPayEntry(HandoverPayDecision pay, DateOnly day, string party, StoreId store)
    {
        var (sentence, amount) = pay.Verdict switch
        {
            HandoverPayVerdict.Paid => (_say["trace.handover.paid"], (Int128?)pay.PayUnits),
            HandoverPayVerdict.BelowMinimum => (_say["trace.handover.belowMinimum", _say.Money(pay.NetHandedOver)], null),
            HandoverPayVerdict.PaidAlreadyThatDay => (_say["trace.handover.paidAlready"], null),
            _ => (null, null),
        };
        return sentence is null ? null : new TraceEntry(
            party, amount is null ? TraceOutcome.NotGiven : TraceOutcome.Given, sentence, "R12", null, amount, Role.Handover, pay.Handover.Id, day,
            new Party(pay.Staff is { } staff ? books.Log.Roster.Find(staff) : null, store));
    }

    private IEnumerable<TraceEntry> LaterEntries(SaleBook sale)
    {
        foreach (var fact in books.ChangesOf(sale.Fact.Id).Where(f => f is not HandoverFact))
        {
            var day = DayOf(fact);
            var net = books.CreditsOf(sale.Fact.Id).Where(c => c.Cause == fact.Id).Aggregate((Int128)0, (sum, c) => sum + c.Amount);
            var units = UnitsOf(fact);
            var sentence = fact switch
            {
                CancelFact => _say["trace.later.cancel", _say.Day(day), units],
                RefundFact => _say["trace.later.refund", _say.Day(day)],
                _ => _say["trace.later.return", _say.Day(day), units],
            };
            yield return new TraceEntry("", TraceOutcome.Note, sentence, "R10 R11", null, net, null, fact.Id, day);
        }
    }

    private Int128 CreditOf(FactId sale, Role role, Party? party) =>
        books.CreditsOf(sale).Where(c => c.Role == role && c.Party == party).Aggregate((Int128)0, (sum, c) => sum + c.Amount);

    private Int128 CreditOf(SaleBook sale, StaffId? closer, IEnumerable<long> lines) =>
        books.CreditsOf(sale.Fact.Id).Where(c => c.Role == Role.Closer && c.Party.Staff == closer && lines.Contains(c.Line)).Aggregate((Int128)0, (sum, c) => sum + c.Amount);
}
