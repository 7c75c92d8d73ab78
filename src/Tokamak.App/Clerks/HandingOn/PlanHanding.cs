using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.HandingOn;

/// <summary>What became of a plan.</summary>
public enum PlanOutcome
{
    Planned,

    /// <summary>The clerk is employed still, and has left nobody behind elsewhere: their members are theirs.</summary>
    NotLeft,

    /// <summary>One is on its way already.</summary>
    OnItsWay,

    /// <summary>The store holds no member of theirs any more.</summary>
    Nobody,

    /// <summary>A successor does not work at the store, or there is none.</summary>
    NoSuccessor,

    /// <summary>The policy in force does not list the kind of service, or it is one that pays or stands for something else.</summary>
    WrongKind,

    /// <summary>The day is not one from tomorrow to <see cref="PlanHanding.MostDays"/> days ahead.</summary>
    WrongDay,
}

/// <summary>A plan to hand a leaver's members on.</summary>
/// <param name="Staff">Who left, or moved to another store or joined one again since.</param>
/// <param name="Store">Which holds the members now.</param>
/// <param name="Successors">To whom, by turns in this order; all work at the store.</param>
/// <param name="Kind">Of the service that hands a member on.</param>
/// <param name="RefuseUntil">The last day on which a member may refuse.</param>
/// <param name="Address">Of the members' own pages, for those who are told by message; null: nothing sends messages, and nobody is.</param>
public sealed record HandingPlan(StaffId Staff, StoreId Store, IReadOnlyList<StaffId> Successors, string Kind, DateOnly RefuseUntil, string? Address = null);

/// <summary>
/// Hands the members of a clerk who has left on to others of the same store: planned by the office or the store's manager, told to the
/// members, who may refuse up to a day, and then done by services, some at a time. Who refuses, and whom somebody has served meanwhile, stay as they are.
/// </summary>
public static class PlanHanding
{
    public const int UsualDays = 14, MostDays = 60;

    /// <param name="turn">A write turn; to be committed when planned.</param>
    /// <param name="rules">The books.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="id">Of the plan, fresh.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>What became of it, and how many members it is about.</returns>
    public static async Task<(PlanOutcome Outcome, int Members)> RunAsync(Turn turn, BookRules rules, HandingPlan plan, string id, string by, Instant now, CancellationToken stop)
    {
        var today = rules.Policy.Zone.DayOf(now);
        if (rules.Roster.Find(plan.Staff) is not { Employments: [.., var last] }) return (PlanOutcome.NotLeft, 0);
        var members = (await LeftBehindAsync(turn, rules, plan.Staff, now, stop)).GetValueOrDefault(plan.Store) ?? [];
        if (last.Employed && members.Count == 0) return (PlanOutcome.NotLeft, 0);
        if (plan.RefuseUntil <= today || plan.RefuseUntil > today.AddDays(MostDays)) return (PlanOutcome.WrongDay, 0);
        if (rules.Policy.InForceOn(today) is not { } inForce || !HandingRules.KindsOf(inForce).Contains(plan.Kind)) return (PlanOutcome.WrongKind, 0);
        var successors = plan.Successors.Distinct().ToList();
        if (successors.Count == 0 || successors.Exists(staff => !WorksAt(rules.Roster, staff, plan.Store, now))) return (PlanOutcome.NoSuccessor, 0);
        await using var books = turn.Books();
        if (await books.Handings.AnyAsync(row => row.Staff == plan.Staff.Value && row.Store == plan.Store.Value && row.State == HandingState.Waits, stop)) return (PlanOutcome.OnItsWay, 0);
        if (members.Count == 0) return (PlanOutcome.Nobody, 0);
        await turn.InsertAsync<HandingRow>(
            [
                new HandingRow
                {
                    Id = id, Staff = plan.Staff.Value, Store = plan.Store.Value, Kind = plan.Kind, AskedBy = by, AskedAtTicks = now.Ticks, RefuseUntil = plan.RefuseUntil, State = HandingState.Waits, Address = plan.Address,
                },
            ], stop);
        await turn.InsertAsync<HandingMemberRow>(
            [.. members.Select((member, place) => new HandingMemberRow { Handing = id, Member = member.Value, Successor = successors[place % successors.Count].Value, State = HandingOutcome.Waits })], stop);
        if (plan.Address is not null)
            await turn.InsertAsync<HandingNoticeRow>([.. members.Select(member => new HandingNoticeRow { Handing = id, Member = member.Value, State = HandingNoticeState.Waits, NextTryTicks = now.Ticks })], stop);
        return (PlanOutcome.Planned, members.Count);
    }

