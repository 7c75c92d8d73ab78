using System.Net;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Tests.Access;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Members.Line;

namespace Tokamak.App.Tests.Members.Own;

public sealed class MemberSignInTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Who_comes_back_from_LINE_is_a_member_and_the_same_one_the_next_time(Provider provider)
    {
        await using var line = await LineProvider.StartAsync(new TestClock());
        await using var world = await AccessWorld.CreateAsync(provider, server, line: line.Settings);
        line.Token = nonce => LineProvider.Hs256(line.Claims(nonce));
        for (var visit = 1; visit <= 2; visit++)
        {
            var browser = world.Open();
            var away = (await browser.GetAsync("/my/line")).Message.Headers.Location!.OriginalString;
            var back = await browser.GetAsync("/my/line/callback" + line.Approve(away));
            Assert.Equal((HttpStatusCode.Redirect, "/my"), (back.Status, back.Message.Headers.Location!.OriginalString));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/my")).Status);
            // The session is of the members' pages only: staff pages know nobody.
            Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/members")).Status);
        }
        Assert.Equal(1, await world.ReadAsync(books => books.People.CountAsync(AccessWorld.Stop)));
    }

    [Fact]
    public async Task What_was_not_begun_here_signs_nobody_in()
    {
        await using var line = await LineProvider.StartAsync(new TestClock());
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, line: line.Settings);
        line.Token = nonce => LineProvider.Hs256(line.Claims(nonce));
        var victim = world.Open();
        var away = (await victim.GetAsync("/my/line")).Message.Headers.Location!.OriginalString;
        var stolen = line.Approve(away);
        // Somebody else's browser, with the code and state of the victim's.
        var other = world.Open();
        Assert.Equal("/my/sign-in?line=refused", (await other.GetAsync("/my/line/callback" + stolen)).Message.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/my")).Status);
    }

    [Fact]
    public async Task A_session_is_of_one_brand_ends_after_a_month_and_cannot_be_made_up()
    {
        await using var line = await LineProvider.StartAsync(new TestClock());
        await using var world = await AccessWorld.CreateAsync(Provider.Sqlite, server, line: line.Settings);
        line.Token = nonce => LineProvider.Hs256(line.Claims(nonce));
        var browser = world.Open();
        await browser.GetAsync("/my/line/callback" + line.Approve((await browser.GetAsync("/my/line")).Message.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/my")).Status);
        world.Clock.Go(TimeSpan.FromDays(31));
        Assert.Equal("/my/sign-in", (await browser.GetAsync("/my")).Message.Headers.Location!.OriginalString);
        using var made = new HttpRequestMessage(HttpMethod.Get, "/my");
        made.Headers.Add("Cookie", "tokamak-member=M1");
        Assert.Equal(HttpStatusCode.Redirect, (await world.Open().SendAsync(made)).Status);
    }
}
