using Tokamak.Core.Kernel;

namespace Tokamak.Core.Promotions;

/// <summary>What is to be priced: for one channel, store, member and moment (spec promotions, "Cart"). Amounts are the brand's smallest units.</summary>
public sealed record Cart
{
    /// <summary>A cart holds at most so many lines, and so many units in all.</summary>
    public const int MaxLines = 500, MaxUnits = 2_000;

    /// <summary>
    /// What all units together may cost, and so any amount of an offer. As many offers as a brand may have, each worth all of it, still fit a long in the search's
    /// small fractions.
    /// </summary>
    public const long MaxMoney = 100_000_000_000;

    /// <summary>The channel whose carts have a store.</summary>
    public const string StoreChannel = "store";

    public required Instant At { get; init; }
    public required string Channel { get; init; }

    /// <summary>Exactly for <see cref="StoreChannel"/>.</summary>
    public string? Store { get; init; }

    public IReadOnlyList<string> Tenders { get; init; } = [];
    public CartMember? Member { get; init; }
    public required IReadOnlyList<CartLine> Lines { get; init; }

    /// <summary>Codes as they were entered; they compare exactly.</summary>
    public IReadOnlyList<string> Coupons { get; init; } = [];

    /// <summary>Ids of offers that the customer gives up.</summary>
    public IReadOnlyList<string> Declined { get; init; } = [];

    public long SpendPoints { get; init; }

    /// <summary>By offer, how often it was used by anybody.</summary>
    public IReadOnlyDictionary<string, long> UsedTotal { get; init; } = new Dictionary<string, long>();
}

/// <summary>Who buys, as far as offers ask.</summary>
/// <param name="BirthMonth">1 to 12, null unless known.</param>
/// <param name="Used">By offer, how often this member used it.</param>
public sealed record CartMember(
    string Id, string? Tier, bool FirstPurchase, int? BirthMonth, IReadOnlyList<string> Tags, IReadOnlyDictionary<string, long> Used);

/// <summary>Units of one article at one price.</summary>
/// <param name="UnitPrice">0 or more, before any offer.</param>
/// <param name="Floor">No discount goes below it; null: what the brand's floor percent says.</param>
public sealed record CartLine(
    int Line, string Sku, IReadOnlyList<string> Categories, IReadOnlyList<string> Tags, int Quantity, long UnitPrice, long? Floor);
