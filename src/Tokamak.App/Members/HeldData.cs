using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>A line of a purchase: what was sold, and what is left of it after cancels, refunds and returns.</summary>
/// <param name="Sold">As it was sold.</param>
/// <param name="Kept">Units that are left.</param>
/// <param name="Net">What is left of it, in whole units of the currency.</param>
internal sealed record HeldLine(SaleLine Sold, int Kept, long Net);

/// <param name="Fact">The purchase.</param>
/// <param name="IsVoided">It was entered by mistake, and counts for nothing.</param>
/// <param name="Lines">By line number.</param>
internal sealed record HeldPurchase(SaleFact Fact, bool IsVoided, IReadOnlyList<HeldLine> Lines)
{
    public Int128 Sold => Lines.Aggregate(Int128.Zero, (sum, line) => sum + line.Sold.Net);

    public Int128 Net => Lines.Aggregate(Int128.Zero, (sum, line) => sum + line.Net);
}

/// <summary>
/// Everything that is held about a person, under all their ids. Purchases and services, which may be very many, are read as they are
/// written down, some at a time.
/// </summary>
internal sealed record HeldData(
    MemberId Member, IReadOnlyList<string> Ids, IReadOnlyList<PersonRow> People, IReadOnlyList<MemberKeyRow> Keys, IReadOnlyList<ConsentRow> Consents, MemberBinding? Binding,
    IReadOnlyList<MergeFact> Merges, ErasureRow? Erasure, BrandNames Names, Currency Currency, Zone Zone, Instant ReadAt)
{
    private const int AtOnce = 500;

    /// <returns>Null: nobody has heard of such a member.</returns>
    public static async Task<HeldData?> ReadAsync(Turn turn, MemberId member, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, member, stop) is not { } root) return null;
        var family = (await KeyHolders.FamiliesAsync(turn, [root], stop))[root];
        List<string> ids = [.. family.Select(id => id.Value)];
        await using var books = turn.Books();
        var rules = await BookRules.PolicyAsync(turn, stop) is null ? null : await BookRules.LoadAsync(turn, stop);
        var names = await StoredNames.ReadAsync(turn, stop);
        return new HeldData(
            root, ids,
            await books.People.Where(row => ids.Contains(row.Member)).OrderBy(row => row.JoinedAtTicks).ThenBy(row => row.Member).ToListAsync(stop),
            await books.MemberKeys.Where(row => ids.Contains(row.Member)).OrderBy(row => row.Kind).ThenBy(row => row.AddedAtTicks).ThenBy(row => row.Value).ToListAsync(stop),
            await books.Consents.Where(row => ids.Contains(row.Member)).OrderBy(row => row.AtTicks).ThenBy(row => row.Purpose).ToListAsync(stop),
            rules is null ? null : await ReadBinding.OfAsync(turn, rules, root, now, stop), await MergeMembers.StandingAsync(turn, family, stop),
            await Erasures.OfAsync(turn, family, stop), names, rules is null ? Currency.Taiwan : new Currency(rules.Policy.Versions[0].Currency, names.CurrencyDecimals),
            rules?.Policy.Zone ?? Zone.Utc, now);
    }

    /// <summary>All of them, the oldest first.</summary>
    public async IAsyncEnumerable<HeldPurchase> PurchasesAsync(Turn turn, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var sales in InPartsAsync(turn, "select at_ticks, id from sale where", stop))
        {
            await using var books = turn.Books();
            var facts = (await books.Facts.Where(fact => fact.Sale != null && sales.Contains(fact.Sale)).ToListAsync(stop)).ToLookup(row => row.Sale!, StoredForms.FactOf);
            foreach (var sale in sales) yield return PurchaseOf([.. facts[sale].OrderBy(fact => fact.At).ThenBy(fact => fact.Order).ThenBy(fact => fact.Id)]);
        }
    }

    /// <summary>All that were not voided, the oldest first.</summary>
    public async IAsyncEnumerable<ServiceFact> ServicesAsync(Turn turn, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var books = turn.Books();
        var voided = (await books.Facts.Where(fact => fact.Member != null && Ids.Contains(fact.Member) && fact.Sale == null && fact.Type == (short)FactOrder.Void).ToListAsync(stop))
            .Select(StoredForms.FactOf).OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        await foreach (var ids in InPartsAsync(turn, $"select at_ticks, id from fact where type = {(int)FactOrder.Service} and", stop))
        {
            var facts = (await books.Facts.Where(fact => ids.Contains(fact.Id)).ToListAsync(stop)).Select(StoredForms.FactOf).OfType<ServiceFact>();
            foreach (var service in facts.Where(fact => !voided.Contains(fact.Id)).OrderBy(fact => fact.At).ThenBy(fact => fact.Id)) yield return service;
        }
    }

    private async IAsyncEnumerable<List<string>> InPartsAsync(Turn turn, string select, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var (at, last) = (-1L, ""); ;)
        {
            var rows = await turn.ReadAsync(
                $"{select} {turn.IsOneOf("member", "ids")} and (at_ticks, id) > (@at, @last) order by at_ticks, id limit @most",
                row => (At: row.GetInt64(0), Id: row.GetString(1)), stop, turn.List("ids", [.. Ids]), ("at", at), ("last", last), ("most", AtOnce));
            if (rows.Count == 0) yield break;
            yield return rows.ConvertAll(row => row.Id);
            (at, last) = rows[^1];
        }
    }

    /// <summary>R11, over all that happened to a sale.</summary>
    private static HeldPurchase PurchaseOf(IReadOnlyList<Fact> facts)
    {
        var book = SaleBook.Undecided(facts.OfType<SaleFact>().Single());
        var voided = facts.OfType<VoidFact>().Select(fact => fact.Voided).ToHashSet();
        foreach (var fact in facts.OfType<SaleChangeFact>().Where(fact => !voided.Contains(fact.Id)))
            foreach (var change in fact.Lines) SaleRules.Apply(book, book.IndexOf(change.Line), fact, change, null);
        var isVoided = voided.Contains(book.Fact.Id);
        return new HeldPurchase(book.Fact, isVoided, [.. Enumerable.Range(0, book.Count).Select(place => new HeldLine(book.Sold(place), isVoided ? 0 : book.Remaining(place), isVoided ? 0 : book.Line(place).Net))]);
    }
}
