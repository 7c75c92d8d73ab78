using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Members;

/// <summary>A key of a member.</summary>
/// <param name="Key">It.</param>
/// <param name="Of">The id that came with it.</param>
/// <param name="Since">When.</param>
/// <param name="Proved">When they proved it; null: they only said so.</param>
public sealed record ProfileKey(MemberKey Key, MemberId Of, Instant Since, Instant? Proved);

/// <summary>A purchase of any channel.</summary>
/// <param name="Id">The sale.</param>
/// <param name="At">When.</param>
/// <param name="Store">Where; null online.</param>
/// <param name="Sold">What it came to.</param>
/// <param name="Net">What is left of it after cancels, refunds and returns.</param>
public sealed record ProfilePurchase(FactId Id, Instant At, StoreId? Store, long Sold, long Net);

/// <summary>A service somebody did a member.</summary>
public sealed record ServiceDone(FactId Id, Instant At, string Kind, StoreId Store, StaffId? Staff);

/// <summary>How much somebody has bought.</summary>
/// <param name="Count">Purchases of which something is left.</param>
/// <param name="Net">What is left of them, in whole units.</param>
/// <param name="InStores">Of it, in stores.</param>
/// <param name="Last">The latest.</param>
public sealed record ProfileTotals(int Count, Int128 Net, Int128 InStores, Instant? Last);

/// <summary>The whole picture of a member.</summary>
/// <param name="Member">Who they are now.</param>
/// <param name="Ids">Every id that is theirs by merges, their own first.</param>
/// <param name="Person">Name, birthday and how they joined; null for one whom only facts name.</param>
/// <param name="Keys">What they are recognised by.</param>
/// <param name="Consents">What they agree to.</param>
/// <param name="Totals">What they have bought, in all channels.</param>
/// <param name="Purchases">The newest of them.</param>
/// <param name="Services">The newest services.</param>
/// <param name="Binding">Whose they are; null for one whom no fact has named.</param>
/// <param name="Merges">The merges that made them one, which can be taken back.</param>
/// <param name="Erasure">Null unless they have asked to be erased, or are.</param>
public sealed record Profile(
    MemberId Member, IReadOnlyList<MemberId> Ids, PersonRow? Person, IReadOnlyList<ProfileKey> Keys, IReadOnlyList<ConsentState> Consents, ProfileTotals Totals,
    IReadOnlyList<ProfilePurchase> Purchases, IReadOnlyList<ServiceDone> Services, MemberBinding? Binding, IReadOnlyList<MergeFact> Merges, ErasureRow? Erasure)
{
    public string? Name => Person?.Name;

    /// <summary>Nothing is known of them any more but what the books keep.</summary>
    public bool IsErased => Erasure?.ErasedOn is not null;

    /// <summary>The day on which what is known of them goes; null where they have not asked, or it is gone.</summary>
    public DateOnly? EraseOn => IsErased ? null : Erasure?.DueOn;
}

/// <summary>Reads the whole picture of a member, with a fixed number of questions whatever their history.</summary>
public static class ReadProfile
{
    public const int MostShown = 50;

    /// <returns>Null: nobody has heard of such a member.</returns>
    public static async Task<Profile?> OfAsync(Turn turn, BookRules? rules, MemberId member, Instant now, CancellationToken stop)
    {
        if (await KeyHolders.RootOfAsync(turn, member, stop) is not { } root) return null;
        var family = (await KeyHolders.FamiliesAsync(turn, [root], stop))[root];
        var ids = family.Select(id => id.Value).ToList();
        await using var books = turn.Books();
        var keys = await books.MemberKeys.Where(key => ids.Contains(key.Member)).ToListAsync(stop);
        var sales = books.Sales.Where(sale => sale.Member != null && ids.Contains(sale.Member) && !sale.Voided);
        var totals = await sales.Where(sale => sale.Net > 0).GroupBy(sale => sale.Channel)
            .Select(group => new { Channel = group.Key, Count = group.Count(), Net = group.Sum(sale => (decimal)sale.Net), Last = group.Max(sale => sale.AtTicks) }).ToListAsync(stop);
        var purchases = await sales.OrderByDescending(sale => sale.AtTicks).ThenByDescending(sale => sale.Id).Take(MostShown).ToListAsync(stop);
        var services = await books.Facts.Where(fact => fact.Member != null && ids.Contains(fact.Member) && fact.Type == (short)FactOrder.Service).OrderByDescending(fact => fact.AtTicks).Take(MostShown).ToListAsync(stop);
        return new Profile(
            root, family, await PersonAsync(books, ids, stop),
            [.. keys.OrderBy(key => key.Kind).ThenBy(key => key.AddedAtTicks).Select(key => new ProfileKey(
                new MemberKey((KeyKind)key.Kind, key.Value), new MemberId(key.Member), new Instant(key.AddedAtTicks), key.ProvedAtTicks is { } proved ? new Instant(proved) : null))],
            await Consents.OfAsync(turn, family, stop),
            new ProfileTotals(
                totals.Sum(group => group.Count), totals.Aggregate(Int128.Zero, (sum, group) => sum + (Int128)group.Net),
                totals.Where(group => group.Channel == (short)Channel.Store).Aggregate(Int128.Zero, (sum, group) => sum + (Int128)group.Net),
                totals.Count == 0 ? null : new Instant(totals.Max(group => group.Last))),
            [.. purchases.Select(sale => new ProfilePurchase(new FactId(sale.Id), new Instant(sale.AtTicks), sale.Store is null ? null : new StoreId(sale.Store), sale.Sold, sale.Net))],
            [.. services.Select(StoredForms.FactOf).OfType<ServiceFact>().Select(service => new ServiceDone(service.Id, service.At, service.Kind, service.Store, service.Staff))],
            rules is null ? null : await ReadBinding.OfAsync(turn, rules, root, now, stop),
            await MergeMembers.StandingAsync(turn, family, stop), await Erasures.OfAsync(turn, family, stop));
    }

    /// <summary>What is known of the person under any of their ids: their own first, else the one known longest; gaps are filled from the others.</summary>
    private static async Task<PersonRow?> PersonAsync(BrandContext books, List<string> ids, CancellationToken stop)
    {
        var rows = await books.People.Where(person => ids.Contains(person.Member)).ToListAsync(stop);
        var ordered = rows.OrderBy(person => person.Member == ids[0] ? 0 : 1).ThenBy(person => person.JoinedAtTicks).ThenBy(person => person.Member, StringComparer.Ordinal).ToList();
        if (ordered.Count == 0) return null;
        return ordered[0] with
        {
            Name = ordered.Select(person => person.Name).FirstOrDefault(name => name is not null),
            Birthday = ordered.Select(person => person.Birthday).FirstOrDefault(day => day is not null),
            Language = ordered.Select(person => person.Language).FirstOrDefault(language => language is not null),
            JoinedAtTicks = ordered.Min(person => person.JoinedAtTicks),
        };
    }
}
