using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticAssets;
using Tokamak.App.Access.Keys;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>Who may open a route.</summary>
public enum Reach
{
    /// <summary>Anybody, signed in or not, under any host name.</summary>
    Anyone,

    /// <summary>Anybody under a host name of a brand.</summary>
    AnyoneOfBrand,

    /// <summary>Those signed in with one of the roles; what they may see of it is the page's question to <see cref="Permissions"/>.</summary>
    Roles,

    /// <summary>A member of the brand, signed in to what is their own.</summary>
    Member,

    /// <summary>Those who come with an API key that has the scope.</summary>
    Key,

    /// <summary>Nobody: the framework has the route, this product does not.</summary>
    Nobody,
}

/// <summary>A line of the table. The pattern is the route's, as the endpoint has it.</summary>
public sealed record RouteRule(string Pattern, Reach Reach, params IReadOnlyList<AccountRole> Roles)
{
    /// <summary>What a key must be allowed, where keys open the route.</summary>
    public ApiScope? Scope { get; init; }

    /// <summary>The method that the line is about; null for a route that is the same for all of its methods.</summary>
    public string? Method { get; init; }
}

/// <summary>
/// The one place that decides who may see what. A route that has no line in the table does not exist for anybody; what is outside
/// a person's roles or scope is not found, as if it were not there.
/// </summary>
public sealed class Permissions
{
    private static readonly AccountRole[] All = Enum.GetValues<AccountRole>();
    private static readonly AccountRole[] Office = [AccountRole.Hq, AccountRole.Finance];
    private static readonly AccountRole[] OfficeAndManagers = [AccountRole.Hq, AccountRole.Finance, AccountRole.Manager];

    /// <summary>The routes of the product. A new page is one line here, and one in the test of all routes.</summary>
    private static readonly RouteRule[] Product =
    [
        new("/health", Reach.Anyone),
        new("/language", Reach.Anyone),
        new("/error", Reach.Anyone),
        new("/not-found", Reach.Anyone),
        new("/_framework/opaque-redirect", Reach.Nobody),
        new("/{**path:file}", Reach.Nobody),

        new("/sign-in", Reach.AnyoneOfBrand),
        new("/sign-in/code", Reach.AnyoneOfBrand),
        new("/sign-in/passkey-options", Reach.AnyoneOfBrand),
        new("/invitation/{Token}", Reach.AnyoneOfBrand),
        new("/demo/sign-in", Reach.AnyoneOfBrand),
        new("/sign-out", Reach.Roles, All),

        new("/account", Reach.Roles, All),
        new("/account/totp", Reach.Roles, All),
        new("/account/passkeys", Reach.Roles, All),
        new("/account/passkey-options", Reach.Roles, All),
        new("/people", Reach.Roles, AccountRole.Hq),
        new("/people/invite", Reach.Roles, AccountRole.Hq),
        new("/people/{Id}", Reach.Roles, AccountRole.Hq),
        new("/audit", Reach.Roles, Office),

        new("/", Reach.Roles, Office),
        new("/stores", Reach.Roles, Office),
        new("/departments", Reach.Roles, OfficeAndManagers),
        new("/stores/{Id}", Reach.Roles, OfficeAndManagers),
        new("/stores/{Id}/floor", Reach.Roles, OfficeAndManagers),
        new("/stores/{Id}/floor/shifts", Reach.Roles, OfficeAndManagers),
        new("/stores/{Id}/floor/pool", Reach.Roles, OfficeAndManagers),
        new("/pools", Reach.Roles, Office),
        new("/pools.csv", Reach.Roles, Office),
        new("/clerks", Reach.Roles, OfficeAndManagers),
        new("/clerks/{Id}", Reach.Roles, All),
        new("/clerks/{Id}/day", Reach.Roles, All),
        new("/clerks/{Id}/handing", Reach.Roles, AccountRole.Hq, AccountRole.Manager),
        new("/day", Reach.Roles, AccountRole.Manager, AccountRole.Clerk),
        new("/targets", Reach.Roles, OfficeAndManagers),
        new("/appeals", Reach.Roles, All),
        new("/appeals/new", Reach.Roles, AccountRole.Manager, AccountRole.Clerk),
        new("/appeals/statistics", Reach.Roles, Office),
        new("/appeals/{Id}", Reach.Roles, All),
        new("/clerks/{Id}/statement.pdf", Reach.Roles, All),
        new("/clerks/{Id}/statement.csv", Reach.Roles, All),
        new("/statements.pdf", Reach.Roles, Office),
        new("/statements.csv", Reach.Roles, Office),
        new("/parked", Reach.Roles, Office),
        new("/parked/{Id}", Reach.Roles, Office),
        new("/close", Reach.Roles, Office),
        new("/sales", Reach.Roles, All),
        new("/sales/{Id}", Reach.Roles, All),
        new("/policy", Reach.Roles, All),
        new("/policy/compare", Reach.Roles, All),
        new("/simulations", Reach.Roles, Office),
        new("/simulations/compare", Reach.Roles, Office),
        new("/simulations/{Id}", Reach.Roles, Office),
        new("/simulations/{Id}/result.json", Reach.Roles, Office),
        new("/simulations/{Id}/clerks.csv", Reach.Roles, Office),
        new("/simulations/{Id}/sales/{Sale}", Reach.Roles, Office),
        new("/policy/drafts", Reach.Roles, Office),
        new("/policy/drafts/{Id}", Reach.Roles, Office),
        new("/offers", Reach.Roles, All),
        new("/offers/calendar", Reach.Roles, All),
        new("/offers/{Id}", Reach.Roles, Office),
        new("/parity", Reach.Roles, Office),
        new("/members", Reach.Roles, All),
        new("/members/{Id}", Reach.Roles, All),
        new("/members/{Id}/data.json", Reach.Roles, AccountRole.Hq),
        new("/members/{Id}/data.html", Reach.Roles, AccountRole.Hq),
        new("/duplicates", Reach.Roles, AccountRole.Hq),
        new("/coupons", Reach.Roles, Office),
        new("/coupons/new", Reach.Roles, AccountRole.Hq),
        new("/coupons/clearing", Reach.Roles, Office),
        new("/coupons/{Id}", Reach.Roles, Office),
        new("/coupons/{Id}/batches/{Number}/codes.csv", Reach.Roles, AccountRole.Hq),
        new("/my", Reach.Member),
        new("/my/sign-in", Reach.AnyoneOfBrand),
        new("/my/sign-out", Reach.Member),
        new("/my/data.json", Reach.Member),
        new("/my/data.html", Reach.Member),
        new("/my/line", Reach.AnyoneOfBrand),
        new("/my/line/callback", Reach.AnyoneOfBrand),
        new("/duplicates/{One}/{Other}", Reach.Roles, AccountRole.Hq),
    ];

