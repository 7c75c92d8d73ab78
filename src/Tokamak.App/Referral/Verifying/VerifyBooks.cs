using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Closing;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Verifying;

/// <summary>
/// Proves a brand's books: everything stored is derived anew from the facts, in bounded memory, and each row that does not
/// follow is named. Sees one moment of the books, so it may run beside live traffic.
/// </summary>
public static class VerifyBooks
{
    private const int MembersPerBatch = 2_000, FactsPerBatch = 20_000;

    public static Task<Verification> RunAsync(Turn turn, PostingProgress? progress, CancellationToken stop) => RunAsync(turn, MembersPerBatch, progress, stop);

    /// <param name="turn">Sees one moment.</param>
    /// <param name="members">So many are derived together, but for those who were merged with them.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="stop">Gives up.</param>
    internal static async Task<Verification> RunAsync(Turn turn, int members, PostingProgress? progress, CancellationToken stop)
    {
        var verification = new Verification();
        turn.TimeoutSeconds = 0;
        var rules = await BookRules.LoadAsync(turn, stop);
        await using var books = turn.Books();
        var waits = await WaitingAsync(turn, books, verification, stop);
        await VerifyFacts.RunAsync(turn, rules, verification, progress, stop);

        await CheckCountsAsync(turn, rules, verification, stop);
        var closes = await ClosesAsync(turn, rules, stop);
        var merged = await EverMerged.LoadAsync(turn, stop);
        var components = new VerifyComponents(rules, closes, merged, verification);
        var sums = new MonthlySums();
        await foreach (var (stored, isWaiting) in ComponentsAsync(turn, merged, waits, members, stop))
        {
            if (!isWaiting) components.Check(stored);
            sums.Add(stored.Slice);
            progress?.Invoke("deriving", verification.Members, null);
        }
        await StrayRows.FindAsync(turn, verification, stop);
        await VerifyDates.RunAsync(turn, closes.Select(close => close.Period).ToList(), verification, stop);
        await CheckTotalsAsync(books, sums, verification, stop);
        await CheckFrozenAsync(books, rules, sums, verification, stop);
        return verification;
    }

    /// <summary>The closes in order, with the rules as they stood then.</summary>
    private static async Task<List<(PeriodRow Period, BookRules Rules)>> ClosesAsync(Turn turn, BookRules rules, CancellationToken stop)
    {
        await using var books = turn.Books();
        var closes = new List<(PeriodRow Period, BookRules Rules)>();
        foreach (var period in await books.Periods.OrderBy(period => period.Month).ToListAsync(stop))
            closes.Add((period, rules with { Roster = await BookRules.RosterAsync(turn, rules.Policy.Zone, [], stop, period.Facts), Horizon = period.Horizon }));
        return closes;
    }

    /// <summary>Members, by those who are one now, and sales without one, that cannot be judged yet.</summary>
    private static async Task<HashSet<string>> WaitingAsync(Turn turn, BrandContext books, Verification verification, CancellationToken stop)
    {
        var queued = (await books.Work.ToListAsync(stop)).ToLookup(w => w.Kind, w => w.Name);
        verification.SetAside = (await WorkQueue.SetAsideAsync(turn, stop)).Count;
        var members = queued[WorkKind.Member].ToList();
        var waits = (await books.Members.Where(m => members.Contains(m.Id)).Select(m => m.Root).ToListAsync(stop)).Concat(queued[WorkKind.Sale]).ToHashSet();
        var vesting = (await StillVestingAsync(books, stop)).Where(waits.Add).Count();
        verification.Waiting = queued.Sum(kind => kind.Count()) + vesting;
        return waits;
    }

    private static async IAsyncEnumerable<(StoredComponents Stored, bool IsWaiting)> ComponentsAsync(
        Turn turn, EverMerged merged, HashSet<string> waits, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var seen = new HashSet<string>();
        foreach (var (kind, sql) in ((WorkKind, string)[])[
            (WorkKind.Member, "select root from member where root > @after group by root order by root limit @most"),
            (WorkKind.Sale, "select sale from fact where member is null and type = 3 and sale > @after order by sale limit @most")])
        {
            for (var after = ""; ;)
            {
                var names = await turn.ReadAsync(sql, row => row.GetString(0), stop, ("after", after), ("most", most));
                // Those who were merged come together, with the first of them.
                var together = kind == WorkKind.Sale ? names.ConvertAll(name => (IReadOnlyList<string>)[name])
                    : names.ConvertAll(merged.With).FindAll(with => with.Count == 1 || seen.Add(merged.Of(with[0])));
                foreach (var part in together.GroupBy(with => with.Any(waits.Contains)))
                    yield return (await LoadAsync(turn, kind, [.. part.SelectMany(with => with)], stop), part.Key);
                if (names.Count < most) break;
                after = names[^1];
            }
        }
    }

