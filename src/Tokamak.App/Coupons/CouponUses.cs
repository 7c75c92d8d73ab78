using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Coupons;

/// <param name="IsOver">The hold was redeemed before: a cart that was paid holds nothing more.</param>
/// <param name="Coupons">Each presented code, held or refused, in the order they were presented.</param>
public sealed record HoldAnswer(bool IsOver, IReadOnlyList<CouponAnswer> Coupons);

public enum RedeemOutcome
{
    Redeemed,

    /// <summary>For this very sale, before: nothing is done twice.</summary>
    AlreadyRedeemed,

    /// <summary>The hold paid for another sale.</summary>
    OtherSale,

    /// <summary>What was to be redeemed is not held, or not any more; nothing is changed.</summary>
    NotHeld,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Missing">What is not held, as the pricing cart names it.</param>
/// <param name="Clearings">What was posted.</param>
public sealed record RedeemAnswer(RedeemOutcome Outcome, IReadOnlyList<string> Missing, IReadOnlyList<CouponClearing> Clearings);

public enum ReleaseOutcome { Released, NotHeld, AlreadyRedeemed }

/// <param name="Clearings">What was posted.</param>
/// <param name="GivenBack">Series whose coupons can be used again.</param>
public sealed record ReturnAnswer(IReadOnlyList<CouponClearing> Clearings, IReadOnlyList<string> GivenBack);

/// <summary>
/// Coupons held for a cart, redeemed by its sale, let go, or given back by a return. Whether a use is left is decided by the rules and guarded once more by the statement that
/// takes it: it changes a row only where a use is left (and the tables refuse more), so that of many who take the last one wins, on however many nodes. All of it happens in
/// the caller's turn, and stands when that is committed. A hold whose time is over counts for nothing from that moment; its row goes when somebody next holds.
/// </summary>
public static class CouponUses
{
    public const int MostLettersOfHold = 100;

    private const string Lapsed = "u.state = 0 and u.until_ticks <= @now", OfHold = "u.state = 0 and u.hold = @hold";

    /// <summary>Holds codes for a cart; what the same hold held before and is not presented any more is let go.</summary>
    /// <param name="turn">Writes.</param>
    /// <param name="hold">The quote's or cart's id, 1 to <see cref="MostLettersOfHold"/> characters.</param>
    /// <param name="codes">As they were presented, at most <see cref="PresentedCoupons.MostCodes"/>.</param>
    /// <param name="cart">Where and for whom.</param>
    /// <param name="until">The hold is over then; after <paramref name="now"/>.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<HoldAnswer> HoldAsync(Turn turn, string hold, IReadOnlyList<string> codes, CouponCart cart, Instant until, Instant now, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until.Ticks, now.Ticks, nameof(until));
        await FreeAsync(turn, Lapsed, stop, ("now", now.Ticks));
        await using (var books = turn.Books())
            if (await books.CouponUses.AnyAsync(use => use.Hold == hold && use.State != CouponUseState.Held, stop)) return new HoldAnswer(true, []);
        await FreeAsync(turn, OfHold, stop, ("hold", hold));
        var member = cart.Member is { } said ? await CouponMember.OfAsync(turn, said, stop) : null;
        var judged = await PresentedCoupons.JudgeAsync(turn, hold, codes, cart, member, now, stop);
        var free = judged.Where(answer => answer.Refusal is null).DistinctBy(answer => answer.Series!.Id).ToList();
        var lost = free.Count == 0 ? [] : await TakeAsync(turn, hold, free, member, stop);
        await turn.InsertAsync(
            [
                .. free.Where(answer => !lost.ContainsKey(answer.Series!.Id)).Select(answer => new CouponUseRow
                {
                    Hold = hold, Series = answer.Series!.Id, Code = answer.Code, Member = member?.Own.Value, Redeemer = cart.Party.Text,
                    Bearer = CouponRules.BearerOf(answer.Series, cart.Party).Text, UntilTicks = until.Ticks,
                }),
            ], stop);
        return new HoldAnswer(false, [.. judged.Select(answer => answer.Refusal is null && lost.TryGetValue(answer.Series!.Id, out var refusal) ? answer with { Refusal = refusal } : answer)]);
    }

