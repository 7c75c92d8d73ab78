using System.CommandLine;
using System.Net;
using Tokamak.App.Access;
using Tokamak.App.Clerks;
using Tokamak.App.Cli;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Members.Own;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Web;

namespace Tokamak.App.Serving;

/// <summary><c>tokamak serve</c>: the pages of every brand of a database, each under its host names.</summary>
public static class ServeCommand
{
    /// <summary>The framework's own switch.</summary>
    internal const string BelievesAll = "ASPNETCORE_FORWARDEDHEADERS_ENABLED";

    private const string DefaultUrls = "http://localhost:8080";

    public static Command Create()
    {
        var db = Options.Database();
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen, separated by ';'; passkeys and the camera need https, here with a certificate or at a proxy in front.", DefaultValueFactory = _ => DefaultUrls,
        };
        var node = new Option<Uri?>("--node-url")
        {
            Description = "Where other nodes on the same PostgreSQL reach this one, such as http://10.0.0.5:8080; without, the first address it listens on.",
            CustomParser = result =>
            {
                if (result.Tokens.Count == 1 && Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var at) && at.Scheme is "http" or "https") return at;
                result.AddError("--node-url is an address such as http://10.0.0.5:8080.");
                return null;
            },
        };
        var proxies = TrustedProxy();
        var allowPrivate = new Option<bool>("--webhooks-allow-private") { Description = "Lets webhooks go to http and to addresses inside the network; for development only." };
        var command = new Command("serve", "Serves the pages and the API, and keeps the books up to date.") { db, urls, node, proxies, allowPrivate };
        var verification = new VerificationOptions();
        verification.AddTo(command);
        command.SetAction((parsed, stop) => DatabaseWork.RunAsync(
            parsed.GetValue(db), mayMake: false,
            databases => RunAsync(databases, parsed.GetValue(urls)!, parsed.GetValue(node), new TrustedProxies(parsed.GetValue(proxies)!), new WebhookRules(parsed.GetValue(allowPrivate)), verification.Read(parsed), stop), stop));
        return command;
    }

    /// <summary><c>--trusted-proxy</c>; without, nobody is believed.</summary>
    internal static Option<IPNetwork[]> TrustedProxy() => new("--trusted-proxy")
    {
        Description = "Address or network of a proxy in front, such as 10.0.0.4 or 10.0.0.0/28, whose X-Forwarded-For and X-Forwarded-Proto are believed; may be given several times.",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var networks = new List<IPNetwork>();
            foreach (var token in result.Tokens)
                if (TrustedProxies.TryRead(token.Value, out var network)) networks.Add(network);
                else result.AddError($"--trusted-proxy is an address such as 10.0.0.4 or a network such as 10.0.0.0/28, and '{token.Value}' is neither.");
            return [.. networks];
        },
    };

    /// <summary>The host over a database: pages, sign-in, the API, and the writers of the books.</summary>
    public static WebApplication Build(
        Databases databases, string[] urls, Action<IServiceCollection>? more = null, Uri? node = null, WebhookRules? webhooks = null, VerificationSettings? verification = null) => WebHost.Build(urls, services =>
    {
        var hosts = new BrandHosts(databases, TimeProvider.System);
        services.AddBooks(databases).AddAccess(new StaffCatalogue(databases), hosts.BrandOfAsync);
        services.AddApi(databases, new NodeAddress(node), webhooks).AddVerification(verification ?? VerificationSettings.None).AddOwnPages().AddClerks().AddHostedService<WarmPages>();
        more?.Invoke(services);
    });

    /// <summary>Where a brand's pages are: under its own host name; under any name where there is no other brand; else nowhere.</summary>
    public static Uri? AddressOf(CataloguedBrand brand, Uri listening, bool isOnly) =>
        brand.Hosts is [var host, ..] ? new UriBuilder(listening) { Host = host }.Uri : isOnly ? listening : null;

    private static async Task<int> RunAsync(Databases databases, string urls, Uri? node, TrustedProxies proxies, WebhookRules webhooks, VerificationSettings verification, CancellationToken stop)
    {
        if (proxies.Networks.Count == 0 && Environment.GetEnvironmentVariable(BelievesAll) is { Length: > 0 })
            Console.Error.WriteLine($"{BelievesAll} is not read, since it believes everybody: name the proxy with --trusted-proxy.");
        await using var app = Build(
            databases, urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), services => services.AddSingleton(proxies), node: node, webhooks: webhooks, verification: verification);
        try
        {
            await app.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException { InnerException: null })
        {
            Console.Error.WriteLine($"{urls} cannot be listened on ({e.Message.TrimEnd('.')}): stop what uses it, or say another with --urls.");
            return ExitCodes.WrongInput;
        }
        foreach (var url in app.Urls) Console.WriteLine($"Listening on {url} (Ctrl+C stops it)");
        var address = new Uri(app.Urls.First().Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal));
        var brands = await databases.BrandsAsync(stop);
        if (brands.Count == 0) Console.WriteLine("There is no brand yet: add one with 'tokamak brand add NAME', or bring data in with 'tokamak import'.");
        foreach (var brand in brands)
            if (await AdminCommand.FirstLinkAsync(new StaffCatalogue(databases), brand.Name, AddressOf(brand, address, isOnly: brands.Count == 1), stop) is { } words)
                Console.WriteLine(words);
        await app.WaitForShutdownAsync(stop);
        return ExitCodes.Done;
    }
}
