using System.Net;
using System.Text.Json;
using Tokamak.App.Coupons;
using Tokamak.App.Data;
using Tokamak.App.Tests.Coupons;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Coupons;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>Coupons by the API: given, shown, held, redeemed and given back, each once; and nobody finds one by guessing.</summary>
public sealed class CouponRoutesTests(PostgresServer server)
{
    private const string Holds = "/api/v1/coupon-holds", Hers = "/api/v1/members/M1/coupons";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<ApiWorld> CreateAsync(Provider provider, PostgresServer server)
    {
        var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        await using var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop);
        foreach (var series in (CouponSeries[])[CouponWorld.Spring with { Holding = CouponHolding.HolderOnly, MemberUses = 1 }, CouponWorld.Save100 with { Stores = ["T01"] }])
            Assert.Equal(SeriesMade.Made, await StoredSeries.MakeAsync(turn, series, "test", new Instant(1), Stop));
        await turn.CommitAsync(Stop);
        return world;
    }

    private static async Task<string> GiveAsync(ApiWorld world) => Text((await world.PostAsync(Hers, """{"series":"spring"}""")).Is(HttpStatusCode.Created).Json, "code");

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;

    [Theory, EveryDatabase]
    public async Task A_coupon_goes_from_the_wallet_to_a_sale_and_back(Provider provider)
    {
        await using var world = await CreateAsync(provider, server);
        var code = await GiveAsync(world);
        var shown = (await world.GetAsync($"/api/v1/coupons/{code}?member=M1&store=T01")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((true, "spring"), (shown.GetProperty("usable").GetBoolean(), Text(shown, "opens")));
        Assert.Equal("usable", Text((await world.GetAsync(Hers)).Is(HttpStatusCode.OK).Json.GetProperty("coupons")[0], "state"));
        var held = (await world.PostAsync(Holds, $$"""{"id":"Q1","codes":["{{code}}","save 100"],"channel":"store","store":"T01","member":"M1"}""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(["spring", "SAVE100"], held.GetProperty("coupons").EnumerateArray().Select(coupon => Text(coupon, "opens")));
        Assert.Equal("held", Text((await world.GetAsync(Hers)).Json.GetProperty("coupons")[0], "state"));
        var paid = """{"sale":"W1","coupons":[{"opens":"spring","amount":100},{"opens":"SAVE100","amount":0}]}""";
        (await world.PostAsync($"{Holds}/Q1/redeem", paid)).Is(HttpStatusCode.OK);
        (await world.PostAsync($"{Holds}/Q1/redeem", paid)).Is(HttpStatusCode.OK);
        Assert.Equal("hold-redeemed", (await world.PostAsync($"{Holds}/Q1/redeem", paid.Replace("W1", "W2", StringComparison.Ordinal))).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("hold-redeemed", (await world.PostAsync($"{Holds}/Q1/release", "{}")).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("hold-redeemed", (await world.PostAsync(Holds, """{"id":"Q1","codes":["SAVE100"],"channel":"store","store":"T01"}""")).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("redeemed", Text((await world.GetAsync(Hers)).Json.GetProperty("coupons")[0], "state"));
        Assert.Equal("redeemed", Text((await world.GetAsync($"/api/v1/coupons/{code}?member=M1&store=T01")).Json, "reason"));
        Assert.Empty((await world.PostAsync($"{Holds}/Q1/return", """{"returned":1,"of":2}""")).Is(HttpStatusCode.OK).Json.GetProperty("givenBack").EnumerateArray());
        Assert.Equal(["spring"], (await world.PostAsync($"{Holds}/Q1/return", """{"returned":2,"of":2}""")).Is(HttpStatusCode.OK).Json.GetProperty("givenBack").EnumerateArray().Select(series => series.GetString()));
        Assert.Equal("usable", Text((await world.GetAsync(Hers)).Json.GetProperty("coupons")[0], "state"));
        Assert.Equal("not-found", (await world.PostAsync($"{Holds}/Q9/return", """{"returned":2,"of":2}""")).Is(HttpStatusCode.NotFound).Problem);
        Assert.False((await world.PostAsync($"{Holds}/Q9/release", "")).Is(HttpStatusCode.OK).Json.GetProperty("released").GetBoolean());
        Assert.Equal("not-held", (await world.PostAsync($"{Holds}/Q9/redeem", paid)).Is(HttpStatusCode.Conflict).Problem);
        await world.AssertProvenAsync();
    }

    [Fact]
    public async Task Why_a_coupon_may_not_be_used_is_said_in_both_languages()
    {
        await using var world = await CreateAsync(Provider.Sqlite, server);
        foreach (var (language, says) in new[] { ("en", "It is not for this store."), ("zh-TW", "這家門市不能用。") })
        {
            var answer = (await world.GetAsync("/api/v1/coupons/SAVE100?store=T09", language: language)).Is(HttpStatusCode.OK).Json;
            Assert.Equal((false, "other-store", says), (answer.GetProperty("usable").GetBoolean(), Text(answer, "reason"), Text(answer, "message")));
        }
    }

    [Theory, EveryDatabase]
    public async Task Another_members_code_and_one_that_nobody_has_are_answered_alike_and_guessing_ends(Provider provider)
    {
        await using var world = await CreateAsync(provider, server);
        var code = await GiveAsync(world);
        Task<ApiWorld.Answer> ShowAsync(string asked) => world.GetAsync($"/api/v1/coupons/{asked}?member=M2");
        var (hers, none) = ((await ShowAsync(code)).Is(HttpStatusCode.NotFound), (await ShowAsync(IssueCodes.Fresh().Shown)).Is(HttpStatusCode.NotFound));
        Assert.Equal(none.Text, hers.Text);
        Task<ApiWorld.Answer> HoldAsync(string asked, string id) => world.PostAsync(Holds, $$"""{"id":"{{id}}","codes":["{{asked}}"],"channel":"online","member":"M2"}""");
        Assert.Equal(
            (await HoldAsync(IssueCodes.Fresh().Shown, "Q1")).Is(HttpStatusCode.OK).Json.GetProperty("coupons")[0].GetProperty("message").GetString(),
            (await HoldAsync(code, "Q1")).Is(HttpStatusCode.OK).Json.GetProperty("coupons")[0].GetProperty("message").GetString());
        (await world.PostAsync("/api/v1/members/M1/coupons", $$"""{"code":"{{IssueCodes.Fresh().Shown}}"}""")).Is(HttpStatusCode.NotFound);
        // One mistyped counts for nothing, nor does what is right.
        Assert.Equal("mistyped", (await ShowAsync(code[..^1] + (code[^1] == '0' ? '1' : '0'))).Is(HttpStatusCode.NotFound).Problem);
        for (var i = 0; i < 30; i++) (await world.GetAsync($"/api/v1/coupons/{code}?member=M1")).Is(HttpStatusCode.OK);
        for (var i = 0; i < 6; i++) (await ShowAsync(IssueCodes.Fresh().Shown)).Is(HttpStatusCode.NotFound);
        var stopped = (await ShowAsync(code)).Is(HttpStatusCode.TooManyRequests);
        Assert.Equal("too-many-tries", stopped.Problem);
        Assert.NotNull(stopped.Headers.RetryAfter);
        Assert.Equal("too-many-tries", (await HoldAsync(code, "Q2")).Is(HttpStatusCode.TooManyRequests).Problem);
        // Whoever else asks goes on.
        (await world.GetAsync($"/api/v1/coupons/{code}?member=M1")).Is(HttpStatusCode.OK);
    }

    [Theory, EveryDatabase]
    public async Task A_coupon_that_is_asked_for_again_with_its_key_is_given_once(Provider provider)
    {
        await using var world = await CreateAsync(provider, server);
        var first = (await world.PostAsync(Hers, """{"series":"spring"}""", "k1")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Text, (await world.PostAsync(Hers, """{"series":"spring"}""", "k1")).Is(HttpStatusCode.Created).Text);
        Assert.Equal("key-used", (await world.PostAsync(Hers, """{"series":"save"}""", "k1")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Single((await world.GetAsync(Hers)).Json.GetProperty("coupons").EnumerateArray());
        // She has it already.
        (await world.PostAsync(Hers, $$"""{"code":"{{Text(first.Json, "code")}}"}""")).Is(HttpStatusCode.Created);
        Assert.Equal("shared-code", (await world.PostAsync(Hers, """{"series":"save"}""")).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("not-found", (await world.PostAsync(Hers, """{"series":"nothing"}""")).Is(HttpStatusCode.NotFound).Problem);
        Assert.Equal("not-found", (await world.PostAsync("/api/v1/members/nobody/coupons", """{"series":"spring"}""")).Is(HttpStatusCode.NotFound).Problem);
        foreach (var wrong in (string[])["{}", """{"series":"spring","code":"x"}""", """{"series":1}"""]) Assert.Equal("wrong-coupon", (await world.PostAsync(Hers, wrong)).Is(HttpStatusCode.UnprocessableEntity).Problem);
    }

    [Theory]
    [InlineData("""{"codes":["SAVE100"]}""")]
    [InlineData("""{"codes":[],"channel":"online"}""")]
    [InlineData("""{"codes":"SAVE100","channel":"online"}""")]
    [InlineData("""{"codes":[1],"channel":"online"}""")]
    [InlineData("""{"codes":["\ud800"],"channel":"online"}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"store"}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","store":"T01"}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","seconds":1}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","seconds":"900"}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","member":"a b"}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","member":7}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","id":""}""")]
    [InlineData("""{"codes":["SAVE100"],"channel":"online","from":"here"}""")]
    public async Task What_cannot_be_held_is_said(string body)
    {
        await using var world = await CreateAsync(Provider.Sqlite, server);
        Assert.Equal("wrong-coupon", (await world.PostAsync(Holds, body)).Is(HttpStatusCode.UnprocessableEntity).Problem);
        foreach (var wrong in (string[])["{}", """{"sale":"W1"}""", """{"sale":"W1","coupons":[{"opens":"x","amount":-1}]}""", """{"sale":"W1","coupons":[{"opens":"x","amount":1},{"opens":"x","amount":1}]}""", """{"sale":"W1","coupons":[{"opens":"x","amount":1.5}]}"""])
            Assert.Equal("wrong-coupon", (await world.PostAsync($"{Holds}/Q1/redeem", wrong)).Is(HttpStatusCode.UnprocessableEntity).Problem);
        foreach (var wrong in (string[])["{}", """{"returned":2,"of":1}""", """{"returned":0,"of":0}"""]) Assert.Equal("wrong-coupon", (await world.PostAsync($"{Holds}/Q1/return", wrong)).Is(HttpStatusCode.UnprocessableEntity).Problem);
    }
}
