using Tokamak.App.Data;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Pools;

/// <summary>What became of a plan to divide a pool.</summary>
public enum DivideOutcome
{
    Divided,

    /// <summary>The period is open: what is in the pool may change.</summary>
    NotClosed,

    /// <summary>There is nothing in it, or less.</summary>
    NoPool,

    /// <summary>No candidate is chosen.</summary>
    Nobody,

    /// <summary>What was given by hand does not add up to the pool.</summary>
    WrongSum,

    /// <summary>By hand, and whatever takes an earlier division's place, says why.</summary>
    NoReason,

    /// <summary>Somebody else has divided it since the plan was made.</summary>
    Late,
}

/// <summary>How somebody wants to divide a pool.</summary>
/// <param name="Way">Of <see cref="PoolWay"/>.</param>
/// <param name="Chosen">Who has a part, by hours or equally.</param>
/// <param name="ByHand">What each receives, by hand; whole units, 0 or more.</param>
/// <param name="Reason">In their words; null for none.</param>
/// <param name="Seen">The number of the division that stood when the plan was made; 0 for none.</param>
public sealed record PoolPlan(PoolWay Way, IReadOnlyCollection<StaffId> Chosen, IReadOnlyDictionary<StaffId, long> ByHand, string? Reason, int Seen);

/// <summary>A part of a pool, and the minutes it follows from where it does.</summary>
public sealed record PoolPart(StaffId Staff, Int128 Amount, long? Minutes);

/// <summary>Divides a store's pool of a closed period. What was decided is kept for good: another decision is another record.</summary>
public static class DividePool
{
    public const int MostLetters = 500;

    /// <summary>What a plan gives each, by id; the way is what it comes to: without any hours, equally.</summary>
    public static (DivideOutcome Outcome, PoolWay Way, IReadOnlyList<PoolPart> Parts) Plan(StorePool pool, PoolPlan plan)
    {
        if (pool.Amount <= 0) return (DivideOutcome.NoPool, plan.Way, []);
        var candidates = pool.Candidates.ToDictionary(one => one.Staff);
        if (plan.Way == PoolWay.ByHand)
        {
            List<PoolPart> given = [.. plan.ByHand.Where(one => one.Value > 0 && candidates.ContainsKey(one.Key)).OrderBy(one => one.Key).Select(one => new PoolPart(one.Key, one.Value, null))];
            if (given.Count == 0) return (DivideOutcome.Nobody, plan.Way, given);
            return (given.Aggregate(Int128.Zero, (sum, part) => sum + part.Amount) == pool.Amount ? DivideOutcome.Divided : DivideOutcome.WrongSum, plan.Way, given);
        }
        var chosen = plan.Chosen.Distinct().Where(candidates.ContainsKey).ToList();
        if (chosen.Count == 0) return (DivideOutcome.Nobody, plan.Way, []);
        var way = plan.Way == PoolWay.Hours && chosen.Exists(staff => candidates[staff].Minutes > 0) ? PoolWay.Hours : PoolWay.Equal;
        var parts = PoolRules.Divide(pool.Amount, chosen.ToDictionary(staff => staff, staff => way == PoolWay.Hours ? candidates[staff].Minutes : 1));
        return (DivideOutcome.Divided, way, [.. parts.OrderBy(one => one.Key).Select(one => new PoolPart(one.Key, one.Value, way == PoolWay.Hours ? candidates[one.Key].Minutes : null))]);
    }

    /// <summary>Records a division.</summary>
    /// <param name="books">Of a write turn; to be committed when it is divided.</param>
    /// <param name="store">Whose pool.</param>
    /// <param name="period">Of when.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="by">The account.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DivideOutcome> RunAsync(OpenBooks books, StoreId store, Month period, PoolPlan plan, string by, Instant now, CancellationToken stop)
    {
        var pool = await StorePool.ReadAsync(books, store, period, stop);
        if (!pool.IsClosed) return DivideOutcome.NotClosed;
        if ((pool.Latest?.Row.Number ?? 0) != plan.Seen) return DivideOutcome.Late;
        var (outcome, way, parts) = Plan(pool, plan);
        if (outcome != DivideOutcome.Divided) return outcome;
        if (plan.Reason is null && (way == PoolWay.ByHand || pool.Latest is not null)) return DivideOutcome.NoReason;
        var row = new PoolDivisionRow
        {
            Period = period.ToString(), Store = store.Value, Number = plan.Seen + 1, Pool = checked((long)pool.Amount), Way = way, DecidedBy = by, DecidedAtTicks = now.Ticks,
            Reason = plan.Reason,
        };
        await books.Turn.InsertAsync<PoolDivisionRow>([row], stop);
        await books.Turn.InsertAsync<PoolShareRow>(
        [
            .. parts.Select(part => new PoolShareRow
            {
                Period = row.Period, Store = row.Store, Number = row.Number, Staff = part.Staff.Value, Amount = checked((long)part.Amount), Minutes = part.Minutes,
            }),
        ], stop);
        return DivideOutcome.Divided;
    }
}
