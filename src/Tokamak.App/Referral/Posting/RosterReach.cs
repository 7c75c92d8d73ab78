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
internal sealed class RosterReach
{
    private const string LinkClick = "\"" + BindingRules.LinkClick + "\"";

    private readonly Dictionary<(WorkKind, string), WorkRow> _reached = [];
    private readonly BrandContext _books;
    private readonly long _before;
    private readonly CancellationToken _stop;

    private RosterReach(BrandContext books, long before, CancellationToken stop) => (_books, _before, _stop) = (books, before, stop);

    /// <param name="turn">Reads what is posted.</param>
    /// <param name="changes">New staff facts, and staff facts that new voids take back.</param>
    /// <param name="policy">How long a click on a link counts.</param>
    /// <param name="roster">With the changes.</param>
    /// <param name="before">Facts up to here were posted before.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<List<WorkRow>> OfAsync(
        Turn turn, IReadOnlyList<(StaffFact Staff, FactId Cause)> changes, Policy policy, Roster roster, long before, CancellationToken stop)
    {
        if (before == 0) return [];
        await using var books = turn.Books();
        var reach = new RosterReach(books, before, stop);
        // A day more: days are counted by the calendar.
        var linkTicks = (policy.Versions.Max(version => version.LinkDays) + 1) * TimeSpan.TicksPerDay;
        foreach (var (fact, cause) in changes)
        {
            var employments = roster.Find(fact.Staff)?.Employments ?? [];
            await reach.NamedAsync(fact, cause, employments, linkTicks);
            await reach.HeldAsync(fact, cause);
            if (fact.Member is not null) await reach.OwnMembershipAsync(fact, cause, employments);
        }
        return [.. reach._reached.Values];
    }

    /// <summary>By the clerk's name, link or code.</summary>
    private async Task NamedAsync(StaffFact fact, FactId cause, IReadOnlyList<Employment> employments, long linkTicks)
    {
        var (staff, atTicks, isVoid) = (fact.Staff.Value, fact.At.Ticks, cause != fact.Id);
        // A grade named for the first time holds for all that came before it, too (R12).
        var earlierGrade = employments.TakeWhile(e => e.Cause.Id != fact.Id).Any(e => e.Grade is not null);
        var fromTicks = fact.Grade is not null && (isVoid || !earlierGrade) ? 0 : atTicks;
        var mentions = _books.Mentions.Where(m => m.Kind == MentionKind.Staff && m.Name == staff);
        await FactsAsync(mentions, fromTicks, cause);
        await SalesAsync(_books.Credits.Where(row => row.Staff == staff).Select(row => row.Sale).Distinct(), fromTicks, cause);

        var clicks = _books.Facts.Where(f => f.Type == (short)FactOrder.Service && f.Body.Contains(LinkClick) && f.AtTicks >= atTicks - linkTicks && f.AtTicks < atTicks);
        await SinceAsync(mentions.Where(m => m.Seq <= _before).Join(clicks, m => m.Seq, f => f.Seq, (m, f) => f.Member!), atTicks, cause);

        // A code that is not given anew stays when they join again (R1).
        var codes = employments.Select(e => e.Code).Append(fact.Code).OfType<string>().Distinct().ToList();
        if (codes.Count > 0) await FactsAsync(_books.Mentions.Where(m => m.Kind == MentionKind.Code && codes.Contains(m.Name)), atTicks, cause);
    }

    /// <summary>Members who were the clerk's.</summary>
    private Task HeldAsync(StaffFact fact, FactId cause)
    {
        var staff = fact.Staff.Value;
        return SinceAsync(_books.Bindings.Where(b => b.Staff == staff).Select(b => b.Member), fact.At.Ticks, cause);
    }

    private async Task OwnMembershipAsync(StaffFact fact, FactId cause, IReadOnlyList<Employment> employments)
    {
        var (staff, atTicks) = (fact.Staff.Value, fact.At.Ticks);
        var own = employments.Select(e => e.Member?.Value).Append(fact.Member?.Value).OfType<string>().Distinct().ToList();
        var groups = _books.Members.Where(m => _books.Members.Where(o => own.Contains(o.Id)).Select(o => o.Root).Contains(m.Root));
        Add(WorkKind.Member, await groups.Where(m => m.LastAtTicks >= atTicks).Select(m => m.Root).ToListAsync(_stop), cause);
        Add(WorkKind.Member, await _books.BountyDecisions.Where(b => b.Staff == staff).Join(groups, b => b.Member, m => m.Id, (b, m) => m.Root).Distinct().ToListAsync(_stop), cause);
    }

    private async Task FactsAsync(IQueryable<MentionRow> mentions, long fromTicks, FactId cause)
    {
        var found = await mentions.Where(m => m.Seq <= _before).Join(_books.Facts, m => m.Seq, f => f.Seq, (m, f) => f)
            .Where(f => f.AtTicks >= fromTicks).Select(f => new { f.Member, f.Sale }).Distinct().ToListAsync(_stop);
        Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
        Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale!), cause);
    }

    private async Task SalesAsync(IQueryable<string> sales, long fromTicks, FactId cause)
    {
        var found = await sales.Join(_books.Sales, id => id, sale => sale.Id, (id, sale) => sale).Where(sale => sale.AtTicks >= fromTicks)
            .Select(sale => new { sale.Member, Sale = sale.Id }).ToListAsync(_stop);
        Add(WorkKind.Member, await RootsAsync(found.Select(f => f.Member).OfType<string>()), cause);
        Add(WorkKind.Sale, found.Where(f => f.Member is null).Select(f => f.Sale), cause);
    }

    /// <summary>Of some members, those with a fact at a moment or after it.</summary>
    private async Task SinceAsync(IQueryable<string> members, long atTicks, FactId cause) => Add(
        WorkKind.Member,
        await members.Distinct()
            .Join(_books.Members, id => id, member => member.Id, (id, member) => member.Root).Distinct()
            .Join(_books.Members, root => root, member => member.Id, (root, member) => member).Where(member => member.LastAtTicks >= atTicks)
            .Select(member => member.Id).ToListAsync(_stop),
        cause);

    private async Task<List<string>> RootsAsync(IEnumerable<string> members)
    {
        var ids = members.Distinct().ToList();
        return ids.Count == 0 ? [] : await _books.Members.Where(m => ids.Contains(m.Id)).Select(m => m.Root).Distinct().ToListAsync(_stop);
    }

    private void Add(WorkKind kind, IEnumerable<string> names, FactId cause)
    {
        foreach (var name in names) _reached.TryAdd((kind, name), new WorkRow { Kind = kind, Name = name, Cause = cause.Value });
    }
}
