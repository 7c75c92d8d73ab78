using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tokamak.App.Access.Keys;
using Tokamak.App.Web;

namespace Tokamak.App.Access;

/// <summary>How a host of pages gets its sign-in: three lines, in <see cref="WebHost"/>, and <see cref="AddAccess"/> by whoever knows the data.</summary>
public static class AccessHost
{
    private const int FailuresToLock = 5;
    private static readonly TimeSpan Locked = TimeSpan.FromMinutes(15), CodeWaits = TimeSpan.FromMinutes(5);

    /// <remarks>Whoever keeps the roster registers <see cref="StaffPlaces"/>.</remarks>
    /// <param name="catalogue">Where the accounts are.</param>
    /// <param name="brandOf">The brand a request is for.</param>
    /// <param name="demo">Accounts to enter by one click; the demo on its own machine only.</param>
    public static IServiceCollection AddAccess(
        this IServiceCollection services, StaffCatalogue catalogue, BrandOfRequest brandOf, DemoAccounts? demo = null)
    {
        services.AddSingleton(catalogue).AddSingleton(brandOf);
        if (demo is not null) services.AddSingleton(demo);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Permissions>().AddSingleton<Sessions>().AddSingleton<Audit>().AddSingleton<AttemptLimits>();
        services.AddSingleton<ApiKeys>().AddSingleton<KeyGate>().AddHostedService<KeyUses>();
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>().AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<Invitations>().AddSingleton<People>();
        services.AddScoped<SignIn>().AddScoped<CurrentPassword>();
        services.AddScoped(provider => Visit.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!).Viewer
            ?? throw new InvalidOperationException("Nobody is signed in here: the table of routes lets everybody in."));
        services.AddSingleton(provider => new FramePerson(typeof(Pages.PersonMenu), request => MenuOf(provider.GetRequiredService<Permissions>(), request)));
        AddIdentity(services);
        AddCookies(services);
        services.AddDataProtection().SetApplicationName("tokamak");
        // It warns at every new key that the ring is not encrypted: who reads the catalogue reads more than the ring already.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = new KeyRing(catalogue)));
        return services;
    }

    /// <summary>Who asks, and whether they may: before every route.</summary>
    public static void UseAccess(this WebApplication app)
    {
        if (app.Services.GetService<StaffCatalogue>() is null) throw new InvalidOperationException("Pages show pay: this host needs AddAccess.");
        app.Use(async (request, next) =>
        {
            // The API's brand is its key's.
            if (!Problem.IsOfApi(request)) Visit.Of(request).Brand ??= await request.RequestServices.GetRequiredService<BrandOfRequest>()(request);
            await next(request);
        });
        app.UseAuthentication();
        app.UseMiddleware<Gate>();
    }

    public static void MapAccess(this WebApplication app)
    {
        app.MapPost("/sign-out", SignOutAsync);
        app.MapPost("/sign-in/passkey-options", PasskeyOptions.ToSignInAsync);
        app.MapPost("/account/passkey-options", PasskeyOptions.ToAddAsync);
        if (app.Services.GetService<DemoAccounts>() is { } demo) app.MapPost(DemoAccounts.Path, demo.EnterAsync);
    }

    private static void AddIdentity(IServiceCollection services) => services
        .AddIdentityCore<Account>(identity =>
        {
            // Names are as people write them, Chinese included; they are unique by their capitals.
            identity.User.AllowedUserNameCharacters = "";
            (identity.Password.RequiredLength, identity.Password.RequiredUniqueChars) = (Invitations.FewestLettersOfPassword, Invitations.FewestDifferentLetters);
            (identity.Password.RequireDigit, identity.Password.RequireLowercase, identity.Password.RequireUppercase, identity.Password.RequireNonAlphanumeric) = (false, false, false, false);
            (identity.Lockout.MaxFailedAccessAttempts, identity.Lockout.DefaultLockoutTimeSpan) = (FailuresToLock, Locked);
        })
        .AddUserStore<AccountStore>()
        .AddSignInManager()
        .Services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // A passkey stands for name, password and code: the device must have made sure of its owner.
            (passkeys.UserVerificationRequirement, passkeys.ResidentKeyRequirement) = ("required", "required");
        });

    private static void AddCookies(IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, cookie =>
            {
                Harden(cookie, "tokamak", Sessions.Idle, sliding: true);
                cookie.Events.OnValidatePrincipal = session => session.HttpContext.RequestServices.GetRequiredService<Sessions>().CheckAsync(session);
            })
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie => Harden(cookie, "tokamak-code", CodeWaits, sliding: false));
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<TimeProvider>((cookie, time) => cookie.TimeProvider = time);
        services.AddAntiforgery(forms =>
        {
            (forms.Cookie.Name, forms.Cookie.HttpOnly, forms.Cookie.SameSite, forms.Cookie.SecurePolicy) =
                ("tokamak-forms", true, SameSiteMode.Strict, CookieSecurePolicy.SameAsRequest);
        });
    }

    private static void Harden(CookieAuthenticationOptions cookie, string name, TimeSpan good, bool sliding)
    {
        (cookie.Cookie.Name, cookie.Cookie.HttpOnly, cookie.Cookie.SameSite, cookie.Cookie.SecurePolicy, cookie.Cookie.Path) =
            (name, true, SameSiteMode.Strict, CookieSecurePolicy.SameAsRequest, "/");
        (cookie.ExpireTimeSpan, cookie.SlidingExpiration, cookie.CookieManager) = (good, sliding, new SessionCookies());
    }

    private static async Task<IResult> SignOutAsync(HttpContext request, IAntiforgery forms, Audit audit)
    {
        if (!await forms.IsRequestValidAsync(request)) return Results.BadRequest();
        await audit.WriteAsync(request, AuditKind.SignedOut);
        await Sessions.EndAsync(request);
        return Results.LocalRedirect(Gate.SignInPath);
    }

    private static List<NavigationItem> MenuOf(Permissions permissions, HttpContext request)
    {
        if (Visit.Of(request).Viewer is not { } viewer) return [];
        var items = Navigation.Items.Where(item => permissions.MayOpen(viewer, item.Path)).ToList();
        var home = Permissions.HomeOf(viewer);
        if (viewer.Role == AccountRole.Manager) items.Insert(0, new NavigationItem(home, "store", t => t["nav.ownstore"]));
        if (viewer is { Role: AccountRole.Manager, Store: not null }) items.Insert(1, new NavigationItem(home + "/floor", "members", t => t["nav.floor"]));
        if (viewer is { Role: AccountRole.Clerk, Staff: { } staff }) items.Insert(1, new NavigationItem("/clerks/" + Uri.EscapeDataString(staff.Value), "statement", t => t["nav.ownstatement"]));
        return items;
    }
}
