using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Referral;

/// <summary>A fact that touched, or might have touched, a member's binding, with what came of it (R4 to R6).</summary>
/// <param name="Cause">Service, sale, staff fact or merge.</param>
/// <param name="Day">Its day.</param>
/// <param name="Member">The member as the fact named them, or by whose binding a staff fact was felt.</param>
/// <param name="Kind">Kind of service; empty for a staff fact or merge.</param>
/// <param name="Staff">The claimant's staff; null for a store's own service.</param>
/// <param name="Store">The claimant's store.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Before">The binding before it, lapsed or not.</param>
/// <param name="After">The binding after it.</param>
public sealed record BindingEvent(
    Fact Cause, DateOnly Day, MemberId Member, string Kind, StaffId? Staff, StoreId? Store, BindingVerdict Verdict, Binding? Before, Binding? After);

/// <summary>What was decided at a sale (R8, R16): the very decision its credits follow from.</summary>
public sealed record SaleDecision(SaleBook Sale, OwnerDecision Owner, IReadOnlyList<IReadOnlyList<CloserCandidate>> CandidatesByLine);

/// <summary>What became of a pay per handover (R12).</summary>
public enum HandoverPayVerdict { Paid, NoStoreOrStaff, NoEntry, BelowMinimum, PaidAlreadyThatDay }

public sealed record HandoverPayDecision(HandoverFact Handover, StaffId? Staff, HandoverPayVerdict Verdict, Int128 NetHandedOver, long? PayUnits, bool StruckAsOwn);

/// <summary>A late return or refund whose negative effect on commission was not posted (R13).</summary>
public sealed record KeptCommission(SaleChangeFact Cause, DateOnly Day, long Line, Role Role, Party Party, Int128 AmountE4);

/// <summary>
/// The decisions of a replay, kept for those who ask why. A replay fills it while it decides; without one it decides
/// the same and keeps nothing.
/// </summary>
/// <param name="withReasons">Also why sales were decided so; without, only what became of bindings and bounties.</param>
public sealed class Journal(bool withReasons = true)
{
    private readonly Dictionary<MemberId, List<BindingEvent>> _bindings = [];
    private readonly Dictionary<FactId, SaleDecision> _sales = [];
    private readonly Dictionary<FactId, List<HandoverPayDecision>> _handoverPay = [];
    private readonly Dictionary<FactId, List<KeptCommission>> _kept = [];
    private readonly List<BountyDecision> _bounties = [];

    internal bool WithReasons { get; } = withReasons;

    public IReadOnlyCollection<SaleDecision> Sales => _sales.Values;
    public IReadOnlyList<BountyDecision> Bounties => _bounties;

    public SaleDecision? Sale(FactId sale) => _sales.GetValueOrDefault(sale);

    /// <summary>Everything about the binding of a member, by the id that all merges lead to, in order.</summary>
    public IReadOnlyList<BindingEvent> BindingsOf(MemberId finalMember) => _bindings.TryGetValue(finalMember, out var events) ? events : [];

    public IReadOnlyList<HandoverPayDecision> HandoverPayOf(FactId sale) => _handoverPay.TryGetValue(sale, out var pay) ? pay : [];

    public IReadOnlyList<KeptCommission> KeptOf(FactId sale) => _kept.TryGetValue(sale, out var kept) ? kept : [];

    /// <summary>What became of every member's binding.</summary>
    public IEnumerable<(MemberId Member, IReadOnlyList<BindingEvent> Events)> Bindings => _bindings.Select(b => (b.Key, (IReadOnlyList<BindingEvent>)b.Value));

    internal void Add(MemberId finalMember, BindingEvent happened) => ListOf(_bindings, finalMember).Add(happened);
    internal void Add(SaleDecision decision) => _sales.Add(decision.Sale.Fact.Id, decision);
    internal void Add(HandoverPayDecision decision) => ListOf(_handoverPay, decision.Handover.Sale).Add(decision);
    internal void Add(KeptCommission kept) => ListOf(_kept, kept.Cause.Sale).Add(kept);
    internal void Add(BountyDecision decision) => _bounties.Add(decision);

    private static List<TItem> ListOf<TKey, TItem>(Dictionary<TKey, List<TItem>> lists, TKey key) where TKey : notnull
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _);
        return list ??= [];
    }
}
