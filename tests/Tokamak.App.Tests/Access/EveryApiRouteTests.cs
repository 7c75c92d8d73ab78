using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Access;
using Tokamak.App.Access.Keys;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Tests.Coupons;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Api;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Tests.Access;

/// <summary>
/// Key × route of the API, from the routing table of the running host: a route whose scope nobody says here fails. What is expected is
/// said once more, on purpose, and not asked of the product's table.
/// </summary>
public sealed class EveryApiRouteTests(PostgresServer server)
{
    private const string Root = ApiRoutes.Root;

    /// <summary>The scope that each route needs; null: none, nor a key.</summary>
    private static readonly Dictionary<string, ApiScope?> Expected = new(StringComparer.Ordinal)
    {
        ["GET /openapi.json"] = null,
        ["POST /facts"] = ApiScope.Facts,
        ["POST /sales"] = ApiScope.Facts,
        ["POST /sales/{id}/handovers"] = ApiScope.Facts,
        ["POST /sales/{id}/cancels"] = ApiScope.Facts,
        ["POST /sales/{id}/refunds"] = ApiScope.Facts,
        ["POST /sales/{id}/returns"] = ApiScope.Facts,
        ["POST /services"] = ApiScope.Facts,
        ["POST /merges"] = ApiScope.Facts,
        ["POST /staff"] = ApiScope.Facts,
        ["POST /voids"] = ApiScope.Facts,
        ["PUT /staff/{id}"] = ApiScope.Facts,
        ["PUT /stores/{id}"] = ApiScope.Facts,
        ["GET /sales"] = ApiScope.Read,
        ["GET /sales/{id}"] = ApiScope.Read,
        ["GET /sales/{id}/trace"] = ApiScope.Pay,
        ["GET /staff"] = ApiScope.Read,
        ["GET /stores"] = ApiScope.Read,
        ["GET /statements"] = ApiScope.Pay,
        ["GET /statements/{period}/{id}"] = ApiScope.Pay,
        ["GET /appeals"] = ApiScope.Pay,
        ["GET /appeals/{id}"] = ApiScope.Pay,
        ["GET /simulations"] = ApiScope.Pay,
        ["POST /simulations"] = ApiScope.Pay,
        ["GET /simulations/{id}"] = ApiScope.Pay,
        ["POST /simulations/{id}/stop"] = ApiScope.Pay,
        ["GET /offers"] = ApiScope.Quotes,
        ["POST /quotes"] = ApiScope.Quotes,
        ["PUT /quotes/{id}"] = ApiScope.Quotes,
        ["GET /quotes/{id}"] = ApiScope.Quotes,
        ["DELETE /quotes/{id}"] = ApiScope.Quotes,
        ["POST /quotes/{id}/commit"] = ApiScope.Facts,
        ["GET /members/{id}/binding"] = ApiScope.Read,
        ["GET /members"] = ApiScope.Members,
        ["POST /members"] = ApiScope.Members,
        ["PATCH /members/{id}"] = ApiScope.Personal,
        ["GET /duplicates"] = ApiScope.Personal,
        ["POST /duplicates/merge"] = ApiScope.Personal,
        ["POST /duplicates/two-people"] = ApiScope.Personal,
        ["POST /members/lookup"] = ApiScope.Members,
        ["POST /members/codes"] = ApiScope.Personal,
        ["POST /members/codes/check"] = ApiScope.Personal,
        ["GET /members/{id}"] = ApiScope.Members,
        ["POST /members/{id}/keys"] = ApiScope.Members,
        ["POST /members/{id}/consents"] = ApiScope.Members,
        ["POST /members/{id}/qr"] = ApiScope.Members,
        ["GET /members/{id}/data"] = ApiScope.Personal,
        ["POST /members/{id}/erasure"] = ApiScope.Personal,
        ["DELETE /members/{id}/erasure"] = ApiScope.Personal,
        ["GET /coupons/{code}"] = ApiScope.Coupons,
        ["POST /coupon-holds"] = ApiScope.Coupons,
        ["POST /coupon-holds/{id}/redeem"] = ApiScope.Coupons,
        ["POST /coupon-holds/{id}/release"] = ApiScope.Coupons,
        ["POST /coupon-holds/{id}/return"] = ApiScope.Coupons,
        ["GET /members/{id}/coupons"] = ApiScope.Coupons,
        ["POST /members/{id}/coupons"] = ApiScope.Coupons,
        ["GET /policy"] = ApiScope.Read,
        ["GET /events"] = ApiScope.Read,
        ["GET /parked"] = ApiScope.Read,
        ["POST /parked/{id}/dismiss"] = ApiScope.Facts,
        ["GET /webhooks"] = ApiScope.Webhooks,
        ["POST /webhooks"] = ApiScope.Webhooks,
        ["GET /webhooks/{id}"] = ApiScope.Webhooks,
        ["DELETE /webhooks/{id}"] = ApiScope.Webhooks,
        ["POST /webhooks/{id}/secret"] = ApiScope.Webhooks,
        ["POST /webhooks/{id}/test"] = ApiScope.Webhooks,
        ["POST /webhooks/{id}/replay"] = ApiScope.Webhooks,
    };

