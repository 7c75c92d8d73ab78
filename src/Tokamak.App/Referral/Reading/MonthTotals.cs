using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Reading;

/// <summary>Credit posted in a month, by the channel of the sale, role and party.</summary>
public readonly record struct CreditSum(Channel Channel, Role Role, Party Party, Int128 Amount);

/// <summary>Commission of a month by party and sale month: ten-thousandths, and the vested credit that comes with it.</summary>
public readonly record struct CommissionSum(Party Party, Month SaleMonth, Int128 GrossE4, Int128 Credit);

/// <summary>A clerk's bounties of a month.</summary>
public readonly record struct BountySum(StaffTimeline Clerk, Int128 Amount);

/// <summary>
/// The monthly totals of what is posted, kept in memory. They are as many as clerks, stores and months make, whatever the number of
/// sales; after the first time only months are read in which something was posted since.
/// </summary>
public sealed class MonthTotals
{
    /// <summary>So many new postings are not looked through for their months: all totals are read anew.</summary>
    private const long MostNewPostings = 100_000;

    private readonly Dictionary<Month, List<CreditSum>> _credits;
    private readonly Dictionary<Month, List<CommissionSum>> _commissions;
    private readonly Dictionary<Month, List<BountySum>> _bounties;

    private MonthTotals(MonthTotals? kept, ICollection<Month> changed)
    {
        _credits = Keep(kept?._credits, changed);
        _commissions = Keep(kept?._commissions, changed);
        _bounties = Keep(kept?._bounties, changed);
    }

    public IReadOnlyDictionary<Month, List<CreditSum>> Credits => _credits;

    /// <summary>Months that anything is posted in, rising.</summary>
    public IEnumerable<Month> Months => _credits.Keys.Concat(_commissions.Keys).Concat(_bounties.Keys).Distinct().Order();

    /// <param name="before">Those of the same roster, if any are known, and how many postings they count.</param>
    public static async Task<MonthTotals> ReadAsync(Turn turn, BookRules rules, (MonthTotals Totals, long Postings)? before, CancellationToken stop)
    {
        IReadOnlyList<Month>? changed = before is var (_, postings) && rules.Postings - postings <= MostNewPostings ? await ChangedAsync(turn, postings, stop) : null;
        var totals = new MonthTotals(changed is null ? null : before!.Value.Totals, changed is null ? [] : [.. changed]);
        foreach (var where in changed is null ? (string?[])[null] : [.. changed.Select(month => month.ToString())]) await totals.AddAsync(turn, rules, where, stop);
        return totals;
    }

    /// <summary>Earnings and statements that follow from these totals (R14).</summary>
    public Settlement Settle(BookRules rules)
    {
        var settlement = new Settlement(rules.Policy, rules.Roster);
        foreach (var month in Months)
        {
            settlement.Open(month);
            foreach (var sum in _credits.GetValueOrDefault(month) ?? []) settlement.Credit(sum.Party, sum.Amount);
            foreach (var sum in _commissions.GetValueOrDefault(month) ?? []) settlement.Commission(sum.Party, sum.SaleMonth, sum.GrossE4, sum.Credit);
            foreach (var sum in _bounties.GetValueOrDefault(month) ?? []) settlement.Bounty(sum.Clerk, sum.Amount);
        }
        settlement.Close();
        return settlement;
    }

    private static Dictionary<Month, List<T>> Keep<T>(Dictionary<Month, List<T>>? kept, ICollection<Month> changed) =>
        kept is null ? [] : kept.Where(month => !changed.Contains(month.Key)).ToDictionary(month => month.Key, month => month.Value);

    private static Task<List<Month>> ChangedAsync(Turn turn, long postings, CancellationToken stop)
    {
        var month = turn.Provider == Provider.Postgres ? "to_char(day, 'YYYY-MM')" : "substr(day, 1, 7)";
        return turn.ReadAsync(
            $"select {month} from credit where seq > @seq union select {month} from commission where seq > @seq union select {month} from bounty where seq > @seq",
            row => StoredForms.MonthOf(row.GetString(0)), stop, ("seq", postings));
    }

    private async Task AddAsync(Turn turn, BookRules rules, string? period, CancellationToken stop)
    {
        var (where, given) = period is null ? ("", Array.Empty<(string, object?)>()) : (" where period = @period", [("period", period)]);
        await turn.ReadAsync("select period, channel, role, staff, store, amount from credit_total" + where, row => Add(
            _credits, row.GetString(0), new CreditSum((Channel)row.GetInt16(1), (Role)row.GetInt16(2), PartyOf(row.GetString(3), row.GetString(4)), row.GetInt64(5))), stop, given);
        await turn.ReadAsync("select period, staff, store, sale_month, gross_e4, credit from commission_total" + where, row => Add(
            _commissions, row.GetString(0), new CommissionSum(PartyOf(row.GetString(1), row.GetString(2)), StoredForms.MonthOf(row.GetString(3)), row.GetInt64(4), row.GetInt64(5))), stop, given);
        await turn.ReadAsync("select period, staff, amount from bounty_total" + where, row => Add(
            _bounties, row.GetString(0), new BountySum(PartyOf(row.GetString(1), "-").Clerk!, row.GetInt64(2))), stop, given);

        Party PartyOf(string staff, string store) => rules.PartyOf(staff.Length == 0 ? null : staff, store);
    }

    private static bool Add<T>(Dictionary<Month, List<T>> sums, string period, T sum)
    {
        var month = StoredForms.MonthOf(period);
        if (!sums.TryGetValue(month, out var list)) sums.Add(month, list = []);
        list.Add(sum);
        return true;
    }
}
