using System.Net;
using System.Security.Cryptography;
using System.Text;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Client;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>The C# client against the real server, and against one that fails.</summary>
public sealed class ClientTests(PostgresServer server)
{
    private static readonly TokamakClientOptions Impatient = new() { FirstPause = TimeSpan.FromMilliseconds(1), FactsPerRequest = 3 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateTimeOffset At(int day) => new(2026, 1, day, 12, 0, 0, TimeSpan.FromHours(8));

    /// <summary>One of every type.</summary>
    private static Fact[] Facts =>
    [
        new StaffFact("F1", At(1), "A", EmploymentEvent.Joined) { Store = "S1", Code = "A1", Grade = "senior", Member = "M9" },
        new ServiceFact("V1", At(2), "M1", "app-install", "S1") { Staff = "A" },
        new MergeFact("G1", At(3), "M2", "M1"),
        new SaleFact("P1", At(4), Channel.Store, [new SaleLine(1, "tops", 1, 3000, Fulfil.Taken, "A")]) { Store = "S1", Member = "M1", Staff = "A" },
        new SaleFact("W1", At(5), Channel.Online, [new SaleLine(1, "tops", 2, 1000, Fulfil.Pickup), new SaleLine(2, "shoes", 2, 501, Fulfil.Ship)]) { Member = "M1", Code = "A1" },
        new HandoverFact("H1", At(6), "W1", [new LineUnits(1, 2)]) { Store = "S1", Staff = "A" },
        new CancelFact("C1", At(7), "W1", [new LineUnits(2, 1)]),
        new RefundFact("D1", At(8), "W1", [new LineAmount(1, 10)]),
        new ReturnFact("B1", At(9), "W1", [new LineReturn(1, 1, 5)]),
        new VoidFact("X1", At(10), "D1"),
        new SaleFact("P9", At(11), Channel.Store, [new SaleLine(1, "tops", 1, 10, Fulfil.Taken)]),
        new RefundFact("D9", At(12), "F1", [new LineAmount(1, 1)]),
    ];

    [Theory, EveryDatabase]
    public async Task Facts_of_every_type_are_sent_answered_and_read_back(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        using var client = new TokamakClient(world.Address, world.Key, Impatient);
        var answers = await client.SendAsync(Facts, Stop).ToListAsync(Stop);
        Assert.Equal([.. Facts.Select(fact => fact.Id)], answers.Select(answer => answer.Fact.Id));
        Assert.Equal([.. Enumerable.Repeat(FactStatus.Accepted, 10), FactStatus.Parked, FactStatus.Refused], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Equal(answer.Status is FactStatus.Parked or FactStatus.Refused, answer.Reason is not null));
        Assert.Equal(FactStatus.Duplicate, (await client.SendAsync(Facts[3], Stop)).Status);

        Assert.Equal(["W1", "P1"], await client.SalesAsync(new SaleQuery { Member = "M2", Since = At(1), Until = At(20) }, Stop).Select(sale => sale.Id).ToListAsync(Stop));
        var sale = (await client.SaleAsync("W1", Stop))!;
        Assert.Equal((1501, 2, 1), (sale.Sold, sale.Lines[0].HandedOver, sale.Lines[1].Cancelled));
        Assert.All(sale.Lines, line => Assert.Equal(line.Net, line.Credits.Sum(credit => credit.Amount)));
        Assert.NotNull(sale.Commission);
        Assert.Null(await client.SaleAsync("nothing", Stop));
        Assert.Equal("en", (await client.TraceAsync("W1", "en", Stop))!.Language);
        Assert.Equal(("A", "S1", "senior", "A1"), await client.StaffAsync(Stop).Select(staff => (staff.Id, staff.Store, staff.Grade, staff.Code)).SingleAsync(Stop));
        await client.NameStoreAsync("S1", "大安店", Stop);
        await client.NameStaffAsync("A", "林怡君", Stop);
        Assert.Equal(new Client.Store("S1", "大安店"), await client.StoresAsync(Stop).FirstAsync(Stop));
        Assert.Equal("M1", (await client.MemberAsync("M2", Stop))!.Id);
        Assert.Null(await client.MemberAsync("nobody", Stop));
        var own = await client.StatementsAsync("2026-01", Stop).FirstAsync(Stop);
        Assert.Equal(("A", "林怡君", false), (own.Staff, own.Name, own.IsFrozen));
    }

    [Fact]
    public async Task What_the_server_will_not_do_is_thrown_at_once()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, World.SmallFacts);
        using var reader = new TokamakClient(world.Address, await world.KeyAsync([ApiScope.Read]), Impatient);
        Assert.Equal("no-scope", (await Assert.ThrowsAsync<TokamakException>(() => reader.SendAsync(Facts[0], Stop))).Problem);
        Assert.Equal("no-scope", (await Assert.ThrowsAsync<TokamakException>(() => reader.TraceAsync("W1", stop: Stop))).Problem);
        using var nobody = new TokamakClient(world.Address, "tok_x", Impatient);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<TokamakException>(async () => await nobody.StaffAsync(Stop).ToListAsync(Stop))).Status);
    }

    [Fact]
    public async Task A_request_that_was_not_answered_is_sent_again_with_its_own_key()
    {
        using var failing = new Failing(
            () => throw new HttpRequestException("the line broke"), () => Problem(HttpStatusCode.ServiceUnavailable, "busy"), () => Problem(HttpStatusCode.TooManyRequests, "too-often", TimeSpan.FromMilliseconds(20)),
            () => Answered("{\"line\":1,\"id\":\"F1\",\"status\":\"accepted\"}\n"), () => Answered("{\"line\":1,\"id\":\"V1\",\"status\":\"duplicate\"}\n"));
        using var http = new HttpClient(failing) { BaseAddress = new Uri("http://localhost") };
        using var client = new TokamakClient(http, "tok_x", Impatient with { FactsPerRequest = 1 });
        Assert.Equal([FactStatus.Accepted, FactStatus.Duplicate], await client.SendAsync(Facts.Take(2), Stop).Select(answer => answer.Status).ToListAsync(Stop));
        Assert.Single(failing.Keys.Take(4).Distinct());
        Assert.Equal(2, failing.Keys.Distinct().Count());
        Assert.Single(failing.Bodies.Take(4).Distinct());
    }

    [Fact]
    public async Task It_gives_up_in_the_end_and_says_why()
    {
        using var busy = new Failing([.. Enumerable.Repeat<Func<HttpResponseMessage>>(() => Problem(HttpStatusCode.ServiceUnavailable, "busy"), 3)]);
        using var http = new HttpClient(busy) { BaseAddress = new Uri("http://localhost") };
        using var client = new TokamakClient(http, "tok_x", Impatient with { Tries = 3 });
        Assert.Equal("busy", (await Assert.ThrowsAsync<TokamakException>(() => client.SendAsync(Facts[0], Stop))).Problem);
        using var away = new TokamakClient(new Uri("http://127.0.0.1:1"), "tok_x", Impatient with { Tries = 2 });
        await Assert.ThrowsAsync<HttpRequestException>(() => away.SendAsync(Facts[0], Stop));
    }

    [Fact]
    public async Task Events_are_read_on_from_the_cursor_of_the_last()
    {
        using var feed = new Failing(
            () => Answered("""{"events":[{"seq":1,"type":"credit.posted","sale":"P1"},{"seq":2,"type":"credit.posted"}],"next":"a+","more":true}"""),
            () => Answered("""{"events":[{"seq":5,"type":"fact.parked"}],"next":"b","more":false}"""));
        using var http = new HttpClient(feed) { BaseAddress = new Uri("http://localhost") };
        using var client = new TokamakClient(http, "tok_x");
        Assert.Equal(["1 credit.posted a+", "2 credit.posted a+", "5 fact.parked b"], await client.EventsAsync("0", Stop).Select(posted => $"{posted.Seq} {posted.Type} {posted.Cursor}").ToListAsync(Stop));
        Assert.Equal(["/api/v1/events?after=0&limit=1000", "/api/v1/events?after=a%2B&limit=1000"], feed.Paths);
    }

    [Fact]
    public void A_webhook_is_genuine_by_its_signature_and_time()
    {
        // The example of the Standard Webhooks specification's reference libraries.
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Id = "msg_p5jXN8AQM9LWM0D4loKWxJek", Time = "1614265330", Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        var body = "{\"test\": 2432232314}"u8;
        var then = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        Assert.True(WebhookSignature.IsGenuine(Secret, Id, Time, Signature, body, then));
        Assert.True(WebhookSignature.IsGenuine(Secret, Id, Time, $"v1,old v1a,other {Signature}", body, then.AddMinutes(5)));
        Assert.False(WebhookSignature.IsGenuine(Secret, Id, Time, Signature, body, then.AddMinutes(6)));
        Assert.False(WebhookSignature.IsGenuine(Secret, Id, Time, Signature, body, then.AddMinutes(-6)));
        Assert.False(WebhookSignature.IsGenuine(Secret, "msg_x", Time, Signature, body, then));
        Assert.False(WebhookSignature.IsGenuine(Secret, Id, Time, Signature, "{\"test\": 2432232315}"u8, then));
        Assert.False(WebhookSignature.IsGenuine("whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)), Id, Time, Signature, body, then));
        foreach (var (id, time, signature) in new (string?, string?, string?)[] { (null, Time, Signature), (Id, null, Signature), (Id, Time, null), (Id, "now", Signature), (Id, "99999999999999999999", Signature), (Id, Time, "") })
            Assert.False(WebhookSignature.IsGenuine(Secret, id, time, signature, body, then));
    }

    private static HttpResponseMessage Answered(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    private static HttpResponseMessage Problem(HttpStatusCode status, string type, TimeSpan? after = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent($$"""{"type":"/problems/{{type}}","title":"x","status":{{(int)status}},"detail":"y"}""", Encoding.UTF8, "application/problem+json") };
        if (after is not null) answer.Headers.RetryAfter = new(after.Value);
        return answer;
    }

    /// <summary>Answers in this order, and keeps what it was asked.</summary>
    private sealed class Failing(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        private int _next;

        public List<string> Keys { get; } = [];
        public List<string> Bodies { get; } = [];
        public List<string> Paths { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Paths.Add(request.RequestUri!.PathAndQuery);
            if (request.Headers.TryGetValues("Idempotency-Key", out var keys)) Keys.Add(keys.Single());
            if (request.Content is not null) Bodies.Add(await request.Content.ReadAsStringAsync(cancellationToken));
            return answers[_next++]();
        }
    }
}