    /// <summary>The members who were the leaver's last and whom a store holds now, by that store: the one they left, or one that they worked at before (R5).</summary>
    public static async Task<IReadOnlyDictionary<StoreId, IReadOnlyList<MemberId>>> LeftBehindAsync(Turn turn, BookRules rules, StaffId staff, Instant now, CancellationToken stop)
    {
        var today = rules.Policy.Zone.DayOf(now);
        // A leave is felt when a member is next looked at (R5): until then the row still names the leaver.
        var ids = await turn.ReadAsync(
            """
            select m.id from member m where m.id = m.root and m.expires_on >= @today and m.id in (select member from binding where staff = @staff)
              and (m.staff = @staff or (m.staff is null
                and (select b.staff from binding b where b.member = m.id and b.staff is not null order by b.at_ticks desc, b.cause desc limit 1) = @staff))
            order by m.id
            """,
            row => row.GetString(0), stop, ("today", today), ("staff", staff.Value));
        await using var books = turn.Books();
        var rows = await books.Members.Where(row => ids.Contains(row.Id)).ToListAsync(stop);
        return rows.Select(row => (Member: new MemberId(row.Id), Binding: BindingOf(row, rules, now))).Where(one => one.Binding is { } held && HandingRules.IsStores(held, held.Store, today))
            .GroupBy(one => one.Binding!.Store).ToDictionary(group => group.Key, IReadOnlyList<MemberId> (group) => [.. group.Select(one => one.Member).Order()]);
    }

    internal static bool IsStores(MemberRow row, BookRules rules, StoreId store, Instant now) =>
        HandingRules.IsStores(BindingOf(row, rules, now), store, rules.Policy.Zone.DayOf(now));

    private static Binding? BindingOf(MemberRow row, BookRules rules, Instant now) => ReadBinding.Followed(StoredForms.StandingOf(row, rules).Binding, rules.Policy, now);

    public static bool WorksAt(Roster roster, StaffId staff, StoreId store, Instant now) => roster.Find(staff)?.At(now) is { Employed: true } place && place.Store == store;

    /// <summary>Nobody is handed on any more; who was already stays so.</summary>
    /// <returns>False: it does not wait any more.</returns>
    public static async Task<bool> TakeBackAsync(Turn turn, string id, CancellationToken stop) =>
        await turn.ExecuteAsync("update handing set state = @gone where id = @id and state = @waits", stop, ("gone", (short)HandingState.TakenBack), ("id", id), ("waits", (short)HandingState.Waits)) > 0;

    /// <summary>A member does not want to be handed on: they stay with the store.</summary>
    /// <param name="turn">A write turn; to be committed.</param>
    /// <param name="family">All ids of the member.</param>
    /// <param name="today">The brand's day.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False: nothing waits for a word of theirs.</returns>
    public static async Task<bool> RefuseAsync(Turn turn, IReadOnlyList<MemberId> family, DateOnly today, CancellationToken stop) =>
        await turn.ExecuteAsync(
            $"""
            update handing_member set state = @refused where {turn.IsOneOf("member", "family")} and state = @waits
              and handing in (select id from handing where state = @open and refuse_until >= @today)
            """,
            stop, turn.List("family", [.. family.Select(id => id.Value)]), ("refused", (short)HandingOutcome.Refused), ("waits", (short)HandingOutcome.Waits), ("open", (short)HandingState.Waits), ("today", today)) > 0;

    /// <summary>What waits for a member's word.</summary>
    /// <returns>Who is to have them, and until when they may refuse; null for nothing.</returns>
    public static async Task<(StaffId From, StaffId To, DateOnly Until)?> OfMemberAsync(Turn turn, IReadOnlyList<MemberId> family, DateOnly today, CancellationToken stop)
    {
        await using var books = turn.Books();
        var ids = family.Select(id => id.Value).ToList();
        var found = await (from row in books.HandingMembers
                           join handing in books.Handings on row.Handing equals handing.Id
                           where ids.Contains(row.Member) && row.State == HandingOutcome.Waits && handing.State == HandingState.Waits && handing.RefuseUntil >= today
                           orderby handing.RefuseUntil
                           select new { handing.Staff, row.Successor, handing.RefuseUntil }).FirstOrDefaultAsync(stop);
        return found is null ? null : (new StaffId(found.Staff), new StaffId(found.Successor), found.RefuseUntil);
    }
}