    [Theory, EveryDatabase]
    public async Task Every_route_of_the_API_opens_for_keys_with_its_scope_and_for_nobody_else(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts, "one", "two");
        await AppealAsync(world);
        await SimulateAsync(world);
        await QuoteAsync(world);
        await CouponAsync(world);
        var keys = new Dictionary<ApiScope, string>();
        foreach (var scope in Enum.GetValues<ApiScope>()) keys.Add(scope, await world.KeyAsync([scope]));
        var wrong = new List<string>();
        var seen = new List<string>();
        foreach (var endpoint in world.Parts.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (!endpoint.RoutePattern.RawText!.StartsWith(Root + "/", StringComparison.Ordinal)) continue;
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Single();
            var route = $"{method} {endpoint.RoutePattern.RawText[Root.Length..]}";
            seen.Add(route);
            if (!Expected.TryGetValue(route, out var scope)) wrong.Add($"{route}: nobody said here what scope it needs.");
            else await CheckAsync(world, keys, route, method, scope, wrong);
        }
        wrong.AddRange(Expected.Keys.Except(seen).Select(route => $"{route}: there is no such route any more."));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task CheckAsync(ApiWorld world, Dictionary<ApiScope, string> keys, string route, string method, ApiScope? scope, List<string> wrong)
    {
        var path = Root + route[(method.Length + 1)..].Replace("{period}", "2026-01", StringComparison.Ordinal).Replace("/members/{id}", "/members/M1", StringComparison.Ordinal)
            .Replace("/appeals/{id}", "/appeals/1", StringComparison.Ordinal).Replace("/simulations/{id}", "/simulations/1", StringComparison.Ordinal).Replace("/statements/2026-01/{id}", "/statements/2026-01/A", StringComparison.Ordinal).Replace("{id}", "W1", StringComparison.Ordinal).Replace("{code}", "SAVE100", StringComparison.Ordinal) + (route == "GET /statements" ? "?period=2026-01" : "");
        Task<ApiWorld.Answer> AskAsync(string key) => world.SendAsync(new HttpMethod(method), path, method == "GET" ? null : new ByteArrayContent([]), key);
        foreach (var (which, key) in keys)
        {
            var answer = await AskAsync(key);
            // A request without a body, or about a webhook that is not there, gets as far as being told so.
            var expected = which == scope || scope is null ? method == "GET" && !path.Contains("/webhooks/", StringComparison.Ordinal) ? "200" : route.EndsWith("/qr", StringComparison.Ordinal) || route.EndsWith("/erasure", StringComparison.Ordinal) || route.EndsWith("/check", StringComparison.Ordinal) || route.EndsWith("/stop", StringComparison.Ordinal) || route.EndsWith("/release", StringComparison.Ordinal) ? "200" : route == "DELETE /quotes/{id}" ? "204" : "400 404 422" : "403";
            if (!expected.Contains(((int)answer.Status).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)) wrong.Add($"{route} with a key that may {which}: expected {expected}, was {answer.Status}: {answer.Text}");
        }
        if (scope is null) return;
        var without = await AskAsync("");
        if (without.Status != HttpStatusCode.Unauthorized || without.Problem != "no-key") wrong.Add($"{route} without a key: {without.Status}.");
    }

