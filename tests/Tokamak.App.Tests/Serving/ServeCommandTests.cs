using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Serving;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.App.Tests.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Serving;

/// <summary>The server over a database: whose pages a host name shows, and what it keeps up by itself.</summary>
public sealed class ServeCommandTests(PostgresServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_host_name_leads_to_its_brand_and_an_unknown_one_nowhere(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        await databases.AddBrandAsync("one", "one.example", Stop);
        await databases.AddBrandAsync("other", "other.example", Stop);
        await using var app = ServeCommand.Build(databases, ["http://127.0.0.1:0"]);
        await app.StartAsync(Stop);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health", "nowhere.example"));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(client, "/", "one.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/sign-in", "other.example"));
        Assert.NotEqual(HttpStatusCode.OK, await StatusAsync(client, "/", "nowhere.example"));
    }

    [Theory]
    [InlineData("one.example", false, "http://one.example:8080/")]
    [InlineData("one.example", true, "http://one.example:8080/")]
    [InlineData(null, true, "http://localhost:8080/")]
    [InlineData(null, false, null)]
    public void The_first_link_of_a_brand_leads_to_it(string? host, bool isOnly, string? address) =>
        Assert.Equal(address, ServeCommand.AddressOf(new CataloguedBrand("one", host is null ? [] : [host]), new Uri("http://localhost:8080"), isOnly)?.ToString());

    [Theory, EveryDatabase]
    public async Task Due_lines_vest_and_whoever_waits_is_derived_anew_without_anyone_asking(Provider provider)
    {
        await using var test = await TestDatabase.CreateAsync(provider, server);
        await using var databases = await test.OpenAsync();
        var brand = await databases.AddBrandAsync("main", null, Stop);
        await using (var turn = await brand.BeginWriteAsync(Stop))
        {
            await ImportPolicy.RunAsync(turn, System.Text.Encoding.UTF8.GetBytes(World.Policy), default, TestBooks.Today, Stop);
            await turn.CommitAsync(Stop);
        }
        // Posted on the day of the sale: nothing has vested. And a crash left a member in the queue.
        await PostFacts.RunAsync(
            brand,
            TestBooks.FactsOf(
                """
                {"type":"staff","id":"F1","at":"2026-01-01T09:00:00+08:00","staff":"A","event":"joined","store":"S1"}
                {"type":"sale","id":"P1","at":"2026-01-10T12:00:00+08:00","channel":"store","store":"S1","member":"M1","staff":"A","lines":[{"line":1,"category":"tops","quantity":1,"net":800,"fulfil":"taken"}]}
                """),
            new DateOnly(2026, 1, 10), null, Stop);
        await using (var turn = await brand.BeginWriteAsync(Stop))
        {
            await turn.InsertAsync<WorkRow>([new WorkRow { Kind = WorkKind.Member, Name = "M1", Cause = "P1" }], Stop);
            await turn.CommitAsync(Stop);
        }
        Assert.Equal((0, 1), await CountsAsync(brand));

        await using var app = ServeCommand.Build(databases, ["http://127.0.0.1:0"]);
        await app.StartAsync(Stop);
        while (await CountsAsync(brand) != (1, 0)) await Task.Delay(20, Stop);
    }

    private static async Task<(int Commissions, int Waiting)> CountsAsync(BrandDatabase brand)
    {
        await using var turn = await brand.BeginReadAsync(Stop);
        await using var books = turn.Books();
        return (await books.Commissions.CountAsync(Stop), await books.Work.CountAsync(Stop));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await client.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}
