using Tokamak.App.Clerks.HandingOn;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Members;
using Tokamak.App.Members.Verification;
using Tokamak.App.Promotions.Offering;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;

namespace Tokamak.App.Integrations.Api;

/// <summary>The routes of the API, version 1. Who may call each stands in the table of <see cref="Access.Permissions"/>.</summary>
public static class ApiRoutes
{
    public const string Root = "/api/v1";

    public static IServiceCollection AddApi(this IServiceCollection services, Databases databases, NodeAddress address, WebhookRules? webhooks = null)
    {
        services.AddSingleton<EraseDue>(EraseMember.RunDueAsync).AddSingleton(new PutOffFacts(DueHandings.FactsAsync, DueHandings.AnsweredAsync));
        services.AddSingleton(databases).AddSingleton(address).AddSingleton<Writers>().AddHostedService(provider => provider.GetRequiredService<Writers>());
        services.AddSingleton<OtherNodes>().AddSingleton<TakeFacts>().AddSingleton<TakeOneFact>().AddSingleton<BodyRoom>().AddSingleton<NameParty>();
        services.AddSingleton<EventFeed>().AddSingleton<ParkedFeed>();
        services.AddSingleton(webhooks ?? new WebhookRules()).AddSingleton<WebhookPost>().AddSingleton<WebhookRoutes>();
        services.AddSingleton<WebhookSender>().AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
        services.AddSingleton<MemberRoutes>().AddSingleton<DuplicateRoutes>().AddSingleton<MemberCodes>().AddSingleton<SimulationRoutes>();
        services.AddSingleton<OfferShelf>().AddSingleton<QuoteRoutes>();
        services.AddSingleton<CouponRoutes>().AddSingleton<WalletRoutes>();
        services.AddSingleton(provider => new TellHanded(
            provider.GetService<MessageSenders>() ?? new MessageSenders(), provider.GetService<VerificationTerms>() ?? VerificationTerms.Default, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<HandingNotices>();
        ApiDocument.Add(services);
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
        MemberRoutes.Map(app, Root);
        DuplicateRoutes.Map(app, Root);
        MemberCodes.Map(app, Root);
        QuoteRoutes.Map(app, Root);
        CouponRoutes.Map(app, Root);
        WalletRoutes.Map(app, Root);
        MapReads(app.MapGroup(Root).WithMetadata(new ReadsBooks()));
        var names = app.Services.GetRequiredService<NameParty>();
        app.MapPut($"{Root}/stores/{{id}}", request => names.AnswerAsync(request, NameKind.Store));
        app.MapPut($"{Root}/staff/{{id}}", request => names.AnswerAsync(request, NameKind.Staff));
        app.MapGet($"{Root}/openapi.json", app.Services.GetRequiredService<ApiDocument>().AnswerAsync);
        app.Map(UnknownAddress.Pattern, new UnknownAddress(((IEndpointRouteBuilder)app).DataSources).AnswerAsync);
    }

    private static void MapReads(RouteGroupBuilder reads)
    {
        const int Wrong = StatusCodes.Status400BadRequest, NotThere = StatusCodes.Status404NotFound, Unchanged = StatusCodes.Status304NotModified;
        reads.MapGet("/sales", ListSales.AnswerAsync).Reads<SaleList>("listSales", "Sales by time, store, staff and member, the newest first; voided ones are left out.", Wrong);
        reads.MapGet("/sales/{id}", ShowSale.AnswerAsync).Reads<SaleShown>("showSale", "What was sold, how it stands and whose it is; what it pays only for keys with the scope pay.", NotThere);
        reads.MapGet("/sales/{id}/trace", ShowTrace.AnswerAsync).Reads<TraceShown>("showTrace", "Why the credit and pay of a sale went where they went, in the language of Accept-Language (zh-TW or en), with the rules that say so.", NotThere);
        reads.MapGet("/staff", ListStaff.Staff).Reads<StaffList>("listStaff", "The staff, as the last fact about each left them.", Wrong, Unchanged);
        reads.MapGet("/stores", ListStaff.StoresAsync).Reads<StoreList>("listStores", "Stores that facts or names have made known.", Wrong, Unchanged);
        reads.MapGet("/statements", ShowStatements.ListAsync).Reads<StatementList>("listStatements", "The statements of a period: frozen where it is closed, else as they would be now.", Wrong, Unchanged);
        reads.MapGet("/statements/{period}/{id}", ShowStatements.OneAsync).Reads<StatementShown>("showStatement", "A clerk's statement with all that it rests on.", Wrong, NotThere, Unchanged);
        reads.MapGet("/appeals", ListAppeals.ListAsync).Reads<AppealList>("listAppeals", "What clerks dispute and what came of it, the newest first.", Wrong);
        reads.MapGet("/appeals/{id}", ListAppeals.OneAsync).Reads<AppealShown>("showAppeal", "One appeal by its number.", NotThere);
        reads.MapGet("/simulations", ShowSimulations.ListAsync).Reads<SimulationList>("listSimulations", "Drafts of the policy tried on the past, the latest first, without their results.", Wrong);
        reads.MapGet("/simulations/{id}", ShowSimulations.OneAsync).Reads<SimulationShown>("showSimulation", "How a simulation stands, and once it is done what came of it.", NotThere);
        SimulationRoutes.Map(reads);
        reads.MapGet("/members/{id}/binding", ShowBinding.AnswerAsync).Reads<MemberShown>("showBinding", "Whom a member belongs to today.", NotThere);
        reads.MapGet("/policy", ShowPolicy.AnswerAsync).Reads<PolicyShown>("showPolicy", "Every version of the policy.", Unchanged);
    }
}
