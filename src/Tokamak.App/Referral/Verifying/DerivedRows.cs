using System.Globalization;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Verifying;

/// <summary>Rows and sums in words, to be compared.</summary>
internal static class DerivedRows
{
    /// <summary>All columns by name; none is forgotten.</summary>
    public static string Words<TRow>(TRow row) where TRow : class =>
        string.Join(", ", typeof(TRow).GetProperties().Select(property => string.Create(CultureInfo.InvariantCulture, $"{property.Name} {property.GetValue(row) ?? "-"}")));

    /// <summary>Sums in words; one of nothing is left out.</summary>
    public static Dictionary<TKey, string> Words<TKey, TSum>(IEnumerable<(TKey Key, TSum Sum)> sums) where TKey : notnull =>
        sums.Where(sum => !EqualityComparer<TSum>.Default.Equals(sum.Sum, default)).ToDictionary(sum => sum.Key, sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Sum}"));

    public static string RoleOf(short role) => ((Role)role).ToString().ToLowerInvariant();
}
