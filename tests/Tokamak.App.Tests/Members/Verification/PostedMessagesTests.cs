using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokamak.App.Data;
using Tokamak.App.Members.Verification;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Webhooks;
using Tokamak.App.Web;
using Tokamak.App.Web.Outgoing;
using Tokamak.Client;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Members.Verification;

public sealed class PostedMessagesTests(PostgresServer server) : IDisposable
{
    private static readonly string Secret = SigningSecret.Make();
    private static readonly Message Hello = new(
        "msg_1", MessageChannel.Sms, "one", VerificationWorld.Phone, Language.Chinese, MessagePurpose.SignIn, "【雲雀】您的驗證碼是 135790", new Instant(new DateTime(2026, 11, 22, 4, 10, 0, DateTimeKind.Utc).Ticks));

    private readonly KeptLog _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_message_is_one_signed_post()
    {
        await using var receiver = await Receiver.StartAsync();
        Assert.True(await SendAsync(receiver.Address));
        var message = Assert.Single(receiver.Messages);
        Assert.Equal("msg_1", message.Id);
        Assert.Equal(
            """{"id":"msg_1","channel":"sms","brand":"one","to":"+886912345678","language":"zh-TW","purpose":"sign-in","text":"【雲雀】您的驗證碼是 135790","expiresAt":"2026-11-22T04:10:00Z"}""",
            Encoding.UTF8.GetString(message.Body));
        Assert.True(WebhookSignature.IsGenuine(Secret, message.Id, message.Timestamp, message.Signature, message.Body, DateTimeOffset.UtcNow));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(500, 204, 2, true)]
    [InlineData(429, 202, 2, true)]
    [InlineData(503, 503, 2, false)]
    [InlineData(400, 204, 1, false)]
    [InlineData(302, 204, 1, false)]
    public async Task What_may_pass_is_tried_once_more_with_the_same_id(int first, int second, int tries, bool taken)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (before, answer) => Task.FromResult(answer.StatusCode = before == 0 ? first : second);
        Assert.Equal(taken, await SendAsync(receiver.Address));
        Assert.Equal(Enumerable.Repeat("msg_1", tries), receiver.Messages.Select(message => message.Id));
        AssertLogged(taken ? 0 : 1);
    }

    [Fact]
    public async Task Nobody_waits_long_for_a_receiver_that_does_not_answer()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, answer) => Task.Delay(Timeout.Infinite, answer.HttpContext.RequestAborted);
        Assert.False(await SendAsync(receiver.Address, TimeSpan.FromMilliseconds(300)));
        Assert.Equal(2, receiver.Messages.Count);
        AssertLogged(1);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_told_to_whoever_runs_this()
    {
        Assert.False(await SendAsync(new Uri("http://127.0.0.1:1/")));
        AssertLogged(1);
    }

    [Fact]
    public async Task The_demo_prints_the_code_and_not_the_whole_number()
    {
        var console = new StringWriter();
        Assert.True(await new ConsoleMessages(console).SendAsync(Hello, Stop));
        Assert.Contains("135790", console.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("912345678", console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_served_host_sends_by_what_it_was_told_and_logs_neither_number_nor_code()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, server);
        await using var databases = await database.OpenAsync();
        var brand = await databases.AddBrandAsync("one", null, Stop);
        await using var app = ServeCommand.Build(
            databases, ["http://127.0.0.1:0"], services => services.AddSingleton<NextCode>(() => "135790").AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace).AddFilter((_, _) => true)),
            verification: VerificationSettings.None with { Sms = receiver.Address, Secret = Secret });
        var (send, check) = (app.Services.GetRequiredService<SendCode>(), app.Services.GetRequiredService<CheckCode>());
        var request = new CodeRequest(VerificationWorld.Phone, VerificationPurpose.Join, null, Language.Chinese, "雲雀");
        var answer = await send.RunAsync(brand, request, Stop);
        Assert.Equal(VerificationWorld.Phone, (await check.RunAsync(brand, answer.Challenge!, "135790", VerificationPurpose.Join, Stop)).Key);
        Assert.Equal(SendOutcome.NotReachable, (await send.RunAsync(brand, request with { Key = VerificationWorld.Email }, Stop)).Outcome);
        receiver.Answer = (_, refused) => Task.FromResult(refused.StatusCode = StatusCodes.Status500InternalServerError);
        Assert.Equal(SendOutcome.NotSent, (await send.RunAsync(brand, request with { Key = new MemberKey(KeyKind.Phone, "+886987654321") }, Stop)).Outcome);
        Assert.Contains("【雲雀】您的驗證碼是 135790，10 分鐘內有效", receiver.Messages.First().Json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("912345678", StringComparison.Ordinal) || line.Contains("987654321", StringComparison.Ordinal) || line.Contains("135790", StringComparison.Ordinal));
    }

    private async Task<bool> SendAsync(Uri to, TimeSpan? patience = null)
    {
        using var post = new SignedPost(patience ?? PostedMessages.Patience, allowsPrivate: true, TimeProvider.System);
        return await new PostedMessages(to, Secret, post, _log.Of<PostedMessages>()).SendAsync(Hello, Stop);
    }

    private void AssertLogged(int lines)
    {
        Assert.Equal(lines, _log.Lines.Count);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("912345678", StringComparison.Ordinal) || line.Contains("135790", StringComparison.Ordinal));
    }
}
