using Tokamak.App.Data;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;

namespace Tokamak.App.Integrations.Api;

/// <summary>The routes of the API, version 1. Who may call each stands in the table of <see cref="Access.Permissions"/>.</summary>
public static class ApiRoutes
{
    public const string Root = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services, Databases databases, NodeAddress address, WebhookRules? webhooks = null)
    {
        services.AddSingleton(databases).AddSingleton(address).AddSingleton<Writers>().AddHostedService(provider => provider.GetRequiredService<Writers>());
        services.AddSingleton<OtherNodes>().AddSingleton<TakeFacts>().AddSingleton<TakeOneFact>().AddSingleton<BodyRoom>().AddSingleton<NameParty>();
        services.AddSingleton<EventFeed>().AddSingleton<ParkedFeed>();
        services.AddSingleton(webhooks ?? new WebhookRules()).AddSingleton<WebhookPost>().AddSingleton<WebhookRoutes>();
        services.AddSingleton<WebhookSender>().AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
        return services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
    }

    public static void MapApi(this WebApplication app)
    {
        // A host without writers, such as one that only shows pages, has no API.
        if (app.Services.GetService<TakeFacts>() is not { } facts) return;
        app.MapPost($"{Root}/facts", facts.AnswerAsync);
        var one = app.Services.GetRequiredService<TakeOneFact>();
        foreach (var (route, type) in TakeOneFact.Routes) app.MapPost(Root + route, request => one.AnswerAsync(request, type));
        app.MapGet($"{Root}/events", app.Services.GetRequiredService<EventFeed>().AnswerAsync);
        var parked = app.Services.GetRequiredService<ParkedFeed>();
        app.MapGet($"{Root}/parked", parked.ListAsync);
        app.MapPost($"{Root}/parked/{{id}}/dismiss", parked.DismissAsync);
        WebhookRoutes.Map(app, Root);
        MapReads(app.MapGroup(Root).WithMetadata(new ReadsBooks()));
        var names = app.Services.GetRequiredService<NameParty>();
        app.MapPut($"{Root}/stores/{{id}}", request => names.AnswerAsync(request, NameKind.Store));
        app.MapPut($"{Root}/staff/{{id}}", request => names.AnswerAsync(request, NameKind.Staff));
        app.Map(UnknownAddress.Pattern, new UnknownAddress(((IEndpointRouteBuilder)app).DataSources).AnswerAsync);
    }

    private static void MapReads(RouteGroupBuilder reads)
    {
        reads.MapGet("/sales", ListSales.AnswerAsync);
        reads.MapGet("/sales/{id}", ShowSale.AnswerAsync);
        reads.MapGet("/sales/{id}/trace", ShowTrace.AnswerAsync);
        reads.MapGet("/staff", ListStaff.Staff);
        reads.MapGet("/stores", ListStaff.StoresAsync);
        reads.MapGet("/statements", ShowStatements.ListAsync);
        reads.MapGet("/statements/{period}/{id}", ShowStatements.OneAsync);
        reads.MapGet("/members/{id}/binding", ShowBinding.AnswerAsync);
        reads.MapGet("/policy", ShowPolicy.AnswerAsync);
    }
}