    /// <summary>A sale is paid: what the hold has of <paramref name="amounts"/> is redeemed, the rest let go.</summary>
    /// <param name="turn">Writes.</param>
    /// <param name="hold">Of the cart.</param>
    /// <param name="sale">Its id.</param>
    /// <param name="amounts">What each coupon took off, by what the pricing cart named (<see cref="CouponAnswer.Opens"/>), in the smallest unit, 0 or more; one of 0 was not needed and is let go.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="forRewards">Of those of 0, what gave something else than money, and so is used: a gift, free shipping.</param>
    public static async Task<RedeemAnswer> RedeemAsync(
        Turn turn, string hold, string sale, IReadOnlyDictionary<string, long> amounts, Instant now, CancellationToken stop, IReadOnlyCollection<string>? forRewards = null)
    {
        foreach (var amount in amounts.Values) ArgumentOutOfRangeException.ThrowIfNegative(amount, nameof(amounts));
        await using var books = turn.Books();
        var uses = await books.CouponUses.Where(use => use.Hold == hold).ToListAsync(stop);
        if (uses.Find(use => use.State != CouponUseState.Held) is { } paid) return new RedeemAnswer(paid.Sale == sale ? RedeemOutcome.AlreadyRedeemed : RedeemOutcome.OtherSale, [], []);
        var ids = uses.Select(use => use.Series).ToList();
        var series = (await books.CouponSeries.Where(row => ids.Contains(row.Id)).ToListAsync(stop)).ToDictionary(row => row.Id);
        var held = uses.Where(use => use.UntilTicks > now.Ticks).ToDictionary(use => series[use.Series].SharedCode ?? use.Series);
        var used = amounts.Where(one => one.Value > 0 || forRewards?.Contains(one.Key) == true).OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        if (used.Select(one => one.Key).Where(opens => !held.ContainsKey(opens)).ToList() is { Count: > 0 } missing) return new RedeemAnswer(RedeemOutcome.NotHeld, missing, []);
        var clearings = new List<CouponClearingRow>();
        foreach (var (opens, amount) in used)
        {
            var use = held[opens];
            await turn.ExecuteAsync(
                "update coupon_use set state = 1, sale = @sale, amount = @amount, cost = @amount, redeemed_at_ticks = @now where hold = @hold and series = @series and state = 0", stop,
                ("sale", sale), ("amount", amount), ("now", now.Ticks), ("hold", hold), ("series", use.Series));
            await turn.ExecuteAsync("update coupon_series set redeemed = redeemed + 1, cost = cost + @amount where id = @series", stop, ("amount", amount), ("series", use.Series));
            if (CouponRules.Clear(CouponParty.Parse(use.Bearer), CouponParty.Parse(use.Redeemer), 0, amount) is { } clearing) clearings.Add(RowOf(use, sale, clearing, series[use.Series].Department, now));
        }
        await FreeAsync(turn, OfHold, stop, ("hold", hold));
        return new RedeemAnswer(RedeemOutcome.Redeemed, [], await PostAsync(turn, clearings, stop));
    }

    /// <summary>The cart is given up.</summary>
    public static async Task<ReleaseOutcome> ReleaseAsync(Turn turn, string hold, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var uses = await books.CouponUses.Where(use => use.Hold == hold).ToListAsync(stop);
        if (uses.Exists(use => use.State != CouponUseState.Held)) return ReleaseOutcome.AlreadyRedeemed;
        await FreeAsync(turn, OfHold, stop, ("hold", hold));
        return uses.Exists(use => use.UntilTicks > now.Ticks) ? ReleaseOutcome.Released : ReleaseOutcome.NotHeld;
    }

    /// <summary>The sale that a hold paid for; null: none.</summary>
    public static async Task<string?> SaleOfAsync(Turn turn, string hold, CancellationToken stop)
    {
        await using var books = turn.Books();
        return await books.CouponUses.Where(use => use.Hold == hold).Select(use => use.Sale).FirstOrDefaultAsync(sale => sale != null, stop);
    }