    [Theory, EveryDatabase]
    public async Task A_key_of_another_brand_sees_nothing_of_this_one(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, "", "one", "two");
        (await world.FactsAsync(World.SmallFacts)).Is(HttpStatusCode.OK);
        await AppealAsync(world);
        await SimulateAsync(world);
        await CouponAsync(world);
        await QuoteAsync(world);
        var other = await world.KeyAsync(Enum.GetValues<ApiScope>(), brand: "two");
        foreach (var path in new[] { "sales/W1", "sales/W1/trace", "statements/2026-01/A", "members/M1/binding", "members/M1", "appeals/1", "simulations/1", "quotes/W1", "coupons/SAVE100", "members/M1/coupons" })
        {
            (await world.GetAsync($"{Root}/{path}")).Is(HttpStatusCode.OK);
            (await world.GetAsync($"{Root}/{path}", other)).Is(HttpStatusCode.NotFound);
        }
        foreach (var (path, list) in new[] { ("sales", "sales"), ("staff", "staff"), ("statements?period=2026-01", "statements"), ("appeals", "appeals"), ("simulations", "simulations") })
        {
            Assert.NotEqual(0, (await world.GetAsync($"{Root}/{path}")).Json.GetProperty(list).GetArrayLength());
            Assert.Equal(0, (await world.GetAsync($"{Root}/{path}", other)).Json.GetProperty(list).GetArrayLength());
        }
        // Nor does what it sends reach this one.
        Assert.Equal(["1 H9 parked"], (await world.FactsAsync("""{"type":"handover","id":"H9","at":"2026-01-20T00:00:00Z","sale":"W1","lines":[{"line":1,"quantity":1}]}""", other)).Facts);
    }

    private static async Task AppealAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", AccessWorld.Stop)).BeginWriteAsync(AccessWorld.Stop);
        var dispute = new Dispute(new("A"), new("S1"), new("W1"), Complaint.AnotherClerk, Role.Closer, "R8", "she asked me", "");
        await OpenAppeal.RunAsync(turn, Zone.Utc, dispute, seesSale: false, "A", new Instant(DateTime.UtcNow.Ticks), AccessWorld.Stop);
        await turn.CommitAsync(AccessWorld.Stop);
    }

    private static async Task CouponAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", AccessWorld.Stop)).BeginWriteAsync(AccessWorld.Stop);
        await StoredSeries.MakeAsync(turn, CouponWorld.Save100, "test", new Instant(1), AccessWorld.Stop);
        await turn.CommitAsync(AccessWorld.Stop);
    }

    private static async Task SimulateAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", AccessWorld.Stop)).BeginWriteAsync(AccessWorld.Stop);
        await turn.InsertAsync(
            [new SimulationRow { Id = "1", Name = "spring", Body = World.Policy, FirstMonth = "2026-01", LastMonth = "2026-01", LosersPercent = 10, AskedBy = "test", AskedAtTicks = 1, State = SimulationState.Stopped }], AccessWorld.Stop);
        await turn.CommitAsync(AccessWorld.Stop);
    }

    private static async Task QuoteAsync(ApiWorld world)
    {
        await using var turn = await (await world.Databases.BrandAsync("one", AccessWorld.Stop)).BeginWriteAsync(AccessWorld.Stop);
        await turn.InsertAsync([new QuoteRow { Id = "W1", Cart = "{}", Result = "{}", Edition = 0, Engine = "1", HeldAtTicks = 1, UntilTicks = 2, Sale = "W1" }], AccessWorld.Stop);
        await turn.CommitAsync(AccessWorld.Stop);
    }

    [Fact]
    public async Task Who_is_signed_in_to_the_pages_calls_the_API_with_a_key_like_everybody()
    {
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, api: true);
        await world.AddAsync("Hana", AccountRole.Hq);
        var browser = await world.SignedInAsync("hana");
        foreach (var (route, scope) in Expected)
        {
            if (scope is null) continue;
            var method = route.Split(' ')[0];
            using var request = new HttpRequestMessage(new HttpMethod(method), Root + route.Split(' ')[1].Replace("{id}", "W1", StringComparison.Ordinal).Replace("{code}", "SAVE100", StringComparison.Ordinal).Replace("{period}", "2026-01", StringComparison.Ordinal));
            var answer = await browser.SendAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.Status, answer.Message.Content.Headers.ContentType?.MediaType));
        }
    }
}
