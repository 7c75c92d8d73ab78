using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>What came of a service with a bounty on its kind (R15).</summary>
public enum BountyVerdict { Earned, AwaitsPurchase, NoStaff, OwnMembership, NotBoundToStaff, NotFirst }

/// <summary>A service with a bounty on its kind and what came of it; <see cref="EarnedOn"/> once earned.</summary>
public sealed class BountyDecision(ServiceFact service, StaffTimeline? clerk, Bounty bounty, DateOnly day)
{
    public ServiceFact Service { get; } = service;

    /// <summary>The serving staff, employed then; null where the service counts as the store's own.</summary>
    public StaffId? Staff => Clerk?.Id;
    internal StaffTimeline? Clerk { get; } = clerk;
    public Bounty Bounty { get; } = bounty;
    public DateOnly Day { get; } = day;
    public BountyVerdict Verdict { get; internal set; }
    public DateOnly? EarnedOn { get; internal set; }

    /// <summary>A decision taken before, for a replay that goes on from there (<see cref="Opening"/>).</summary>
    public static BountyDecision Recall(ServiceFact service, StaffTimeline clerk, Bounty bounty, DateOnly day, BountyVerdict verdict) =>
        new(service, clerk, bounty, day) { Verdict = verdict };

    /// <summary>The sale that earned it, where one is required.</summary>
    public FactId? EarnedBy { get; internal set; }
}

/// <summary>Bounties over the course of a replay (R15): who may still earn which, by the member all merges lead to.</summary>
internal sealed class BountyBook
{
    private readonly FactLog _log;
    private readonly HashSet<(string Kind, int Member)> _firsts = [];
    private readonly Dictionary<int, List<BountyDecision>> _awaiting = [];

    public BountyBook(FactLog log, Opening? opening)
    {
        _log = log;
        foreach (var decision in opening?.Bounties ?? [])
        {
            if (log.NumberOf(decision.Service.Member) is var number && number == FactLog.None) continue;
            var member = log.FinalOf(number);
            if (decision.Bounty.OncePerMember && decision.Verdict is BountyVerdict.Earned or BountyVerdict.AwaitsPurchase) _firsts.Add((decision.Service.Kind, member));
            if (decision.Verdict == BountyVerdict.AwaitsPurchase) Await(member, decision);
        }
    }

    /// <summary>Judges a service on its own day, after it has had its effect on the binding.</summary>
    /// <returns>Null where the version has no bounty on the kind.</returns>
    public BountyDecision? Judge(ServiceFact service, int memberNumber, StaffTimeline? employed, DateOnly day, PolicyVersion? version, Binding? after)
    {
        if (version?.BountyOn(service.Kind) is not { } bounty) return null;
        var member = _log.FinalOf(memberNumber);
        var decision = new BountyDecision(service, employed, bounty, day);
        decision.Verdict = employed is not { } clerk ? BountyVerdict.NoStaff
            : version.SelfPurchase == SelfPurchase.Exclude && IsOwnMembership(clerk, member) ? BountyVerdict.OwnMembership
            : bounty.Bound && BindingRules.Current(after, day)?.Clerk != clerk ? BountyVerdict.NotBoundToStaff
            : bounty.OncePerMember && !_firsts.Add((service.Kind, member)) ? BountyVerdict.NotFirst
            : bounty.RequiresPurchaseWithinDays is null ? BountyVerdict.Earned
            : BountyVerdict.AwaitsPurchase;

        if (decision.Verdict == BountyVerdict.Earned) decision.EarnedOn = day;
        if (decision.Verdict == BountyVerdict.AwaitsPurchase) Await(member, decision);
        return decision;
    }

    private void Await(int member, BountyDecision decision)
    {
        ref var awaiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_awaiting, member, out _);
        (awaiting ??= []).Add(decision);
    }

    /// <summary>At the end of a day on which lines of a sale vested: the bounties that this earns.</summary>
    public IReadOnlyList<BountyDecision> EarnedBy(SaleBook sale, DateOnly day)
    {
        if (_awaiting.Count == 0 || sale.MemberNumber == FactLog.None) return [];
        var member = _log.FinalOf(sale.MemberNumber);
        return _awaiting.TryGetValue(member, out var awaiting) ? Earn(sale, day, member, awaiting) : [];
    }

    private List<BountyDecision> Earn(SaleBook sale, DateOnly day, int member, List<BountyDecision> awaiting)
    {
        Int128 vestedNet = 0;
        for (var i = 0; i < sale.Count; i++)
            if (sale.Line(i).Vested) vestedNet += sale.Line(i).Net;
        var earned = awaiting.FindAll(decision =>
            sale.Fact.At >= decision.Service.At
            && sale.Day.DayNumber - decision.Day.DayNumber <= decision.Bounty.RequiresPurchaseWithinDays
            && vestedNet >= decision.Bounty.MinNet);
        foreach (var decision in earned)
        {
            awaiting.Remove(decision);
            (decision.Verdict, decision.EarnedOn, decision.EarnedBy) = (BountyVerdict.Earned, day, sale.Fact.Id);
        }
        if (awaiting.Count == 0) _awaiting.Remove(member);
        return earned;
    }

    private bool IsOwnMembership(StaffTimeline clerk, int member) =>
        clerk.LastMember is { } own && _log.NumberOf(own) is var number && number != FactLog.None && _log.FinalOf(number) == member;
}
