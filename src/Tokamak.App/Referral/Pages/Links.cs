using Microsoft.AspNetCore.Http.Features;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>Addresses of the pages. Ids may hold anything but white space, a slash included, and are escaped whole.</summary>
public static class Links
{
    public static string Store(StoreId store) => "/stores/" + Uri.EscapeDataString(store.Value);

    public static string Clerk(StaffId staff, Month? month = null) =>
        "/clerks/" + Uri.EscapeDataString(staff.Value) + (month is { } of ? $"?month={of}" : "");

    public static string Sale(FactId sale) => "/sales/" + Uri.EscapeDataString(sale.Value);

    public static string Policy(int? version = null) => version is { } number ? $"/policy?version={number}" : "/policy";

    /// <summary>Where the policy page explains a rule of a version; <c>R4.4</c> is part of R4.</summary>
    public static string Rule(string rule, int? version = null)
    {
        var number = new string([.. rule.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return Policy(version) + (number.Length == 0 ? "" : $"#r{number}");
    }

    /// <summary>
    /// The id at the end of the address, from the line the browser sent: the path a server hands on has lost the
    /// difference between an escaped slash and the escape of an escape.
    /// </summary>
    public static string IdOf(HttpContext request)
    {
        var target = request.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(target[(target.LastIndexOf('/') + 1)..]);
    }
}
