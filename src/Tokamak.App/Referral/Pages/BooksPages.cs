using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Pages;

/// <summary>What the pages over a brand's books need.</summary>
public static class BooksPages
{
    public static IServiceCollection AddBooks(this IServiceCollection services, Books books, MonthlyFigures? figures = null)
    {
        services.AddSingleton(books);
        services.AddSingleton(figures ?? new MonthlyFigures(books));
        services.AddSingleton(new SaleList(books));
        services.AddSingleton(books.Currency);
        services.AddSingleton(books.Policy.Zone);
        services.AddScoped<Scope>();
        if (books.Names.Brand is { } name) services.AddSingleton(new BrandName(name));
        return services;
    }

    /// <summary>The roster that accounts stand on: where everybody is after the last fact.</summary>
    public static StaffPlaces Places(Books books) => new(
        (_, staff, _) => ValueTask.FromResult(books.Log.Roster.Find(staff) is { } found ? PlaceOf(books, found) : null),
        (_, _) => ValueTask.FromResult<IReadOnlyList<StaffPlace>>([.. books.Log.Roster.All.Select(staff => PlaceOf(books, staff)).OfType<StaffPlace>()]));

    private static StaffPlace? PlaceOf(Books books, StaffTimeline staff) => staff.Employments is [.., var last]
        ? new StaffPlace(staff.Id, books.Names.StaffName(staff.Id), last.Store, books.Names.StoreName(last.Store), last.Employed)
        : null;
}
