using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Verifying;

using Place = (DateOnly Day, string Sale, long? Line, string Role, string Staff, string Store, int Policy);

/// <summary>Derived rows of some members as they are stored, beside their facts and postings.</summary>
internal sealed record StoredComponents(
    ComponentSlice Slice, IReadOnlyList<BindingRow> Bindings, IReadOnlyList<BountyDecisionRow> Decisions, IReadOnlyList<SalePartyRow> Parties);

/// <summary>
/// Derives some members' facts anew from nothing and compares all that is stored of them: postings by the day they belong
/// to, decisions of sales, standings, timelines, bounties. And, for each close, what was posted by then with what the facts
/// known by then gave, so that settled periods are judged as they were settled.
/// </summary>
internal sealed class VerifyComponents(BookRules rules, IReadOnlyList<(PeriodRow Period, BookRules Rules)> closes, EverMerged merged, Verification verification)
{
    public void Check(StoredComponents stored)
    {
        var slice = stored.Slice;
        var outcome = Derive(slice.Facts, rules, rules.Horizon);
        CheckPostings(slice, outcome);
        CheckSales(stored, outcome);
        CheckMembers(stored, outcome);
        var places = new Places(slice, merged);
        foreach (var (period, rulesThen) in closes) CheckAsClosed(slice, places, period, rulesThen);
        verification.Sales += slice.Sales.Rows.Count;
        verification.Members += slice.MemberRows.Count;
        verification.Postings += slice.Sales.Credits.Sum(of => of.Count()) + slice.Sales.Commissions.Sum(of => of.Count()) + slice.Bounties.Count;
    }

    private Outcome Derive(IReadOnlyList<StoredFact> facts, BookRules with, DateOnly? horizon)
    {
        var refused = new List<RefusedFact>();
        var outcome = Outcome.Of(facts, with, horizon, null, refused);
        foreach (var fact in refused) verification.Add("fact", fact.Stored.Fact.Id.Value, "a fact that cannot be", fact.Reason);
        return outcome;
    }

    private void CheckPostings(ComponentSlice slice, Outcome outcome)
    {
        verification.Compare("credit", DerivedRows.Words(Standing(slice.Sales, _ => true)), DerivedRows.Words(Given(outcome, _ => true)));
        verification.Compare("commission", DerivedRows.Words(StandingPay(slice.Sales, _ => true)), DerivedRows.Words(GivenPay(outcome, _ => true)));
        verification.Compare("bounty", DerivedRows.Words(StandingBounties(slice, _ => true)), DerivedRows.Words(GivenBounties(outcome, _ => true)));

        // What the sums do not show: the month by which commission is settled.
        foreach (var row in slice.Sales.Commissions.SelectMany(of => of))
            if (slice.Sales.Rows.TryGetValue(row.Sale, out var sale) && Month.Of(sale.Day).ToString() != row.SaleMonth)
                verification.Add("commission", $"{row.Seq} of sale {row.Sale}", $"sale month {row.SaleMonth}", $"{Month.Of(sale.Day)}");
    }

    private void CheckSales(StoredComponents stored, Outcome outcome)
    {
        var slice = stored.Slice;
        var follows = outcome.Replay.Sales.ToDictionary(sale => sale.Fact.Id.Value, sale => DerivedRows.Words(BookWriter.RowOf(sale)));
        foreach (var row in slice.VoidedSales(follows.ContainsKey, rules).ToList()) follows[row.Id] = DerivedRows.Words(row);
        verification.Compare("sale", slice.Sales.Rows.Values.ToDictionary(row => row.Id, DerivedRows.Words), follows);

        var there = stored.Parties.Select(row => (row.Sale, row.Staff, row.Store, row.AtTicks)).ToHashSet();
        var parties = outcome.Replay.Sales.SelectMany(sale => BookWriter.PartiesOf(sale, outcome.Credits.GetValueOrDefault(sale.Fact.Id) ?? [], rules)
            .Select(party => (sale.Fact.Id.Value, party.Staff?.Value ?? "", party.Store.Value, sale.Fact.At.Ticks))).ToHashSet();
        foreach (var missing in parties.Except(there)) verification.Add("sale_party", $"{missing.Item1} {missing.Item2} {missing.Item3}", "nothing", "a part in the sale");
        foreach (var extra in there.Except(parties)) verification.Add("sale_party", $"{extra.Item1} {extra.Item2} {extra.Item3}", "a part in the sale", "nothing");
    }

