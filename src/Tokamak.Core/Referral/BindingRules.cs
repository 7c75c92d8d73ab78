using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>How services, staff moves, the member's word and merges change a binding: R3 to R6, pure.</summary>
public static class BindingRules
{
    public const string StoreSale = "store-sale";
    public const string AssistedSale = "assisted-sale";
    public const string Choice = "member-choice";
    public const string Decline = "member-decline";
    public const string LinkClick = "link-click";

    /// <summary>R6: what a member's choice does where the policy does not list it.</summary>
    private static readonly ServiceTerms UnlistedChoice = new(Choice, Strength: 101, LockDays: 30, LifeDays: 180, Renews: true);

    /// <summary>The terms of a kind in a version; an unlisted choice has its own (R3, R6).</summary>
    public static ServiceTerms? TermsOf(string kind, PolicyVersion version) =>
        version.TermsOf(kind) ?? (kind == Choice ? UnlistedChoice : null);

    /// <summary>R4 and R6: what a service does to a member's binding.</summary>
    /// <param name="held">The member's binding, in force or lapsed; null for none.</param>
    /// <param name="declined">The member declined and has not chosen since.</param>
    /// <param name="by">The service.</param>
    /// <param name="inForce">The version in force that day; null before the first.</param>
    public static BindingOutcome Serve(Binding? held, bool declined, in Claimant by, PolicyVersion? inForce)
    {
        if (by.Kind == Decline) return new(BindingVerdict.Declined, null);
        if (inForce is null) return new(BindingVerdict.BeforePolicy, held);
        if (TermsOf(by.Kind, inForce) is not { } terms) return new(BindingVerdict.NotListed, held);

        if (by.Kind == Choice)
            return Current(held, by.Day) is { } own && IsOwn(own, in by)
                ? new(BindingVerdict.Renewed, Renew(own, in by, terms, inForce))
                : new(BindingVerdict.Chosen, Bind(in by, terms));
        if (declined) return new(BindingVerdict.RefusedDeclined, held);

        if (Current(held, by.Day) is not { } binding) return new(BindingVerdict.Bound, Bind(in by, terms));
        if (IsOwn(binding, in by)) return new(BindingVerdict.Renewed, Renew(binding, in by, terms, inForce));
        if (binding.Clerk is null && by.Clerk is not null && by.EmployedAt == binding.Store && !binding.ChosenByMember(by.Day))
            return new(BindingVerdict.TakenOn, Renew(
                binding with { Clerk = by.Clerk, EmploymentsSeen = by.Clerk.CountAt(by.At), Cause = by.Cause }, in by, terms, inForce));
        if (binding.LockedOn(by.Day)) return new(BindingVerdict.RefusedLocked, binding);

        var strength = binding.StrengthOn(by.Day, inForce);
        return inForce.Takeover switch
        {
            Takeover.Any => new(BindingVerdict.TakenOver, Bind(in by, terms)),
            Takeover.Equal when terms.Strength >= strength => new(BindingVerdict.TakenOver, Bind(in by, terms)),
            Takeover.Stronger when terms.Strength > strength => new(BindingVerdict.TakenOver, Bind(in by, terms)),
            Takeover.Never => new(BindingVerdict.RefusedNever, binding),
            _ => new(BindingVerdict.RefusedTooWeak, binding),
        };
    }

    /// <summary>
    /// R5: what the next employment of its clerk does to a binding. Null once it has been through all that began by
    /// <paramref name="now"/>, so that a move or leave costs nothing until a member is looked at.
    /// </summary>
    public static Employment? NextEmployment(Binding? binding, Instant now) =>
        binding?.Clerk is { } clerk && binding.EmploymentsSeen < clerk.Employments.Count && clerk.Employments[binding.EmploymentsSeen] is var next && next.At <= now
            ? next
            : null;

