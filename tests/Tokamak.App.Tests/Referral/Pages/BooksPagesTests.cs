using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Integrations.Api;
using Tokamak.App.Tests.Members.Verification;
using Tokamak.App.Tests.Web;
using Tokamak.Core.Members;

namespace Tokamak.App.Tests.Referral.Pages;

public sealed class BooksPagesTests(PostgresServer server)
{
    /// <summary>As many as one network address gets codes in an hour, and far more than there are connections.</summary>
    private const int AtOnce = VerificationRules.MostOfSourceAnHour;

    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(60);

    /// <summary>A page holds a turn while its form takes others: of the brand's writer, or in the catalogue.</summary>
    [Theory]
    [InlineData(2, "/my/sign-in", "key", HttpStatusCode.OK)]
    [InlineData(4, "/my/sign-in", "key", HttpStatusCode.OK)]
    [InlineData(3, "/sign-in", "password", HttpStatusCode.Unauthorized)]
    public async Task Forms_sent_at_once_are_all_answered_by_however_few_connections(int connections, string page, string form, HttpStatusCode status)
    {
        var messages = new KeptMessages();
        await using var world = await ApiWorld.CreateAsync(
            Provider.Postgres, server, services => services.AddSingleton(messages.Senders), connection: $";Maximum Pool Size={connections}");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = world.Address };
        var browser = new AccessWorld.Browser(client);
        var token = SignedIn.FormToken((await browser.GetAsync(page)).Page);
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => browser.PostAsync(
            page, ("__RequestVerificationToken", token), ("_handler", form), ("Typed.Key", $"09123456{i:D2}"), ("Typed.Name", $"nobody {i}"), ("Typed.Password", "wrong password"))))
            .WaitAsync(InTime, TestContext.Current.CancellationToken);
        Assert.Equal([status], answers.Select(answer => answer.Status).Distinct());
        Assert.Equal(form == "key" ? AtOnce : 0, messages.Sent.Count);
    }
}
