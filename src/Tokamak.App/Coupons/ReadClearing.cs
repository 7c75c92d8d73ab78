using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

/// <summary>What one party owes another over a stretch of time.</summary>
/// <param name="From">Who owes.</param>
/// <param name="To">Whom.</param>
/// <param name="Department">Whose cost it is with whoever owes, as the series say.</param>
/// <param name="AmountMinor">In the smallest unit; below 0 where more was taken back than redeemed.</param>
/// <param name="Postings">How many rows it comes from.</param>
public sealed record ClearingSum(CouponParty From, CouponParty To, string Department, long AmountMinor, long Postings);

/// <summary>What a party gives and gets, all others together.</summary>
public sealed record PartyBalance(CouponParty Party, long OwesMinor, long GetsMinor)
{
    public long NetMinor => GetsMinor - OwesMinor;
}

/// <summary>Internal clearing of a month, or of any stretch.</summary>
public static class ReadClearing
{
    /// <param name="turn">Reads.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="until">The first moment after it.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<IReadOnlyList<ClearingSum>> OfAsync(Turn turn, Instant from, Instant until, CancellationToken stop) =>
    [
        .. (await turn.ReadAsync(
            """
            select from_party, to_party, department, cast(sum(amount) as bigint), count(*) from coupon_clearing where at_ticks >= @from and at_ticks < @until
            group by from_party, to_party, department
            """,
            row => new ClearingSum(CouponParty.Parse(row.GetString(0)), CouponParty.Parse(row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetInt64(4)), stop, ("from", from.Ticks), ("until", until.Ticks)))
            .OrderBy(sum => sum.From).ThenBy(sum => sum.To).ThenBy(sum => sum.Department, StringComparer.Ordinal),
    ];

    /// <summary>When the first row was posted; null: there is none.</summary>
    public static async Task<Instant?> FirstAsync(Turn turn, CancellationToken stop) =>
        (await turn.ReadAsync("select at_ticks from coupon_clearing order by at_ticks limit 1", row => new Instant(row.GetInt64(0)), stop)) is [var first] ? first : null;

    /// <summary>Every party that owes or gets something; what all of them net adds up to nothing.</summary>
    public static IReadOnlyList<PartyBalance> BalancesOf(IReadOnlyList<ClearingSum> sums) =>
    [
        .. sums.SelectMany(sum => new[] { sum.From, sum.To }).Distinct().Order().Select(party => new PartyBalance(
            party, sums.Where(sum => sum.From == party).Sum(sum => sum.AmountMinor), sums.Where(sum => sum.To == party).Sum(sum => sum.AmountMinor))),
    ];
}
