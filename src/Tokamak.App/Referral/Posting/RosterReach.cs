using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Whom a change of the roster can reach among facts posted already: whatever names the clerk or a code they ever had from its
/// moment on, members who clicked the clerk's link so shortly before that it may close a sale after it (R8), members who were the
/// clerk's, sales credited to them (a grade named late counts backwards, R12), and the members whose own membership the clerk has
/// (R8, R15). Rather too many than too few: those whom it does not change post nothing.
/// </summary>
internal static class RosterReach
{
    private const string LinkClick = "\"" + BindingRules.LinkClick + "\"";

    /// <param name="changes">New staff facts, and staff facts that new voids take back.</param>
    /// <param name="policy">How long a click on a link counts.</param>
    /// <param name="before">Facts up to here were posted before.</param>
    public static async Task<List<WorkRow>> OfAsync(
        Turn turn, IReadOnlyList<(StaffFact Staff, FactId Cause)> changes, Policy policy, Roster roster, long before, CancellationToken stop)
    {
        var reached = new Dictionary<(WorkKind, string), WorkRow>();
        if (before == 0) return [];
        await using var books = turn.Books();
        // A day more: days are counted by the calendar.
        var linkTicks = (policy.Versions.Max(version => version.LinkDays) + 1) * TimeSpan.TicksPerDay;
        foreach (var (fact, cause) in changes)
        {
            var staff = fact.Staff.Value;
            var employments = roster.Find(fact.Staff)?.Employments ?? [];
            var isVoid = cause != fact.Id;
            // A grade named for the first time holds for all that came before it, too (R12).
            var earlierGrade = employments.TakeWhile(e => e.Cause.Id != fact.Id).Any(e => e.Grade is not null);
            var fromTicks = fact.Grade is not null && (isVoid || !earlierGrade) ? 0 : fact.At.Ticks;
            var mentions = books.Mentions.Where(m => m.Kind == MentionKind.Staff && m.Name == staff);
            await FactsAsync(mentions, books.Facts.Where(f => f.AtTicks >= fromTicks));
            var clicks = books.Facts.Where(f => f.Type == (short)FactOrder.Service && f.Body.Contains(LinkClick) && f.AtTicks >= fact.At.Ticks - linkTicks && f.AtTicks < fact.At.Ticks);
            Add(WorkKind.Member, await SinceAsync(mentions.Join(clicks, m => m.Seq, f => f.Seq, (m, f) => f.Member!), fact.At.Ticks), cause);
            await SalesAsync(books.Credits.Where(row => row.Staff == staff).Select(row => row.Sale).Distinct(), fromTicks, cause);
            // A code that is not given anew stays when they join again (R1).
            var codes = employments.Select(e => e.Code).Append(fact.Code).OfType<string>().Distinct().ToList();
            await FactsAsync(books.Mentions.Where(m => m.Kind == MentionKind.Code && codes.Contains(m.Name)), books.Facts.Where(f => f.AtTicks >= fact.At.Ticks));
            Add(WorkKind.Member, await SinceAsync(books.Bindings.Where(b => b.Staff == staff).Select(b => b.Member), fact.At.Ticks), cause);
            if (fact.Member is not null)
            {
                var own = employments.Select(e => e.Member?.Value).Append(fact.Member?.Value).OfType<string>().Distinct().ToList();
                var groups = books.Members.Where(m => books.Members.Where(o => own.Contains(o.Id)).Select(o => o.Root).Contains(m.Root));
                Add(WorkKind.Member, await groups.Where(m => m.LastAtTicks >= fact.At.Ticks).Select(m => m.Root).ToListAsync(stop), cause);
                Add(WorkKind.Member, await books.BountyDecisions.Where(b => b.Staff == staff).Join(groups, b => b.Member, m => m.Id, (b, m) => m.Root).Distinct().ToListAsync(stop), cause);
            }

            async Task FactsAsync(IQueryable<MentionRow> mentions, IQueryable<FactRow> facts)
            {
                var found = await mentions.Where(m => m.Seq <= before).Join(facts, m => m.Seq, f => f.Seq, (m, f) => f)
                    .Select(f => new { f.Member, f.Sale }).Distinct().ToListAsync(stop);
                Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
                Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale!), cause);
            }
        }
        return [.. reached.Values];

        void Add(WorkKind kind, IEnumerable<string> names, FactId cause)
        {
            foreach (var name in names) reached.TryAdd((kind, name), new WorkRow { Kind = kind, Name = name, Cause = cause.Value });
        }

        async Task SalesAsync(IQueryable<string> sales, long fromTicks, FactId cause)
        {
            var found = await sales.Join(books.Sales, id => id, sale => sale.Id, (id, sale) => sale).Where(sale => sale.AtTicks >= fromTicks)
                .Select(sale => new { sale.Member, Sale = sale.Id }).ToListAsync(stop);
            Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
            Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale), cause);
        }

        // Of some members, those with a fact at a moment or after it.
        Task<List<string>> SinceAsync(IQueryable<string> members, long atTicks) => members.Distinct()
            .Join(books.Members, id => id, member => member.Id, (id, member) => member.Root).Distinct()
            .Join(books.Members, root => root, member => member.Id, (root, member) => member).Where(member => member.LastAtTicks >= atTicks)
            .Select(member => member.Id).ToListAsync(stop);

        async Task<List<string>> RootsAsync(IEnumerable<string> members)
        {
            var ids = members.Distinct().ToList();
            return ids.Count == 0 ? [] : await books.Members.Where(m => ids.Contains(m.Id)).Select(m => m.Root).Distinct().ToListAsync(stop);
        }
    }
}
