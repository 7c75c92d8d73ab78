using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.Core.Coupons;

public enum CouponKind : byte
{
    /// <summary>Each coupon has a random code of its own, which pays once.</summary>
    RandomCodes,

    /// <summary>One code that many know and use.</summary>
    SharedCode,
}

/// <summary>Who may use a coupon.</summary>
public enum CouponHolding : byte
{
    /// <summary>The member in whose wallet it is, and nobody else.</summary>
    HolderOnly,

    /// <summary>Whoever presents it.</summary>
    Transferable,
}

/// <summary>What becomes of a coupon when all that it paid for is returned.</summary>
public enum CouponOnReturn : byte
{
    /// <summary>It can be used again.</summary>
    GiveBack,

    /// <summary>It was used.</summary>
    Keep,
}

/// <summary>Whose money a discount is.</summary>
public enum CouponBearer : byte { Issuer, Redeemer, Hq }

/// <summary>One side of internal clearing: head office, the web shop, or a store. Ordered as its text.</summary>
public readonly record struct CouponParty : IComparable<CouponParty>
{
    private const string StorePrefix = "store:";

    public static readonly CouponParty Hq = new("hq");

    /// <summary>All channels that have no store.</summary>
    public static readonly CouponParty Online = new("online");

    private readonly string? _text;

    private CouponParty(string text) => _text = text;

    /// <summary><c>hq</c>, <c>online</c>, or <c>store:</c> and the store's id.</summary>
    public string Text => _text ?? Hq.Text;

    /// <summary>Null for those that are no store.</summary>
    public string? Store => Text.StartsWith(StorePrefix, StringComparison.Ordinal) ? Text[StorePrefix.Length..] : null;

    public static CouponParty OfStore(string store) => new(StorePrefix + store);

    /// <summary>Head office where no store is named.</summary>
    public static CouponParty OfIssuer(string? store) => store is null ? Hq : OfStore(store);

    /// <summary>The web shop where no store is named.</summary>
    public static CouponParty OfRedeemer(string? store) => store is null ? Online : OfStore(store);

    /// <param name="text">As <see cref="Text"/> writes it.</param>
    public static CouponParty Parse(string text) => text == Hq.Text ? Hq : text == Online.Text ? Online
        : text.Length > StorePrefix.Length && text.StartsWith(StorePrefix, StringComparison.Ordinal) ? new(text) : throw new ArgumentException($"'{text}' is no party", nameof(text));

    public int CompareTo(CouponParty other) => string.CompareOrdinal(Text, other.Text);
    public override string ToString() => Text;
}

/// <summary>A name in both languages.</summary>
public sealed record CouponName(string ZhTw, string En);

/// <summary>What all coupons of a kind have in common (spec promotions, "Coupons").</summary>
public sealed record CouponSeries
{
    public const string StoreChannel = "store", OnlineChannel = "online";

    /// <summary>1 to 40 letters, digits, hyphens and underscores of ASCII; what an offer's <c>coupon</c> names where codes are random.</summary>
    public required string Id { get; init; }

    public required CouponName Name { get; init; }

    /// <summary>The store that issues it; null: head office.</summary>
    public string? IssuingStore { get; init; }

    public required CouponKind Kind { get; init; }

    /// <summary>As people write it, exactly for <see cref="CouponKind.SharedCode"/>; what an offer's <c>coupon</c> names then.</summary>
    public string? SharedCode { get; init; }

    /// <summary>Null: any.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Then only channel <c>store</c>, in one of them; null: any.</summary>
    public IReadOnlyList<string>? Stores { get; init; }

    public required CouponHolding Holding { get; init; }

    /// <summary>The first moment; null: always.</summary>
    public Instant? From { get; init; }

    /// <summary>The first moment it is over; null: never.</summary>
    public Instant? Until { get; init; }

    /// <summary>Sales that all coupons of the series may pay in, 1 or more; null: as many as there are codes, or any number of a shared code.</summary>
    public long? TotalUses { get; init; }

    /// <summary>Of these by one member, 1 or more, so that nobody without membership uses it; null: any number.</summary>
    public long? MemberUses { get; init; }

    public required CouponOnReturn OnReturn { get; init; }
    public required CouponBearer Bearer { get; init; }

    /// <summary>Of whoever bears the cost, as finance calls it; empty: none named.</summary>
    public required string Department { get; init; }

    /// <summary>Since then nobody may use it any more; null: it runs.</summary>
    public Instant? StoppedAt { get; init; }

    /// <summary>What a pricing cart names: one of the words of an offer's <c>coupon</c>.</summary>
    public string Opens => SharedCode ?? Id;
}

/// <summary>Where, for whom and when a coupon is presented.</summary>
/// <param name="Channel"><c>store</c>, or another.</param>
/// <param name="Store">Exactly for channel <c>store</c>.</param>
/// <param name="Member">Null: nobody said who they are.</param>
public sealed record CouponCart(string Channel, string? Store, MemberId? Member)
{
    public CouponParty Party => CouponParty.OfRedeemer(Store);
}

/// <summary>What the books know of a presented code at a moment; a hold whose time is over is none.</summary>
/// <param name="Series">Whose it is.</param>
/// <param name="Holder">In whose wallet it is; null: in nobody's, as a shared code always is.</param>
/// <param name="Use">Of a random code.</param>
/// <param name="TotalUsed">Uses of the series, held and redeemed.</param>
/// <param name="MemberUsed">Of these by the member of the cart, under any id; 0 without one.</param>
public sealed record PresentedCoupon(CouponSeries Series, MemberId? Holder, CouponUse Use, long TotalUsed, long MemberUsed)
{
    /// <summary>Is the holder the one who buys? Ids are compared as people: the shell says so of ids that were merged.</summary>
    public required bool IsHolders { get; init; }
}

public enum CouponUse : byte
{
    None,

    /// <summary>For another cart.</summary>
    Held,
    Redeemed,
}
