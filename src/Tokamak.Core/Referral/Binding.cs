using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>
/// Whom a member belongs to (會員歸屬, R3). In force on day d while d ≤ <paramref name="ExpiresOn"/>, locked while
/// d &lt; <paramref name="LockUntil"/>. Immutable: every rule returns a new one.
/// </summary>
/// <param name="Clerk">The clerk, or none: the store's own.</param>
/// <param name="Store">The store that has the store's part.</param>
/// <param name="BoundAt">When it came about.</param>
/// <param name="RenewedOn">The day from which decay counts (R7).</param>
/// <param name="LockUntil">First day on which another may take over.</param>
/// <param name="ExpiresOn">Last day in force.</param>
/// <param name="Claims">For each kind that bound or renewed it, the last day that claim lives.</param>
/// <param name="EmploymentsSeen">How many of the clerk's employments it has been through: R5 is applied when it is next looked at.</param>
/// <param name="Cause">The fact that bound it or last changed whose it is; for explanations.</param>
public sealed record Binding(
    StaffTimeline? Clerk, StoreId Store, Instant BoundAt, DateOnly RenewedOn, DateOnly LockUntil, DateOnly ExpiresOn, Claim[] Claims,
    int EmploymentsSeen, FactId Cause)
{
    public StaffId? Staff => Clerk?.Id;

    public bool InForceOn(DateOnly day) => day <= ExpiresOn;

    public bool LockedOn(DateOnly day) => day < LockUntil;

    /// <summary>R3: the greatest strength among the living claims, by the terms in force that day.</summary>
    public int StrengthOn(DateOnly day, PolicyVersion inForce)
    {
        var strongest = 0;
        foreach (ref readonly var claim in Claims.AsSpan())
            if (day <= claim.Until) strongest = Math.Max(strongest, BindingRules.TermsOf(claim.Kind, inForce)?.Strength ?? 0);
        return strongest;
    }

    /// <summary>Does a member's own choice still live among the claims? (R4.3)</summary>
    public bool ChosenByMember(DateOnly day)
    {
        foreach (var claim in Claims)
            if (day <= claim.Until && claim.Kind == BindingRules.Choice) return true;
        return false;
    }
}

/// <summary>The kind of a service that bound or renewed, and the last day on which it lends its strength.</summary>
public readonly record struct Claim(string Kind, DateOnly Until);

/// <summary>What came of a service (R4, R6), or of a staff fact or merge for a member's binding (R5, R6).</summary>
public enum BindingVerdict
{
    /// <summary>R4.1: nobody had the member.</summary>
    Bound,

    /// <summary>R4.2: the party's own member, kept.</summary>
    Renewed,

    /// <summary>R4.3: a clerk of the store took on what the store held.</summary>
    TakenOn,

    /// <summary>R4.5: taken over from another.</summary>
    TakenOver,

    /// <summary>R6: the member chose.</summary>
    Chosen,

    /// <summary>R6: the member declined.</summary>
    Declined,

    /// <summary>R4.4: another's, and locked.</summary>
    RefusedLocked,

    /// <summary>R4.5: another's, and this kind is not strong enough.</summary>
    RefusedTooWeak,

    /// <summary>R4.5: the policy lets nobody take over.</summary>
    RefusedNever,

    /// <summary>R4: the member declined to belong to anyone.</summary>
    RefusedDeclined,

    /// <summary>R2: the kind is not listed and changes no binding.</summary>
    NotListed,

    /// <summary>R1: before the first version's date nothing binds.</summary>
    BeforePolicy,

    /// <summary>R5: the clerk moved or changed grade, and nothing changed.</summary>
    Unmoved,

    /// <summary>R5: the clerk moved and the member went along.</summary>
    MovedAlong,

    /// <summary>R5: the clerk moved or left and the store kept the member.</summary>
    LeftToStore,

    /// <summary>R5: the clerk left and the binding ended.</summary>
    Released,

    /// <summary>R6: two members became one and this binding survived, or neither did.</summary>
    Merged,
}

/// <summary>The verdict on a service and the binding after it (null: none).</summary>
public readonly record struct BindingOutcome(BindingVerdict Verdict, Binding? Binding);

/// <summary>A service as R4 sees it: who served, at which store they count, and when.</summary>
public readonly record struct Claimant(StaffTimeline? Clerk, StoreId CountsAt, StoreId? EmployedAt, string Kind, Instant At, DateOnly Day, FactId Cause);
