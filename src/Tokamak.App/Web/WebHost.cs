using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tokamak.App.Access;
using Tokamak.App.Brands;
using Tokamak.App.Clerks;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Coupons;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Members;
using Tokamak.App.Members.Own;
using Tokamak.App.Referral.Pages;

namespace Tokamak.App.Web;

/// <summary>The pages, without any brand's data: a verb adds what its pages need and starts it.</summary>
public static class WebHost
{
    private const string ForwardedHeadersSetting = "ForwardedHeaders_Enabled";

    /// <param name="urls">Where to listen; port 0 takes a free one.</param>
    /// <param name="add">Registers the data the pages read, and who may read them (<see cref="AccessHost.AddAccess"/>).</param>
    /// <param name="morePages">Where else there are pages, such as the specimens of the tests.</param>
    public static WebApplication Build(string[] urls, Action<IServiceCollection> add, params Assembly[] morePages)
    {
        // The name and root of the executable, not of whoever hosts it (a test), so that its files are found.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseStaticWebAssets();
        // A build that was not published is served as if it were: fingerprinted files for ever, unless someone is editing them.
        builder.Configuration["EnableStaticAssetsDevelopmentCaching"] = builder.Environment.IsDevelopment() ? "false" : "true";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe everybody: only those are believed whom a verb names.
        builder.Configuration[ForwardedHeadersSetting] = "false";

        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(services => Texts.In(Language.Of(services.GetRequiredService<IHttpContextAccessor>().HttpContext)));
        builder.Services.AddScoped(services => new Show(services.GetRequiredService<Texts>().Language, services.GetService<Currency>()));
        WaitingAppeals.AddTo(builder.Services);
        add(builder.Services);
        builder.Services.TryAddSingleton<MemberQr>();

        var app = builder.Build();
        app.Services.GetService<TrustedProxies>()?.AddTo(app);
        app.Use(ProtectAsync);
        // Not in a branch: there a request that is run again for the page of an error finds no routes.
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        // What is not there is only read, whatever was sent to it: as a form the page would be refused for want of a token, and that says more than that it is missing.
        app.Use((request, next) =>
        {
            if (request.Response.StatusCode == StatusCodes.Status404NotFound && request.Features.Get<IStatusCodeReExecuteFeature>() is not null) request.Request.Method = HttpMethods.Get;
            return next(request);
        });
        app.UseWhen(Problem.IsOfApi, api => api.UseExceptionHandler(failed => failed.Run(Problem.FailedAsync)).UseStatusCodePages(Problem.OfStatusAsync));
        app.UseAccess();
        app.UseBooks();
        WaitingAppeals.Use(app);
        app.UseAntiforgery();

        app.MapStaticAssets();
        app.MapGet("/health", Readiness.AnswerAsync);
        app.MapGet("/language", Language.Choose);
        app.MapAccess();
        app.MapBooks();
        app.MapApi();
        app.MapOwnPages();
        app.MapClerks();
        CouponFiles.Map(app);
        app.MapRazorComponents<Document>().AddAdditionalAssemblies(morePages);
        return app;
    }

    private static Task ProtectAsync(HttpContext request, RequestDelegate next)
    {
        // Figures are written by Show; whatever forgets to is at least the same on every machine.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        // Set as the answer starts, since the error page begins by clearing what was set before.
        request.Response.OnStarting(() =>
        {
            var headers = request.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            // Pages and files hold what people are paid, and differ by the cookies of who asks: nobody keeps them, neither a proxy nor a
            // browser that the next person opens. What is the same for everybody says itself how long it is good.
            if (request.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(request);
    }

    // No inline script or style anywhere; data: images are the little icons inside Tabler's stylesheet.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
