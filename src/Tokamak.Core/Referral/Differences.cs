using System.Runtime.InteropServices;

namespace Tokamak.Core.Referral;

/// <summary>
/// What is to be posted so that what stands posted becomes what the facts give (R10). Rows are compared by day, sale,
/// line, role, party and policy version. What a fact itself gives is posted under its own name; where a later fact changes what was
/// posted before, one row a place says by how much, naming that later fact.
/// </summary>
public static class Differences
{
    /// <param name="given">What a replay gives for one sale.</param>
    /// <param name="posted">What stands posted for it, each row on the day it belongs to.</param>
    /// <param name="known">Facts that rows stand posted for: what changes of theirs was changed by a later fact.</param>
    /// <param name="later">That later fact.</param>
    public static IReadOnlyList<CreditPosting> OfCredits(
        IReadOnlyList<CreditPosting> given, IReadOnlyList<CreditPosting> posted, IReadOnlySet<FactId> known, FactId later) =>
        posted.Count == 0 ? given : Of(
            given, posted, row => (row.Amount, 0), (row, cause, amounts) => row with { Cause = cause, Amount = (long)amounts.First },
            row => !known.Contains(row.Cause), later);

    /// <inheritdoc cref="OfCredits"/>
    /// <param name="vestedThrough">The last day whose vesting had been posted; null for none.</param>
    public static IReadOnlyList<CommissionPosting> OfCommissions(
        IReadOnlyList<CommissionPosting> given, IReadOnlyList<CommissionPosting> posted, IReadOnlySet<FactId> known, DateOnly? vestedThrough, FactId later) =>
        known.Count == 0 ? given : Of(
            given, posted, row => (row.AmountE4, row.VestedCredit),
            (row, cause, amounts) => row with { Cause = cause, AmountE4 = amounts.First, VestedCredit = (long)amounts.Second },
            row => row.Cause == CommissionPosting.Vest ? vestedThrough is null || row.Day > vestedThrough : !known.Contains(row.Cause), later);

    /// <summary>Bounties by day, service, clerk and earning sale.</summary>
    public static List<BountyPosting> OfBounties(IReadOnlyList<BountyPosting> given, IReadOnlyList<BountyPosting> posted)
    {
        var left = new Dictionary<(DateOnly, FactId, StaffTimeline, FactId?), (BountyPosting Row, Int128 Amount)>();
        foreach (var row in given) Add(row, row.Amount);
        foreach (var row in posted) Add(row, -row.Amount);
        return [.. left.Values.Where(l => l.Amount != 0).Select(l => l.Row with { Amount = (long)l.Amount })];

        void Add(BountyPosting row, Int128 amount)
        {
            var key = (row.Day, row.Service, row.Clerk, row.Sale);
            left[key] = left.TryGetValue(key, out var at) ? (at.Row, at.Amount + amount) : (row, amount);
        }
    }

    private static List<TRow> Of<TRow>(
        IReadOnlyList<TRow> given, IReadOnlyList<TRow> posted, Func<TRow, Amounts> amountsOf, Func<TRow, FactId, Amounts, TRow> with,
        Func<TRow, bool> isNew, FactId later)
        where TRow : struct, IPosting
    {
        var differences = new List<TRow>();
        var missing = new Dictionary<Place, (TRow Row, Amounts Amounts)>();
        foreach (var row in posted) Add(row, -amountsOf(row));
        foreach (var row in given)
            if (isNew(row)) differences.Add(row); else Add(row, amountsOf(row));
        foreach (var (row, amounts) in missing.Values)
            if (amounts != default) differences.Add(with(row, later, amounts));
        return differences;

        void Add(TRow row, Amounts amounts)
        {
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(missing, new Place(row.Day, row.Sale, row.LineOrNone, row.Role, row.Party, row.Policy), out var there);
            at = there ? (at.Row, at.Amounts + amounts) : (row, amounts);
        }
    }

    private readonly record struct Place(DateOnly Day, FactId Sale, long? Line, Role Role, Party Party, int Policy);

    /// <summary>What a row amounts to: credit; or commission in ten-thousandths with vested credit.</summary>
    private readonly record struct Amounts(Int128 First, Int128 Second)
    {
        public static implicit operator Amounts((Int128 First, Int128 Second) pair) => new(pair.First, pair.Second);
        public static Amounts operator +(Amounts a, Amounts b) => new(a.First + b.First, a.Second + b.Second);
        public static Amounts operator -(Amounts a) => new(-a.First, -a.Second);
    }
}
