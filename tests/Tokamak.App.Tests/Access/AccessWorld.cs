using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Clerks;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Members.Line;
using Tokamak.App.Members.Own;
using Tokamak.App.Members.Verification;
using Tokamak.App.Referral.Live;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

/// <summary>A clock that goes only when told to.</summary>
internal sealed class TestClock(DateTimeOffset? now = null) : TimeProvider
{
    private DateTimeOffset _now = now ?? DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Go(TimeSpan on) => _now += on;
}

/// <summary>
/// The real host over a catalogue on one of the databases, with a roster that a test may change: A, C and G at S1, B at S2. Brands are by
/// host name: localhost is "one", 127.0.0.1 is "two".
/// </summary>
internal sealed class AccessWorld : IAsyncDisposable
{
    public const string Password = "horse battery staple";

    /// <summary>Sales in S1 by A (P1) and C (P2), in S2 by B (P3), and one online that a handover at S2 credits to B (W1).</summary>
    private const string Facts =
        """
        {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1","code":"A1"}
        {"type":"staff","id":"F2","at":"2026-01-01T09:00:00+08:00","staff":"B","event":"joined","store":"S2"}
        {"type":"staff","id":"F3","at":"2026-01-01T09:00:00+08:00","staff":"C","event":"joined","store":"S1"}
        {"type":"staff","id":"F4","at":"2026-01-01T09:00:00+08:00","staff":"G","event":"joined","store":"S1"}
        {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"P2","at":"2026-01-11T12:00:00+08:00","channel":"store","store":"S1","staff":"C","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"P3","at":"2026-01-12T12:00:00+08:00","channel":"store","store":"S2","staff":"B","lines":[{"line":1,"category":"tops","quantity":1,"net":3000,"fulfil":"taken"}]}
        {"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}
        {"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S2","staff":"B","lines":[{"line":1,"quantity":2}]}
        """;

    /// <summary>Each clerk has won a member lately: MA, MB, MC and MG.</summary>
    private static string Services => string.Concat(
        new (string Staff, string Store)[] { ("A", "S1"), ("B", "S2"), ("C", "S1"), ("G", "S1") }
            .Select(won => $$"""{"type":"service","id":"V{{won.Staff}}","at":"{{DateTime.UtcNow.AddDays(-2):yyyy-MM-dd}}T04:00:00Z","member":"M{{won.Staff}}","kind":"app-install","store":"{{won.Store}}","staff":"{{won.Staff}}"}""" + "\n"));

    private readonly TestDatabase _database;
    private readonly Databases _databases;
    private readonly List<WebApplication> _apps = [];
    private LineSettings? _line;
    private readonly List<HttpClient> _clients = [];

    private AccessWorld(TestDatabase database, Databases databases) => (_database, _databases, Catalogue) = (database, databases, new StaffCatalogue(databases));

    public TestClock Clock { get; } = new();
    public Dictionary<StaffId, StaffPlace> Roster { get; } = [];
    public StaffCatalogue Catalogue { get; }
    public Uri Address { get; private set; } = null!;
    public WebApplication App => _apps[0];
    public IServiceProvider Parts => App.Services;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<AccessWorld> CreateAsync(Provider provider, PostgresServer server, bool demo = false, string? facts = null, bool api = false, LineSettings? line = null)
    {
        var database = await TestDatabase.CreateAsync(provider, server);
        var world = new AccessWorld(database, await database.OpenAsync());
        foreach (var brand in new[] { "one", "two" }) await WorldBooks.FillAsync(await world._databases.AddBrandAsync(brand, null, Stop), facts ?? Facts + "\n" + Services);
        foreach (var (staff, store) in new[] { ("A", "S1"), ("B", "S2"), ("C", "S1"), ("G", "S1") })
            world.Place(staff, store);
        world._line = line;
        world.Address = await world.StartAsync(demo, api);
        return world;
    }

