namespace Tokamak.App.Web;

/// <summary>The pages a person can go to from anywhere; a new one is one line.</summary>
public static class Navigation
{
    public static readonly IReadOnlyList<NavigationItem> Items =
    [
        new("/day", "clock", t => t["nav.day"]),
        new("/", "overview", t => t["nav.overview"]),
        new("/stores", "store", t => t["nav.stores"]),
        new("/departments", "insight", t => t["nav.departments"]),
        new("/clerks", "staff", t => t["nav.clerks"]),
        new("/sales", "sale", t => t["nav.sales"]),
        new("/members", "person", t => t["nav.members"]),
        new("/duplicates", "merge", t => t["nav.duplicates"]),
        new("/offers", "offer", t => t["nav.offers"]),
        new("/parity", "insight", t => t["nav.parity"]),
        new("/coupons", "coupon", t => t["nav.coupons"]),
        new("/targets", "target", t => t["nav.targets"]),
        new("/pools", "insight", t => t["nav.pools"]),
        new("/appeals", "appeal", t => t["nav.appeals"]),
        new("/policy", "policy", t => t["nav.policy"]),
        new("/policy/drafts", "draft", t => t["nav.drafts"]),
        new("/simulations", "overview", t => t["nav.simulations"]),
        new("/parked", "clock", t => t["nav.parked"]),
        new("/close", "statement", t => t["nav.close"]),
        new("/people", "members", t => t["nav.people"]),
        new("/audit", "audit", t => t["nav.audit"]),
    ];
}

/// <param name="Path">Its sub-pages light the same item.</param>
/// <param name="Icon">A name of <c>Icon.razor</c>.</param>
/// <param name="Text">From the texts of the person's language.</param>
public sealed record NavigationItem(string Path, string Icon, Func<Texts, string> Text);

/// <summary>How many things wait at a place in the menu, counted to 100; null where that is not known.</summary>
public sealed record NavigationCount(string Path, Func<HttpContext, int?> Of);

/// <summary>The brand whose data the pages show; shown in the frame when the host was given one.</summary>
public sealed record BrandName(string Text);
