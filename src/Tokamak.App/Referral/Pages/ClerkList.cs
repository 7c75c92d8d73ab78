using Tokamak.App.Brands;
using Tokamak.App.Referral.Reading;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>A clerk on the list: where they work or last worked, and their month.</summary>
public sealed record ClerkOnList(StaffId Staff, StoreId Store, bool Employed, Int128 Credit, Int128 Paid);

/// <summary>The clerks whom a search finds, the month's best first.</summary>
public static class ClerkList
{
    public static IReadOnlyList<ClerkOnList> Find(KnownBooks books, MonthlyFigures figures, Scope scope, Month month, string? search)
    {
        var rows = figures.StaffStatements(month).ToDictionary(row => row.Staff!.Value);
        return
        [
            .. books.Roster.All.Where(clerk => clerk.Employments.Count > 0 && scope.MaySee(clerk.Id, clerk.Employments[^1].Store) && Matches(books.Names, clerk.Id, search)).Select(clerk =>
            {
                var (now, row) = (clerk.Employments[^1], rows.GetValueOrDefault(clerk.Id));
                return new ClerkOnList(clerk.Id, now.Store, now.Employed, row.Credit, row.Paid);
            })
            .OrderByDescending(clerk => clerk.Credit).ThenBy(clerk => clerk.Staff),
        ];
    }

    private static bool Matches(BrandNames names, StaffId staff, string? search) =>
        string.IsNullOrWhiteSpace(search)
        || staff.Value.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase)
        || names.StaffName(staff).Contains(search.Trim(), StringComparison.OrdinalIgnoreCase);
}
