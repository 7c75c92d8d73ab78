using Tokamak.App.Brands;
using Tokamak.App.Web;

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
        if (books.Names.Brand is { } name) services.AddSingleton(new BrandName(name));
        return services;
    }
}
