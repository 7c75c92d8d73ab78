using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>Addresses of the pages. Ids may hold anything but white space, a slash included, and are escaped whole.</summary>
public static class Links
{
    public static string Store(StoreId store) => "/stores/" + Uri.EscapeDataString(store.Value);

    /// <summary>Where the store's manager works: who is there today.</summary>
    public static string Floor(StoreId store) => Store(store) + "/floor";

    public static string Shifts(StoreId store, Week week) => $"{Floor(store)}/shifts?week={week}";

    public static string Pool(StoreId store, Month? month = null) => Floor(store) + (month is { } of ? $"/pool?month={of}" : "/pool");

    public static string Clerk(StaffId staff, Month? month = null) =>
        "/clerks/" + Uri.EscapeDataString(staff.Value) + (month is { } of ? $"?month={of}" : "");

    /// <summary>A clerk's statement as a file: <c>pdf</c> or <c>csv</c>.</summary>
    public static string ClerkFile(StaffId staff, Month month, string form) => $"/clerks/{Uri.EscapeDataString(staff.Value)}/statement.{form}?month={month}";

    /// <summary>Where the members of a clerk who has left are handed on.</summary>
    public static string Handing(StaffId staff, StoreId? store = null) =>
        $"/clerks/{Uri.EscapeDataString(staff.Value)}/handing{(store is { } of ? "?store=" + Uri.EscapeDataString(of.Value) : null)}";

    /// <summary>All statements of a period as a file.</summary>
    public static string PeriodFile(Month month, string form) => $"/statements.{form}?month={month}";

    public static string Sale(FactId sale) => "/sales/" + Uri.EscapeDataString(sale.Value);

    /// <summary>Where a clerk appeals a sale, or what its trace says of a role by some rules.</summary>
    public static string Appeal(FactId sale, Role? role = null, string rules = "") =>
        "/appeals/new?sale=" + Uri.EscapeDataString(sale.Value) + (role is { } of ? $"&role={of}" : "") + (rules.Length == 0 ? "" : "&rule=" + Uri.EscapeDataString(rules));

    public static string Parked(string fact) => "/parked/" + Uri.EscapeDataString(fact);

    /// <summary>Two versions side by side; the other may be a draft, by its id.</summary>
    public static string Compare(int one, string other) => $"/policy/compare?one={one}&other={Uri.EscapeDataString(other)}";

    public static string VersionId(int version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string Policy(int? version = null) => version is { } number ? $"/policy?version={number}" : "/policy";

    /// <summary>Where the policy page explains a rule of a version; <c>R4.4</c> is part of R4.</summary>
    public static string Rule(string rule, int? version = null)
    {
        var number = new string([.. rule.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return Policy(version) + (number.Length == 0 ? "" : $"#r{number}");
    }

    /// <inheritdoc cref="IdInAddress.Of"/>
    public static string IdOf(HttpContext request, int after = 0) => IdInAddress.Of(request, after);
}
