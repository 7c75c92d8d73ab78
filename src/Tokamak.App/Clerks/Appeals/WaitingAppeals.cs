using Microsoft.AspNetCore.Components.Endpoints;
using Tokamak.App.Access;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Web;

namespace Tokamak.App.Clerks.Appeals;

/// <summary>How many appeals wait for whoever looks at a page: counted by an index before the page is drawn, since its frame cannot wait for a question.</summary>
public sealed record WaitingAppeals(int Count)
{
    private const int MostCounted = 100;

    public static void AddTo(IServiceCollection services) => services.AddSingleton(new NavigationCount("/appeals", request => request.Features.Get<WaitingAppeals>()?.Count));

    /// <summary>After the books are opened.</summary>
    public static void Use(WebApplication app) => app.Use(async (request, next) =>
    {
        if (request.Features.Get<OpenBooks>() is { PolicyOrNone: not null } books && Visit.Of(request).Viewer is { } viewer && request.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            request.Features.Set(new WaitingAppeals(await ReadAppeals.WaitingAsync(books, viewer, MostCounted, request.RequestAborted)));
        await next(request);
    });
}