    private static readonly RouteRule[] Api =
    [
        // Says what is not there, and of what is there which methods it takes; neither is a secret.
        new("/api/{**rest}", Reach.Anyone),
        new("/api/v1/openapi.json", Reach.Anyone),
        For("/api/v1/facts", ApiScope.Facts),
        For("/api/v1/sales", ApiScope.Facts, HttpMethods.Post),
        For("/api/v1/sales", ApiScope.Read, HttpMethods.Get),
        For("/api/v1/sales/{id}", ApiScope.Read),
        For("/api/v1/sales/{id}/trace", ApiScope.Pay),
        For("/api/v1/sales/{id}/handovers", ApiScope.Facts),
        For("/api/v1/sales/{id}/cancels", ApiScope.Facts),
        For("/api/v1/sales/{id}/refunds", ApiScope.Facts),
        For("/api/v1/sales/{id}/returns", ApiScope.Facts),
        For("/api/v1/services", ApiScope.Facts),
        For("/api/v1/merges", ApiScope.Facts),
        For("/api/v1/staff", ApiScope.Facts, HttpMethods.Post),
        For("/api/v1/staff", ApiScope.Read, HttpMethods.Get),
        For("/api/v1/staff/{id}", ApiScope.Facts),
        For("/api/v1/stores", ApiScope.Read),
        For("/api/v1/stores/{id}", ApiScope.Facts),
        For("/api/v1/voids", ApiScope.Facts),
        For("/api/v1/events", ApiScope.Read),
        For("/api/v1/parked", ApiScope.Read),
        For("/api/v1/parked/{id}/dismiss", ApiScope.Facts),
        For("/api/v1/webhooks", ApiScope.Webhooks),
        For("/api/v1/webhooks/{id}", ApiScope.Webhooks),
        For("/api/v1/webhooks/{id}/secret", ApiScope.Webhooks),
        For("/api/v1/webhooks/{id}/test", ApiScope.Webhooks),
        For("/api/v1/webhooks/{id}/replay", ApiScope.Webhooks),
        For("/api/v1/statements", ApiScope.Pay),
        For("/api/v1/statements/{period}/{id}", ApiScope.Pay),
        For("/api/v1/appeals", ApiScope.Pay),
        For("/api/v1/appeals/{id}", ApiScope.Pay),
        For("/api/v1/simulations", ApiScope.Pay),
        For("/api/v1/simulations/{id}", ApiScope.Pay),
        For("/api/v1/simulations/{id}/stop", ApiScope.Pay),
        For("/api/v1/members/{id}/binding", ApiScope.Read),
        For("/api/v1/members", ApiScope.Members),
        For("/api/v1/duplicates", ApiScope.Personal),
        For("/api/v1/duplicates/merge", ApiScope.Personal),
        For("/api/v1/duplicates/two-people", ApiScope.Personal),
        For("/api/v1/members/lookup", ApiScope.Members),
        For("/api/v1/members/codes", ApiScope.Personal),
        For("/api/v1/members/codes/check", ApiScope.Personal),
        For("/api/v1/members/{id}", ApiScope.Members, HttpMethods.Get),
        For("/api/v1/members/{id}", ApiScope.Personal, HttpMethods.Patch),
        For("/api/v1/members/{id}/keys", ApiScope.Members),
        For("/api/v1/members/{id}/consents", ApiScope.Members),
        For("/api/v1/members/{id}/qr", ApiScope.Members),
        For("/api/v1/members/{id}/data", ApiScope.Personal),
        For("/api/v1/members/{id}/erasure", ApiScope.Personal),
        For("/api/v1/policy", ApiScope.Read),
        For("/api/v1/offers", ApiScope.Quotes),
        For("/api/v1/quotes", ApiScope.Quotes),
        For("/api/v1/quotes/{id}", ApiScope.Quotes),
        For("/api/v1/quotes/{id}/commit", ApiScope.Facts),
        For("/api/v1/coupons/{code}", ApiScope.Coupons),
        For("/api/v1/coupon-holds", ApiScope.Coupons),
        For("/api/v1/coupon-holds/{id}/redeem", ApiScope.Coupons),
        For("/api/v1/coupon-holds/{id}/release", ApiScope.Coupons),
        For("/api/v1/coupon-holds/{id}/return", ApiScope.Coupons),
        For("/api/v1/members/{id}/coupons", ApiScope.Coupons),
    ];