    /// <summary>Part of a sale has come back, or all of it: what its coupons cost follows, and with all of it they may be given back.</summary>
    /// <param name="turn">Writes.</param>
    /// <param name="sale">That was paid with coupons, perhaps.</param>
    /// <param name="share">All that has come back until now, earlier returns included: said twice, it changes nothing.</param>
    /// <param name="now">When.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<ReturnAnswer> ReturnAsync(Turn turn, string sale, ReturnedShare share, Instant now, CancellationToken stop)
    {
        await using var books = turn.Books();
        var uses = await books.CouponUses.Where(use => use.Sale == sale).OrderBy(use => use.Hold).ThenBy(use => use.Series).ToListAsync(stop);
        var ids = uses.Select(use => use.Series).Distinct().ToList();
        var series = (await books.CouponSeries.Where(row => ids.Contains(row.Id)).ToListAsync(stop)).ToDictionary(row => row.Id);
        var (clearings, givenBack) = (new List<CouponClearingRow>(), new List<string>());
        foreach (var use in uses)
        {
            var of = series[use.Series];
            var after = CouponRules.Return((CouponOnReturn)of.OnReturn, use.Amount, share);
            await turn.ExecuteAsync("update coupon_use set cost = @cost where hold = @hold and series = @series", stop, ("cost", after.CostMinor), ("hold", use.Hold), ("series", use.Series));
            await turn.ExecuteAsync("update coupon_series set cost = cost + @change where id = @series", stop, ("change", after.CostMinor - use.Cost), ("series", use.Series));
            if (CouponRules.Clear(CouponParty.Parse(use.Bearer), CouponParty.Parse(use.Redeemer), use.Cost, after.CostMinor) is { } clearing) clearings.Add(RowOf(use, sale, clearing, of.Department, now));
            if (!after.GivenBack || use.State != CouponUseState.Redeemed) continue;
            await FreeAsync(turn, "u.state = 1 and u.hold = @hold and u.series = @series", stop, ("hold", use.Hold), ("series", use.Series));
            givenBack.Add(use.Series);
        }
        return new ReturnAnswer(await PostAsync(turn, clearings, stop), givenBack);
    }

    /// <summary>Takes what seems free, of each series one.</summary>
    /// <returns>Whose last use somebody else took in between, with why.</returns>
    private static async Task<Dictionary<string, CouponRefusal>> TakeAsync(Turn turn, string hold, IReadOnlyList<CouponAnswer> free, CouponMember? member, CancellationToken stop)
    {
        var lost = new Dictionary<string, CouponRefusal>();
        var codes = free.Where(answer => answer.Code is not null).ToList();
        Lose(codes, answer => answer.Code!, await turn.ReadAsync(
            $"update coupon set hold = @hold where hold is null and {turn.IsOneOf("code", "codes")} returning code", row => row.GetString(0), stop,
            ("hold", hold), turn.List("codes", [.. codes.Select(answer => answer.Code!)])), CouponRefusal.HeldElsewhere);
        var counted = Left().Where(answer => answer.Series!.MemberUses is not null).ToList();
        if (counted.Count > 0)
            Lose(counted, answer => answer.Series!.Id, await turn.ReadAsync(
                $"""
                 insert into coupon_member (series, member, uses) select s.id, @member, 1 from coupon_series s
                 where {turn.IsOneOf("s.id", "ids")} and coalesce((select sum(m.uses) from coupon_member m where m.series = s.id and {turn.IsOneOf("m.member", "members")}), 0) < s.member_uses
                 on conflict (series, member) do update set uses = coupon_member.uses + 1 where coupon_member.uses < (select s.member_uses from coupon_series s where s.id = coupon_member.series)
                 returning series
                 """, row => row.GetString(0), stop, ("member", member!.Own.Value), turn.List("members", [.. member.All]), Ids(counted)), CouponRefusal.MemberUsedUp);
        var left = Left();
        Lose(left, answer => answer.Series!.Id, await turn.ReadAsync(
            $"update coupon_series set uses = uses + 1 where {turn.IsOneOf("id", "ids")} and (total_uses is null or uses < total_uses) returning id", row => row.GetString(0), stop, Ids(left)), CouponRefusal.UsedUp);
        if (lost.Count == 0) return lost;
        // What was taken for those on the way is let go again.
        await turn.ExecuteAsync($"update coupon set hold = null where hold = @hold and {turn.IsOneOf("series", "ids")}", stop, ("hold", hold), turn.List("ids", lost.Keys));
        var tooLate = counted.Where(answer => lost.GetValueOrDefault(answer.Series!.Id) == CouponRefusal.UsedUp).ToList();
        if (tooLate.Count > 0) await turn.ExecuteAsync($"update coupon_member set uses = uses - 1 where member = @member and {turn.IsOneOf("series", "ids")}", stop, ("member", member!.Own.Value), Ids(tooLate));
        return lost;

        List<CouponAnswer> Left() => [.. free.Where(answer => !lost.ContainsKey(answer.Series!.Id))];
        (string, object?) Ids(List<CouponAnswer> of) => turn.List("ids", [.. of.Select(answer => answer.Series!.Id)]);
        void Lose(List<CouponAnswer> asked, Func<CouponAnswer, string> key, List<string> taken, CouponRefusal refusal)
        {
            foreach (var answer in asked.Where(answer => !taken.Contains(key(answer)))) lost[answer.Series!.Id] = refusal;
        }
    }