    /// <summary>R5: the clerk moved, or left; the version is the one in force that day.</summary>
    public static BindingOutcome Follow(Binding binding, Employment next, DateOnly day, PolicyVersion inForce)
    {
        var through = binding with { EmploymentsSeen = binding.EmploymentsSeen + 1 };
        var movedFrom = binding.Clerk!.Employments[binding.EmploymentsSeen - 1].Store;
        if (!binding.InForceOn(day)) return new(BindingVerdict.Unmoved, through);
        if (!next.Employed)
            return inForce.StaffLeaves == StaffLeaves.Release
                ? new(BindingVerdict.Released, null)
                : new(BindingVerdict.LeftToStore, through with { Clerk = null, Cause = next.Cause.Id });
        return inForce.StaffMoves switch
        {
            _ when next.Store == movedFrom => new(BindingVerdict.Unmoved, through),
            StaffMoves.Follow => new(BindingVerdict.MovedAlong, through with { Store = next.Store, Cause = next.Cause.Id }),
            StaffMoves.Stay => new(BindingVerdict.LeftToStore, through with { Clerk = null, Cause = next.Cause.Id }),
            _ => new(BindingVerdict.Unmoved, through),
        };
    }

    /// <summary>R6: which of two members' bindings survives when they turn out to be one, neither having declined.</summary>
    public static Binding? Survivor(Binding? from, Binding? into, DateOnly day, PolicyVersion? inForce)
    {
        from = Current(from, day);
        into = Current(into, day);
        if (from is null || into is null || inForce is null) return from ?? into;
        var (fromStrength, intoStrength) = (from.StrengthOn(day, inForce), into.StrengthOn(day, inForce));
        if (fromStrength != intoStrength) return fromStrength > intoStrength ? from : into;
        return from.BoundAt < into.BoundAt ? from : into;
    }

    /// <summary>The binding if it is in force that day.</summary>
    public static Binding? Current(Binding? binding, DateOnly day) => binding is not null && binding.InForceOn(day) ? binding : null;

    /// <summary>R4.2: the same staff, or the binding's store itself, whoever its staff.</summary>
    private static bool IsOwn(Binding binding, in Claimant by) =>
        by.Clerk is { } clerk ? binding.Clerk == clerk : binding.Store == by.CountsAt;

    /// <summary>R4.1.</summary>
    private static Binding Bind(in Claimant by, ServiceTerms terms)
    {
        var until = After(by.Day, terms.LifeDays);
        return new Binding(
            by.Clerk, by.CountsAt, by.At, by.Day, After(by.Day, terms.LockDays), until, [new Claim(by.Kind, until)],
            by.Clerk?.CountAt(by.At) ?? 0, by.Cause);
    }

    /// <summary>R4.2: a claim is added, the binding lives longer, and an equally strong kind prolongs the lock.</summary>
    private static Binding Renew(Binding binding, in Claimant by, ServiceTerms terms, PolicyVersion inForce)
    {
        var until = After(by.Day, terms.LifeDays);
        var lockUntil = After(by.Day, terms.LockDays);
        return binding with
        {
            Claims = Claimed(binding.Claims, by.Kind, until, by.Day),
            ExpiresOn = until > binding.ExpiresOn ? until : binding.ExpiresOn,
            LockUntil = terms.Strength >= binding.StrengthOn(by.Day, inForce) && lockUntil > binding.LockUntil ? lockUntil : binding.LockUntil,
            RenewedOn = terms.Renews ? by.Day : binding.RenewedOn,
        };
    }

    /// <summary>
    /// Adds a claim, letting go of those that no longer live and of an earlier end of the same kind: neither can
    /// matter again, since days only rise. So a binding has at most one claim a kind, however often it is renewed.
    /// </summary>
    private static Claim[] Claimed(Claim[] claims, string kind, DateOnly until, DateOnly day)
    {
        if (claims is [var only] && only.Kind == kind) return only.Until >= until ? claims : [new Claim(kind, until)];
        var kept = new List<Claim>(claims.Length + 1);
        foreach (var claim in claims)
        {
            if (claim.Until < day) continue;
            if (claim.Kind != kind) kept.Add(claim);
            else if (claim.Until > until) until = claim.Until;
        }
        kept.Add(new Claim(kind, until));
        return [.. kept];
    }

    /// <summary>N days after a date; past the end of the calendar, its last day.</summary>
    public static DateOnly After(DateOnly day, int days) =>
        DateOnly.FromDayNumber(Math.Min(day.DayNumber + days, DateOnly.MaxValue.DayNumber));
}
