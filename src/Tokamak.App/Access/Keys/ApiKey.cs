namespace Tokamak.App.Access.Keys;

/// <summary>What a key may do.</summary>
public enum ApiScope
{
    /// <summary>Send facts.</summary>
    Facts,

    /// <summary>Read sales, staff, stores, parked facts and events, without what anybody is paid.</summary>
    Read,

    /// <summary>Read what people are paid: statements, traces, commission.</summary>
    Pay,

    /// <summary>Say where events are sent to.</summary>
    Webhooks,

    /// <summary>Make members and recognise them; names and keys are shown masked.</summary>
    Members,

    /// <summary>Read what is known of a member in full, and vouch for keys that a member has proved elsewhere.</summary>
    Personal,

    /// <summary>Price carts, and hold prices for sales.</summary>
    Quotes,

    /// <summary>Hold and redeem coupons, and give them to members.</summary>
    Coupons,
}

/// <summary>A key as the catalogue keeps it; the secret itself is nowhere.</summary>
public sealed class ApiKey
{
    public required string Id { get; init; }
    public required string Brand { get; init; }
    public required string Name { get; init; }

    /// <summary>HMAC-SHA-256 of the whole key, in hexadecimal.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Names of <see cref="ApiScope"/> in small letters, divided by a space.</summary>
    public required string Scopes { get; init; }

    /// <summary>Requests a second that it may make in the long run.</summary>
    public required int PerSecond { get; init; }
    public required DateTime CreatedAtUtc { get; init; }
    public DateTime? RevokedAtUtc { get; set; }
    public DateTime? LastUsedAtUtc { get; set; }

    public bool May(ApiScope scope) => Scopes.Split(' ').Contains(NameOf(scope), StringComparer.Ordinal);

    public static string NameOf(ApiScope scope) => scope.ToString().ToLowerInvariant();
}

/// <summary>What hashes are keyed with.</summary>
public sealed class HashKey
{
    public short One { get; init; } = 1;
    public required string Value { get; init; }
}
