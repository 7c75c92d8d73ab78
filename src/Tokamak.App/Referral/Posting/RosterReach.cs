using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Posting;

/// <summary>
/// Whom a change of the roster can reach among facts posted already: whatever names the clerk or the code from its moment
/// on, members who were the clerk's, sales credited to them (a grade named late counts backwards, R12), and the members
/// whose own membership the clerk has (R8, R15). Rather too many than too few: those whom it does not change post nothing.
/// </summary>
internal static class RosterReach
{
    /// <param name="changes">New staff facts, and staff facts that new voids take back.</param>
    /// <param name="before">Facts up to here were posted before.</param>
    public static async Task<List<WorkRow>> OfAsync(
        Turn turn, IReadOnlyList<(StaffFact Staff, FactId Cause)> changes, Roster roster, long before, CancellationToken stop)
    {
        var reached = new Dictionary<(WorkKind, string), WorkRow>();
        if (before == 0) return [];
        await using var books = turn.Books();
        foreach (var (fact, cause) in changes)
        {
            var staff = fact.Staff.Value;
            var isVoid = cause != fact.Id;
            await FactsAsync(books.Mentions.Where(m => m.Kind == MentionKind.Staff && m.Name == staff), fact.At.Ticks);
            if (fact.Code is { } code) await FactsAsync(books.Mentions.Where(m => m.Kind == MentionKind.Code && m.Name == code), fact.At.Ticks);
            var held = await books.Bindings.Where(b => b.Staff == staff).Select(b => b.Member).Distinct()
                .Join(books.Members, id => id, member => member.Id, (id, member) => member).Where(member => member.LastAtTicks >= fact.At.Ticks)
                .Select(member => member.Root).Distinct().ToListAsync(stop);
            Add(WorkKind.Member, held, cause);

            var earlierGrade = roster.Find(fact.Staff)?.Employments.TakeWhile(e => e.Cause.Id != fact.Id).Any(e => e.Grade is not null) == true;
            if (fact.Grade is not null && (isVoid || !earlierGrade))
                await SalesAsync(books.Credits.Where(row => row.Staff == staff).Select(row => row.Sale).Distinct(), cause);
            else
                await SalesAsync(books.Credits.Where(row => row.Staff == staff && row.ForDay >= DateOnly.FromDayNumber((int)(fact.At.Ticks / TimeSpan.TicksPerDay)).AddDays(-1)).Select(row => row.Sale).Distinct(), cause);

            var own = (roster.Find(fact.Staff)?.Employments ?? []).Select(e => e.Member?.Value).Append(fact.Member?.Value).OfType<string>().Distinct().ToList();
            if (fact.Member is not null)
                Add(WorkKind.Member, await books.Members.Where(m => own.Contains(m.Id)).Select(m => m.Root).Distinct().ToListAsync(stop), cause);

            async Task FactsAsync(IQueryable<MentionRow> mentions, long fromTicks)
            {
                var found = await mentions.Where(m => m.Seq <= before).Join(books.Facts, m => m.Seq, f => f.Seq, (m, f) => f)
                    .Where(f => f.AtTicks >= fromTicks).Select(f => new { f.Member, f.Sale }).Distinct().ToListAsync(stop);
                Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
                Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale!), cause);
            }
        }
        return [.. reached.Values];

        void Add(WorkKind kind, IEnumerable<string> names, FactId cause)
        {
            foreach (var name in names) reached.TryAdd((kind, name), new WorkRow { Kind = kind, Name = name, Cause = cause.Value });
        }

        async Task SalesAsync(IQueryable<string> sales, FactId cause)
        {
            var found = await sales.Join(books.Sales, id => id, sale => sale.Id, (id, sale) => new { sale.Member, Sale = sale.Id }).ToListAsync(stop);
            Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
            Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale), cause);
        }

        async Task<List<string>> RootsAsync(IEnumerable<string> members)
        {
            var ids = members.Distinct().ToList();
            return ids.Count == 0 ? [] : await books.Members.Where(m => ids.Contains(m.Id)).Select(m => m.Root).Distinct().ToListAsync(stop);
        }
    }
}
