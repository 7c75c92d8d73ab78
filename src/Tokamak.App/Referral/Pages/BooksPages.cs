using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Brands;
using Tokamak.App.Data;
using Tokamak.App.Referral.Papers;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Simulating;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Pages;

/// <summary>Marks an endpoint that is no page and reads the books.</summary>
public sealed class ReadsBooks;

/// <summary>How a host of pages gets the books: opened for each request, for the brand it is for and the person who asks.</summary>
public static class BooksPages
{
    public static IServiceCollection AddBooks(this IServiceCollection services, Databases databases)
    {
        services.AddSingleton(provider => new BookShelf(databases, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.TryAddSingleton(databases);
        services.AddSingleton(new Readiness(databases.AnswersAsync));
        services.AddSingleton(provider => Places(provider.GetRequiredService<BookShelf>()));
        services.AddSingleton<SnapshotShelf>().AddSingleton(provider => new SimulationRunner(
            databases, provider.GetRequiredService<SnapshotShelf>(), provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetRequiredService<ILogger<SimulationRunner>>()));
        services.AddHostedService(provider => provider.GetRequiredService<SimulationRunner>());
        services.AddScoped(provider => Opened(provider) ?? throw new InvalidOperationException("This route reads no books: it is neither a page nor marked."));
        services.AddScoped(provider => provider.GetRequiredService<OpenBooks>().Scope);
        // For features that know the brand and not its books.
        services.AddScoped(provider => provider.GetRequiredService<OpenBooks>().Database);
        services.AddScoped(provider => provider.GetRequiredService<OpenBooks>().Names);
        // Null where there is nothing to say: whoever asks for these takes that.
        services.AddScoped(provider => Opened(provider)?.Known.Currency!);
        services.AddScoped(provider => Opened(provider)?.PolicyOrNone?.Zone!);
        services.AddScoped(provider => Opened(provider)?.Names.Brand is { } name ? new Web.BrandName(name) : null!);
        services.AddSingleton(new NavigationCount("/parked", request => request.Features.Get<OpenBooks>()?.Known.Mark.Parked));
        return services;
    }

    /// <summary>Opens the brand's books for a page, at one moment, and closes them when it is written. After the gate.</summary>
    public static void UseBooks(this WebApplication app) => app.Use(async (request, next) =>
    {
        if (Visit.Of(request).Brand is not { } brand || !Reads(request.GetEndpoint()))
        {
            await next(request);
            return;
        }
        var stop = request.RequestAborted;
        var shelf = request.RequestServices.GetRequiredService<BookShelf>();
        var database = await shelf.Databases.BrandAsync(brand, stop);
        // Held while the page's form, or who it asks in the catalogue, takes turns of its own.
        await using var turn = await database.BeginHeldReadAsync(stop);
        var known = await shelf.KnownAsync(turn, brand, stop);
        // Without a policy nothing has a figure; the first page says so.
        if (known.Policy is null && NeedsPolicy(request))
        {
            if (Problem.IsOfApi(request)) await Problem.WriteAsync(request, StatusCodes.Status409Conflict, "no-policy", BookRules.NoPolicy);
            else request.Response.Redirect("/");
            return;
        }
        request.Features.Set(new OpenBooks(turn, database, known, shelf, ScopeOf(Visit.Of(request))));
        try
        {
            await next(request);
        }
        finally
        {
            request.Features.Set<OpenBooks>(null);
        }
    });

    public static void MapBooks(this WebApplication app)
    {
        StatementFiles.Map(app);
        SimulationDownloads.Map(app);
    }

    /// <summary>A key that may read sees all of the brand, but pay only if it may read that.</summary>
    private static Scope ScopeOf(Visit visit) => visit.Key is { } key ? key.May(ApiScope.Pay) ? Scope.All : Scope.WithoutPay : ScopeOf(visit.Viewer);

    /// <summary>What somebody sees follows from <see cref="Permissions"/>; who is not signed in sees nobody's.</summary>
    public static Scope ScopeOf(Viewer? viewer) => viewer switch
    {
        not null when Permissions.SeesAll(viewer) => Scope.All,
        { Role: AccountRole.Manager, Store: { } store } => new Scope(store, null),
        { Staff: { } staff } => new Scope(null, staff),
        _ => new Scope(null, new Core.Referral.StaffId("")),
    };

    /// <summary>The roster that accounts stand on: where everybody is after the last fact.</summary>
    public static StaffPlaces Places(BookShelf shelf) => new(
        async (brand, staff, stop) => await KnownAsync(shelf, brand, stop) is var known && known.Roster.Find(staff) is { } found ? PlaceOf(known, found) : null,
        async (brand, stop) => await KnownAsync(shelf, brand, stop) is var known ? [.. known.Roster.All.Select(staff => PlaceOf(known, staff)).OfType<StaffPlace>()] : []);

    private static async Task<KnownBooks> KnownAsync(BookShelf shelf, string brand, CancellationToken stop)
    {
        await using var turn = await (await shelf.Databases.BrandAsync(brand, stop)).BeginReadAsync(stop);
        return await shelf.KnownAsync(turn, brand, stop);
    }

    private static StaffPlace? PlaceOf(KnownBooks known, Core.Referral.StaffTimeline staff) => staff.Employments is [.., var last]
        ? new StaffPlace(staff.Id, known.Names.StaffName(staff.Id), last.Store, known.Names.StoreName(last.Store), last.Employed)
        : null;

    private static OpenBooks? Opened(IServiceProvider provider) => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<OpenBooks>();

    // The page that says that something failed must not fail for the same reason.
    private static bool Reads(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<ReadsBooks>() is not null
        || (endpoint?.Metadata.GetMetadata<ComponentTypeMetadata>() is { Type: var page } && page != typeof(Failed));

    private static bool NeedsPolicy(HttpContext request) =>
        request.GetEndpoint()!.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type is var page && (page is null || (page.Namespace == typeof(BooksPages).Namespace && page != typeof(OverviewPage)));
}