    private static readonly RouteRule StaticAsset = new("", Reach.Anyone);

    // By the pattern, with the method before it where the line is about one.
    private readonly FrozenDictionary<string, RouteRule> _byPattern;

    /// <param name="more">Routes of whoever hosts the pages, such as the specimens of the tests.</param>
    public Permissions(IEnumerable<RouteRule> more) =>
        _byPattern = Product.Concat(Api).Concat(more).ToFrozenDictionary(rule => Key(rule.Pattern, rule.Method), StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for a route that nobody classified, and so nobody may open.</summary>
    public RouteRule? RuleOf(Endpoint? endpoint)
    {
        if (endpoint?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null) return StaticAsset;
        if (endpoint is not RouteEndpoint route) return null;
        var pattern = route.RoutePattern.RawText ?? "";
        var method = route.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: [var only] } ? only : null;
        return _byPattern.GetValueOrDefault(Key(pattern, method)) ?? _byPattern.GetValueOrDefault(Key(pattern, null));
    }

    public bool MayOpen(Viewer? viewer, RouteRule rule) => rule.Reach switch
    {
        Reach.Anyone or Reach.AnyoneOfBrand => true,
        Reach.Roles => viewer is not null && rule.Roles.Contains(viewer.Role),
        Reach.Member or Reach.Key or Reach.Nobody => false,
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Reach, null),
    };

    /// <summary>Whether a place in the menu leads anywhere for this person.</summary>
    public bool MayOpen(Viewer viewer, string path) => _byPattern.TryGetValue(path, out var rule) && MayOpen(viewer, rule);

    /// <summary>Where somebody begins: the office at the overview, a manager at the own store, a clerk at the own day.</summary>
    public static string HomeOf(Viewer viewer) => viewer switch
    {
        { Role: AccountRole.Manager, Store: { } store } => "/stores/" + Uri.EscapeDataString(store.Value),
        { Role: AccountRole.Clerk, Staff: not null } => "/day",
        { Role: AccountRole.Hq or AccountRole.Finance } => "/",
        _ => "/account",
    };

    /// <summary>Whether the person plans a store's shifts and divides its pool: its manager and the head office; finance looks on.</summary>
    public static bool MayRun(Viewer viewer, StoreId store) => viewer.Role == AccountRole.Hq || (viewer.Role == AccountRole.Manager && viewer.Store == store);

    /// <summary>Whether the person sees the pay of everybody, without a scope.</summary>
    public static bool SeesAll(Viewer viewer) => viewer.Role is AccountRole.Hq or AccountRole.Finance;

    private static RouteRule For(string pattern, ApiScope scope, string? method = null) => new(pattern, Reach.Key) { Scope = scope, Method = method };

    private static string Key(string pattern, string? method) => (method is null ? "" : method + " ") + (pattern.StartsWith('/') ? pattern : "/" + pattern);
}
