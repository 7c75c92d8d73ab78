using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary>What a sale pays whom and when: vesting, rates, what was taken back or kept, and bounties it earned.</summary>
internal sealed class TraceOfPay(Books books, TraceWords say)
{
    public IEnumerable<TraceEntry> Entries(SaleBook sale)
    {
        if (sale.Version is null) return [];
        return [.. Waiting(sale), .. Paid(sale), .. Kept(sale), .. Bounties(sale)];
    }

    private IEnumerable<TraceEntry> Waiting(SaleBook sale)
    {
        for (var i = 0; i < sale.Count; i++)
        {
            var line = sale.Line(i);
            if (line.Vested || line.Net == 0) continue;
            var number = say.Count(sale.Sold(i).Line);
            var hold = say.Count(sale.Version!.HoldDays(sale.Fact.Channel));
            yield return line.ReceivedOn is { } received && CommissionRules.VestDay(sale, received) is { } vests
                ? new TraceEntry("", TraceOutcome.Note, say["trace.pay.vestsOn", number, say.Day(vests)], "R13", null, null, null, null, vests)
                : new TraceEntry("", TraceOutcome.Note, say["trace.pay.notReceived", number, hold], "R13", null, null, null, null, null);
        }
    }

    private IEnumerable<TraceEntry> Paid(SaleBook sale)
    {
        var rows = books.CommissionsOf(sale.Fact.Id).Where(c => c.Line is not null)
            .GroupBy(c => (c.Day, c.Cause, c.Role, c.Party))
            .OrderBy(g => g.Key.Day).ThenBy(g => g.Key.Role);
        foreach (var row in rows)
        {
            var amount = row.Aggregate((Int128)0, (sum, c) => sum + c.AmountE4);
            var ((day, cause, role, party), isVest) = (row.Key, row.Key.Cause == CommissionPosting.Vest);
            var sentence = isVest
                ? say["trace.pay.vested", say.Day(day), say.Party(party), say.Role(role), RatesOf(sale, role, party, row)]
                : say["trace.pay.takenBack", say.Day(day), say.Party(party), say.Role(role)];
            yield return new TraceEntry(
                say.Party(party), amount > 0 ? TraceOutcome.Given : TraceOutcome.NotGiven, sentence, "R12 R13",
                party.Staff is null ? say["trace.pay.toPool"] : null, TraceWords.InUnits(amount), role, isVest ? null : cause, day, party);
        }
    }

    /// <summary>The rates that made an amount: one, or several by category.</summary>
    private string RatesOf(SaleBook sale, Role role, Party party, IEnumerable<CommissionPosting> rows)
    {
        var rule = CommissionRules.RuleFor(sale.Version!, role, party.Clerk?.GradeForSale(sale.Fact.At));
        var rates = rows.Select(r => CommissionRules.RateBps(rule, sale.Sold(sale.IndexOf(r.Line!.Value)).Category)).Distinct().Order();
        return string.Join(" / ", rates.Select(say.Rate));
    }

    private IEnumerable<TraceEntry> Kept(SaleBook sale) =>
        books.Journal.KeptOf(sale.Fact.Id).GroupBy(k => (k.Day, k.Cause.Id, k.Role, k.Party)).Select(kept => new TraceEntry(
            say.Party(kept.Key.Party), TraceOutcome.Given,
            say["trace.pay.kept", say.Day(kept.Key.Day), say.Count(sale.Version!.ClawbackDays), say.Party(kept.Key.Party), say.Commission(-kept.Aggregate((Int128)0, (sum, k) => sum + k.AmountE4))],
            "R13", null, null, kept.Key.Role, kept.Key.Id, kept.Key.Day, kept.Key.Party));

    private IEnumerable<TraceEntry> Bounties(SaleBook sale) =>
        books.BountiesEarnedBy(sale.Fact.Id).Select(b => new TraceEntry(
            say.Clerk(b.Staff!.Value), TraceOutcome.Given,
            say["trace.pay.bounty", say.Day(b.EarnedOn!.Value), say.Clerk(b.Staff.Value), say.Kind(b.Service.Kind), say.Day(b.Day)],
            "R15", null, b.Bounty.Amount, null, b.Service.Id, b.EarnedOn, new Party(books.Log.Roster.Find(b.Staff.Value), b.Service.Store)));
}
