using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Members.Verification;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>Whatever is sent to the members' routes is answered with a reason and never fails; what is refused leaves no person behind. More of it: bench/soak members.</summary>
public sealed class MemberFuzzTests(PostgresServer server)
{
    private const int InCi = 600, BetweenWords = 10_000;

    private static readonly (string Path, string Body)[] Seeds =
    [
        ("/api/v1/members", """{"keys":[{"kind":"phone","value":"0912-345-678","proved":true},{"kind":"email","value":"ming@example.tw"}],"channel":"store","name":"王小明","birthday":"1990-04-01","language":"en","store":"S1","staff":"A","consents":[{"purpose":"marketing","given":true,"wording":"2026-01"}],"evenSo":true}"""),
        ("/api/v1/members/lookup", """{"kind":"foreign","value":"pos:12345"}"""),
        ("/api/v1/members/lookup", """{"qr":"TKM1:CfDJ8DwBvKFRFyhEu"}"""),
        ("/api/v1/members/MX/keys", """{"keys":[{"kind":"card","value":"2900 0012 3456"}]}"""),
        ("/api/v1/members/M%2F1/consents", """{"consents":[{"purpose":"marketing","given":false,"wording":"1"}],"channel":"web"}"""),
        ("/api/v1/members/%01/qr", "{}"),
        ("/api/v1/members/%ED%A0%80/erasure", "{}"),
        ("/api/v1/members/codes", """{"kind":"phone","value":"0987-654-321","language":"en","from":"203.0.113.7"}"""),
        ("/api/v1/members/codes/check", """{"challenge":"CfDJ8DwBvKFRFyhEu","code":"123456"}"""),
    ];

    private static readonly string[] Odd = ["null", "true", "1e999", "-1", "\"\"", "\"\\u0000\"", "\"\\ud83d\"", "\"" + "9".PadLeft(300, '9') + "\"", "[]", "{}", "[[[[]]]]", "\"١٢٣٤٥٦٧٨٩\"", "\"0912345678\"", "\"ming@例子.台灣\"", "1990", "\"9999-99-99\"", "\"store\""];

    [Theory, EveryDatabase]
    public async Task Whatever_is_sent_is_answered_with_a_reason(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, services => services.AddSingleton(new KeptMessages().Senders), facts: ApiWorld.Joined);
        var (dice, requests) = (new Random(Soak.Seed), Soak.Count(InCi));
        var statuses = new SortedDictionary<HttpStatusCode, int>();
        for (var number = 0; number < requests; number++)
        {
            var (path, body) = Seeds[dice.Next(Seeds.Length)];
            var sent = dice.Next(4) switch { 0 => Encoding.UTF8.GetBytes(body), 1 => Scratched(body, dice), _ => Encoding.UTF8.GetBytes(Rebuilt(body, dice)) };
            var people = await world.ReadAsync(books => books.People.CountAsync(TestContext.Current.CancellationToken));
            using var content = new ByteArrayContent(sent);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            var answer = await world.SendAsync(HttpMethod.Post, path, content);
            var why = $"TOKAMAK_SEED={Soak.Seed}, request {number}: {path} {Encoding.UTF8.GetString(sent)} was answered {answer.Status} {answer.Text}";
            Assert.True((int)answer.Status is 200 or 201 or (>= 400 and < 500), why);
            if ((int)answer.Status >= 400)
            {
                Assert.True(answer.Problem.Length > 0, why);
                Assert.True(people == await world.ReadAsync(books => books.People.CountAsync(TestContext.Current.CancellationToken)), why);
            }
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            if ((number + 1) % BetweenWords == 0) Soak.Say($"{provider}, {number + 1} requests: {string.Join(", ", statuses)}");
        }
        // It has gone through both: what is taken, and what is not.
        Assert.True(requests < InCi || (statuses.ContainsKey(HttpStatusCode.Created) && statuses.ContainsKey(HttpStatusCode.UnprocessableEntity) && statuses.ContainsKey(HttpStatusCode.BadRequest)), string.Join(", ", statuses));
        await world.AssertProvenAsync();
    }

    private static byte[] Scratched(string body, Random dice)
    {
        var bytes = Encoding.UTF8.GetBytes(body).ToList();
        for (var scratch = dice.Next(1, 4); scratch > 0 && bytes.Count > 0; scratch--)
        {
            var place = dice.Next(bytes.Count);
            if (dice.Next(2) == 0) bytes[place] = (byte)dice.Next(256);
            else bytes.RemoveAt(place);
        }
        return [.. bytes];
    }

    /// <summary>Some value somewhere is another one, or a field is gone, or there is one too many.</summary>
    private static string Rebuilt(string body, Random dice)
    {
        var root = JsonNode.Parse(body)!;
        var objects = new List<JsonObject>();
        Collect(root, objects);
        var target = objects[dice.Next(objects.Count)];
        var names = target.Select(field => field.Key).ToList();
        if (names.Count == 0 || dice.Next(6) == 0) target["x" + dice.Next(3)] = JsonNode.Parse("1");
        else if (dice.Next(3) == 0) target.Remove(names[dice.Next(names.Count)]);
        else
        {
            // Half a character can only be written by hand.
            var (name, odd) = (names[dice.Next(names.Count)], Odd[dice.Next(Odd.Length)]);
            target[name] = "@odd@";
            return root.ToJsonString().Replace("\"@odd@\"", odd, StringComparison.Ordinal);
        }
        return root.ToJsonString();
    }

    private static void Collect(JsonNode node, List<JsonObject> into)
    {
        if (node is JsonObject one)
        {
            into.Add(one);
            foreach (var (_, value) in one) if (value is not null) Collect(value, into);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list) if (item is not null) Collect(item, into);
        }
    }
}
