using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>What facts change of a sale's credit and of the commission on it.</summary>
public sealed record CreditChange(FactId Sale, Role Role, Party Party, Int128 Credit, Int128 CommissionE4);

/// <summary>What facts change of a statement that is not closed: a clerk's, or with nobody named a store's.</summary>
public sealed record StatementChange(Month Period, StaffId? Staff, StoreId? Store, Int128 Credit, Int128 StaffPay, Int128 StorePool, Int128 Bounty, Int128 Paid)
{
    public bool IsNone => Credit == 0 && StaffPay == 0 && StorePool == 0 && Bounty == 0 && Paid == 0;
}

/// <summary>What a ruling's facts change, as they were posted.</summary>
public sealed record RulingEffect(IReadOnlyList<CreditChange> Credits, IReadOnlyList<StatementChange> Statements)
{
    public static readonly RulingEffect None = new([], []);

    /// <summary>The same for the same effect: what somebody confirms is what they were shown.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', Credits.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Sale} {change.Role} {change.Party.Staff} {change.Party.Store} {change.Credit} {change.CommissionE4}"))
            .Concat(Statements.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Period} {change.Staff} {change.Store} {change.Credit} {change.StaffPay} {change.StorePool} {change.Bounty} {change.Paid}")))))));

    /// <summary>What was posted since, by sale and party.</summary>
    public static async Task<RulingEffect> OfAsync(Turn turn, BookRules rules, long postingsBefore, Settlement before, Settlement after, CancellationToken stop)
    {
        const string Keys = "sale, role, staff, store";
        var rows = await turn.ReadAsync(
            $"""
            select {Keys}, cast(sum(credit) as bigint), cast(sum(commission) as bigint) from (
              select {Keys}, amount as credit, 0 as commission from credit where seq > @seq
              union all
              select {Keys}, 0, amount_e4 from commission where seq > @seq) posted
            group by {Keys} having sum(credit) <> 0 or sum(commission) <> 0 order by {Keys}
            """,
            row => new CreditChange(new FactId(row.GetString(0)), (Role)row.GetInt16(1), rules.PartyOf(row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3)), row.GetInt64(4), row.GetInt64(5)), stop,
            ("seq", postingsBefore));
        return new RulingEffect(rows, [.. ChangesOf(before, after)]);
    }

    private static IEnumerable<StatementChange> ChangesOf(Settlement before, Settlement after)
    {
        var was = before.Statements.ToDictionary(row => (row.Period, row.Staff, row.Store));
        var now = after.Statements.ToDictionary(row => (row.Period, row.Staff, row.Store));
        foreach (var key in was.Keys.Union(now.Keys).OrderBy(key => key.Period).ThenBy(key => key.Staff is null).ThenBy(key => key.Staff?.Value, StringComparer.Ordinal).ThenBy(key => key.Store?.Value, StringComparer.Ordinal))
        {
            var (old, anew) = (was.GetValueOrDefault(key), now.GetValueOrDefault(key));
            var change = new StatementChange(
                key.Period, key.Staff, key.Store, anew.Credit - old.Credit, anew.StaffPay - old.StaffPay, anew.StorePool - old.StorePool, anew.Bounty - old.Bounty, anew.Paid - old.Paid);
            if (!change.IsNone) yield return change;
        }
    }
}
