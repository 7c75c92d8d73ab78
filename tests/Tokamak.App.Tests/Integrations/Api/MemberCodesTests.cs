using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Members.Verification;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>An app has a key proved: from the code that is sent to what the one who typed it is then.</summary>
public sealed partial class MemberCodesTests(PostgresServer server)
{
    private const string Codes = "/api/v1/members/codes", Check = Codes + "/check", Members = "/api/v1/members", Number = "+886912345678";

    [Theory]
    [EveryDatabase("phone", "0912-345-678", Number)]
    [EveryDatabase("email", "Ming@Example.TW", "ming@example.tw")]
    public async Task Who_types_the_code_that_was_sent_has_proved_the_key_and_joins_by_it(Provider provider, string kind, string typed, string value)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        var sent = (await world.Api.PostAsync(Codes, JsonSerializer.Serialize(new { kind, value = typed, language = "en", from = "203.0.113.7" }))).Is(HttpStatusCode.OK).Json;
        Assert.Equal(600, sent.GetProperty("seconds").GetInt32());
        var message = Assert.Single(world.Messages.Sent);
        Assert.Equal((value, "one"), (message.To.Value, message.Brand));

        var right = await world.CheckAsync(sent.GetProperty("challenge").GetString()!, world.LastCode);
        Assert.Equal(("right", kind, value), (right.GetProperty("verdict").GetString(), right.GetProperty("kind").GetString(), right.GetProperty("value").GetString()));
        var proved = JsonSerializer.Serialize(new { keys = new[] { new { kind, value, proved = true } }, channel = "app" });
        var joined = (await world.Api.PostAsync(Members, proved)).Is(HttpStatusCode.Created).Json;
        Assert.Equal("new", joined.GetProperty("outcome").GetString());
        var again = (await world.Api.PostAsync(Members, proved)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(("known", joined.GetProperty("member").GetString()), (again.GetProperty("outcome").GetString(), again.GetProperty("member").GetString()));
        var found = Assert.Single((await world.Api.PostAsync(Members + "/lookup", JsonSerializer.Serialize(new { kind, value = typed }))).Is(HttpStatusCode.OK).Json.GetProperty("members").EnumerateArray());
        Assert.True(found.GetProperty("proved").GetBoolean());
    }

    [Theory, EveryDatabase]
    public async Task Five_wrong_codes_use_it_up_and_the_right_one_comes_too_late(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        var challenge = await world.ChallengeAsync(Number);
        for (var left = VerificationRules.MostTries - 1; left > 0; left--) Assert.Equal($$"""{"verdict":"wrong","triesLeft":{{left}}}""", (await world.CheckAsync(challenge, world.WrongCode)).ToString());
        Assert.Equal("""{"verdict":"usedUp"}""", (await world.CheckAsync(challenge, world.WrongCode)).ToString());
        Assert.Equal("""{"verdict":"usedUp"}""", (await world.CheckAsync(challenge, world.LastCode)).ToString());
    }

    [Theory, EveryDatabase]
    public async Task A_code_is_good_for_less_than_ten_minutes(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        var inTime = await world.ChallengeAsync(Number);
        world.Clock.Go(TimeSpan.FromMinutes(VerificationRules.GoodForMinutes) - TimeSpan.FromTicks(1));
        Assert.Equal("right", (await world.CheckAsync(inTime, world.LastCode)).GetProperty("verdict").GetString());
        var late = await world.ChallengeAsync(Number);
        world.Clock.Go(TimeSpan.FromMinutes(VerificationRules.GoodForMinutes));
        Assert.Equal("""{"verdict":"expired"}""", (await world.CheckAsync(late, world.LastCode)).ToString());
    }

    [Theory, EveryDatabase]
    public async Task A_code_proves_a_key_once(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        var challenge = await world.ChallengeAsync(Number);
        Assert.Equal("right", (await world.CheckAsync(challenge, world.LastCode)).GetProperty("verdict").GetString());
        Assert.Equal("""{"verdict":"usedUp"}""", (await world.CheckAsync(challenge, world.LastCode)).ToString());
    }

