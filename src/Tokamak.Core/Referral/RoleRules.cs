using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Why a sale's owner role is as it is (R8).</summary>
public enum OwnerVerdict { Credited, NoMember, NoBinding, Lapsed, SelfPurchase, BeforePolicy }

/// <summary>The owner decided at a sale (R8) with the decay that holds for it (R7).</summary>
public sealed record OwnerDecision(OwnerVerdict Verdict, Binding? Binding, int DaysSinceRenewal, int DecayPercent)
{
    public Party? Party => Verdict == OwnerVerdict.Credited ? new Party(Binding!.Clerk, Binding.Store) : null;
}

/// <summary>What became of a candidate for closer (R8).</summary>
public enum CloserVerdict { Chosen, SelfPurchase, NotEmployed, CodeNamesNobody, LinkTooOld, LinkerNotEmployed, AnotherCameFirst, SourceNotUsed }

/// <summary>Somebody who might have closed a line: through which source, by which fact (a link's click), and what came of it.</summary>
public readonly record struct CloserCandidate(CloserSource Source, StaffId? Staff, FactId? Click, int DaysSinceClick, CloserVerdict Verdict);

/// <summary>Who a closer would be: the clerk, and the click where a link says so.</summary>
internal readonly record struct CloserFound(CloserSource Source, StaffTimeline Clerk, FactId? Click, int DaysSinceClick)
{
    public CloserCandidate With(CloserVerdict verdict) => new(Source, Clerk.Id, Click, DaysSinceClick, verdict);
}

/// <summary>Roles of a sale, decided once at the sale (R7, R8).</summary>
public static class RoleRules
{
    /// <summary>R8 owner: the member's binding in force at the sale, struck where it is the owner's own purchase.</summary>
    public static OwnerDecision Owner(MemberBook? member, DateOnly day, PolicyVersion? version, bool selfPurchase)
    {
        if (member is null) return new(OwnerVerdict.NoMember, null, 0, 0);
        if (version is null) return new(OwnerVerdict.BeforePolicy, null, 0, 0);
        if (member.Binding is not { } binding) return new(OwnerVerdict.NoBinding, null, 0, 0);
        if (!binding.InForceOn(day)) return new(OwnerVerdict.Lapsed, binding, 0, 0);
        var days = day.DayNumber - binding.RenewedOn.DayNumber;
        return new(selfPurchase ? OwnerVerdict.SelfPurchase : OwnerVerdict.Credited, binding, days, CreditRules.DecayPercent(version.Decay, days));
    }

    /// <summary>
    /// R8 closer: the first who is there in the order of the split rule. A candidate buying for themselves empties the
    /// role; nobody comes next.
    /// </summary>
    /// <param name="sale">The sale, its version's split rule known.</param>
    /// <param name="lineStaff">Staff named by the line itself.</param>
    /// <param name="member">The buyer, if known.</param>
    /// <param name="roster">All staff.</param>
    /// <param name="isBuyer">Is this staff member the buyer, and does the version exclude that?</param>
    /// <param name="considered">Receives everyone looked at, for explanations; null to decide only.</param>
    public static Party? Closer(
        SaleBook sale, StaffId? lineStaff, MemberBook? member, Roster roster, Func<StaffTimeline, SaleBook, bool> isBuyer, List<CloserCandidate>? considered)
    {
        if (sale.Split is not { } split) return null;
        StaffTimeline? closer = null;
        var decided = false;
        for (var i = 0; i < split.Closer.Count && (!decided || considered is not null); i++)
        {
            if (From(split.Closer[i], sale, lineStaff, member, roster, considered) is not { } found) continue;
            var verdict = decided ? CloserVerdict.AnotherCameFirst : isBuyer(found.Clerk, sale) ? CloserVerdict.SelfPurchase : CloserVerdict.Chosen;
            considered?.Add(found.With(verdict));
            if (verdict == CloserVerdict.Chosen) closer = found.Clerk;
            decided = true;
        }
        if (considered is not null)
            foreach (var unused in Enum.GetValues<CloserSource>().Except(split.Closer))
                if (From(unused, sale, lineStaff, member, roster, considered) is { } found) considered.Add(found.With(CloserVerdict.SourceNotUsed));
        return closer is null ? null : new Party(closer, sale.Fact.Store ?? closer.StoreAt(sale.Fact.At)!.Value);
    }

    private static CloserFound? From(
        CloserSource source, SaleBook sale, StaffId? lineStaff, MemberBook? member, Roster roster, List<CloserCandidate>? considered) => source switch
    {
        CloserSource.Staff => ByStaff(lineStaff, sale.Fact, roster, considered) ?? ByStaff(sale.Fact.Staff, sale.Fact, roster, considered),
        CloserSource.Code => ByCode(sale.Fact, roster, considered),
        _ => ByLink(sale, member, considered),
    };

    private static CloserFound? ByStaff(StaffId? named, SaleFact sale, Roster roster, List<CloserCandidate>? considered)
    {
        if (named is not { } staff) return null;
        if (roster.Find(staff) is { } clerk && clerk.StoreAt(sale.At) is not null) return new(CloserSource.Staff, clerk, null, 0);
        considered?.Add(new(CloserSource.Staff, staff, null, 0, CloserVerdict.NotEmployed));
        return null;
    }

    private static CloserFound? ByCode(SaleFact sale, Roster roster, List<CloserCandidate>? considered)
    {
        if (sale.Code is null) return null;
        if (roster.HolderOf(sale.Code, sale.At) is { } holder) return new(CloserSource.Code, holder, null, 0);
        considered?.Add(new(CloserSource.Code, roster.EverHolderOf(sale.Code), null, 0, CloserVerdict.CodeNamesNobody));
        return null;
    }

    /// <summary>The latest click within the window whose clerk is still employed; those kept were employed at the click.</summary>
    private static CloserFound? ByLink(SaleBook sale, MemberBook? member, List<CloserCandidate>? considered)
    {
        if (member?.Clicks is not { } clicks) return null;
        for (var i = clicks.Count - 1; i >= 0; i--)
        {
            var found = new CloserFound(CloserSource.Link, clicks[i].Clerk, clicks[i].Id, sale.Day.DayNumber - clicks[i].Day.DayNumber);
            if (found.DaysSinceClick > sale.Version!.LinkDays)
            {
                considered?.Add(found.With(CloserVerdict.LinkTooOld));
                return null;
            }
            if (found.Clerk.StoreAt(sale.Fact.At) is not null) return found;
            considered?.Add(found.With(CloserVerdict.LinkerNotEmployed));
        }
        return null;
    }
}