    private void CheckMembers(StoredComponents stored, Outcome outcome)
    {
        var named = DerivedMembers.NamedIn(stored.Slice);
        verification.Compare(
            "member", stored.Slice.MemberRows.ToDictionary(row => row.Id, DerivedRows.Words),
            DerivedMembers.Of(stored.Slice, outcome).Where(row => named.Contains(row.Id)).ToDictionary(row => row.Id, DerivedRows.Words));
        verification.Compare(
            "binding", stored.Bindings.ToDictionary(row => (row.Member, row.AtTicks, row.Cause), DerivedRows.Words),
            outcome.Journal.Bindings.SelectMany(of => of.Events.Where(BindingTimeline.Changes).Select(happened => BookWriter.RowOf(happened, of.Member.Value)))
                .GroupBy(row => (row.Member, row.AtTicks, row.Cause)).ToDictionary(g => g.Key, g => DerivedRows.Words(g.Last())));
        verification.Compare(
            "bounty_decision", stored.Decisions.ToDictionary(row => row.Fact, DerivedRows.Words),
            outcome.Journal.Bounties.Select(decision => BookWriter.RowOf(decision, rules.Policy.InForceOn(decision.Day)!)).ToDictionary(row => row.Fact, DerivedRows.Words));
    }

    /// <summary>Where facts and postings of a slice belong: to a member and all ever merged with them, or to a sale without a member.</summary>
    private sealed class Places(ComponentSlice slice, EverMerged merged)
    {
        private readonly Dictionary<string, string> _ofSales = slice.Facts.Where(stored => stored.Sale is not null)
            .GroupBy(stored => stored.Sale!).ToDictionary(sale => sale.Key, sale => Of(sale.First(), merged));

        public string Of(StoredFact stored) => Of(stored, merged);

        public string OfSale(string sale) => _ofSales[sale];

        public string OfService(string service) => slice.MemberOfService(new FactId(service)) is { } member ? merged.Of(member) : "";

        // No id holds a space.
        private static string Of(StoredFact stored, EverMerged merged) => stored.Member is { } member ? merged.Of(member) : $"sale {stored.Sale}";
    }

    /// <summary>A component that nothing has reached since a close gave then what it gives now: only others are derived again.</summary>
    private void CheckAsClosed(ComponentSlice slice, Places places, PeriodRow period, BookRules rulesThen)
    {
        var last = StoredForms.MonthOf(period.Month).LastDay;
        var reached = slice.Facts.Where(stored => stored.Seq > period.Facts).Select(places.Of).ToHashSet();
        reached.UnionWith(slice.Sales.Credits.Where(of => of.Any(row => row.ForDay <= last && row.Seq > period.Postings)).Select(of => places.OfSale(of.Key)));
        reached.UnionWith(slice.Sales.Commissions.Where(of => of.Any(row => row.ForDay <= last && row.Seq > period.Postings)).Select(of => places.OfSale(of.Key)));
        reached.UnionWith(slice.Bounties.Where(row => row.ForDay <= last && row.Seq > period.Postings).Select(row => places.OfService(row.Fact)));
        if (reached.Count == 0) return;
        var then = Derive([.. slice.Facts.Where(stored => stored.Seq <= period.Facts && reached.Contains(places.Of(stored)))], rulesThen, period.Horizon);
        var when = $", as {period.Month} was closed,";
        verification.Compare(
            "credit" + when, DerivedRows.Words(Standing(slice.Sales, row => row.ForDay <= last && row.Seq <= period.Postings && reached.Contains(places.OfSale(row.Sale)))),
            DerivedRows.Words(Given(then, day => day <= last)));
        verification.Compare(
            "commission" + when, DerivedRows.Words(StandingPay(slice.Sales, row => row.ForDay <= last && row.Seq <= period.Postings && reached.Contains(places.OfSale(row.Sale)))),
            DerivedRows.Words(GivenPay(then, day => day <= last)));
        verification.Compare(
            "bounty" + when, DerivedRows.Words(StandingBounties(slice, row => row.ForDay <= last && row.Seq <= period.Postings && reached.Contains(places.OfService(row.Fact)))),
            DerivedRows.Words(GivenBounties(then, day => day <= last)));
    }