    /// <summary>While lines are being let vest, some at a time: whose are still to come.</summary>
    private static async Task<IEnumerable<string>> StillVestingAsync(BrandContext books, CancellationToken stop)
    {
        if (await books.Books.SingleAsync(stop) is not { Vesting: true, Horizon: { } horizon }) return [];
        var due = books.Sales.Where(sale => sale.VestDue <= horizon);
        var roots = await due.Join(books.Members, sale => sale.Member, member => member.Id, (sale, member) => member.Root).Distinct().ToListAsync(stop);
        return roots.Concat(await due.Where(sale => sale.Member == null).Select(sale => sale.Id).ToListAsync(stop));
    }

    private static async Task<StoredComponents> LoadAsync(Turn turn, WorkKind kind, List<string> names, CancellationToken stop)
    {
        var slice = await ComponentSlice.LoadAsync(turn, [.. names.Select(name => new WorkRow { Kind = kind, Name = name, Cause = "" })], stop);
        await using var books = turn.Books();
        var sales = slice.Sales.Rows.Keys.ToList();
        return new StoredComponents(
            slice,
            await books.Bindings.Where(row => slice.Members.Contains(row.Member)).ToListAsync(stop),
            await books.BountyDecisions.Where(row => slice.Members.Contains(row.Member)).ToListAsync(stop),
            await books.SaleParties.Where(row => sales.Contains(row.Sale)).ToListAsync(stop));
    }

    /// <summary>Postings and notices are numbered without a gap over all their tables; the books say how far; a version's columns say what its text says.</summary>
    private static async Task CheckCountsAsync(Turn turn, BookRules rules, Verification verification, CancellationToken stop)
    {
        var facts = await turn.CountAsync("select coalesce(max(seq), 0) from fact", stop);
        if (facts != rules.Facts) verification.Add("book", "facts", $"{rules.Facts}", $"{facts}");
        var seqs = (await turn.ReadAsync(
            "select count(*), coalesce(sum(seq), 0), coalesce(max(seq), 0) from (select seq from credit union all select seq from commission union all select seq from bounty union all select seq from notice) posting",
            row => (Count: row.GetInt64(0), Sum: (Int128)row.GetFieldValue<decimal>(1), Last: row.GetInt64(2)), stop)).Single();
        if (seqs.Last != rules.Postings) verification.Add("book", "postings", $"{rules.Postings}", $"{seqs.Last}");
        if (seqs.Count != seqs.Last || seqs.Sum != (Int128)seqs.Last * (seqs.Last + 1) / 2)
            verification.Add("credit, commission, bounty and notice", "seq", $"{seqs.Count} rows up to {seqs.Last}", "numbers without a gap, none twice");
        foreach (var (version, from) in await turn.ReadAsync("select version, effective_from from policy_version", row => (row.GetInt32(0), row.GetFieldValue<DateOnly>(1)), stop))
            if (rules.Policy.Versions.All(v => v.Version != version || v.EffectiveFrom != from)) verification.Add("policy_version", $"{version}", $"from {from:yyyy-MM-dd}", "another number or date in its text");
    }

    private static async Task CheckTotalsAsync(BrandContext books, MonthlySums sums, Verification verification, CancellationToken stop)
    {
        verification.Compare(
            "credit_total", DerivedRows.Words((await books.CreditTotals.ToListAsync(stop)).Select(row => ((row.Period, row.Channel, row.Role, row.Staff, row.Store), (Int128)row.Amount))),
            DerivedRows.Words(sums.Credits.Select(sum => (sum.Key, sum.Value))));
        verification.Compare(
            "commission_total",
            DerivedRows.Words((await books.CommissionTotals.ToListAsync(stop)).Select(row => ((row.Period, row.Staff, row.Store, row.SaleMonth), ((Int128)row.GrossE4, (Int128)row.Credit)))),
            DerivedRows.Words(sums.Commissions.Select(sum => (sum.Key, sum.Value))));
        verification.Compare(
            "bounty_total", DerivedRows.Words((await books.BountyTotals.ToListAsync(stop)).Select(row => ((row.Period, row.Staff), (Int128)row.Amount))),
            DerivedRows.Words(sums.Bounties.Select(sum => (sum.Key, sum.Value))));
    }

