using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>Why a sale's owner role is as it is (R8).</summary>
public enum OwnerVerdict { Credited, NoMember, NoBinding, Lapsed, SelfPurchase, BeforePolicy }

/// <summary>The owner decided at a sale (R8) with the decay that holds for it (R7).</summary>
public sealed record OwnerDecision(OwnerVerdict Verdict, Binding? Binding, int DaysSinceRenewal, int DecayPercent)
{
    public Party? Party => Verdict == OwnerVerdict.Credited ? new Party(Binding!.Staff, Binding.Store) : null;
}

/// <summary>What became of a candidate for closer (R8).</summary>
public enum CloserVerdict { Chosen, SelfPurchase, NotEmployed, CodeNamesNobody, LinkTooOld, LinkerNotEmployed, AnotherCameFirst, SourceNotUsed }

/// <summary>Somebody who might have closed a line: through which source, by which fact (a link's click), and what came of it.</summary>
public readonly record struct CloserCandidate(CloserSource Source, StaffId? Staff, FactId? Click, int DaysSinceClick, CloserVerdict Verdict);

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
        SaleBook sale, StaffId? lineStaff, MemberBook? member, Roster roster, Predicate<StaffId> isBuyer, List<CloserCandidate>? considered)
    {
        if (sale.Split is not { } split) return null;
        StaffId? closer = null;
        var decided = false;
        foreach (var source in split.Closer)
        {
            if (decided && considered is null) break;
            var found = source switch
            {
                CloserSource.Staff => ByStaff(sale.Fact, lineStaff, roster, considered),
                CloserSource.Code => ByCode(sale.Fact, roster, considered),
                _ => ByLink(sale, member, roster, considered),
            };
            if (found is not { } candidate) continue;
            var verdict = decided ? CloserVerdict.AnotherCameFirst : isBuyer(candidate.Staff!.Value) ? CloserVerdict.SelfPurchase : CloserVerdict.Chosen;
            considered?.Add(candidate with { Verdict = verdict });
            if (decided) continue;
            decided = true;
            if (verdict == CloserVerdict.Chosen) closer = candidate.Staff;
        }
        if (considered is not null) AddUnusedSources(sale, split, member, roster, considered);
        return closer is { } staff ? new Party(staff, sale.Fact.Store ?? roster.Find(staff)!.StoreAt(sale.Fact.At)!.Value) : null;
    }

    private static CloserCandidate? ByStaff(SaleFact sale, StaffId? lineStaff, Roster roster, List<CloserCandidate>? considered)
    {
        foreach (var named in (ReadOnlySpan<StaffId?>)[lineStaff, sale.Staff])
        {
            if (named is not { } staff) continue;
            if (roster.Find(staff)?.StoreAt(sale.At) is not null) return new(CloserSource.Staff, staff, null, 0, CloserVerdict.Chosen);
            considered?.Add(new(CloserSource.Staff, staff, null, 0, CloserVerdict.NotEmployed));
        }
        return null;
    }

    private static CloserCandidate? ByCode(SaleFact sale, Roster roster, List<CloserCandidate>? considered)
    {
        if (sale.Code is null) return null;
        if (roster.HolderOf(sale.Code, sale.At) is { } holder) return new(CloserSource.Code, holder, null, 0, CloserVerdict.Chosen);
        considered?.Add(new(CloserSource.Code, roster.EverHolderOf(sale.Code), null, 0, CloserVerdict.CodeNamesNobody));
        return null;
    }

    /// <summary>The latest click within the window whose clerk is still employed; those kept were employed at the click.</summary>
    private static CloserCandidate? ByLink(SaleBook sale, MemberBook? member, Roster roster, List<CloserCandidate>? considered)
    {
        if (member?.Clicks is not { } clicks) return null;
        for (var i = clicks.Count - 1; i >= 0; i--)
        {
            var (id, _, clicked, staff) = clicks[i];
            var days = sale.Day.DayNumber - clicked.DayNumber;
            var candidate = new CloserCandidate(CloserSource.Link, staff, id, days, CloserVerdict.Chosen);
            if (days > sale.Version!.LinkDays)
            {
                considered?.Add(candidate with { Verdict = CloserVerdict.LinkTooOld });
                return null;
            }
            if (roster.Find(staff)!.StoreAt(sale.Fact.At) is not null) return candidate;
            considered?.Add(candidate with { Verdict = CloserVerdict.LinkerNotEmployed });
        }
        return null;
    }

    private static void AddUnusedSources(SaleBook sale, SplitRule split, MemberBook? member, Roster roster, List<CloserCandidate> considered)
    {
        if (!split.Closer.Contains(CloserSource.Code) && ByCode(sale.Fact, roster, considered) is { } byCode) considered.Add(byCode with { Verdict = CloserVerdict.SourceNotUsed });
        if (!split.Closer.Contains(CloserSource.Link) && ByLink(sale, member, roster, considered) is { } byLink) considered.Add(byLink with { Verdict = CloserVerdict.SourceNotUsed });
        if (!split.Closer.Contains(CloserSource.Staff) && ByStaff(sale.Fact, null, roster, considered) is { } byStaff) considered.Add(byStaff with { Verdict = CloserVerdict.SourceNotUsed });
    }
}
