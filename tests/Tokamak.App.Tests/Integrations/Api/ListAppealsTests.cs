using System.Net;
using System.Text.Json;
using Tokamak.App.Clerks.Appeals;
using Tokamak.App.Data;
using Tokamak.App.Tests.Clerks.Appeals;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Tests.Integrations.Api;

public sealed class ListAppealsTests(PostgresServer server)
{
    private const string Route = "/api/v1/appeals";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task Appeals_are_listed_newest_first_part_by_part_without_what_people_wrote(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, World.SmallFacts);
        await using (var turn = await (await world.Databases.BrandAsync("one", Stop)).BeginWriteAsync(Stop))
        {
            foreach (var sale in (string[])["W1", "P1", "none"])
                await OpenAppeal.RunAsync(turn, Zone.Utc, AppealWorld.Dispute(sale), seesSale: false, "A", AppealWorld.At(AppealWorld.Day), Stop);
            await AppealSteps.WithdrawAsync(turn, 2, "A", AppealWorld.Office.Now, Stop);
            await turn.CommitAsync(Stop);
        }
        var first = (await world.GetAsync($"{Route}?limit=2")).Is(HttpStatusCode.OK);
        Assert.Equal([3, 2], Numbers(first.Json));
        var rest = (await world.GetAsync($"{Route}?limit=2&after={first.Json.GetProperty("next").GetString()}")).Is(HttpStatusCode.OK);
        Assert.Equal([1], Numbers(rest.Json));
        Assert.False(rest.Json.TryGetProperty("next", out _));
        Assert.Equal([2], Numbers((await world.GetAsync($"{Route}?state=withdrawn")).Is(HttpStatusCode.OK).Json));
        (await world.GetAsync($"{Route}?state=lost")).Is(HttpStatusCode.BadRequest);

        var one = (await world.GetAsync($"{Route}/1")).Is(HttpStatusCode.OK);
        Assert.Equal(("A", "W1", "open", "closer"), (Text(one.Json, "staff"), Text(one.Json, "sale"), Text(one.Json, "state"), Text(one.Json, "role")));
        Assert.DoesNotContain("she asked me", one.Text + first.Text, StringComparison.Ordinal);
        foreach (var none in (string[])["9", "x"]) (await world.GetAsync($"{Route}/{none}")).Is(HttpStatusCode.NotFound);
    }

    private static IEnumerable<long> Numbers(JsonElement list) => list.GetProperty("appeals").EnumerateArray().Select(one => one.GetProperty("number").GetInt64());

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();
}
