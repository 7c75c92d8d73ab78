using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>
/// What a person looks for among the sales. <c>Store</c> and <c>Staff</c>: those the sale names or credits.
/// An <c>Id</c> is looked for in every month.
/// </summary>
public sealed record SaleSearch(Month Month, DateOnly? Day, Channel? Channel, StoreId? Store, StaffId? Staff, string? Id);

/// <summary>Sales in the order of their time, to be searched.</summary>
public sealed class SaleList
{
    private readonly Books _books;
    private readonly IReadOnlyList<SaleBook> _byTime;

    public SaleList(Books books)
    {
        _books = books;
        _byTime = [.. books.Sales.OrderBy(sale => sale.Fact.At).ThenBy(sale => sale.Fact.Id)];
    }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<SaleBook> Find(SaleSearch search)
    {
        var found = string.IsNullOrWhiteSpace(search.Id)
            ? Dated.In(_byTime, search.Month, sale => sale.Day).Where(sale => search.Day is null || sale.Day == search.Day)
            : _byTime.Where(sale => sale.Fact.Id.Value.Contains(search.Id.Trim(), StringComparison.OrdinalIgnoreCase));
        return [.. found.Where(sale => Matches(sale, search)).Reverse()];
    }

    private bool Matches(SaleBook sale, SaleSearch search) =>
        (search.Channel is null || sale.Fact.Channel == search.Channel)
        && (search.Store is not { } store || sale.Host.Store == store || _books.CreditsOf(sale.Fact.Id).Any(credit => credit.Party.Store == store))
        && (search.Staff is not { } staff || sale.Fact.Staff == staff || _books.CreditsOf(sale.Fact.Id).Any(credit => credit.Party.Staff == staff));
}