    /// <summary>Lets uses go, all counts with them: held ones are gone, redeemed ones are given back.</summary>
    /// <param name="turn">Writes.</param>
    /// <param name="which">Of the use <c>u</c>.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="values">Of what <paramref name="which"/> names.</param>
    private static async Task FreeAsync(Turn turn, string which, CancellationToken stop, params (string Name, object? Value)[] values)
    {
        if (await turn.CountAsync($"select count(*) from coupon_use u where {which}", stop, values) == 0) return;
        await turn.ExecuteAsync($"update coupon set hold = null where code in (select u.code from coupon_use u where {which} and u.code is not null)", stop, values);
        await turn.ExecuteAsync(
            $"""
             update coupon_member set uses = uses - (select count(*) from coupon_use u where u.series = coupon_member.series and u.member = coupon_member.member and {which})
             where (series, member) in (select u.series, u.member from coupon_use u where {which} and u.member is not null)
             """, stop, values);
        await turn.ExecuteAsync(
            $"""
             update coupon_series set uses = uses - (select count(*) from coupon_use u where u.series = coupon_series.id and {which}),
             redeemed = redeemed - (select count(*) from coupon_use u where u.series = coupon_series.id and u.state = 1 and {which})
             where id in (select u.series from coupon_use u where {which})
             """, stop, values);
        var plain = which.Replace("u.", "", StringComparison.Ordinal);
        if (which.StartsWith("u.state = 1", StringComparison.Ordinal)) await turn.ExecuteAsync($"update coupon_use set state = 2 where {plain}", stop, values);
        else await turn.ExecuteAsync($"delete from coupon_use where {plain}", stop, values);
    }

    private static CouponClearingRow RowOf(CouponUseRow use, string sale, CouponClearing clearing, string department, Instant now) => new()
    {
        Number = 0, Series = use.Series, Hold = use.Hold, Sale = sale, FromParty = clearing.From.Text, ToParty = clearing.To.Text, Amount = clearing.AmountMinor, Department = department, AtTicks = now.Ticks,
    };

    /// <summary>Numbered in the order of commits: one writes at a time.</summary>
    private static async Task<IReadOnlyList<CouponClearing>> PostAsync(Turn turn, List<CouponClearingRow> rows, CancellationToken stop)
    {
        if (rows.Count == 0) return [];
        var last = await turn.CountAsync("select coalesce(max(number), 0) from coupon_clearing", stop);
        await turn.InsertAsync([.. rows.Select(row => row with { Number = ++last })], stop);
        return [.. rows.Select(row => new CouponClearing(CouponParty.Parse(row.FromParty), CouponParty.Parse(row.ToParty), row.Amount))];
    }
}
