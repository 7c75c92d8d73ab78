using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Promotions.Quoting;

/// <summary>Why a quote is not committed.</summary>
public enum CommitRefusal
{
    /// <summary>There is none of that id, or it was let go.</summary>
    Unknown,

    /// <summary>It was committed into another sale.</summary>
    OfAnotherSale,

    /// <summary>Another quote has become that sale.</summary>
    SaleOfAnother,

    /// <summary>Its moment has passed.</summary>
    Expired,

    /// <summary>Its moment has passed, and others have used what it rested on.</summary>
    UsedUp,

    /// <summary>It was priced anew since the caller looked.</summary>
    Changed,
}

/// <summary>Makes a held quote a sale's, in the commit that stores the sale.</summary>
public static class QuoteCommit
{
    /// <param name="turn">The writer's turn.</param>
    /// <param name="id">The quote.</param>
    /// <param name="sale">Into which it is to be committed.</param>
    /// <param name="result">The price that the sale has: of <see cref="QuoteRow.Result"/>.</param>
    /// <param name="now">The moment.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>Null: it may be committed, or is, into this same sale; and the offers that are used up, if that is why not.</returns>
    public static async Task<(CommitRefusal? Refusal, IReadOnlyList<string> UsedUp)> MayAsync(Turn turn, string id, string sale, string result, Instant now, CancellationToken stop)
    {
        if (await HeldQuotes.FindAsync(turn, id, stop) is not { } quote) return (CommitRefusal.Unknown, []);
        if (quote.Sale is not null) return (quote.Sale == sale ? null : CommitRefusal.OfAnotherSale, []);
        if (quote.Result != result) return (CommitRefusal.Changed, []);
        if (await turn.CountAsync("select count(*) from quote where sale = @sale", stop, ("sale", sale)) > 0) return (CommitRefusal.SaleOfAnother, []);
        // Nodes' clocks differ: that the uses are really there is asked even of a quote in its time.
        var usedUp = await OfferUses.UsedUpAsync(turn, id, stop);
        return usedUp.Count > 0 ? (CommitRefusal.UsedUp, usedUp) : now.Ticks >= quote.UntilTicks ? (CommitRefusal.Expired, []) : (null, []);
    }

    /// <summary>The sale is stored: what the quote held is used.</summary>
    /// <inheritdoc cref="MayAsync"/>
    public static async Task DoneAsync(Turn turn, string id, string sale, Instant now, CancellationToken stop)
    {
        if (await turn.ExecuteAsync("update quote set sale = @sale where id = @id and sale is null", stop, ("id", id), ("sale", sale)) == 0) return;
        await OfferUses.CountAsync(turn, id, stop);
        await CartCoupons.RedeemAsync(turn, (await HeldQuotes.FindAsync(turn, id, stop))!, sale, now, stop);
    }
}
