using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>Whom a member belongs to now (R3).</summary>
/// <param name="Root">Who the member is, after all merges.</param>
/// <param name="Declined">The member wants to belong to nobody (R6).</param>
/// <param name="Binding">In force today; null for none.</param>
/// <param name="Strength">Of the binding, today.</param>
/// <param name="Today">The brand's day.</param>
/// <param name="Waits">A late fact reached the member, who is to be derived anew in a moment.</param>
public sealed record MemberBinding(MemberId Root, bool Declined, Binding? Binding, int Strength, DateOnly Today, bool Waits);

/// <summary>Reads a member's standing, as the moves and leaves of their clerk up to now have left it (R5).</summary>
public static class ReadBinding
{
    /// <returns>Null for a member of whom nothing is known.</returns>
    public static async Task<MemberBinding?> OfAsync(Turn turn, BookRules rules, MemberId member, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        if (await books.Members.SingleOrDefaultAsync(row => row.Id == member.Value, stop) is not { } named) return null;
        var root = named.Root == named.Id ? named : await books.Members.SingleAsync(row => row.Id == named.Root, stop);
        var waits = await books.Work.AnyAsync(work => work.Kind == WorkKind.Member && (work.Name == root.Id || work.Name == member.Value), stop);
        var (standing, today) = (StoredForms.StandingOf(root, rules), rules.Policy.Zone.DayOf(now));
        var binding = BindingRules.Current(Followed(standing.Binding, rules.Policy, now), today);
        var strength = binding is not null && rules.Policy.InForceOn(today) is { } inForce ? binding.StrengthOn(today, inForce) : 0;
        return new MemberBinding(new MemberId(root.Id), standing.Declined, binding, strength, today, waits);
    }

    /// <summary>As the moves and leaves of its clerk up to now have left it.</summary>
    internal static Binding? Followed(Binding? binding, Policy policy, Instant now)
    {
        while (BindingRules.NextEmployment(binding, now) is { } next)
        {
            var day = policy.Zone.DayOf(next.At);
            binding = BindingRules.Follow(binding!, next, day, policy.InForceOn(day)!).Binding;
        }
        return binding;
    }
}
