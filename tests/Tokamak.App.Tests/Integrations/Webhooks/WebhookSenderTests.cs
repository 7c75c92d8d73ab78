using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Webhooks;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;

namespace Tokamak.App.Tests.Integrations.Webhooks;

public sealed class WebhookSenderTests(PostgresServer server)
{
    private static readonly WebhookRules Private = new(AllowsPrivate: true) { Poll = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(2) };

    private static readonly string[] OfPay = ["commission.posted"], OfParked = ["fact.parked", "fact.accepted"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task What_is_posted_arrives_once_in_order_and_signed(Provider provider)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var api = await LiveApi.CreateAsync(provider, server, Private);
        var sends = await api.ClientAsync(ApiScope.Facts);
        await LiveApi.SendAsync(sends, LiveApi.Staff);
        var made = await MakeAsync(await api.ClientAsync(ApiScope.Webhooks, ApiScope.Pay), receiver, new { url = receiver.Address, pay = true });
        for (var number = 1; number <= 60; number++) await LiveApi.SendAsync(sends, LiveApi.Sale($"P{number}"));
        while (await BehindAsync(api) > 0) await Task.Delay(20, Stop);

        var messages = receiver.Messages.ToList();
        var numbers = messages.SelectMany(message => message.Numbers).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
        Assert.Equal(await api.ReadAsync(books => books.Books.Select(book => book.Postings).SingleAsync(Stop)), numbers[^1]);
        Assert.Contains("commission.posted", messages.SelectMany(message => message.Types));
        Assert.All(messages, message => Assert.InRange(message.Numbers.Count(), 1, WebhookMessage.MostEvents));
        Assert.Equal(messages.Count, messages.Select(message => message.Id).Distinct().Count());
        Assert.All(messages, message => AssertSigned(message, made.GetProperty("secret").GetString()!));
        Assert.Equal(("events.posted", "main", "TWD"), (messages[0].Json.GetProperty("type").GetString(), messages[0].Json.GetProperty("data").GetProperty("brand").GetString(), messages[0].Json.GetProperty("data").GetProperty("currency").GetString()));
    }