    /// <summary>One more node over the same catalogue.</summary>
    public async Task<Uri> StartAsync(bool demo = false, bool api = false)
    {
        DemoAccounts? accounts = null;
        if (demo)
        {
            accounts = new DemoAccounts("one", [new("hq", AccountRole.Hq, null, "H"), new("clerk", AccountRole.Clerk, new StaffId("A"), "A")]);
            await accounts.MakeAsync(Catalogue, Clock, Stop);
        }
        var places = new StaffPlaces(
            (_, staff, _) => ValueTask.FromResult(Roster.GetValueOrDefault(staff)), (_, _) => ValueTask.FromResult<IReadOnlyList<StaffPlace>>([.. Roster.Values]));
        var app = WebHost.Build(["http://127.0.0.1:0"], services =>
        {
            services.AddSingleton<TimeProvider>(Clock).AddBooks(_databases).AddSingleton(places)
                .AddAccess(Catalogue, request => ValueTask.FromResult(request.Request.Host.Host switch { "localhost" => "one", "127.0.0.1" => "two", _ => null }), accounts);
            services.AddVerification(VerificationSettings.Demo with { Line = _line ?? new LineSettings("1650000001", "0123456789abcdef0123456789abcdef") }).AddOwnPages().AddClerks();
            if (api) services.AddApi(_databases, new NodeAddress(null));
        });
        _apps.Add(app);
        await app.StartAsync(Stop);
        return new Uri($"http://localhost:{new Uri(app.Urls.Single()).Port}");
    }

    public void Place(string staff, string store, bool employed = true) =>
        Roster[new StaffId(staff)] = new StaffPlace(new StaffId(staff), staff, new StoreId(store), store, employed);

    /// <summary>An account whose person has come: its sign-in name is the name in small letters.</summary>
    public async Task<Guid> AddAsync(string name, AccountRole role, string? staff = null, string brand = "one")
    {
        var invitations = Parts.GetRequiredService<Invitations>();
        var token = await invitations.InviteAsync(new InvitationOffer(brand, role, staff is null ? null : new StaffId(staff), name), null, null, Stop);
        Assert.Null(await invitations.TakeAsync(brand, token, name.ToLowerInvariant(), name, Password, null, Stop));
        return (await Catalogue.ReadAsync(context => context.Accounts.SingleAsync(a => a.Brand == brand && a.DisplayName == name, Stop), Stop)).Id;
    }

    public Browser Open(Uri? address = null)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address ?? Address };
        client.DefaultRequestHeaders.Add("Cookie", "language=en");
        _clients.Add(client);
        return new Browser(client);
    }

    public async Task<Browser> SignedInAsync(string name, Uri? address = null)
    {
        var browser = Open(address);
        var answer = await browser.SignInAsync(name);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
        return browser;
    }

    public async Task<T> ReadAsync<T>(Func<BrandContext, Task<T>> read, string brand = "one")
    {
        await using var turn = await (await _databases.BrandAsync(brand, Stop)).BeginReadAsync(Stop);
        await using var books = turn.Books();
        return await read(books);
    }

    public async Task WriteAsync(Func<Turn, Task> write, string brand = "one")
    {
        await using var turn = await (await _databases.BrandAsync(brand, Stop)).BeginWriteAsync(Stop);
        await write(turn);
        await turn.CommitAsync(Stop);
    }

    public Task<List<AuditEntry>> AuditAsync() => Catalogue.ReadAsync(context => context.Audit.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync(Stop), Stop);

    public Task<Account> AccountAsync(Guid id) => Catalogue.ReadAsync(context => context.Accounts.AsNoTracking().SingleAsync(account => account.Id == id, Stop), Stop);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var app in _apps)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        await _databases.DisposeAsync();
        await _database.DisposeAsync();
    }

    internal sealed record Answer(HttpStatusCode Status, string? Location, string Page, HttpResponseMessage Message);

    /// <summary>A browser without scripts: cookies, pages and their forms.</summary>
    internal sealed class Browser(HttpClient client)
    {
        public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

        public async Task<Answer> SendAsync(HttpRequestMessage request)
        {
            var answer = await client.SendAsync(request, Stop);
            return new Answer(answer.StatusCode, answer.Headers.Location?.OriginalString is { } to && Uri.TryCreate(to, UriKind.Absolute, out var whole) && whole.Scheme == "http" ? whole.PathAndQuery : answer.Headers.Location?.OriginalString,
                WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop)), answer);
        }

        /// <summary>Opens a page and sends one of its forms.</summary>
        public async Task<Answer> SubmitAsync(string page, string form, params (string Name, string Value)[] fields)
        {
            var opened = await GetAsync(page);
            return await PostAsync(page, [("__RequestVerificationToken", SignedIn.FormToken(opened.Page)), ("_handler", form), .. fields]);
        }

        public Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        });

        public Task<Answer> SignInAsync(string name, string password = Password) =>
            SubmitAsync("/sign-in", "password", ("Typed.Name", name.ToLowerInvariant()), ("Typed.Password", password));
    }
}