    /// <summary>Settles all closed months from the postings and compares with what was frozen (R14).</summary>
    private static async Task CheckFrozenAsync(BrandContext books, BookRules rules, MonthlySums sums, Verification verification, CancellationToken stop)
    {
        var settlement = BookSettlement.Of(rules, sums.Credits.Select(sum => (sum.Key.Period, sum.Key.Staff, sum.Key.Store, sum.Value)),
            sums.Commissions.Select(sum => (sum.Key.Period, sum.Key.Staff, sum.Key.Store, sum.Key.SaleMonth, sum.Value.GrossE4, sum.Value.Credit)),
            sums.Bounties.Select(sum => (sum.Key.Period, sum.Key.Staff, sum.Value)), rules.LastClosed);
        var periods = await books.Periods.OrderBy(period => period.Month).ToListAsync(stop);
        var follows = periods.Select(period => FrozenPeriod.Of(settlement, StoredForms.MonthOf(period.Month))).ToList();
        verification.Compare("period", periods.ToDictionary(period => period.Month, period => period.Sha256), follows.ToDictionary(frozen => frozen.Month.ToString(), frozen => frozen.Sha256));
        verification.Compare(
            "statement", (await books.Statements.ToListAsync(stop)).ToDictionary(row => (row.Period, row.Staff, row.Store), DerivedRows.Words),
            follows.SelectMany(frozen => frozen.Statements).ToDictionary(row => (row.Period, row.Staff, row.Store), DerivedRows.Words));
        verification.Compare(
            "earning", (await books.Earnings.ToListAsync(stop)).ToDictionary(row => (row.Period, row.Staff, row.Month), DerivedRows.Words),
            follows.SelectMany(frozen => frozen.Earnings).ToDictionary(row => (row.Period, row.Staff, row.Month), DerivedRows.Words));
    }

    /// <summary>Columns of facts and what they are found by follow from the facts themselves.</summary>
    private static class VerifyFacts
    {
        public static async Task RunAsync(Turn turn, BookRules rules, Verification verification, PostingProgress? progress, CancellationToken stop)
        {
            await using var books = turn.Books();
            for (long after = 0; ;)
            {
                var rows = await books.Facts.Where(fact => fact.Seq > after).OrderBy(fact => fact.Seq).Take(FactsPerBatch).ToListAsync(stop);
                if (rows.Count == 0) break;
                var last = rows[^1].Seq;
                var mentions = (await books.Mentions.Where(m => m.Seq > after && m.Seq <= last).ToListAsync(stop)).Select(m => (m.Seq, m.Kind, m.Name)).ToHashSet();
                foreach (var row in rows) Check(row, mentions, rules, verification);
                foreach (var (seq, kind, name) in mentions) verification.Add("mention", $"{kind} {name} of fact {seq}", "a mention", "nothing");
                verification.Facts += rows.Count;
                progress?.Invoke("reading facts", verification.Facts, rules.Facts);
                after = last;
            }
        }

        private static void Check(FactRow row, HashSet<(long, MentionKind, string)> mentions, BookRules rules, Verification verification)
        {
            Fact fact;
            try
            {
                fact = StoredForms.FactOf(row);
            }
            catch (WrongBooksException unreadable)
            {
                verification.Add("fact", row.Id, row.Body, unreadable.Message);
                return;
            }
            foreach (var mention in Mentions.Of(fact).Select(m => (row.Seq, m.Kind, m.Name)))
                if (!mentions.Remove(mention)) verification.Add("mention", $"{mention.Kind} {mention.Name} of fact {row.Seq}", "nothing", "a mention");
            var (sale, member) = fact switch
            {
                SaleFact sold => (sold.Id.Value, sold.Member?.Value),
                SaleChangeFact change => (change.Sale.Value, row.Member),
                ServiceFact service => (null, service.Member.Value),
                MergeFact merge => (null, merge.From.Value),
                VoidFact => (row.Sale, row.Member),
                _ => (null, null),
            };
            var follows = new FactRow
            {
                Seq = row.Seq, Id = fact.Id.Value, Type = (short)fact.Order, AtTicks = fact.At.Ticks, Day = rules.Policy.Zone.DayOf(fact.At), Member = member, Sale = sale, Body = row.Body,
            };
            if (DerivedRows.Words(row) is var stands && DerivedRows.Words(follows) is var expected && stands != expected) verification.Add("fact", row.Id, stands, expected);
        }
    }
}