    [Theory, EveryDatabase]
    public async Task A_message_that_fails_is_the_same_in_every_try_and_nothing_overtakes_it(Provider provider)
    {
        var clock = new TestClock();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (before, answer) =>
        {
            answer.StatusCode = before switch { 0 => StatusCodes.Status500InternalServerError, 1 => StatusCodes.Status302Found, _ => StatusCodes.Status200OK };
            if (before == 1) answer.Headers.Location = receiver.Address.ToString();
            return Task.CompletedTask;
        };
        await using var api = await LiveApi.CreateAsync(provider, server, Private, clock);
        var (sends, hooks) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Webhooks));
        await MakeAsync(hooks, receiver, new { url = receiver.Address });
        await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}");
        await receiver.WaitAsync(1);
        await LiveApi.SendAsync(sends, LiveApi.Sale("P2"));
        while ((await OnlyAsync(hooks)).GetProperty("attempts").GetInt32() < 1) await Task.Delay(10, Stop);
        Assert.Equal(500, (await OnlyAsync(hooks)).GetProperty("lastStatus").GetInt32());
        clock.Go(TimeSpan.FromSeconds(7));
        await receiver.WaitAsync(2);
        while ((await OnlyAsync(hooks)).GetProperty("attempts").GetInt32() < 2) await Task.Delay(10, Stop);
        // A redirect is a failure, and led nowhere.
        Assert.Equal((302, 2), ((await OnlyAsync(hooks)).GetProperty("lastStatus").GetInt32(), receiver.Messages.Count));
        clock.Go(TimeSpan.FromSeconds(13));
        var messages = await receiver.WaitAsync(4);
        Assert.Single(messages.Take(3).Select(message => message.Id).Distinct());
        Assert.Single(messages.Take(3).Select(message => Encoding.UTF8.GetString(message.Body)).Distinct());
        Assert.Equal(3, messages.Take(3).Select(message => message.Timestamp).Distinct().Count());
        Assert.Equal(["P1", "P2"], messages.Skip(2).SelectMany(message => message.Json.GetProperty("data").GetProperty("events").EnumerateArray()).Where(posted => posted.GetProperty("type").GetString() == "credit.posted").Select(posted => posted.GetProperty("sale").GetString()));
    }

    [Theory, EveryDatabase]
    public async Task A_message_whose_arrival_was_not_noted_before_a_crash_is_sent_again_as_the_same(Provider provider)
    {
        await using var receiver = await Receiver.StartAsync();
        var answers = new TaskCompletionSource();
        receiver.Answer = (before, _) => before == 0 ? answers.Task : Task.CompletedTask;
        await using var api = await LiveApi.CreateAsync(provider, server, Private with { Patience = TimeSpan.FromMinutes(1) });
        var hooks = await api.ClientAsync(ApiScope.Webhooks);
        await MakeAsync(hooks, receiver, new { url = receiver.Address });
        await LiveApi.SendAsync(await api.ClientAsync(ApiScope.Facts), $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}");
        await receiver.WaitAsync(1);
        await api.StopAsync();
        await api.StartAsync(Private);
        // What is posted in between does not get into the message.
        await LiveApi.SendAsync(await api.ClientAsync(ApiScope.Facts), LiveApi.Sale("P2"));
        var messages = await receiver.WaitAsync(3);
        answers.SetResult();
        Assert.Equal(messages[0].Id, messages[1].Id);
        Assert.Equal(messages[0].Body, messages[1].Body);
        Assert.NotEqual(messages[0].Id, messages[2].Id);
        Assert.True(messages[2].Numbers.First() > messages[1].Numbers.Last());
    }

    [Fact]
    public async Task A_replay_sends_everything_after_the_cursor_anew_under_other_ids()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server, Private);
        var (sends, hooks) = (await api.ClientAsync(ApiScope.Facts), await api.ClientAsync(ApiScope.Webhooks));
        var id = (await MakeAsync(hooks, receiver, new { url = receiver.Address })).GetProperty("id").GetString();
        await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}");
        var first = (await receiver.WaitAsync(1))[0];
        await LiveApi.SendAsync(sends, LiveApi.Sale("P2"));
        await receiver.WaitAsync(2);
        Assert.Equal(HttpStatusCode.OK, (await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{id}/replay", new { after = first.Json.GetProperty("data").GetProperty("next").GetString() })).Status);
        var messages = await receiver.WaitAsync(3);
        Assert.Equal(messages[1].Numbers, messages[2].Numbers);
        Assert.NotEqual(messages[1].Id, messages[2].Id);
        Assert.Equal(HttpStatusCode.BadRequest, (await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{id}/replay", new { after = "bjk5OTk5" })).Status);
    }

    [Fact]
    public async Task A_receiver_gets_the_types_that_it_asked_for_and_pay_only_if_it_was_made_with_it()
    {
        await using var all = await Receiver.StartAsync();
        await using var parked = await Receiver.StartAsync();
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server, Private);
        var hooks = await api.ClientAsync(ApiScope.Webhooks);
        Assert.Equal((HttpStatusCode.Forbidden, "/problems/no-scope"), await StatusAsync(hooks, new { url = all.Address, pay = true }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/wrong-webhook"), await StatusAsync(hooks, new { url = all.Address, types = OfPay }));
        await MakeAsync(hooks, all, new { url = all.Address });
        await MakeAsync(hooks, parked, new { url = parked.Address, types = OfParked });
        var sends = await api.ClientAsync(ApiScope.Facts);
        await LiveApi.SendAsync(sends, $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}\n{LiveApi.Sale("P2", staff: "Z")}");
        while (await BehindAsync(api) > 0 && parked.Messages.IsEmpty) await Task.Delay(20, Stop);
        Assert.Equal(["fact.parked"], (await parked.WaitAsync(1)).SelectMany(message => message.Types));
        while (!all.Messages.SelectMany(message => message.Types).Contains("fact.parked")) await Task.Delay(20, Stop);
        Assert.DoesNotContain("commission.posted", all.Messages.SelectMany(message => message.Types));
    }

    [Fact]
    public async Task Addresses_inside_a_network_are_refused_when_they_are_named_and_when_a_name_leads_there()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server, new WebhookRules());
        var hooks = await api.ClientAsync(ApiScope.Webhooks);
        foreach (var url in (string[])
                 [
                     receiver.Address.ToString(), "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f.1/", "https://169.254.169.254/latest", "https://user:secret@example.com/",
                     "https://example.com/#part", "ftp://example.com/", "file:///etc/passwd", "https:///", "no address", "",
                 ])
            Assert.Equal((url, (HttpStatusCode.UnprocessableEntity, "/problems/wrong-webhook")), (url, await StatusAsync(hooks, new { url })));
        // A name is judged when the connection is made.
        var (status, _, made) = await LiveApi.CallAsync(hooks, HttpMethod.Post, "/api/v1/webhooks", new { url = $"https://localhost:{receiver.Address.Port}/" });
        Assert.Equal(HttpStatusCode.Created, status);
        var tried = await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{made.GetProperty("id").GetString()}/test");
        Assert.Equal((false, "private-address"), (tried.Answer.GetProperty("arrived").GetBoolean(), tried.Answer.GetProperty("lastFault").GetString()));
        Assert.Empty(receiver.Messages);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_gets_no_more_and_one_that_hangs_fails()
    {
        await using var gone = await Receiver.StartAsync();
        gone.Answer = (_, answer) => Task.FromResult(answer.StatusCode = StatusCodes.Status410Gone);
        await using var hangs = await Receiver.StartAsync();
        var end = new TaskCompletionSource();
        hangs.Answer = (_, _) => end.Task;
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server, Private with { Patience = TimeSpan.FromMilliseconds(300) });
        var hooks = await api.ClientAsync(ApiScope.Webhooks);
        var (first, second) = ((await MakeAsync(hooks, gone, new { url = gone.Address })).GetProperty("id").GetString(), (await MakeAsync(hooks, hangs, new { url = hangs.Address })).GetProperty("id").GetString());
        await LiveApi.SendAsync(await api.ClientAsync(ApiScope.Facts), $"{LiveApi.Staff}\n{LiveApi.Sale("P1")}");
        JsonElement shown;
        while ((shown = await LiveApi.GetAsync(hooks, $"/api/v1/webhooks/{first}")).GetProperty("state").GetString() == "active") await Task.Delay(20, Stop);
        Assert.Equal(("disabled", 410), (shown.GetProperty("state").GetString(), shown.GetProperty("lastStatus").GetInt32()));
        Assert.Contains("410", shown.GetProperty("notice").GetString(), StringComparison.Ordinal);
        while (!(shown = await LiveApi.GetAsync(hooks, $"/api/v1/webhooks/{second}")).TryGetProperty("lastFault", out _)) await Task.Delay(20, Stop);
        Assert.Equal(("active", "timeout"), (shown.GetProperty("state").GetString(), shown.GetProperty("lastFault").GetString()));
        end.SetResult();
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_the_one_before_holds_for_a_day()
    {
        var clock = new TestClock();
        await using var receiver = await Receiver.StartAsync();
        await using var api = await LiveApi.CreateAsync(Provider.Sqlite, server, Private, clock);
        var hooks = await api.ClientAsync(ApiScope.Webhooks);
        var made = await MakeAsync(hooks, receiver, new { url = receiver.Address });
        var (id, old) = (made.GetProperty("id").GetString(), made.GetProperty("secret").GetString()!);
        var changed = (await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{id}/secret")).Answer.GetProperty("secret").GetString()!;
        Assert.Equal(JsonValueKind.Undefined, (await OnlyAsync(hooks)).TryGetProperty("secret", out var shown) ? shown.ValueKind : JsonValueKind.Undefined);
        Assert.True((await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{id}/test")).Answer.GetProperty("arrived").GetBoolean());
        var ping = (await receiver.WaitAsync(1))[0];
        Assert.Equal("ping", ping.Json.GetProperty("type").GetString());
        AssertSigned(ping, old);
        AssertSigned(ping, changed);
        clock.Go(TimeSpan.FromHours(25));
        await LiveApi.CallAsync(hooks, HttpMethod.Post, $"/api/v1/webhooks/{id}/test");
        var later = (await receiver.WaitAsync(2))[1];
        AssertSigned(later, changed);
        Assert.DoesNotContain(SignatureOf(later, old), later.Signature, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await LiveApi.CallAsync(hooks, HttpMethod.Delete, $"/api/v1/webhooks/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await LiveApi.CallAsync(hooks, HttpMethod.Delete, $"/api/v1/webhooks/{id}")).Status);
    }

    private static async Task<JsonElement> MakeAsync(HttpClient client, Receiver receiver, object body)
    {
        var (status, _, made) = await LiveApi.CallAsync(client, HttpMethod.Post, "/api/v1/webhooks", body);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(receiver.Address.ToString(), made.GetProperty("url").GetString());
        return made;
    }

    private static async Task<(HttpStatusCode, string?)> StatusAsync(HttpClient client, object body)
    {
        var (status, problem, _) = await LiveApi.CallAsync(client, HttpMethod.Post, "/api/v1/webhooks", body);
        return (status, problem);
    }

    private static async Task<JsonElement> OnlyAsync(HttpClient client) => (await LiveApi.GetAsync(client, "/api/v1/webhooks")).GetProperty("webhooks").EnumerateArray().Single();

    private static Task<long> BehindAsync(LiveApi api) =>
        api.ReadAsync(async books => await books.Books.Select(book => book.Postings).SingleAsync(Stop) - await books.Webhooks.MinAsync(row => row.CursorSeq, Stop));

    /// <summary>As a receiver checks it, by nothing but the specification.</summary>
    private static void AssertSigned(Received message, string secret)
    {
        Assert.Contains(SignatureOf(message, secret), message.Signature.Split(' '));
        Assert.InRange(long.Parse(message.Timestamp, CultureInfo.InvariantCulture), 1_700_000_000, 4_000_000_000);
    }

    private static string SignatureOf(Received message, string secret)
    {
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.InRange(key.Length, 24, 64);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{message.Id}.{message.Timestamp}.").Concat(message.Body).ToArray()));
    }
}
