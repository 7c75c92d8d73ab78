using System.Net;
using Microsoft.AspNetCore.Builder;
using Tokamak.App.Demo;
using Tokamak.App.Referral.Pages;
using Tokamak.App.Tests.Web;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Referral.Pages;

/// <summary>Worlds that no one expects: the pages answer, and say what is so.</summary>
public sealed class OddWorldsTests
{
    private static readonly string[] Lists = ["/", "/stores", "/clerks", "/sales", "/policy"];
    private const string LongId = "店/員%2F之?編#號+…無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號無限長的編號&";

    [Fact]
    public async Task A_brand_without_facts_has_pages_that_say_so()
    {
        await using var world = await OpenedWorld.OpenAsync("");
        foreach (var path in Lists) Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
        Assert.Contains(Texts.In(Language.English)["overview.empty.title"], await world.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sales_without_stores_staff_or_members_are_shown()
    {
        await using var world = await OpenedWorld.OpenAsync(
            """{"type":"sale","id":"W1","at":"2026-01-10T12:00:00+08:00","channel":"online","lines":[{"line":1,"category":"a","quantity":1,"net":0,"fulfil":"ship"}]}""");
        foreach (var path in Lists.Append("/sales/W1").Append("/clerks?q=x").Append("/sales?id=W")) Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
    }

    [Fact]
    public async Task The_largest_amounts_are_shown_to_the_last_unit()
    {
        await using var world = await OpenedWorld.OpenAsync(
            """
            {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
            {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","staff":"A","lines":[{"line":1,"category":"a","quantity":1000000,"net":1000000000000000,"fulfil":"taken"},{"line":9000000000,"category":"b","quantity":1,"net":999999999999999,"fulfil":"taken"}]}
            """, World.Policy.Replace("\"capPerMonth\": 200,", "", StringComparison.Ordinal));
        foreach (var path in Lists.Append("/stores/S1").Append("/clerks/A?month=2026-01")) Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
        Assert.Contains("NT$ 1,999,999,999,999,999", await world.ReadAsync("/sales/P1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_of_any_letters_lead_to_their_pages()
    {
        var id = LongId[..Math.Min(LongId.Length, 90)];
        await using var world = await OpenedWorld.OpenAsync(
            $$"""
            {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"{{id}}","event":"joined","store":"店{{id}}"}
            {"type":"sale","id":"P{{id}}","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"店{{id}}","staff":"{{id}}","lines":[{"line":1,"category":"{{id}}","quantity":1,"net":100,"fulfil":"taken"}]}
            """);
        string[] paths = [Links.Store(new StoreId("店" + id)), Links.Clerk(new StaffId(id)), Links.Sale(new FactId("P" + id))];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
            Assert.Contains(id, await world.ReadAsync(path), StringComparison.Ordinal);
        }
        Assert.Contains(paths[0], await world.ReadRawAsync("/stores"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_currency_is_never_called_NT_and_its_parts_have_their_decimals()
    {
        var policy = World.Policy.Replace("TWD", "USD", StringComparison.Ordinal);
        const string Sale = """{"type":"sale","id":"W1","at":"2026-01-10T12:00:00+08:00","channel":"online","lines":[{"line":1,"category":"a","quantity":1,"net":1234567,"fulfil":"ship"}]}""";
        await using var whole = await OpenedWorld.OpenAsync(Sale, policy, "{}");
        Assert.Contains("USD 1,234,567", await whole.ReadAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("NT$", await whole.ReadAsync("/policy"), StringComparison.Ordinal);
        await using var parts = await OpenedWorld.OpenAsync(Sale, policy, """{"currencyDecimals":4}""");
        Assert.Contains("USD 123.4567", await parts.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happened_before_the_first_policy_is_shown_without_credit()
    {
        await using var world = await OpenedWorld.OpenAsync(
            """{"type":"sale","id":"P1","at":"2025-01-10T12:00:00+08:00","channel":"store","store":"S1","lines":[{"line":1,"category":"a","quantity":1,"net":100,"fulfil":"taken"}]}""");
        Assert.Contains(Texts.In(Language.English)["sale.nopolicy"], await world.ReadAsync("/sales/P1"), StringComparison.Ordinal);
        foreach (var path in Lists.Append("/stores/S1")) Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
    }

    [Fact]
    public async Task Merged_members_refunds_cancels_voids_and_self_purchases_are_shown()
    {
        await using var world = await OpenedWorld.OpenAsync(
            """
            {"type":"staff","id":"f1","at":"2026-01-01T00:00:00+08:00","staff":"A1","event":"joined","store":"A","member":"M9"}
            {"type":"staff","id":"f2","at":"2026-01-01T00:00:00+08:00","staff":"B1","event":"joined","store":"B","grade":"senior"}
            {"type":"service","id":"v1","at":"2026-01-05T12:00:00+08:00","member":"M1","kind":"app-install","store":"A","staff":"A1"}
            {"type":"merge","id":"g1","at":"2026-01-15T12:00:00+08:00","from":"M2","into":"M1"}
            {"type":"sale","id":"O2","at":"2026-01-16T13:00:00+08:00","channel":"online","member":"M2","lines":[{"line":1,"category":"tops","quantity":4,"net":1000,"fulfil":"pickup"}]}
            {"type":"handover","id":"h1","at":"2026-01-17T14:00:00+08:00","sale":"O2","store":"B","staff":"B1","lines":[{"line":1,"quantity":2}]}
            {"type":"cancel","id":"c1","at":"2026-01-18T14:00:00+08:00","sale":"O2","lines":[{"line":1,"quantity":2}]}
            {"type":"refund","id":"p1","at":"2026-01-19T12:00:00+08:00","sale":"O2","lines":[{"line":1,"amount":100}]}
            {"type":"return","id":"r1","at":"2026-01-20T12:00:00+08:00","sale":"O2","lines":[{"line":1,"quantity":1,"amount":7}]}
            {"type":"sale","id":"O3","at":"2026-01-18T13:00:00+08:00","channel":"online","member":"M9","staff":"A1","code":"X","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"ship"}]}
            {"type":"sale","id":"O4","at":"2026-01-18T14:00:00+08:00","channel":"online","lines":[{"line":1,"category":"tops","quantity":1,"net":1000,"fulfil":"ship"}]}
            {"type":"void","id":"x1","at":"2026-01-18T15:00:00+08:00","fact":"O4"}
            {"type":"staff","id":"f3","at":"2026-02-01T00:00:00+08:00","staff":"A1","event":"left"}
            """);
        foreach (var path in Lists.Append("/sales/O2").Append("/sales/O3").Append("/clerks/A1").Append("/clerks/B1?month=2026-01").Append("/stores/B").Append("/stores/online"))
            Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
        Assert.Contains("This sale was voided on", await world.ReadAsync("/sales/O4"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/stores/nowhere")]
    [InlineData("/clerks/nobody")]
    [InlineData("/sales/nothing")]
    [InlineData("/sales/%2e%2e%2f")]
    [InlineData("/policy?version=77")]
    public async Task An_unknown_id_is_not_found(string path)
    {
        await using var world = await OpenedWorld.OpenAsync(World.SmallFacts);
        Assert.Equal(HttpStatusCode.NotFound, await world.StatusAsync(path));
    }

    [Theory]
    [InlineData("/?month=x")]
    [InlineData("/sales?page=-3&month=9999-99&store=x&clerk=y&channel=z&day=no")]
    [InlineData("/sales?page=2147483647")]
    [InlineData("/clerks?page=0&q=%00%25")]
    [InlineData("/clerks/A?month=0001-01")]
    public async Task A_senseless_question_has_an_ordinary_answer(string path)
    {
        await using var world = await OpenedWorld.OpenAsync(World.SmallFacts);
        Assert.Equal(HttpStatusCode.OK, await world.StatusAsync(path));
    }

    private sealed class OpenedWorld : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly HttpClient _client = new();
        private readonly DemoBooks _books;

        private OpenedWorld(WebApplication app, DemoBooks books) => (_app, _books) = (app, books);

        public static async Task<OpenedWorld> OpenAsync(string facts, string policy = World.Policy, string names = World.Names)
        {
            var books = await WorldBooks.DemoAsync(facts, policy, names);
            var opened = new OpenedWorld(WebHost.Build(["http://127.0.0.1:0"], books.AddTo), books);
            await opened._app.StartAsync(TestContext.Current.CancellationToken);
            opened._client.BaseAddress = new Uri(opened._app.Urls.Single());
            opened._client.DefaultRequestHeaders.Add("Cookie", $"language={Language.English.Code}; tokamak={await SignedIn.CookieAsync(opened._client.BaseAddress, "hq")}");
            return opened;
        }

        public async Task<HttpStatusCode> StatusAsync(string path)
        {
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }

        public async Task<string> ReadRawAsync(string path) => await _client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        public async Task<string> ReadAsync(string path) => WebUtility.HtmlDecode(await ReadRawAsync(path));

        public async ValueTask DisposeAsync()
        {
            SignedIn.Forget(_client.BaseAddress!);
            _client.Dispose();
            await _app.DisposeAsync();
            await _books.DisposeAsync();
        }
    }
}
