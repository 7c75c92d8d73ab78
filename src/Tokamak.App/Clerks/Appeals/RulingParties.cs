using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>Clerks and stores as the office names them in a ruling: by id, or by a name that only one has.</summary>
public sealed class RulingParties(Roster roster, BrandNames names)
{
    /// <summary>Everybody who ever worked there, by name: what is disputed may be of one who has left.</summary>
    public IReadOnlyList<(string Id, string Name)> Staff { get; } = Sorted(roster.All.Select(clerk => (clerk.Id.Value, names.StaffName(clerk.Id))));

    public IReadOnlyList<(string Id, string Name)> Stores { get; } = Sorted(
        names.Stores.Keys.Concat(roster.All.SelectMany(clerk => clerk.Employments).Select(employment => employment.Store.Value)).Where(id => id != StoreId.Online.Value).Distinct()
            .Select(id => (id, names.StoreName(new StoreId(id)))));

    /// <summary>Puts ids in the place of names.</summary>
    /// <returns>A name that several have; null where all is told apart.</returns>
    public string? Resolve(AskedRuling asked)
    {
        string? ambiguous = null;
        asked.SaleStaff = IdOf(asked.SaleStaff, Staff);
        asked.ServiceStaff = IdOf(asked.ServiceStaff, Staff);
        asked.ServiceStore = IdOf(asked.ServiceStore, Stores);
        return ambiguous;

        string? IdOf(string? typed, IReadOnlyList<(string Id, string Name)> known)
        {
            var text = typed?.Trim() ?? "";
            if (text.Length == 0 || known.Any(one => one.Id == text)) return typed;
            var named = known.Where(one => string.Equals(one.Name, text, StringComparison.OrdinalIgnoreCase)).Select(one => one.Id).ToList();
            if (named.Count > 1) ambiguous = text;
            // What nobody is called may be the id of somebody of whom nothing is known yet: the books say so.
            return named.Count == 1 ? named[0] : typed;
        }
    }

    private static List<(string, string)> Sorted(IEnumerable<(string Id, string Name)> all) => [.. all.OrderBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal)];
}
