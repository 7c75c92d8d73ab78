using System.CommandLine;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Members.Line;
using Tokamak.App.Members.Verification;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Api;
using Tokamak.App.Tests.Members.Verification;
using Tokamak.App.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Web;

/// <summary>The server behind a proxy, which is this machine: whom it believes about where a request came from.</summary>
public sealed class TrustedProxiesTests(PostgresServer server)
{
    private const string Here = "127.0.0.1", Forwarded = "X-Forwarded-For";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, true)]
    [InlineData(Here, false)]
    public async Task Attempts_to_sign_in_count_against_the_visitor_a_trusted_proxy_names_and_else_against_the_connection(string? trusted, bool countAsOne)
    {
        await using var world = await ProxiedWorld.StartAsync(server, trusted);
        var browser = world.Open();
        var token = SignedIn.FormToken((await browser.GetAsync("/sign-in")).Page);
        for (var i = 0; i < AttemptLimits.PerAddress.Most; i++) Assert.Equal(HttpStatusCode.Unauthorized, await AttemptAsync($"198.51.100.{i}"));
        Assert.Equal(countAsOne ? HttpStatusCode.TooManyRequests : HttpStatusCode.Unauthorized, await AttemptAsync("203.0.113.1"));
        var entries = await new StaffCatalogue(world.Databases).ReadAsync(context => context.Audit.Select(entry => entry.Address).ToListAsync(Stop), Stop);
        Assert.Equal(!countAsOne, entries.Contains("198.51.100.7"));

        async Task<HttpStatusCode> AttemptAsync(string from) =>
            (await PostAsync(browser, "/sign-in", from, ("__RequestVerificationToken", token), ("_handler", "password"), ("Typed.Name", from), ("Typed.Password", "wrong password"))).Status;
    }

    [Theory]
    [InlineData(null, VerificationRules.MostOfSourceAnHour)]
    [InlineData("192.0.2.0/24", VerificationRules.MostOfSourceAnHour)]
    [InlineData("127.0.0.0/8", VerificationRules.MostOfSourceAnHour + 2)]
    public async Task Codes_count_against_the_visitor_a_trusted_proxy_names_and_else_against_the_connection(string? trusted, int sent)
    {
        await using var world = await ProxiedWorld.StartAsync(server, trusted);
        var browser = world.Open();
        var token = SignedIn.FormToken((await browser.GetAsync("/my/sign-in")).Page);
        for (var i = 0; i < VerificationRules.MostOfSourceAnHour + 2; i++)
            await PostAsync(browser, "/my/sign-in", $"198.51.100.{i}", ("__RequestVerificationToken", token), ("_handler", "key"), ("Typed.Key", $"09123456{i:D2}"));
        Assert.Equal(sent, world.Sent);
    }

    [Fact]
    public async Task One_visitor_behind_a_trusted_proxy_has_one_visitors_codes_whatever_else_they_say()
    {
        await using var world = await ProxiedWorld.StartAsync(server, Here);
        var browser = world.Open();
        var token = SignedIn.FormToken((await browser.GetAsync("/my/sign-in")).Page);
        // The proxy adds whom it sees; what stands before came with the request.
        for (var i = 0; i < VerificationRules.MostOfSourceAnHour + 2; i++)
            await PostAsync(browser, "/my/sign-in", $"198.51.100.{i}, 203.0.113.7", ("__RequestVerificationToken", token), ("_handler", "key"), ("Typed.Key", $"09123456{i:D2}"));
        Assert.Equal(VerificationRules.MostOfSourceAnHour, world.Sent);
    }

    [Theory]
    [InlineData(null, "http")]
    [InlineData("192.0.2.1", "http")]
    [InlineData(Here, "https")]
    [InlineData(null, "http", true)]
    public async Task The_way_back_from_LINE_and_its_cookie_are_of_the_scheme_that_the_visitor_uses(string? trusted, string scheme, bool setToBelieveAll = false)
    {
        // The framework's own switch believes whoever connects.
        if (setToBelieveAll) Environment.SetEnvironmentVariable(ServeCommand.BelievesAll, "true");
        await using var world = await ProxiedWorld.StartAsync(server, trusted);
        Environment.SetEnvironmentVariable(ServeCommand.BelievesAll, null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/my/line");
        request.Headers.Add(Forwarded, "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Host = "shop.example.com";
        var answer = await world.Open().SendAsync(request);
        Assert.Contains($"redirect_uri={Uri.EscapeDataString($"{scheme}://shop.example.com/my/line/callback")}", answer.Message.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var cookie = Assert.Single(answer.Message.Headers.GetValues("Set-Cookie"));
        Assert.Equal(scheme == "https", cookie.StartsWith("__Host-", StringComparison.Ordinal) && cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("10.0.0.4", "10.0.0.4/32")]
    [InlineData("::ffff:10.0.0.4", "10.0.0.4/32")]
    [InlineData("10.0.0.0/28", "10.0.0.0/28")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("2001:db8::/64", "2001:db8::/64")]
    public void A_proxy_is_named_by_address_or_network(string text, string network)
    {
        var (faults, read) = Parse("--trusted-proxy", text);
        Assert.Empty(faults);
        Assert.Equal(network, Assert.Single(read!).ToString());
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10")]
    [InlineData("10.0.0.010")]
    [InlineData("10.0.0.4:8080")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("")]
    public void What_is_no_address_is_refused_with_what_was_said(string text) => Assert.Contains($"and '{text}' is neither", Assert.Single(Parse("--trusted-proxy", text).Faults), StringComparison.Ordinal);

    [Fact]
    public void Several_may_be_named_and_without_any_nobody_is_trusted()
    {
        Assert.Equal(["10.0.0.4/32", "10.0.1.0/24"], Parse("--trusted-proxy", "10.0.0.4", "--trusted-proxy", "10.0.1.0/24").Read!.Select(network => network.ToString()));
        Assert.Empty(Parse().Read!);
    }

    private static (IReadOnlyList<string> Faults, IPNetwork[]? Read) Parse(params string[] arguments)
    {
        var option = ServeCommand.TrustedProxy();
        var parsed = new RootCommand { option }.Parse(arguments);
        string[] faults = [.. parsed.Errors.Select(error => error.Message)];
        return (faults, faults.Length == 0 ? parsed.GetValue(option) : null);
    }

    private static Task<AccessWorld.Answer> PostAsync(AccessWorld.Browser browser, string path, string from, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add(Forwarded, from);
        return browser.SendAsync(request);
    }

    /// <summary>A served brand whose messages are kept.</summary>
    private sealed class ProxiedWorld(ApiWorld served, KeptMessages messages) : IAsyncDisposable
    {
        private readonly List<HttpClient> _clients = [];

        public Databases Databases => served.Databases;
        public int Sent => messages.Sent.Count;

        public static async Task<ProxiedWorld> StartAsync(PostgresServer server, string? trusted)
        {
            var messages = new KeptMessages();
            IPNetwork[] networks = trusted is not null && TrustedProxies.TryRead(trusted, out var network) ? [network] : [];
            return new ProxiedWorld(
                await ApiWorld.CreateAsync(
                    Provider.Sqlite, server, services => services.AddSingleton(new TrustedProxies(networks)).AddSingleton(messages.Senders),
                    VerificationSettings.None with { Line = new LineSettings("1650000001", "0123456789abcdef0123456789abcdef") }),
                messages);
        }

        public AccessWorld.Browser Open()
        {
            _clients.Add(new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = served.Address });
            return new AccessWorld.Browser(_clients[^1]);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var client in _clients) client.Dispose();
            await served.DisposeAsync();
        }
    }
}
