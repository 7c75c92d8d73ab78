using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Promotions;

namespace Tokamak.App.Promotions.Quoting;

/// <summary>How often limited offers have been used: counted as sales, and held by quotes whose moment has not come.</summary>
internal static class OfferUses
{
    /// <summary>The cart with the uses that it needs to know of; one question to the database, and none where no limited offer could apply.</summary>
    /// <param name="turn">A turn.</param>
    /// <param name="book">The offers.</param>
    /// <param name="cart">Without counters.</param>
    /// <param name="except">The quote that is made anew: what it holds does not count against itself.</param>
    /// <param name="now">Holds until then are over.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Cart> CountedAsync(Turn turn, OfferBook book, Cart cart, string? except, Instant now, CancellationToken stop)
    {
        var counted = UseRules.CouldUse(book, cart);
        if (counted.Count == 0) return cart;
        var member = cart.Member?.Id ?? "";
        var used = await turn.ReadAsync(
            $"""
            select offer, case when member = '' then 0 else 1 end, used from offer_count where {turn.IsOneOf("offer", "offers")} and member in ('', @member)
            union all
            select offer, 0, times from offer_hold where {turn.IsOneOf("offer", "offers")} and until_ticks > @now and quote <> @except
            union all
            select offer, 1, times from offer_hold where {turn.IsOneOf("offer", "offers")} and until_ticks > @now and quote <> @except and member = @member and member <> ''
            """,
            row => (Offer: row.GetString(0), IsMembers: row.GetInt64(1) == 1, Times: row.GetInt64(2)), stop,
            turn.List("offers", [.. counted.Select(offer => offer.Id)]), ("member", member), ("now", now.Ticks), ("except", except ?? ""));
        return cart with { UsedTotal = Sums(used, isMembers: false), Member = cart.Member is { } who ? who with { Used = Sums(used, isMembers: true) } : null };
    }

    /// <summary>Of the offers that a quote holds uses of, those that sales have used up meanwhile: then nothing may be committed.</summary>
    public static async Task<IReadOnlyList<string>> UsedUpAsync(Turn turn, string quote, CancellationToken stop) =>
        await turn.ReadAsync(
            """
            select h.offer from offer_hold h where h.quote = @quote and (
              (h.total is not null and h.times + coalesce((select c.used from offer_count c where c.offer = h.offer and c.member = ''), 0) > h.total)
              or (h.per_member is not null and h.times + coalesce((select c.used from offer_count c where c.offer = h.offer and c.member = h.member), 0) > h.per_member))
            order by h.offer
            """, row => row.GetString(0), stop, ("quote", quote));

    /// <summary>Counts what a quote holds as used, and holds it no longer.</summary>
    public static async Task CountAsync(Turn turn, string quote, CancellationToken stop)
    {
        await turn.ExecuteAsync(
            """
            insert into offer_count (offer, member, used)
            select offer, '', times from offer_hold where quote = @quote union all select offer, member, times from offer_hold where quote = @quote and member <> ''
            on conflict (offer, member) do update set used = offer_count.used + excluded.used
            """, stop, ("quote", quote));
        await ReleaseAsync(turn, quote, stop);
    }

    public static Task ReleaseAsync(Turn turn, string quote, CancellationToken stop) => turn.ExecuteAsync("delete from offer_hold where quote = @quote", stop, ("quote", quote));

    private static Dictionary<string, long> Sums(IEnumerable<(string Offer, bool IsMembers, long Times)> used, bool isMembers) =>
        used.Where(use => use.IsMembers == isMembers).GroupBy(use => use.Offer).ToDictionary(uses => uses.Key, uses => uses.Sum(use => use.Times), StringComparer.Ordinal);
}