    [Theory, EveryDatabase]
    public async Task Of_two_at_once_with_the_same_code_one_has_proved_the_key(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        var challenge = await world.ChallengeAsync(Number);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.CheckAsync(challenge, world.LastCode)));
        Assert.Single(answers, answer => answer.GetProperty("verdict").GetString() == "right");
    }

    [Theory, EveryDatabase]
    public async Task Nobody_learns_by_codes_whose_number_is_a_members(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        (await world.Api.PostAsync(Members, """{"keys":[{"kind":"phone","value":"0912345678","proved":true}],"channel":"app"}""")).Is(HttpStatusCode.Created);
        Assert.Equal(await TalkAsync(Number), await TalkAsync("+886987654321"));

        // What is answered to everything one may ask with a number, but for the challenge and the number themselves.
        async Task<List<string>> TalkAsync(string number)
        {
            List<string> heard = [];
            var sent = await SayAsync(Codes, new { kind = "phone", value = number });
            var challenge = sent.Json.GetProperty("challenge").GetString()!;
            heard.Add($"{challenge.Length} {sent.Text.Replace(challenge, "", StringComparison.Ordinal)}");
            await SayAsync(Codes, new { kind = "phone", value = number });
            await SayAsync(Check, new { challenge, code = world.WrongCode });
            await SayAsync(Check, new { challenge, code = world.LastCode });
            await SayAsync(Check, new { challenge, code = world.LastCode });
            return heard;

            async Task<ApiWorld.Answer> SayAsync(string path, object body)
            {
                var answer = await world.Api.PostAsync(path, JsonSerializer.Serialize(body));
                var text = answer.Json.TryGetProperty("challenge", out _) ? "" : answer.Text.Replace(number, "", StringComparison.Ordinal);
                heard.Add($"{answer.Status} {answer.Headers.RetryAfter} {text}");
                return answer;
            }
        }
    }

    [Theory, EveryDatabase]
    public async Task So_many_codes_are_sent_for_one_person_of_the_app_and_others_still_get_theirs(Provider provider)
    {
        await using var world = await CodesWorld.CreateAsync(server, provider);
        for (var i = 0; i < VerificationRules.MostOfSourceAnHour; i++)
        {
            (await SendAsync(i, "203.0.113.7")).Is(HttpStatusCode.OK);
            world.Clock.Go(TimeSpan.FromMinutes(1));
        }
        var refused = await SendAsync(50, "203.0.113.7");
        Assert.Equal(("too-many-codes", TimeSpan.FromMinutes(60 - VerificationRules.MostOfSourceAnHour)), (refused.Problem, refused.Headers.RetryAfter!.Delta));
        (await SendAsync(50, "203.0.113.8")).Is(HttpStatusCode.OK);
        world.Clock.Go(refused.Headers.RetryAfter.Delta!.Value - TimeSpan.FromSeconds(1));
        Assert.Equal("too-many-codes", (await SendAsync(51, "203.0.113.7")).Problem);
        world.Clock.Go(TimeSpan.FromSeconds(1));
        (await SendAsync(51, "203.0.113.7")).Is(HttpStatusCode.OK);

        Task<ApiWorld.Answer> SendAsync(int i, string from) => world.Api.PostAsync(Codes, JsonSerializer.Serialize(new { kind = "phone", value = $"09123456{i:D2}", from }));
    }

    /// <summary>A brand that sends codes: what is sent is kept, and the clock goes when told to.</summary>
    private sealed partial class CodesWorld(ApiWorld api, KeptMessages messages, TestClock clock) : IAsyncDisposable
    {
        public ApiWorld Api => api;
        public KeptMessages Messages => messages;
        public TestClock Clock => clock;
        public string LastCode => Digits().Match(messages.Sent.Last().Text).Value;
        public string WrongCode => LastCode == "000000" ? "000001" : "000000";

        public static async Task<CodesWorld> CreateAsync(PostgresServer server, Provider provider)
        {
            var (messages, clock) = (new KeptMessages(), new TestClock());
            return new CodesWorld(await ApiWorld.CreateAsync(provider, server, services => services.AddSingleton(messages.Senders).AddSingleton<TimeProvider>(clock)), messages, clock);
        }

        /// <summary>The challenge of a code that is sent.</summary>
        public async Task<string> ChallengeAsync(string number) =>
            (await api.PostAsync(Codes, JsonSerializer.Serialize(new { kind = "phone", value = number }))).Is(HttpStatusCode.OK).Json.GetProperty("challenge").GetString()!;

        public async Task<JsonElement> CheckAsync(string challenge, string code) => (await api.PostAsync(Check, JsonSerializer.Serialize(new { challenge, code }))).Is(HttpStatusCode.OK).Json;

        public ValueTask DisposeAsync() => api.DisposeAsync();

        [GeneratedRegex("[0-9]{6}", RegexOptions.None, 1000)]
        private static partial Regex Digits();
    }
}