    private static IEnumerable<(Place, Int128)> Standing(StoredSales sales, Func<CreditRow, bool> counts) => sales.Credits.SelectMany(of => of).Where(counts)
        .GroupBy(row => new Place(row.ForDay, row.Sale, row.Line, DerivedRows.RoleOf(row.Role), row.Staff ?? "", row.Store, row.Policy)).Select(g => (g.Key, Sum(g, row => row.Amount)));

    private static IEnumerable<(Place, Int128)> Given(Outcome outcome, Func<DateOnly, bool> counts) => outcome.Credits.Values.SelectMany(of => of).Where(row => counts(row.Day))
        .GroupBy(row => new Place(row.Day, row.Sale.Value, row.Line, DerivedRows.RoleOf((short)row.Role), row.Party.Staff?.Value ?? "", row.Party.Store.Value, row.Policy))
        .Select(g => (g.Key, Sum(g, row => row.Amount)));

    private static IEnumerable<(Place, (Int128, Int128))> StandingPay(StoredSales sales, Func<CommissionRow, bool> counts) => sales.Commissions.SelectMany(of => of).Where(counts)
        .GroupBy(row => new Place(row.ForDay, row.Sale, row.Line, DerivedRows.RoleOf(row.Role), row.Staff ?? "", row.Store, row.Policy))
        .Select(g => (g.Key, (Sum(g, row => row.AmountE4), Sum(g, row => row.Credit))));

    private static IEnumerable<(Place, (Int128, Int128))> GivenPay(Outcome outcome, Func<DateOnly, bool> counts) => outcome.Commissions.Values.SelectMany(of => of).Where(row => counts(row.Day))
        .GroupBy(row => new Place(row.Day, row.Sale.Value, row.Line, DerivedRows.RoleOf((short)row.Role), row.Party.Staff?.Value ?? "", row.Party.Store.Value, row.Policy))
        .Select(g => (g.Key, (Sum(g, row => row.AmountE4), Sum(g, row => row.VestedCredit))));

    private static IEnumerable<((DateOnly, string, string, string?), Int128)> StandingBounties(ComponentSlice slice, Func<BountyRow, bool> counts) =>
        slice.Bounties.Where(counts).GroupBy(row => (row.ForDay, row.Fact, row.Staff, row.Sale)).Select(g => (g.Key, Sum(g, row => row.Amount)));

    private static IEnumerable<((DateOnly, string, string, string?), Int128)> GivenBounties(Outcome outcome, Func<DateOnly, bool> counts) =>
        outcome.Bounties.Where(row => counts(row.Day)).GroupBy(row => (row.Day, row.Service.Value, row.Clerk.Id.Value, row.Sale?.Value)).Select(g => (g.Key, Sum(g, row => row.Amount)));

    private static Int128 Sum<TRow>(IEnumerable<TRow> rows, Func<TRow, Int128> amount) => rows.Aggregate((Int128)0, (sum, row) => sum + amount(row));
}
