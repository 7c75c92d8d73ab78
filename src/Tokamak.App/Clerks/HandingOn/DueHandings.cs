using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.HandingOn;

/// <summary>Members whose time to refuse is over are handed on by services, in the writer's turn and some at a time.</summary>
public static class DueHandings
{
    /// <summary>The services of the next members; who is not the store's any more, or has no successor there, stays as they are.</summary>
    public static async Task<IReadOnlyList<Fact>> FactsAsync(Turn turn, BookRules rules, DateOnly today, Instant now, int most, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Handings.Where(row => row.State == HandingState.Waits && row.RefuseUntil < today).OrderBy(row => row.RefuseUntil).ThenBy(row => row.Id).FirstOrDefaultAsync(stop) is not { } handing) return [];
        // The policy may be another by now: what pays a bounty, or is no longer listed, hands nobody on.
        var isListed = rules.Policy.InForceOn(today) is { } inForce && HandingRules.KindsOf(inForce).Contains(handing.Kind);
        // Whoever waits to be derived anew has no standing to look at yet.
        if (await books.Work.AnyAsync(work => work.Kind == WorkKind.Member && books.HandingMembers.Any(row => row.Handing == handing.Id && row.State == HandingOutcome.Waits && row.Member == work.Name), stop)) return [];
        List<Fact> facts = [];
        for (var more = true; more && facts.Count == 0;)
        {
            // Every member is settled in the turn that looks at them, so that the next step finds others.
            var due = await books.HandingMembers.Where(row => row.Handing == handing.Id && row.State == HandingOutcome.Waits).OrderBy(row => row.Member).Take(most).ToListAsync(stop);
            var ids = due.ConvertAll(row => row.Member);
            var members = await books.Members.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, stop);
            var settled = due.ConvertAll(row => row with { State = isListed && members.TryGetValue(row.Member, out var member) && Goes(rules, handing, row, member, now) ? HandingOutcome.HandedOn : HandingOutcome.Stayed });
            await turn.UpsertAsync<HandingMemberRow>(settled, stop);
            facts.AddRange(settled.Where(row => row.State == HandingOutcome.HandedOn)
                .Select(row => new ServiceFact(IdOf(handing.Id, row.Member), now, 0, new MemberId(row.Member), handing.Kind, new StoreId(handing.Store), new StaffId(row.Successor))));
            more = due.Count == most;
            if (!more) await turn.UpsertAsync<HandingRow>([handing with { State = HandingState.Done }], stop);
        }
        return facts;
    }

    /// <summary>What the books did not take is not handed on.</summary>
    public static async Task AnsweredAsync(Turn turn, IReadOnlyList<Fact> facts, IReadOnlyList<FactAnswer> answers, CancellationToken stop)
    {
        var failed = facts.Zip(answers).Where(pair => pair.Second.Status != FactStatus.Accepted).Select(pair => (ServiceFact)pair.First).ToDictionary(fact => fact.Id);
        if (failed.Count == 0) return;
        await using var books = turn.Books();
        var members = failed.Values.Select(fact => fact.Member.Value).ToList();
        var rows = await books.HandingMembers.Where(row => members.Contains(row.Member) && row.State == HandingOutcome.HandedOn).ToListAsync(stop);
        await turn.UpsertAsync<HandingMemberRow>([.. rows.Where(row => failed.ContainsKey(IdOf(row.Handing, row.Member))).Select(row => row with { State = HandingOutcome.Stayed })], stop);
    }

    private static bool Goes(BookRules rules, HandingRow handing, HandingMemberRow row, MemberRow member, Instant now) =>
        member.Root == member.Id && PlanHanding.IsStores(member, rules, new StoreId(handing.Store), now) && PlanHanding.WorksAt(rules.Roster, new StaffId(row.Successor), new StoreId(handing.Store), now);

    // Both ids may be long.
    private static FactId IdOf(string handing, string member) => new("hand-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{handing} {member}")).AsSpan(0, 16)));
}
