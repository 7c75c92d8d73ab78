namespace Tokamak.Core.Referral;

/// <summary>
/// Members of a clerk who has left are handed on to clerks of the same store by ordinary services (R4.3): whoever takes on what a
/// store holds gets it as it stands. What is handed on here is only what that rule gives without a fight.
/// </summary>
public static class HandingRules
{
    /// <summary>The kind of service that is meant for it: a lock and life of 0 days, renewing nothing, leave a binding as it stands.</summary>
    public const string Kind = "handed-on";

    private static readonly string[] OfOthers = [BindingRules.StoreSale, BindingRules.AssistedSale, BindingRules.Choice, BindingRules.Decline, BindingRules.LinkClick];

    /// <summary>Kinds of a version by which members can be handed on: those that are no sale's and no member's word, and that pay nobody a bounty.</summary>
    public static IReadOnlyList<string> KindsOf(PolicyVersion version) =>
        [.. version.Services.Select(terms => terms.Kind).Where(kind => !OfOthers.Contains(kind) && version.BountyOn(kind) is null).OrderByDescending(kind => kind == Kind)];

    /// <summary>Whether a binding is the store's own on that day, so that a clerk's service takes it on; not where the member chose the store.</summary>
    public static bool IsStores(Binding? binding, StoreId store, DateOnly day) =>
        BindingRules.Current(binding, day) is { Clerk: null } held && held.Store == store && !held.ChosenByMember(day);
}
